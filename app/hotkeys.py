"""Keys that work while another program has the keyboard: what they are for, and which can be had. Knows no system.

A key is written as Qt does in its portable text, with what is held beside it: `Ctrl+Shift+F7`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, StrEnum, auto
from functools import cache

from PySide6.QtCore import QKeyCombination, Qt
from PySide6.QtGui import QKeySequence

HELD = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier
"""With one of these beside it a key writes nothing."""
MODIFIERS = Qt.KeyboardModifier.KeyboardModifierMask.value
PORTABLE = QKeySequence.SequenceFormat.PortableText


class Action(StrEnum):
    """What can be had done from everywhere."""

    TALK = "talk"
    MUTE = "mute"
    HUSH = "hush"
    """What is being said, thought or heard ends."""
    SHOW = "show"
    """The window comes forward."""
    OFF = "off"
    """Nothing listens and nothing looks."""


class Refusal(Enum):
    """Why a key is not to be had."""

    TAKEN = auto()
    """Another program has it."""
    MISSING = auto()
    """No key of the keyboard, as it is laid out now, gives it."""
    UNREACHABLE = auto()
    """The system does not answer."""
    BROKEN = auto()
    """It did, and does no longer."""


class System(Enum):
    """What keys can be had from."""

    X11 = auto()
    XWAYLAND = auto()
    """X11 within Wayland: keys come only while a program has the keyboard that is on X11 too."""
    WINDOWS = auto()
    WAYLAND = auto()
    MACOS = auto()
    OTHER = auto()

    @property
    def gives_keys(self) -> bool:
        """Whether any can be had."""
        return self in {System.X11, System.XWAYLAND, System.WINDOWS}


@dataclass(frozen=True, slots=True)
class Hotkey:
    """The key of an action. Raises ValueError for a key that cannot be one."""

    action: Action
    keys: str

    def __post_init__(self) -> None:
        if not isinstance(self.action, Action) or not isinstance(self.keys, str) or not is_possible(self.keys):
            raise ValueError("no key that works everywhere")


def is_possible(keys: str) -> bool:
    """Whether it is one key, as Qt writes it, without which everything can still be written in other programs."""
    sequence = QKeySequence.fromString(keys, PORTABLE)
    if sequence.count() != 1 or sequence.toString(PORTABLE) != keys:
        return False
    chord = chord_of(keys)
    number = chord.toCombined() & ~MODIFIERS
    return is_key(number) and (bool(chord.keyboardModifiers() & HELD) or _stands_alone(number))


def chord_of(keys: str) -> QKeyCombination:
    """Of one key, as Qt writes it."""
    first: QKeyCombination = QKeySequence.fromString(keys, PORTABLE)[0]  # type: ignore[index] # not in its stub
    return first


def is_key(number: int) -> bool:
    """Whether this is Qt's number of a key that does something when it is pressed by itself."""
    return number not in {0, Qt.Key.Key_unknown} and not any(number in keys for keys in _beside())


def system_of(platform: str, *, within_wayland: bool) -> System:
    """By Qt's name of the platform that its windows are on, and whether the whole session is Wayland's."""
    match platform:
        case "xcb":
            return System.XWAYLAND if within_wayland else System.X11
        case "windows":
            return System.WINDOWS
        case "wayland" | "wayland-egl":
            return System.WAYLAND
        case "cocoa":
            return System.MACOS
        case _:
            return System.OTHER


def _stands_alone(number: int) -> bool:
    return number in _alone() or number in _multimedia() or Qt.Key.Key_F1 <= number <= Qt.Key.Key_F35


# Kept until they are asked for: Qt's five hundred names of keys take as long to be known as a page to be drawn.


@cache
def _alone() -> frozenset[int]:
    """As F1 to F35 and keys of multimedia keyboards: no program is written with, or moved about in, by them."""
    keys = Qt.Key
    return frozenset({keys.Key_Pause, keys.Key_ScrollLock, keys.Key_Print, keys.Key_Menu, keys.Key_Help})


@cache
def _multimedia() -> range:
    return range(Qt.Key.Key_Back, Qt.Key.Key_AltGr & ~0xFF)


@cache
def _beside() -> tuple[range, ...]:
    """What is held beside another key, and what switches, or makes letters with what is pressed next.

    AltGr, keys of input methods and dead keys are behind one another in Qt's numbers.
    """
    keys = Qt.Key
    return (
        range(keys.Key_Shift, keys.Key_ScrollLock),
        range(keys.Key_Super_L, keys.Key_Menu),
        range(keys.Key_Hyper_L, keys.Key_Help),
        range(keys.Key_Direction_L, keys.Key_Back),
        range(keys.Key_AltGr & ~0xFF, keys.Key_MediaLast),
    )
