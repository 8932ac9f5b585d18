"""Another sampling rate for a stream of sound, by soxr. Knows no device."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import soxr


class Resampler:
    """A stream of mono float32 samples; passes them through where both rates are the same."""

    def __init__(self, given: int, wanted: int) -> None:
        """Rates in samples a second."""
        self._wanted = wanted
        self._stream = None if given == wanted else _new_stream(given, wanted)

    @property
    def lag(self) -> float:
        """Seconds of sound that went in and did not come out yet."""
        return 0.0 if self._stream is None else float(self._stream.delay()) / self._wanted

    def push(self, samples: NDArray[np.float32]) -> NDArray[np.float32]:
        """What is ready: perhaps nothing, for some tens of milliseconds are held back."""
        return samples if self._stream is None else np.asarray(self._stream.resample_chunk(samples))

    def flush(self) -> NDArray[np.float32]:
        """What was held back. Nothing can be pushed afterwards."""
        nothing = np.zeros(0, np.float32)
        return nothing if self._stream is None else np.asarray(self._stream.resample_chunk(nothing, last=True))


def _new_stream(given: int, wanted: int) -> soxr.ResampleStream:
    import soxr  # noqa: PLC0415 -- the window is there before any sound is

    return soxr.ResampleStream(given, wanted, 1, dtype="float32")
