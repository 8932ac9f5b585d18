"""A key is chosen by being pressed, and nobody is caught in the choice."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from app.ui.key_button import KeyButton

CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


class Place:
    """The button in a window that has a shortcut and something else to go to."""

    def __init__(self, qtbot: QtBot) -> None:
        self.window = QWidget()
        qtbot.addWidget(self.window)
        self.button = KeyButton("Talk")
        self.next = QPushButton("next")
        column = QVBoxLayout(self.window)
        column.addWidget(self.button)
        column.addWidget(self.next)
        self.shortcut = QShortcut(QKeySequence("Ctrl+M"), self.window)
        self.recorded: list[str] = []
        self.button.recorded.connect(self.recorded.append)
        self.window.show()
        self.window.activateWindow()
        self.button.setFocus()
        qtbot.waitUntil(self.button.hasFocus)


@pytest.fixture
def place(qtbot: QtBot) -> Place:
    return Place(qtbot)


def test_the_space_bar_begins_and_the_next_key_is_taken(qtbot: QtBot, place: Place) -> None:
    qtbot.keyClick(place.button, Qt.Key.Key_Space)
    assert place.button.isChecked()
    assert place.button.text() == "Press the key…"
    qtbot.keyClick(place.button, Qt.Key.Key_Control, CONTROL)
    qtbot.keyClick(place.button, Qt.Key.Key_F7, CONTROL | SHIFT)
    assert place.recorded == ["Ctrl+Shift+F7"]
    assert not place.button.isChecked()


def test_what_is_a_shortcut_of_the_window_can_be_taken(qtbot: QtBot, place: Place) -> None:
    pressed: list[bool] = []
    place.shortcut.activated.connect(lambda: pressed.append(True))
    place.button.click()
    qtbot.keyClick(place.button, Qt.Key.Key_M, CONTROL)
    assert place.recorded == ["Ctrl+M"]
    assert pressed == []
    qtbot.keyClick(place.button, Qt.Key.Key_M, CONTROL)
    assert pressed == [True]
    assert place.recorded == ["Ctrl+M"]


@pytest.mark.parametrize(
    ("key", "held", "keys"),
    [
        (Qt.Key.Key_A, Qt.KeyboardModifier.NoModifier, "A"),
        (Qt.Key.Key_5, CONTROL | Qt.KeyboardModifier.KeypadModifier, "Ctrl+Num+5"),
        (Qt.Key.Key_Escape, CONTROL, "Ctrl+Esc"),
        (Qt.Key.Key_Tab, CONTROL, "Ctrl+Tab"),
        (Qt.Key.Key_E, CONTROL | Qt.KeyboardModifier.GroupSwitchModifier, "Ctrl+E"),
    ],
)
def test_keys_are_as_qt_writes_them(
    qtbot: QtBot, place: Place, key: Qt.Key, held: Qt.KeyboardModifier, keys: str
) -> None:
    place.button.click()
    qtbot.keyClick(place.button, key, held)
    assert place.recorded == [keys]


def test_escape_tab_and_a_second_press_leave_it_as_it_is(qtbot: QtBot, place: Place) -> None:
    place.button.show_keys("F7")
    place.button.click()
    qtbot.keyClick(place.button, Qt.Key.Key_Escape)
    assert not place.button.isChecked()
    place.button.click()
    place.button.click()
    assert not place.button.isChecked()
    place.button.click()
    qtbot.keyClick(place.button, Qt.Key.Key_Tab)
    assert place.next.hasFocus()
    assert not place.button.isChecked()
    assert place.recorded == []
    assert place.button.text() == "F7"


def test_a_screen_reader_gets_what_it_is_for_and_which_it_is(place: Place) -> None:
    assert place.button.accessibleName() == "Talk: No key"
    place.button.show_keys("Ctrl+Shift+F7")
    assert place.button.accessibleName() == "Talk: Ctrl+Shift+F7"
    place.button.click()
    assert place.button.accessibleName() == "Talk: Press the key…"
