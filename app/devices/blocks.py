"""Turns what a device brings into blocks: one channel, 16 kHz, one length, each with its time. Knows no device."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from app.devices.entries import Shape
from app.devices.resampling import Resampler
from app.senses import Block, joined
from model.protocol import HEARING_RATE

MOST_JITTER = 0.1
"""Seconds; a larger difference between callback and count means that samples are missing."""
DRIFT = 0.01
"""What part of a smaller difference is made good at once: devices' clocks run apart slowly."""


class Gathering:
    """Blocks of one length become blocks of another: `push` yields whole ones, the rest waits for more."""

    def __init__(self, block_samples: int) -> None:
        self._block_samples = block_samples
        self._pending: Block | None = None

    def push(self, block: Block) -> Iterator[Block]:
        """What is ready, each with its time."""
        before = self._pending
        waiting = block if before is None else joined((before, block))
        time = block.time - (0 if before is None else len(before.samples)) / HEARING_RATE
        ready = len(waiting.samples) // self._block_samples * self._block_samples
        for begin in range(0, ready, self._block_samples):
            yield _part(waiting, begin, begin + self._block_samples, time + begin / HEARING_RATE)
        self._pending = _part(waiting, ready, len(waiting.samples), time + ready / HEARING_RATE)


def _part(block: Block, begin: int, end: int, time: float) -> Block:
    """Whoever keeps its samples alone keeps no unclean ones in memory."""
    unclean = None if block.unclean is None else block.unclean[begin:end].copy()
    return Block(block.samples[begin:end], time, unclean)


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
