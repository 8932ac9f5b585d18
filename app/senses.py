"""What the devices tell the rest of the desktop: blocks, frames, what happens to speech. Nothing but data.

Times are seconds of `time.monotonic()`; those of speech are when it was spoken, not when it was noticed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

import numpy as np
from numpy.typing import NDArray

MOST_PIXELS = 16_384
"""Of a picture's side."""


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """Samples of the microphone: float32 [n], 16 kHz, mono. `time` is when the first one was spoken."""

    samples: NDArray[np.float32]
    time: float
    unclean: NDArray[np.float32] | None = None
    """The same [n] with the echo of what is played; None where nothing was taken out."""

    def mixed(self, share: float) -> NDArray[np.float32]:
        """With such a share of what was taken out: an echo canceller takes beginnings of words out, too."""
        if self.unclean is None or share == 0.0:
            return self.samples
        return (1.0 - share) * self.samples + share * self.unclean


def joined(blocks: Sequence[Block]) -> Block:
    """Several that follow one another, as one."""
    samples = np.concatenate([block.samples for block in blocks])
    if all(block.unclean is None for block in blocks):
        return Block(samples, blocks[0].time)
    return Block(samples, blocks[0].time, np.concatenate([block.mixed(1.0) for block in blocks]))


class Origin(Enum):
    """Where a picture is from."""

    CAMERA = "camera"
    SCREEN = "screen"
    WINDOW = "window"
    CLIPBOARD = "clipboard"


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """A picture: RGB uint8 [height, width, 3], never mirrored. `time` is when it was taken."""

    pixels: NDArray[np.uint8]
    time: float
    origin: Origin = Origin.CAMERA


@dataclass(frozen=True, slots=True)
class View:
    """What can be looked at: the camera, or a screen or window, which `identity` tells from others for now."""

    origin: Origin = Origin.CAMERA
    name: str = ""
    identity: str = ""


@dataclass(frozen=True, slots=True, order=True)
class Size:
    """Pixels of a picture. Raises ValueError for what cannot be."""

    width: int
    height: int

    def __post_init__(self) -> None:
        if not all(type(side) is int and 0 < side <= MOST_PIXELS for side in (self.width, self.height)):
            raise ValueError("a picture cannot be so large")


class Permission(Enum):
    """Whether the system lets Sightline use a microphone or camera."""

    ALLOWED = "allowed"
    ASK = "ask"
    BLOCKED = "blocked"


@dataclass(frozen=True, slots=True)
class Stirred:
    """Something that may become speech began: lower the voice. Calmed or Started follows."""

    time: float


@dataclass(frozen=True, slots=True)
class Calmed:
    """It was no speech."""

    time: float


@dataclass(frozen=True, slots=True)
class Started:
    """Somebody speaks. `block` is what was heard of it so far, and a little of what was before.

    `meant`: there is no doubt about it, since a button was pressed for it, or the wake phrase was said.
    """

    block: Block
    meant: bool = False


@dataclass(frozen=True, slots=True)
class Continued:
    """The next block of what is spoken, pauses included."""

    block: Block


@dataclass(frozen=True, slots=True)
class Paused:
    """Silence since `time`, perhaps the end: an answer may be prepared. Resumed or Ended follows."""

    time: float


@dataclass(frozen=True, slots=True)
class Resumed:
    """It was not the end."""

    time: float


@dataclass(frozen=True, slots=True)
class Ended:
    """The last word was over at `time`, and nothing has followed for as long as patience lasts."""

    time: float


class Word(Enum):
    """What was recognised of an utterance, if not in so many words."""

    STOP = "stop"
    """It stops an answer."""
    NOD = "nod"
    """So far nothing but "mm-hmm", "yeah" and the like."""
    OTHER = "other"
    WAKE = "wake"
    """The phrase that Sightline is called by."""


SpeechEvent = Stirred | Calmed | Started | Continued | Paused | Resumed | Ended
