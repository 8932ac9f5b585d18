"""When it was how loud in a recording that still goes on."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tests.helpers.rig import RATE, Recording
from tests.helpers.rig_voice import Samples

STEP = RATE // 200
"""Samples that are judged together: 5 ms."""
AUDIBLE = 0.001
"""Peak from which a step counts as sound: -60 dBFS."""


class Loudness:
    """Times are of `time.monotonic`: samples are counted, and the promptest arrival tells when the first one was."""

    def __init__(self, recording: Recording) -> None:
        self._recording = recording
        self._chunks = 0
        self._samples = 0
        self._began = float("inf")
        self._rest: Samples = np.zeros(0, np.float32)
        self._peaks: list[NDArray[np.float32]] = []

    def _take_in(self) -> None:
        for time, samples in self._recording.since(self._chunks):
            self._chunks += 1
            self._samples += len(samples)
            self._began = min(self._began, time - self._samples / RATE)
            waiting = np.concatenate([self._rest, samples])
            whole = len(waiting) - len(waiting) % STEP
            self._peaks.append(np.abs(waiting[:whole]).reshape(-1, STEP).max(axis=1, initial=0.0))
            self._rest = waiting[whole:]

    def peaks(self) -> tuple[NDArray[np.float64], NDArray[np.float32]]:
        """When each step began, and its highest sample."""
        self._take_in()
        peaks = np.concatenate(self._peaks)
        return self._began + np.arange(len(peaks)) * STEP / RATE, peaks

    def onset(self, after: float) -> float | None:
        """When the first sound after a moment began, if there was one."""
        times, peaks = self.peaks()
        loud = times[(times >= after) & (peaks > AUDIBLE)]
        return float(loud[0]) if len(loud) else None

    def last(self, begin: float, end: float) -> float:
        """When the last sound between two moments ended; `begin` where there was none."""
        times, peaks = self.peaks()
        loud = times[(times >= begin) & (times < end) & (peaks > AUDIBLE)]
        return float(loud[-1]) + STEP / RATE if len(loud) else begin

    def silence(self, after: float, seconds: float) -> float | None:
        """When the first silence began, at or after a moment, that lasted so long; None while there was none."""
        times, peaks = self.peaks()
        later = times >= after
        loud = [after, *(times[later & (peaks > AUDIBLE)] + STEP / RATE)]
        ends = [*loud[1:], float(times[-1])]
        return next((begin for begin, end in zip(loud, ends, strict=True) if end - begin > seconds), None)

    def decibels(self, begin: float, end: float) -> float:
        """The level between two moments: root mean square, of full scale."""
        samples = self.cut(begin, end)
        return 20 * float(np.log10(max(float(np.sqrt(np.mean(np.square(samples)))), 1e-6)))

    def cut(self, begin: float, end: float) -> Samples:
        """The samples between two moments."""
        self._take_in()
        first, last = (max(0, round((moment - self._began) * RATE)) for moment in (begin, end))
        return self._recording.samples()[first:last]
