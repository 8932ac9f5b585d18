"""Keys become actions, whatever gives them; what is not given has its reason. The X server's own are in test_x_keys."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.devices.keyboard import Keyboard, keyboard_of_this_system
from app.devices.system_keys import Told, UnreachableError
from app.hotkeys import Action, Hotkey, Refusal, System

TALK, MUTE = Hotkey(Action.TALK, "F7"), Hotkey(Action.MUTE, "F8")


class Giver:
    """A system as X is: it has keys for those who ask, until it is gone."""

    sees_release = True

    def __init__(self) -> None:
        self.taken: set[str] = set()
        self.had: list[str] = []
        self.is_gone = False
        self.is_closed = False
        self.told: Told | None = None
        self.opened = 0

    def open(self, told: Told) -> Giver:
        self.opened += 1
        if self.is_gone:
            raise UnreachableError("gone")
        self.told = told
        return self

    def grant(self, keys: str) -> Refusal | None:
        if self.is_gone:
            assert self.told is not None
            self.told.broken()
            return Refusal.BROKEN
        if keys in self.taken:
            return Refusal.TAKEN
        self.had.append(keys)
        return None

    def free(self) -> None:
        self.had = []

    def close(self) -> None:
        self.is_closed = True

    def press(self, keys: str) -> None:
        assert self.told is not None
        self.told.pressed(keys)
        self.told.released(keys)


class Desk:
    def __init__(self) -> None:
        self.giver = Giver()
        self.keyboard = Keyboard(System.X11, self.giver.open)
        self.actions: list[tuple[Action, str]] = []
        self.changes: list[dict[Action, Refusal]] = []
        self.keyboard.pressed.connect(lambda action: self.actions.append((action, "down")))
        self.keyboard.released.connect(lambda action: self.actions.append((action, "up")))
        self.keyboard.changed.connect(lambda: self.changes.append(dict(self.keyboard.refusals)))


@pytest.fixture
def desk(qtbot: QtBot) -> Desk:
    return Desk()


def test_nothing_is_asked_of_the_system_before_a_key_is_wanted(desk: Desk) -> None:
    desk.keyboard.want(())
    desk.keyboard.ask_again()
    assert desk.giver.opened == 0
    desk.keyboard.want([TALK])
    desk.keyboard.want([TALK, MUTE])
    desk.keyboard.want([TALK, MUTE])
    assert desk.giver.opened == 1
    assert desk.giver.had == ["F7", "F8"]


def test_keys_are_told_as_actions(desk: Desk) -> None:
    desk.keyboard.want([TALK, MUTE])
    desk.giver.press("F8")
    desk.giver.press("F9")
    assert desk.actions == [(Action.MUTE, "down"), (Action.MUTE, "up")]


def test_what_is_refused_is_told_and_asked_for_again(desk: Desk) -> None:
    desk.giver.taken.add("F7")
    desk.keyboard.want([TALK, MUTE])
    assert desk.changes[-1] == {Action.TALK: Refusal.TAKEN}
    desk.giver.taken.clear()
    desk.keyboard.ask_again()
    assert desk.changes[-1] == {}
    assert desk.giver.had == ["F7", "F8"]


def test_while_one_is_chosen_all_are_free(desk: Desk) -> None:
    desk.keyboard.want([TALK])
    desk.keyboard.rest(on=True)
    assert desk.giver.had == []
    desk.keyboard.want([TALK, MUTE])
    assert desk.giver.had == []
    desk.keyboard.rest(on=False)
    assert desk.giver.had == ["F7", "F8"]


def test_another_layout_has_all_asked_for_again(desk: Desk) -> None:
    desk.keyboard.want([TALK])
    desk.giver.taken.add("F7")
    assert desk.giver.told is not None
    desk.giver.told.moved()
    assert desk.changes[-1] == {Action.TALK: Refusal.TAKEN}


def test_a_connection_that_breaks_is_opened_anew_when_it_is_asked_for(desk: Desk) -> None:
    desk.keyboard.want([TALK, MUTE])
    assert desk.giver.told is not None
    desk.giver.told.broken()
    assert desk.giver.is_closed
    assert desk.changes[-1] == {Action.TALK: Refusal.BROKEN, Action.MUTE: Refusal.BROKEN}
    desk.keyboard.ask_again()
    assert desk.giver.opened == 2
    assert desk.changes[-1] == {}


def test_one_that_breaks_while_it_is_asked_is_told_of_all_keys(desk: Desk) -> None:
    desk.keyboard.want([TALK])
    desk.giver.is_gone = True
    desk.keyboard.want([TALK, MUTE])
    assert desk.changes[-1] == {Action.TALK: Refusal.BROKEN, Action.MUTE: Refusal.BROKEN}
    desk.keyboard.ask_again()
    assert desk.changes[-1] == {Action.TALK: Refusal.UNREACHABLE, Action.MUTE: Refusal.UNREACHABLE}


def test_a_system_without_keys_refuses_none(qtbot: QtBot) -> None:
    keyboard = Keyboard(System.WAYLAND, None)
    keyboard.want([TALK])
    keyboard.ask_again()
    assert keyboard.refusals == {}


def test_where_windows_are_drawn_into_memory_there_are_no_keys(qapp: QApplication) -> None:
    if qapp.platformName() != "offscreen":
        pytest.skip("the tests have a display of the user's")
    assert keyboard_of_this_system().system is System.OTHER
