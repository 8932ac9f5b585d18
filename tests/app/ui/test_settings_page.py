"""What can be chosen, by keyboard, and what is shown of it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QComboBox, QSlider, QWidget
from pytestqt.qtbot import QtBot

from app.duplex import Duplex
from app.settings import Language, Look, Settings, Speech
from app.ui.button import Button
from app.ui.settings_page import SettingsPage
from app.wake_phrase import WakePhrase


class Choices:
    def __init__(self, qtbot: QtBot) -> None:
        self.page = SettingsPage()
        qtbot.addWidget(self.page)
        self.page.resize(700, 600)
        self.page.show()
        self.taken: list[Settings] = []
        self.page.chosen.connect(self.taken.append)


@pytest.fixture
def choices(qtbot: QtBot) -> Choices:
    return Choices(qtbot)


def test_showing_settings_chooses_nothing(choices: Choices) -> None:
    shown = Settings(
        speech=Speech.NOBODY, look=Look.DARK, text_percent=110, keep_days=45, private=True, volume=0.5, speed=1.1
    )
    choices.page.show_settings(shown)
    assert choices.taken == []
    assert choices.page.look.currentText() == "Dark"
    assert choices.page.text_size.currentText() == "110 %"
    assert choices.page.voices.speaker.currentText() == "Nobody: answers are only written"
    assert choices.page.voices.speed.currentText() == "1.1 ×"
    assert choices.page.times.currentText() == "For 45 days"
    assert choices.page.voices.volume.value() == 50
    assert choices.page.private.isChecked()
    assert choices.page.patience.currentText() == "1.6 s"


def test_each_choice_is_taken_at_once(qtbot: QtBot, choices: Choices) -> None:
    page = choices.page
    page.show_settings(Settings())
    page.voices.show_known(("Chelsie", "Ethan"), ("Anne", "Bob"), "")
    voices = (page.voices.speaker, page.voices.model_voice, page.voices.system_voice, page.voices.speed)
    talking = (page.patience, page.duplex, page.wake_phrase)
    for box in (page.look, page.text_size, page.language, *voices, page.times, *talking):
        qtbot.keyClick(box, Qt.Key.Key_Down)
    qtbot.keyClick(page.voices.volume, Qt.Key.Key_Left)
    for tick in (page.private, page.still, page.tray, page.autostart):
        qtbot.keyClick(tick, Qt.Key.Key_Space)
    assert choices.taken[-1] == Settings(
        speech=Speech.MODEL,
        voice="Ethan",
        system_voice="Anne",
        speed=1.25,
        look=Look.LIGHT,
        text_percent=125,
        keep_days=365,
        volume=0.95,
        patience=2.0,
        private=True,
        language=Language.ENGLISH,
        reduce_motion=True,
        tray=True,
        autostart=True,
        duplex=Duplex.FULL,
        wake_phrase=WakePhrase.NABU,
    )


def test_voices_that_nobody_has_now_are_still_the_choice(choices: Choices) -> None:
    page = choices.page
    page.show_settings(Settings(voice="Chelsie", system_voice="Anne"))
    page.voices.show_known((), ("Bob",), "The system's voice speaks (Anne).")
    assert page.voices.model_voice.currentText() == "Chelsie"
    assert page.voices.system_voice.currentText() == "Anne"
    assert page.voices.in_force.text() == "The system's voice speaks (Anne)."
    assert choices.taken == []


def test_every_control_says_what_it_is(choices: Choices) -> None:
    kinds = (QComboBox, QSlider, QCheckBox, Button)
    controls = [child for child in choices.page.findChildren(QWidget) if isinstance(child, kinds)]
    assert len(controls) == 33
    for control in controls:
        assert control.accessibleName() or isinstance(control, QCheckBox | Button)
        assert control.accessibleDescription()


def test_the_way_back_is_a_button(qtbot: QtBot, choices: Choices) -> None:
    with qtbot.waitSignal(choices.page.left):
        qtbot.keyClick(choices.page.back, Qt.Key.Key_Space)
