"""Keys that work while another program has the keyboard, from whatever system this is. Knows no window."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping

from PySide6.QtCore import QObject, Signal, SignalInstance
from PySide6.QtGui import QGuiApplication

from app import display, logs
from app.devices.system_keys import SystemKeys, Told, UnreachableError
from app.hotkeys import Action, Hotkey, Refusal, System, system_of

Opener = Callable[[Told], SystemKeys]


class Keyboard(QObject):
    """`pressed` and `released` carry an Action; `changed` when other keys are had or refused than before.

    Nothing is asked of the system before a key is wanted.
    """

    pressed = Signal(object)
    released = Signal(object)
    changed = Signal()

    def __init__(self, system: System, opener: Opener | None, parent: QObject | None = None) -> None:
        """`opener` is the system's way of giving keys, None where it has none. It may raise UnreachableError."""
        super().__init__(parent)
        self.system = system
        self._opener = opener
        self._keys: SystemKeys | None = None
        self._wanted: tuple[Hotkey, ...] = ()
        self._refusals: dict[Action, Refusal] = {}
        self._is_resting = False
        self._told = Told(self._press, self._release, self._grant, self._lose)

    @property
    def refusals(self) -> Mapping[Action, Refusal]:
        """Of what is wanted and not to be had, why."""
        return self._refusals

    @property
    def sees_release(self) -> bool:
        """Whether `released` ever comes, as far as is known before the first key is had."""
        return self.system is not System.WINDOWS if self._keys is None else self._keys.sees_release

    def want(self, hotkeys: Iterable[Hotkey]) -> None:
        """These from here on, and no others."""
        wanted = tuple(hotkeys)
        if wanted != self._wanted and self._opener is not None:
            self._wanted = wanted
            self._grant()

    def ask_again(self) -> None:
        """What was refused may be free by now."""
        self._grant()

    def rest(self, *, on: bool) -> None:
        """While it is on no key is had, so that they can all be pressed for something else."""
        if on is not self._is_resting:
            self._is_resting = on
            self._grant()

    def close(self) -> None:
        """For good."""
        keys, self._keys = self._keys, None
        if keys is not None:
            keys.close()

    def _grant(self) -> None:
        keys = self._open() if self._wanted and not self._is_resting else self._keys
        if keys is not None:
            keys.free()
        if self._is_resting:
            return
        asked = [(hotkey.action, self._ask(keys, hotkey)) for hotkey in self._wanted]
        if keys is self._keys:  # else they were lost in between, which was told
            self._refusals = {action: refusal for action, refusal in asked if refusal is not None}
            self.changed.emit()

    def _ask(self, keys: SystemKeys | None, hotkey: Hotkey) -> Refusal | None:
        return Refusal.UNREACHABLE if keys is None else keys.grant(hotkey.keys)

    def _open(self) -> SystemKeys | None:
        if self._keys is None and self._opener is not None:
            try:
                self._keys = self._opener(self._told)
            except UnreachableError as error:
                logs.devices.warning("no keys are to be had from the system: %s", error)
        return self._keys

    def _press(self, keys: str) -> None:
        self._tell(self.pressed, keys)

    def _release(self, keys: str) -> None:
        self._tell(self.released, keys)

    def _tell(self, signal: SignalInstance, keys: str) -> None:
        for hotkey in self._wanted:
            if hotkey.keys == keys:
                signal.emit(hotkey.action)

    def _lose(self) -> None:
        self.close()
        self._refusals = dict.fromkeys((hotkey.action for hotkey in self._wanted), Refusal.BROKEN)
        self.changed.emit()


def keyboard_of_this_system(parent: QObject | None = None) -> Keyboard:
    """By the platform that Qt has opened its windows on."""
    system = system_of(QGuiApplication.platformName(), within_wayland=display.is_within_wayland())
    return Keyboard(system, _opener_of(system), parent)


def _opener_of(system: System) -> Opener | None:
    """The libraries are there on their systems alone, and are not loaded before a key is wanted."""
    match system:
        case System.X11 | System.XWAYLAND:
            return _open_x_keys
        case System.WINDOWS:
            return _open_windows_keys
        case _:
            return None


def _open_x_keys(told: Told) -> SystemKeys:
    from app.devices.x_keys import XKeys  # noqa: PLC0415 -- as said above

    return XKeys(told)


def _open_windows_keys(told: Told) -> SystemKeys:
    if sys.platform == "win32":
        from app.devices.windows_keys import WindowsKeys, load_user32  # noqa: PLC0415 -- as said above

        return WindowsKeys(told, load_user32())
    raise UnreachableError("this is not Windows")
