"""What Windows is asked, and how what it posts is read. Never run on Windows: its library is stood in for."""

from __future__ import annotations

from collections.abc import Iterator
from ctypes import addressof, wintypes

import pytest
from PySide6.QtCore import QByteArray
from PySide6.QtWidgets import QApplication

from app.devices.system_keys import Told
from app.devices.windows_keys import HOTKEY_MESSAGE, NO_REPEAT, WindowsKeys
from app.hotkeys import Refusal

ALT, CONTROL, SHIFT = 1, 2, 4
KIND = QByteArray(b"windows_generic_MSG")


class Library:
    """As user32.dll on an English keyboard; another program has Ctrl+M."""

    def __init__(self) -> None:
        self.had: dict[int, tuple[int, int]] = {}

    def RegisterHotKey(self, _window: None, number: int, mask: int, code: int) -> int:  # noqa: N802 -- its name
        if (mask, code) == (CONTROL | NO_REPEAT, ord("M")) or number in self.had:
            return 0
        self.had[number] = (mask, code)
        return 1

    def UnregisterHotKey(self, _window: None, number: int) -> int:  # noqa: N802 -- its name
        return int(self.had.pop(number, None) is not None)

    def VkKeyScanW(self, letter: str) -> int:  # noqa: N802 -- its name
        if letter == "!":
            return 1 << 8 | ord("1")
        if letter == "µ":
            return 6 << 8 | ord("M")
        return ord(letter.upper()) if letter.isascii() and letter.isalnum() else -1


@pytest.fixture
def library() -> Library:
    return Library()


@pytest.fixture
def pressed() -> list[str]:
    return []


@pytest.fixture
def keys(qapp: QApplication, library: Library, pressed: list[str]) -> Iterator[WindowsKeys]:
    keys = WindowsKeys(Told(pressed.append, lambda _: None, lambda: None, lambda: None), library)
    yield keys
    keys.close()


def post(keys: WindowsKeys, number: int, message: int = HOTKEY_MESSAGE) -> bool:
    told = wintypes.MSG()
    told.message, told.wParam = message, number
    return keys.nativeEventFilter(KIND, addressof(told))[0]


@pytest.mark.parametrize(
    ("wanted", "mask", "code"),
    [
        ("Ctrl+Shift+F7", CONTROL | SHIFT, 0x76),
        ("Alt+A", ALT, ord("A")),
        ("Ctrl+!", CONTROL | SHIFT, ord("1")),
        ("Ctrl+Num+5", CONTROL, 0x65),
        ("Pause", 0, 0x13),
    ],
)
def test_a_key_is_asked_for_in_windows_numbers(
    keys: WindowsKeys, library: Library, wanted: str, mask: int, code: int
) -> None:
    assert keys.grant(wanted) is None
    assert list(library.had.values()) == [(mask | NO_REPEAT, code)]
    assert not keys.sees_release


def test_what_is_refused_or_not_there_is_told(keys: WindowsKeys, library: Library) -> None:
    assert keys.grant("Ctrl+M") is Refusal.TAKEN
    assert keys.grant("Ctrl+Ф") is Refusal.MISSING
    assert keys.grant("Ctrl+µ") is Refusal.MISSING
    assert library.had == {}


def test_what_windows_posts_is_told_while_it_is_had(keys: WindowsKeys, library: Library, pressed: list[str]) -> None:
    keys.grant("F7")
    keys.grant("F8")
    (_, second) = library.had
    assert post(keys, second)
    assert not post(keys, second, message=HOTKEY_MESSAGE + 1)
    assert not post(keys, 99)
    assert pressed == ["F8"]
    keys.free()
    assert library.had == {}
    assert not post(keys, second)
    assert pressed == ["F8"]
