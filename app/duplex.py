"""How the microphone is listened to while the speaker plays, and what a test for echo has found. Nothing but data."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, StrEnum, auto

MOST_KEPT = 16
"""Pairs of devices of which a result is remembered."""


class Duplex(StrEnum):
    """What it takes to break into an answer by speaking."""

    FULL = "full"
    """As at any other time."""
    GUARDED = "guarded"
    """To be louder than what is left of the echo, and for longer."""
    PUSH = "push"
    """Nothing does: the microphone is not listened to. The talk button is always."""


@dataclass(frozen=True, slots=True)
class Echo:
    """What was found with a microphone and a speaker, known by their identities. Raises ValueError."""

    microphone: str
    speaker: str
    duplex: Duplex
    returned: float
    """Decibels of what comes back of the sound, of what was given to the speaker; below zero as a rule."""
    removed: float
    """Decibels of that which the canceller takes away."""
    delay: float
    """Seconds from the speaker to the microphone, beyond what both of them tell of themselves."""

    def __post_init__(self) -> None:
        figures = (self.returned, self.removed, self.delay)
        if not isinstance(self.duplex, Duplex) or not all(type(figure) is float for figure in figures):
            raise ValueError("no result of a test for echo")
        if not isinstance(self.microphone, str) or not isinstance(self.speaker, str):
            raise ValueError("no devices")  # noqa: TRY004 -- of a file every damage is alike

    @property
    def left(self) -> float:
        """Decibels of what is still there after the canceller, of what was given to the speaker."""
        return self.returned - self.removed

    @property
    def pair(self) -> tuple[str, str]:
        """The devices."""
        return self.microphone, self.speaker


def with_echo(echoes: tuple[Echo, ...], newest: Echo) -> tuple[Echo, ...]:
    """The newest first, one of each pair of devices, and not more than are worth keeping."""
    return (newest, *(echo for echo in echoes if echo.pair != newest.pair))[:MOST_KEPT]


class Trouble(Enum):
    """Why a test came to nothing."""

    NO_MICROPHONE = auto()
    NO_SPEAKER = auto()
    SILENT = auto()
    """The volume is so low that nothing can come back."""
    DEAF = auto()
    """The microphone heard nothing at all, not even the room."""
    NOISE = auto()
    """There was other sound."""


@dataclass(frozen=True, slots=True)
class EchoState:
    """All that is to be known of it now."""

    duplex: Duplex = Duplex.PUSH
    """What holds, by choice or by a test."""
    echo: Echo | None = None
    """What was found with the devices in use."""
    is_testing: bool = False
    trouble: Trouble | None = None
    """With the latest test, if it was of these devices."""
    is_past: bool = False
    """Whether answers are spoken past the speaker, by the system's voice."""
