"""Faster or slower speech at the same pitch, as a stream of waves. Knows neither who speaks nor who plays.

By David Bryant's time-domain harmonic scaling, which drops or repeats whole periods of the voice: the samples are the
same however the stream was cut, and about 50 ms are held back.
"""

from __future__ import annotations

import numpy as np
from audiostretchy.interface.tdhs import TDHSAudioStretch
from numpy.typing import NDArray

from model.protocol import SPEECH_RATE

Wave = NDArray[np.float32]

HIGHEST_HERTZ, LOWEST_HERTZ = 333, 55
"""Of voices: where the length of a period is looked for."""
FULL = 32767


class Tempo:
    """float32 [n] in and out, 24 kHz, within -1 and 1. At speed 1 it passes all through."""

    def __init__(self, speed: float) -> None:
        """`speed` 2 takes half the time; between 0.5 and 2."""
        self.speed = speed
        self._stretch: TDHSAudioStretch | None = None
        if speed != 1.0:
            self._stretch = TDHSAudioStretch(SPEECH_RATE // HIGHEST_HERTZ, SPEECH_RATE // LOWEST_HERTZ, 1, 0)

    def push(self, wave: Wave) -> Wave:
        """What is ready: perhaps nothing."""
        if self._stretch is None or not len(wave):
            return wave
        given = (np.clip(wave, -1.0, 1.0) * FULL).astype(np.int16)
        out = self._room(len(given))
        count = self._stretch.process_samples(given, len(given), out, 1.0 / self.speed)
        return _floats(out[:count])

    def flush(self) -> Wave:
        """What was held back. Nothing can be pushed afterwards."""
        if self._stretch is None:
            return np.zeros(0, np.float32)
        out = self._room(SPEECH_RATE)
        count = self._stretch.flush(out)
        self.close()
        return _floats(out[:count])

    def close(self) -> None:
        """Frees the library's memory; once is enough."""
        if self._stretch is not None:
            self._stretch.deinit()
            self._stretch = None

    def _room(self, samples: int) -> NDArray[np.int16]:
        capacity = 0 if self._stretch is None else self._stretch.output_capacity(samples, 1.0 / self.speed)
        return np.zeros(capacity, np.int16)


def _floats(samples: NDArray[np.int16]) -> Wave:
    return (samples / FULL).astype(np.float32)
