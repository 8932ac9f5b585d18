"""Where a key lies on an X server's keyboard as it is laid out now. Knows neither who presses it nor who wants it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from PySide6.QtCore import Qt
from Xlib import XK, X
from Xlib.display import Display

from app.devices.key_names import KEYPAD, NAMES, NUMBERS
from app.hotkeys import MODIFIERS, chord_of

FIRST_CODE = 8
CODES = 248
LEVELS = 4
"""Columns of the core keyboard map that are read: plain and with Shift, of two layouts. Those behind need AltGr."""
MASKS = {
    Qt.KeyboardModifier.ShiftModifier: X.ShiftMask,
    Qt.KeyboardModifier.ControlModifier: X.ControlMask,
    Qt.KeyboardModifier.AltModifier: X.Mod1Mask,
    Qt.KeyboardModifier.MetaModifier: X.Mod4Mask,
}
"""As Qt itself reads them."""
EIGHT = 0xFF
"""Bits of an event's state that are of the keyboard."""
UNICODE = 0x01000000
LATIN = 0x100
XK.load_keysym_group("xf86")
XK.load_keysym_group("xkb")


@dataclass(frozen=True, slots=True)
class Spot:
    """A key of the keyboard, and what must be held beside it."""

    code: int
    mask: int


@dataclass(frozen=True, slots=True)
class Layout:
    """What the keys give, row by row of X's core keyboard map; and the masks of what may be locked."""

    rows: tuple[tuple[int, ...], ...]
    locks: tuple[int, ...]

    @classmethod
    def read(cls, display: Display) -> Layout:
        """As it is now: two questions to the server."""
        rows = tuple(tuple(row) for row in display.get_keyboard_mapping(FIRST_CODE, CODES))
        switches = [X.LockMask, *_masks_of(rows, display.get_modifier_mapping(), ("Num_Lock", "Scroll_Lock"))]
        return cls(rows, tuple(dict.fromkeys(switches)))

    @property
    def lock_masks(self) -> list[int]:
        """All that may be locked beside a key without its being another one."""
        chosen = [some for count in range(len(self.locks) + 1) for some in combinations(self.locks, count)]
        return [sum(some) for some in chosen]

    def spots(self, keys: str) -> tuple[Spot, ...]:
        """Of a key as Qt writes it; none where the keyboard has no such key."""
        chord = chord_of(keys)
        held = chord.keyboardModifiers()
        is_keypad = Qt.KeyboardModifier.KeypadModifier in held
        symbol = _symbol(chord.toCombined() & ~MODIFIERS, is_keypad=is_keypad)
        mask = sum(mask for modifier, mask in MASKS.items() if modifier in held)
        level, codes = self._find(symbol)
        if level % 2 and not is_keypad:  # whose digits are beside Shift, or beside what locks it
            mask |= X.ShiftMask
        return tuple(Spot(code, mask) for code in codes)

    def spot(self, code: int, state: int) -> Spot:
        """That an event is of."""
        return Spot(code, state & EIGHT & ~sum(self.locks))

    def _find(self, symbol: int) -> tuple[int, list[int]]:
        """The nearest column in which it stands, and all keys that have it there."""
        for level in range(LEVELS):
            codes = [code for code, row in enumerate(self.rows, FIRST_CODE) if row[level : level + 1] == (symbol,)]
            if symbol and codes:
                return level, codes
        return 0, []


def _masks_of(rows: Sequence[Sequence[int]], modifiers: Sequence[Sequence[int]], names: Sequence[str]) -> list[int]:
    """Of the keys that switch a lock."""
    symbols = {XK.string_to_keysym(name) for name in names}
    switches = {code for code, row in enumerate(rows, FIRST_CODE) if symbols & set(row)}
    return [1 << place for place, codes in enumerate(modifiers) if switches & set(codes)]


def _symbol(key: int, *, is_keypad: bool) -> int:
    """X's number of what Qt has this number for, as it is without Shift; 0 where X has none."""
    names = KEYPAD if is_keypad else NAMES
    name = next((name for known, name in names.items() if known == key), None)
    if name is not None:
        return int(XK.string_to_keysym(name))
    number = next((number for known, number in NUMBERS.items() if known == key), None)
    if number is not None:
        return number
    if is_keypad or key >= Qt.Key.Key_Escape:
        return 0
    letter = ord(chr(key).lower()) if len(chr(key).lower()) == 1 else key
    return letter if letter < LATIN else UNICODE | letter
