"""What keys do while another program has the keyboard: on a real X server, pressed by a second client."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.devices.keyboard import Keyboard
from app.hotkeys import Action, Hotkey, Refusal, System
from app.phase import Phase
from app.reach import Reach
from app.settings import Settings
from app.transcript import Transcript
from app.ui.window import Window

if TYPE_CHECKING:
    from app.devices.system_keys import SystemKeys, Told
    from tests.helpers.rig_keys import OtherProgram

ROOT = Path(__file__).resolve().parents[2]
CONTROL, SHIFT = 4, 1
KEYS = {Action.TALK: 7, Action.MUTE: 8, Action.HUSH: 9, Action.SHOW: 10, Action.OFF: 11}
CHOSEN = Settings(hotkeys=tuple(Hotkey(action, f"Ctrl+F{number}") for action, number in KEYS.items()))
on_linux = pytest.mark.skipif(sys.platform != "linux", reason="Xvfb and the library are for Linux")


@pytest.fixture(scope="module")
def other() -> Iterator[OtherProgram]:
    from tests.helpers.rig_keys import start_other_program  # noqa: PLC0415 -- its library is for Linux

    with start_other_program() as other:
        yield other


class Desk:
    """A window whose keys are had from the other program's screen."""

    def __init__(self, qtbot: QtBot, keyboard: Keyboard) -> None:
        self.window = Window(Transcript())
        qtbot.addWidget(self.window)
        self.window.show_phase(Phase.LISTENING)
        self.reach = Reach(self.window, keyboard)
        self.complaints: list[str] = []
        self.reach.complained.connect(self.complaints.append)
        self.talking: list[bool] = []
        self.window.composer.talk.talking.connect(self.talking.append)
        self.window.show()


@pytest.fixture
def desk(qtbot: QtBot, other: OtherProgram) -> Iterator[Desk]:
    from app.devices.x_keys import XKeys  # noqa: PLC0415 -- its library is for Linux

    other.typed()
    desk = Desk(qtbot, Keyboard(System.X11, lambda told: XKeys(told, other.name)))
    desk.reach.choose(CHOSEN)
    yield desk
    desk.reach.close()


@on_linux
def test_talk_lasts_as_long_as_its_key_is_down(qtbot: QtBot, desk: Desk, other: OtherProgram) -> None:
    other.press("Control_L", "F7")
    qtbot.waitUntil(lambda: desk.talking == [True])
    other.release("Control_L", "F7")
    qtbot.waitUntil(lambda: desk.talking == [True, False])
    assert other.typed() == []


@on_linux
def test_talk_without_a_model_is_answered_by_a_sentence(qtbot: QtBot, desk: Desk, other: OtherProgram) -> None:
    desk.window.show_phase(Phase.LOADING)
    other.strike("Control_L", "F7")
    qtbot.waitUntil(lambda: bool(desk.complaints))
    assert "no model that is ready" in desk.complaints[0]
    assert desk.talking == []


@on_linux
def test_each_key_presses_what_does_it_in_the_window(qtbot: QtBot, desk: Desk, other: OtherProgram) -> None:
    window = desk.window
    window.show_phase(Phase.SPEAKING)
    for number, signal in ((8, window.senses.mute.clicked), (9, window.composer.stop.clicked)):
        with qtbot.waitSignal(signal):
            other.strike("Control_L", f"F{number}")
    assert window.senses.mute.isChecked()
    with qtbot.waitSignal(window.top.live.off.clicked):
        other.strike("Control_L", "F11")


@on_linux
@pytest.mark.qt_log_ignore("This plugin does not support raise")
def test_the_window_is_shown(qtbot: QtBot, desk: Desk, other: OtherProgram) -> None:
    desk.window.hide()
    other.strike("Control_L", "F10")
    qtbot.waitUntil(desk.window.isVisible)


@on_linux
def test_a_key_that_another_program_has_is_shown_until_it_is_free(
    qtbot: QtBot, desk: Desk, other: OtherProgram
) -> None:
    panel = desk.window.settings.hotkeys
    desk.window.show_page(desk.window.settings)
    assert other.take("F6", CONTROL)
    desk.reach.choose(Settings(hotkeys=(Hotkey(Action.MUTE, "Ctrl+F6"),)))
    panel.show_settings(Settings(hotkeys=(Hotkey(Action.MUTE, "Ctrl+F6"),)))
    trouble = panel.rows[Action.MUTE].trouble
    assert trouble.text().startswith("Another program has Ctrl+F6")
    other.give_back("F6", CONTROL)
    qtbot.keyClick(panel.again, Qt.Key.Key_Space)
    assert not trouble.isVisible()
    other.strike("Control_L", "F6")
    qtbot.waitUntil(desk.window.senses.mute.isChecked)


@on_linux
def test_where_the_settings_are_not_seen_a_refusal_is_said_in_the_conversation(desk: Desk, other: OtherProgram) -> None:
    assert other.take("F6", CONTROL)
    desk.reach.choose(Settings(hotkeys=(Hotkey(Action.MUTE, "Ctrl+F6"),)))
    other.give_back("F6", CONTROL)
    (sentence,) = desk.complaints
    assert "the settings say which" in sentence


@on_linux
def test_while_a_key_is_chosen_the_keys_do_nothing_else(qtbot: QtBot, desk: Desk, other: OtherProgram) -> None:
    window = desk.window
    window.show_page(window.settings)
    row = window.settings.hotkeys.rows[Action.MUTE]
    row.key.setFocus()
    qtbot.keyClick(row.key, Qt.Key.Key_Space)
    other.strike("Control_L", "F7")
    assert other.typed() == ["0xffc4"]
    assert desk.talking == []
    qtbot.keyClick(row.key, Qt.Key.Key_Escape)
    other.press("Control_L", "F7")
    qtbot.waitUntil(lambda: desk.talking == [True])
    other.release("Control_L", "F7")
    qtbot.waitUntil(lambda: desk.talking == [True, False])


class Deaf:
    """A system that does not tell when a key is let go, as Windows."""

    sees_release = False

    def __init__(self) -> None:
        self.told: Told | None = None

    def open(self, told: Told) -> SystemKeys:
        self.told = told
        return self

    def grant(self, _keys: str) -> Refusal | None:
        return None

    def free(self) -> None:
        pass

    def close(self) -> None:
        pass


def test_where_letting_go_is_not_seen_talk_is_pressed_twice(qtbot: QtBot) -> None:
    system = Deaf()
    desk = Desk(qtbot, Keyboard(System.WINDOWS, system.open))
    desk.reach.choose(CHOSEN)
    assert system.told is not None
    system.told.pressed("Ctrl+F7")
    system.told.pressed("Ctrl+F7")
    assert desk.talking == [True, False]
    description = desk.window.settings.hotkeys.rows[Action.TALK].key.accessibleDescription()
    assert description.startswith("Press it to speak and again")


@on_linux
def test_a_window_of_its_own_on_x_has_its_keys_beside_another_program(other: OtherProgram) -> None:
    """Chosen by Qt's own platform, in a process that is started as Sightline is; one key is held already."""
    assert other.take("F6", CONTROL)
    chosen = json.dumps([["talk", "Ctrl+F7"], ["mute", "Ctrl+F8"], ["off", "Ctrl+F6"]])
    environment = {**os.environ, **other.screen.environment, "XDG_SESSION_TYPE": "x11", "WAYLAND_DISPLAY": ""}
    words, pipes = [sys.executable, "-m", "tests.app.reach_child", chosen], subprocess.PIPE
    with subprocess.Popen(words, cwd=ROOT, env=environment, stdin=pipes, stdout=pipes, text=True) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        lines = (json.loads(line) for line in child.stdout)
        assert "is not to be had" in next(lines)[1]
        assert "These keys work while another program" in next(lines)[1]
        other.focus()
        other.press("Control_L", "F7")
        assert next(lines) == ["talking", True]
        other.release("Control_L", "F7")
        assert next(lines) == ["talking", False]
        other.strike("Control_L", "F8")
        assert next(lines) == ["muted", True]
        assert other.typed() == []
        other.give_back("F6", CONTROL)
        child.stdin.close()
        assert child.wait(60) == 0
