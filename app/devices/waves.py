"""What a speaker's callback works on: waves in order, how loud they are, when they leave. Knows no device."""

from __future__ import annotations

from collections import deque

import numpy as np
from numpy.typing import NDArray

Wave = NDArray[np.float32]

DUCKED = 0.25
"""What is left of the volume while somebody may be about to speak."""


class WaveQueue:
    """Waves put in are taken out in other lengths. One thread puts, another takes, neither waits."""

    def __init__(self) -> None:
        self._waves: deque[Wave] = deque()
        self._begun = 0

    @property
    def is_empty(self) -> bool:
        """Whether all was taken."""
        return not self._waves

    def put(self, wave: Wave) -> None:
        """float32 [n], not to be changed any more."""
        self._waves.append(wave)

    def take(self, out: Wave) -> int:
        """Fills `out` [n] from its beginning as far as there is sound; returns how far."""
        filled = 0
        while filled < len(out) and self._waves:
            part = self._waves[0][self._begun : self._begun + len(out) - filled]
            out[filled : filled + len(part)] = part
            filled += len(part)
            self._begun += len(part)
            if self._begun == len(self._waves[0]):
                self._waves.popleft()
                self._begun = 0
        return filled


class Gain:
    """How loud it is: set by one thread, read by another."""

    def __init__(self) -> None:
        self.volume = 1.0
        self.is_ducked = False

    @property
    def factor(self) -> float:
        """What samples are multiplied with."""
        return self.volume * (DUCKED if self.is_ducked else 1.0)


class Slope:
    """Follows a gain without clicks: each stretch of samples begins as loud as the one before has ended."""

    def __init__(self, gain: Gain) -> None:
        self._gain = gain
        self._factor = gain.factor

    def apply(self, wave: Wave) -> None:
        """In place."""
        before, self._factor = self._factor, self._gain.factor
        if before != 1.0 or self._factor != 1.0:
            wave *= np.linspace(before, self._factor, len(wave), dtype=np.float32)


class Journey:
    """When which samples leave the speaker. The callback adds, anybody asks."""

    def __init__(self) -> None:
        self._legs: deque[tuple[float, int, int]] = deque(maxlen=1024)  # seconds, far more than any latency
        self._given = 0

    @property
    def given(self) -> int:
        """How many samples were given to the device."""
        return self._given

    def add(self, leaves: float, count: int) -> None:
        """The next `count` samples leave one after another from a time on."""
        self._legs.append((leaves, self._given, count))
        self._given += count

    def count(self, now: float, rate: int) -> int:
        """How many samples have left, at so many a second."""
        for leaves, before, count in reversed(list(self._legs)):
            if leaves <= now:
                return before + min(count, int((now - leaves) * rate))
        return 0
