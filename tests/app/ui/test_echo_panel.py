"""The echo in words, and its button."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.duplex import Duplex, Echo, EchoState, Trouble
from app.ui.echo_panel import HOLDS, NOTHING, PAST, STOP, TEST, TESTING, TROUBLES, UNTESTED, EchoPanel

ECHO = Echo("mic", "speaker", Duplex.GUARDED, -14.0, 18.4, 0.0613)


@pytest.fixture
def panel(qtbot: QtBot) -> EchoPanel:
    panel = EchoPanel()
    qtbot.addWidget(panel)
    panel.show()
    return panel


def test_at_first_nothing_is_known_and_the_safe_way_holds(panel: EchoPanel) -> None:
    assert panel.words.text() == f"{UNTESTED} {HOLDS[Duplex.PUSH]}"


def test_what_was_found_is_said_in_plain_words(panel: EchoPanel) -> None:
    panel.show_echo(EchoState(Duplex.GUARDED, ECHO))
    assert panel.words.text() == (
        "This microphone hears the speaker, 61 ms late; of that Sightline takes 18 decibels away. "
        "To break into an answer, speak up for a moment."
    )
    panel.show_echo(EchoState(Duplex.FULL, Echo("mic", "speaker", Duplex.FULL, -55.0, 5.0, 0.0)))
    assert panel.words.text() == f"{NOTHING} {HOLDS[Duplex.FULL]}"


@pytest.mark.parametrize("trouble", Trouble)
def test_each_trouble_is_one_sentence_on_what_to_do(panel: EchoPanel, trouble: Trouble) -> None:
    panel.show_echo(EchoState(Duplex.PUSH, None, trouble=trouble))
    assert panel.words.text() == f"{TROUBLES[trouble]} {HOLDS[Duplex.PUSH]}"


def test_the_button_tests_and_ends_a_test_and_both_are_told(qtbot: QtBot, panel: EchoPanel) -> None:
    told: list[str] = []
    panel.told.connect(told.append)
    with qtbot.waitSignal(panel.test.clicked):
        qtbot.keyClick(panel.test, Qt.Key.Key_Space)
    panel.show_echo(EchoState(is_testing=True))
    assert panel.test.text() == STOP
    panel.show_echo(EchoState(Duplex.GUARDED, ECHO))
    panel.show_echo(EchoState(Duplex.GUARDED, ECHO))
    assert panel.test.text() == TEST
    assert told == [TESTING, panel.words.text()]
    assert panel.test.accessibleDescription()


def test_of_a_voice_past_the_speaker_it_is_said_what_holds(panel: EchoPanel) -> None:
    panel.show_echo(EchoState(Duplex.PUSH, ECHO, is_past=True))
    assert panel.words.text().endswith(PAST)
