"""What is read aloud for who cannot see the first run and has no screen reader on."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from app.guide import Guide, describe
from app.ui.button import Button
from app.ui.choice import Choice, fill
from app.ui.step_page import Heading
from app.ui.tick_box import TickBox
from app.voice import engine
from app.voice.messages import Utter, Wish
from app.voice.system_voice import SystemVoice, There
from tests.helpers.voiceless import voiceless

TIMEOUT = 60_000


class Spoken(SystemVoice):
    """The system's voice with Qt's silent engine, which also remembers what it was given."""

    def __init__(self) -> None:
        super().__init__(engine.main_for_tests)
        self.said: list[str] = []

    def _send(self, wish: Wish) -> None:
        if isinstance(wish, Utter):
            self.said.append(wish.text)
        super()._send(wish)


class Reader:
    """A room with controls, and somebody who reads them."""

    def __init__(self, qtbot: QtBot) -> None:
        self.voice = Spoken()
        self.room = QWidget()
        self.heading = Heading("Sound")
        self.button = Button("Play", "speaker", "A short sound")
        self.tick = TickBox("Mirror")
        self.choice = Choice()
        fill(self.choice, {"Headset": 1, "Box": 2}, 1)
        self.choice.setAccessibleName("Speaker")
        column = QVBoxLayout(self.room)
        for widget in (self.heading, self.button, self.tick, self.choice):
            column.addWidget(widget)
        self.outside = QPushButton("Outside")
        qtbot.addWidget(self.room)
        qtbot.addWidget(self.outside)
        self.room.show()
        self.is_free = True
        self.guide = Guide(self.room, self.voice, lambda: self.is_free)
        self.guide.want(on=True)

    def close(self) -> None:
        self.voice.close()


@pytest.fixture
def reader(qtbot: QtBot) -> Iterator[Reader]:
    reader = Reader(qtbot)
    yield reader
    reader.close()


def test_a_control_is_told_as_a_screen_reader_would(reader: Reader) -> None:
    assert describe(reader.button, whole=True) == "Play, button. A short sound."
    assert describe(reader.tick, whole=True) == "Mirror, tick box, off."
    reader.tick.setChecked(True)
    assert describe(reader.tick, whole=False) == "Mirror, tick box, on."
    assert describe(reader.choice, whole=False) == "Speaker, list, Headset."


def test_what_gets_the_focus_and_what_changes_is_said(reader: Reader) -> None:
    reader.guide.meet(reader.tick)
    reader.tick.setChecked(True)
    reader.guide.meet(reader.choice)
    reader.choice.setCurrentIndex(1)
    reader.tick.setChecked(False)
    assert reader.voice.said == [
        "Mirror, tick box, off.",
        "Mirror, tick box, on.",
        "Speaker, list, Headset.",
        "Speaker, list, Box.",
    ]


@pytest.mark.parametrize("which", ["heading", "outside", None])
def test_a_heading_is_left_to_its_page_and_the_rest_of_the_window_to_others(reader: Reader, which: str | None) -> None:
    reader.guide.meet(None if which is None else getattr(reader, which))
    assert reader.voice.said == []


def test_nothing_is_said_unless_it_is_wanted_and_seen(reader: Reader) -> None:
    reader.room.hide()
    reader.guide.tell("Sound.")
    reader.room.show()
    reader.guide.want(on=False)
    reader.guide.tell("Sound.")
    assert reader.voice.said == []
    assert reader.voice.there is There.UNASKED
    reader.guide.want(on=True)
    reader.guide.tell("Sound.")
    assert reader.voice.said == ["Sound."]


def test_the_newest_is_said_in_place_of_what_was(qtbot: QtBot, reader: Reader) -> None:
    with qtbot.waitSignal(reader.voice.drained, timeout=TIMEOUT):
        reader.guide.tell("One thing. And another.")
        reader.guide.tell("Something else.")
    assert reader.voice.said[-1] == "Something else."


def test_an_answer_is_neither_talked_into_nor_hushed(qtbot: QtBot, reader: Reader) -> None:
    reader.voice.begin()
    reader.voice.say("An answer of some length. ")
    reader.is_free = False
    reader.guide.tell("Sound.")
    reader.guide.hush()
    reader.guide.want(on=False)
    with qtbot.waitSignal(reader.voice.drained, timeout=TIMEOUT):
        reader.voice.finish()
    assert reader.voice.said == ["An answer of some length."]


def test_that_there_is_no_voice_is_told(qtbot: QtBot) -> None:
    voice = SystemVoice(voiceless)
    room = QWidget()
    qtbot.addWidget(room)
    room.show()
    guide = Guide(room, voice, lambda: True)
    guide.want(on=True)
    with qtbot.waitSignal(guide.silenced, timeout=TIMEOUT):
        guide.tell("Welcome.")
    voice.close()
