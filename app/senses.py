"""What the devices tell the rest of the desktop: blocks, frames, what happens to speech. Nothing but data.

Times are seconds of `time.monotonic()`; those of speech are when it was spoken, not when it was noticed.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """Samples of the microphone: float32 [n], 16 kHz, mono. `time` is when the first one was spoken."""

    samples: NDArray[np.float32]
    time: float


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """A picture of the camera: RGB uint8 [height, width, 3], never mirrored. `time` is when it was taken."""

    pixels: NDArray[np.uint8]
    time: float


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


SpeechEvent = Stirred | Calmed | Started | Continued | Paused | Resumed | Ended
