"""Keys from Windows: RegisterHotKey for this thread, told through Qt's own loop. Never run on Windows yet.

Windows does not tell that such a key is let go, and asking again and again whether it is down is not done here.
"""

from __future__ import annotations

import ctypes
import sys
from ctypes import wintypes
from typing import Protocol

from PySide6.QtCore import QAbstractNativeEventFilter, QByteArray, QCoreApplication, Qt

from app.devices.system_keys import Told
from app.hotkeys import MODIFIERS, Refusal, chord_of

HOTKEY_MESSAGE = 0x0312
NO_REPEAT = 0x4000
MASKS = {
    Qt.KeyboardModifier.AltModifier: 1,
    Qt.KeyboardModifier.ControlModifier: 2,
    Qt.KeyboardModifier.ShiftModifier: 4,
    Qt.KeyboardModifier.MetaModifier: 8,
}
F1, KEYPAD_0 = 0x70, 0x60
LAST_FUNCTION = 24
CODES = {
    Qt.Key.Key_Backspace: 0x08,
    Qt.Key.Key_Tab: 0x09,
    Qt.Key.Key_Backtab: 0x09,
    Qt.Key.Key_Return: 0x0D,
    Qt.Key.Key_Pause: 0x13,
    Qt.Key.Key_Escape: 0x1B,
    Qt.Key.Key_Space: 0x20,
    Qt.Key.Key_PageUp: 0x21,
    Qt.Key.Key_PageDown: 0x22,
    Qt.Key.Key_End: 0x23,
    Qt.Key.Key_Home: 0x24,
    Qt.Key.Key_Left: 0x25,
    Qt.Key.Key_Up: 0x26,
    Qt.Key.Key_Right: 0x27,
    Qt.Key.Key_Down: 0x28,
    Qt.Key.Key_Print: 0x2C,
    Qt.Key.Key_Insert: 0x2D,
    Qt.Key.Key_Delete: 0x2E,
    Qt.Key.Key_Menu: 0x5D,
    Qt.Key.Key_ScrollLock: 0x91,
    Qt.Key.Key_VolumeMute: 0xAD,
    Qt.Key.Key_VolumeDown: 0xAE,
    Qt.Key.Key_VolumeUp: 0xAF,
    Qt.Key.Key_MediaNext: 0xB0,
    Qt.Key.Key_MediaPrevious: 0xB1,
    Qt.Key.Key_MediaStop: 0xB2,
    Qt.Key.Key_MediaPlay: 0xB3,
    **{Qt.Key(Qt.Key.Key_F1 + number): F1 + number for number in range(LAST_FUNCTION)},
}
"""https://learn.microsoft.com/windows/win32/inputdev/virtual-key-codes; letters are asked of the layout."""


class User32(Protocol):
    """What is called of Windows' library of that name."""

    def RegisterHotKey(self, window: None, number: int, mask: int, code: int, /) -> int:  # noqa: N802 -- its name
        """0 where another program has the key."""

    def UnregisterHotKey(self, window: None, number: int, /) -> int:  # noqa: N802 -- its name
        """0 where it was not registered."""

    def VkKeyScanW(self, letter: str, /) -> int:  # noqa: N802 -- its name
        """The key in the low byte, what is held in the high one; -1 where the layout has no such letter."""


class WindowsKeys(QAbstractNativeEventFilter):
    """Hears what Windows posts to the thread of the window."""

    sees_release = False

    def __init__(self, told: Told, user32: User32) -> None:
        super().__init__()
        self._told = told
        self._user32 = user32
        self._granted: dict[int, str] = {}
        _application().installNativeEventFilter(self)

    def grant(self, keys: str) -> Refusal | None:
        """Asks for a key; None once it is had."""
        chord = chord_of(keys)
        held = chord.keyboardModifiers()
        found = self._find(chord.toCombined() & ~MODIFIERS, is_keypad=Qt.KeyboardModifier.KeypadModifier in held)
        if found is None:
            return Refusal.MISSING
        code, more = found
        mask = more | sum(mask for modifier, mask in MASKS.items() if modifier in held)
        number = len(self._granted) + 1
        if not self._user32.RegisterHotKey(None, number, mask | NO_REPEAT, code):
            return Refusal.TAKEN
        self._granted[number] = keys
        return None

    def free(self) -> None:
        """All that were granted go back."""
        for number in self._granted:
            self._user32.UnregisterHotKey(None, number)
        self._granted = {}

    def close(self) -> None:
        """For good."""
        self.free()
        _application().removeNativeEventFilter(self)

    def nativeEventFilter(self, kind: QByteArray, message: int) -> tuple[bool, int]:  # type: ignore[override] # noqa: N802 -- Qt's name
        """Called by Qt with the address of a MSG, also for what is posted to no window."""
        if kind.data() == b"windows_generic_MSG":
            told = wintypes.MSG.from_address(int(message))
            if told.message == HOTKEY_MESSAGE and told.wParam in self._granted:
                self._told.pressed(self._granted[told.wParam])
                return True, 0
        return False, 0

    def _find(self, key: int, *, is_keypad: bool) -> tuple[int, int] | None:
        """Windows' number of a key, and what the layout wants held beside it."""
        if is_keypad:
            is_digit = Qt.Key.Key_0 <= key <= Qt.Key.Key_9
            return (KEYPAD_0 + key - Qt.Key.Key_0, 0) if is_digit else None
        code = next((code for known, code in CODES.items() if known == key), None)
        if code is not None:
            return code, 0
        scanned = self._user32.VkKeyScanW(chr(key).lower()) if key < Qt.Key.Key_Escape else -1
        if scanned < 0 or scanned >> 8 not in {0, 1}:  # what is written with AltGr is no key to be pressed with others
            return None
        return scanned & 0xFF, MASKS[Qt.KeyboardModifier.ShiftModifier] * (scanned >> 8)


def load_user32() -> User32:
    """On Windows."""
    if sys.platform == "win32":
        library = ctypes.WinDLL("user32")
        library.VkKeyScanW.argtypes, library.VkKeyScanW.restype = [wintypes.WCHAR], ctypes.c_short
        found: User32 = library
        return found
    raise OSError("this is not Windows")


def _application() -> QCoreApplication:
    application = QCoreApplication.instance()
    if application is None:
        raise RuntimeError("keys are had by an application")
    return application
