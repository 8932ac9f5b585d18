"""What was said aloud lately, so that it can be heard again. Knows no speaker; nothing of it is ever written."""

from __future__ import annotations

from collections import OrderedDict

import numpy as np
from numpy.typing import NDArray

from model.protocol import SPEECH_RATE

Wave = NDArray[np.float32]
MOST_SECONDS = 300.0
"""Of all answers together: 14 MB, in 16 bits a sample. The oldest make room."""
FULL_SCALE = 32767
Kept = NDArray[np.int16]


class Recordings:
    """Waves of answers by the rows of their lines."""

    def __init__(self) -> None:
        self._waves: OrderedDict[int, list[Kept]] = OrderedDict()

    def add(self, row: int, wave: Wave) -> None:
        """More of an answer."""
        kept = (np.clip(wave, -1.0, 1.0) * FULL_SCALE).astype(np.int16)
        self._waves.setdefault(row, []).append(kept)
        while self._seconds() > MOST_SECONDS and len(self._waves) > 1:
            self._waves.popitem(last=False)

    def of(self, row: int) -> list[Wave]:
        """Empty where there is nothing, or nothing any more."""
        return [wave.astype(np.float32) / np.float32(FULL_SCALE) for wave in self._waves.get(row, [])]

    def holds(self, row: int) -> bool:
        """Whether there is anything of this answer."""
        return row in self._waves

    def cut(self, row: int) -> None:
        """The lines from this row on are no more."""
        for later in [other for other in self._waves if other >= row]:
            del self._waves[later]

    def _seconds(self) -> float:
        return sum(len(wave) for waves in self._waves.values() for wave in waves) / SPEECH_RATE
