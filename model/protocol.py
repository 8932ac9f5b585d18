"""Messages between the desktop and the runner, and what a session tells while it replies. Nothing but data."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

SPEECH_RATE = 24_000
"""Samples of spoken output in a second."""
HEARING_RATE = 16_000
"""Samples of heard input in a second."""
CODE_SAMPLES = 480
"""Samples of speech that one code lasts: 20 ms."""


class Ending(StrEnum):
    """Why a reply ended."""

    SAID = "said"
    """The model ended it."""
    STOPPED = "stopped"
    """A stop string came."""
    LENGTH = "length"
    """The cap on text tokens was reached, or the context is full."""


@dataclass(frozen=True, slots=True)
class Timings:
    """What a reply took, in seconds from the call; counts of tokens and codes."""

    prompt_tokens: int
    text_tokens: int
    codes: int
    first_text: float | None
    first_audio: float | None
    thinker: float
    talker: float
    voice: float
    total: float


@dataclass(frozen=True, slots=True)
class Loading:
    """`done` of `total` bytes of one part of the model were read."""

    part: str
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Said:
    """The next piece of a reply's text."""

    turn: int
    text: str


@dataclass(frozen=True, slots=True, eq=False)
class Voiced:
    """The next samples of a reply's speech: float32 [n], 24 kHz, mono, within -1 and 1."""

    turn: int
    wave: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Finished:
    """A reply is over; `text` is all of it. `speech_cut` where the speech reached its cap before the model ended it."""

    turn: int
    ending: Ending
    text: str
    timings: Timings
    speech_cut: bool = False


Event = Said | Voiced | Finished
