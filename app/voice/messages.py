"""What passes between the desktop and the process of the system's voice. Nothing but data."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Sound:
    """How it is to sound from the next sentence on. `voice` is one of those known; None is the system's usual one."""

    voice: str | None
    speed: float
    """2 takes half the time, as far as the system's voice can."""
    volume: float
    """0 to 1."""


@dataclass(frozen=True, slots=True)
class Utter:
    """Say this after all before; numbers grow."""

    number: int
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Hush:
    """Be silent, and forget what was to be said."""


@dataclass(frozen=True, slots=True)
class Quit:
    """End the process."""


@dataclass(frozen=True, slots=True)
class Known:
    """The system's voices, none where it has none or they cannot be had. The first thing that is told."""

    voices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Uttering:
    """A sentence is being said from now on."""

    number: int


@dataclass(frozen=True, slots=True)
class Word:
    """A word is being said that begins at this place of the sentence. Not every system tells."""

    number: int
    begin: int


@dataclass(frozen=True, slots=True)
class Uttered:
    """A sentence was said to its end."""

    number: int


@dataclass(frozen=True, slots=True)
class Mute:
    """The system's voice has failed; what it said of that, for the log."""

    reason: str


Wish = Sound | Utter | Hush | Quit
Told = Known | Uttering | Word | Uttered | Mute
