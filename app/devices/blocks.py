"""Turns what a device brings into blocks: one channel, 16 kHz, one length, each with its time. Knows no device."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from app.devices.entries import Shape
from app.devices.resampling import Resampler
from app.senses import Block
from model.protocol import HEARING_RATE

MOST_JITTER = 0.1
"""Seconds; a larger difference between callback and count means that samples are missing."""
DRIFT = 0.01
"""What part of a smaller difference is made good at once: devices' clocks run apart slowly."""


class Gathering:
    """Blocks of one length become blocks of another: `push` yields whole ones, the rest waits for more."""

    def __init__(self, block_samples: int) -> None:
        self._block_samples = block_samples
        self._pending: NDArray[np.float32] = np.zeros((2, 0), np.float32)
        """As it is and unclean."""

    def push(self, block: Block) -> Iterator[Block]:
        """What is ready, each with its time."""
        time = block.time - self._pending.shape[1] / HEARING_RATE
        self._pending = np.concatenate([self._pending, [block.samples, block.mixed(1.0)]], axis=1)
        while self._pending.shape[1] >= self._block_samples:
            samples, unclean = self._pending[:, : self._block_samples]
            yield Block(samples, time, unclean)
            self._pending = self._pending[:, self._block_samples :]
            time += self._block_samples / HEARING_RATE


class BlockStream:
    """`push` yields whole blocks; what is less than one waits for more."""

    def __init__(self, shape: Shape, block_samples: int) -> None:
        """`shape` is what comes."""
        self._channels = shape.channels
        self._resampler = Resampler(shape.rate, HEARING_RATE)
        self._block_samples = block_samples
        self._pending: NDArray[np.float32] = np.zeros(0, np.float32)
        self._time = 0.0  # corrected by the first samples

    def push(self, data: bytes, end: float, *, at_once: bool = False) -> Iterator[Block]:
        """Interleaved float32 samples, the last of them spoken at `end`; `at_once` makes one block of several."""
        samples = np.frombuffer(data, np.float32).reshape(-1, self._channels)
        samples = samples[:, 0] if self._channels == 1 else samples.mean(axis=1)
        self._pending = np.concatenate([self._pending, self._resampler.push(samples)])
        self._correct(end - self._resampler.lag - len(self._pending) / HEARING_RATE)
        whole = len(self._pending) // self._block_samples * self._block_samples
        length = whole if at_once else self._block_samples
        while len(self._pending) >= length > 0:
            yield Block(self._pending[:length], self._time)
            self._pending = self._pending[length:]
            self._time += length / HEARING_RATE

    def _correct(self, time: float) -> None:
        """Times of callbacks jitter by some ten milliseconds: samples are the better clock while none are missing."""
        error = time - self._time
        self._time += error if abs(error) > MOST_JITTER else DRIFT * error
