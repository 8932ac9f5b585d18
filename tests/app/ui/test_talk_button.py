"""Hold to talk, or press to begin and press to end."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.ui import talk_button
from app.ui.talk_button import TalkButton


@pytest.fixture
def told() -> list[bool]:
    return []


@pytest.fixture
def button(qtbot: QtBot, told: list[bool]) -> TalkButton:
    button = TalkButton()
    qtbot.addWidget(button)
    button.show()
    button.talking.connect(told.append)
    return button


def test_short_press_begins_and_the_next_one_ends(qtbot: QtBot, button: TalkButton, told: list[bool]) -> None:
    qtbot.keyClick(button, Qt.Key.Key_Space)
    assert told == [True]
    assert "End" in button.text()
    qtbot.keyClick(button, Qt.Key.Key_Space)
    assert told == [True, False]
    assert not button.is_talking


def test_long_press_ends_when_let_go(
    qtbot: QtBot, button: TalkButton, told: list[bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(talk_button, "HOLD_SECONDS", 0.0)  # every press is a long one
    qtbot.mousePress(button, Qt.MouseButton.LeftButton)
    assert told == [True]
    qtbot.mouseRelease(button, Qt.MouseButton.LeftButton)
    assert told == [True, False]


def test_shortcut_and_end_tell_once(button: TalkButton, told: list[bool]) -> None:
    button.toggle_talk()
    button.begin()
    button.toggle_talk()
    button.end()
    assert told == [True, False]
