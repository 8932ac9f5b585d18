"""Keys are chosen by keyboard, and whatever stands in their way is a sentence."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.hotkeys import Action, Hotkey, Refusal, System
from app.settings import Settings
from app.transcript import Transcript
from app.ui.hotkey_panel import SYSTEMS, HotkeyPanel
from app.ui.hotkey_row import HotkeyRow
from app.ui.window import Window

CONTROL = Qt.KeyboardModifier.ControlModifier


class Keys:
    """The panel where it belongs, in the window's settings."""

    def __init__(self, qtbot: QtBot) -> None:
        self.window = Window(Transcript())
        qtbot.addWidget(self.window)
        self.panel: HotkeyPanel = self.window.settings.hotkeys
        self.panel.show_system(System.X11, sees_release=True)
        self.taken: list[Settings] = []
        self.told: list[str] = []
        self.window.settings.chosen.connect(self.taken.append)
        self.panel.told.connect(self.told.append)
        self.window.show()
        self.window.show_page(self.window.settings)
        self._qtbot = qtbot

    @property
    def chosen(self) -> dict[Action, str]:
        return {hotkey.action: hotkey.keys for hotkey in self.taken[-1].hotkeys} if self.taken else {}

    def row(self, action: Action) -> HotkeyRow:
        return self.panel.rows[action]

    def record(self, action: Action, key: Qt.Key, held: Qt.KeyboardModifier) -> str:
        """Presses what is to be the key; what is said then."""
        row = self.row(action)
        row.key.setFocus()
        self._qtbot.keyClick(row.key, Qt.Key.Key_Space)
        assert row.key.isChecked()
        self._qtbot.keyClick(row.key, key, held)
        return row.trouble.text()


@pytest.fixture
def keys(qtbot: QtBot) -> Keys:
    return Keys(qtbot)


def test_a_key_that_was_pressed_is_the_choice_and_can_be_cleared(qtbot: QtBot, keys: Keys) -> None:
    assert keys.record(Action.TALK, Qt.Key.Key_F7, CONTROL) == ""
    assert keys.chosen == {Action.TALK: "Ctrl+F7"}
    qtbot.keyClick(keys.row(Action.TALK).clear, Qt.Key.Key_Space)
    assert keys.chosen == {}
    assert keys.row(Action.TALK).key.text() == "No key"
    assert not keys.row(Action.TALK).clear.isEnabled()


def test_what_to_do_is_said_while_a_key_is_waited_for(qtbot: QtBot, keys: Keys) -> None:
    waiting: list[bool] = []
    keys.panel.recording.connect(waiting.append)
    row = keys.row(Action.MUTE)
    row.key.setFocus()
    qtbot.keyClick(row.key, Qt.Key.Key_Space)
    assert "another program has that key" in row.trouble.text()
    assert keys.told == [row.trouble.text()]
    qtbot.keyClick(row.key, Qt.Key.Key_Escape)
    assert waiting == [True, False]
    assert not row.trouble.isVisible()
    assert keys.taken == []


def test_a_key_of_another_action_is_not_taken_and_said_so(keys: Keys) -> None:
    keys.record(Action.MUTE, Qt.Key.Key_F7, CONTROL)
    said = keys.record(Action.TALK, Qt.Key.Key_F7, CONTROL)
    assert said == "Ctrl+F7 is the key for “Mute the microphone”: choose another one, or clear it there."
    assert keys.told[-1] == said
    assert keys.chosen == {Action.MUTE: "Ctrl+F7"}
    assert keys.row(Action.TALK).key.text() == "No key"


@pytest.mark.parametrize("key", [Qt.Key.Key_A, Qt.Key.Key_Return, Qt.Key.Key_Left])
def test_a_key_that_writes_is_not_taken_from_other_programs(keys: Keys, key: Qt.Key) -> None:
    assert "is needed in other programs" in keys.record(Action.TALK, key, Qt.KeyboardModifier.NoModifier)
    assert keys.taken == []


def test_a_key_of_the_window_is_said_to_be_one(keys: Keys) -> None:
    said = keys.record(Action.TALK, Qt.Key.Key_K, CONTROL)
    assert said.startswith("Ctrl+K is a key of this window too")
    assert keys.told[-1] == said
    assert keys.chosen == {Action.TALK: "Ctrl+K"}
    letter = keys.record(Action.TALK, Qt.Key.Key_S, Qt.KeyboardModifier.AltModifier)  # underlined in "Send"
    assert letter.startswith("Alt+S is a key of this window too")


def test_a_key_that_most_programs_have_is_said_to_be_one(keys: Keys) -> None:
    assert keys.record(Action.TALK, Qt.Key.Key_C, CONTROL).startswith("Most programs have a use for Ctrl+C")


@pytest.mark.parametrize(
    ("refusal", "words"),
    [
        (Refusal.TAKEN, "Another program has F7"),
        (Refusal.MISSING, "has no key for F7"),
        (Refusal.UNREACHABLE, "does not answer"),
        (Refusal.BROKEN, "has broken the connection"),
    ],
)
def test_what_the_system_refuses_is_a_sentence(qtbot: QtBot, keys: Keys, refusal: Refusal, words: str) -> None:
    keys.panel.show_settings(Settings(hotkeys=(Hotkey(Action.TALK, "F7"),)))
    assert not keys.panel.again.isVisible()
    keys.panel.show_refusals({Action.TALK: refusal})
    row = keys.row(Action.TALK)
    assert words in row.trouble.text()
    assert row.trouble.isVisible()
    assert keys.told == [row.trouble.text()]
    keys.panel.show_refusals({Action.TALK: refusal})
    assert len(keys.told) == 1  # it is not said again
    with qtbot.waitSignal(keys.panel.again.clicked):
        qtbot.keyClick(keys.panel.again, Qt.Key.Key_Space)
    keys.panel.show_refusals({})
    assert not row.trouble.isVisible()
    assert not keys.panel.again.isVisible()


def test_suggestions_fill_what_has_no_key_with_what_is_free(qtbot: QtBot, keys: Keys) -> None:
    keys.record(Action.OFF, Qt.Key.Key_F8, CONTROL | Qt.KeyboardModifier.ShiftModifier)
    keys.record(Action.TALK, Qt.Key.Key_Pause, Qt.KeyboardModifier.NoModifier)
    qtbot.keyClick(keys.panel.suggest, Qt.Key.Key_Space)
    assert keys.chosen == {
        Action.TALK: "Pause",
        Action.HUSH: "Ctrl+Shift+F9",
        Action.SHOW: "Ctrl+Shift+F10",
        Action.OFF: "Ctrl+Shift+F8",
    }


@pytest.mark.parametrize("system", System)
def test_each_system_says_what_it_gives(keys: Keys, system: System) -> None:
    keys.panel.show_system(system, sees_release=True)
    assert keys.panel.about.text() == SYSTEMS.get(system, SYSTEMS[System.X11])
    for row in keys.panel.rows.values():
        assert row.isEnabled() is system.gives_keys
    assert keys.panel.suggest.isEnabled() is system.gives_keys


def test_where_letting_go_is_not_seen_the_key_is_pressed_twice(keys: Keys) -> None:
    assert keys.row(Action.TALK).key.accessibleDescription().startswith("Hold it")
    keys.panel.show_system(System.WINDOWS, sees_release=False)
    assert keys.row(Action.TALK).key.accessibleDescription().startswith("Press it to speak and again")
