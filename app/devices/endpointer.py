"""Finds where speech begins and ends: blocks in, speech events out. Knows no device, no thread and no clock."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum, auto
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from app.senses import Block, Calmed, Continued, Ended, Paused, Resumed, SpeechEvent, Started, Stirred, joined
from model.protocol import HEARING_RATE


class Detector(Protocol):
    """Tells speech from everything else, and remembers what it heard before."""

    def probability(self, samples: NDArray[np.float32]) -> float:
        """Of speech in one block: 0 to 1."""

    def reset(self) -> None:
        """Forget what was heard."""


class Hearing(Enum):
    """What the endpointer takes the latest block for."""

    QUIET = auto()
    STARTING = auto()
    """Speech, if it lasts."""
    SPEAKING = auto()
    STOPPING = auto()
    """Over, if it lasts."""


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Seconds are rounded to whole blocks, at least one."""

    voiced: float = 0.5
    """Probability from which silence ends."""
    silent: float = 0.35
    """Probability below which speech ends; what is between changes nothing."""
    least_speech: float = 0.1
    """Seconds of speech, pauses not counted, below which it was a click or a knock."""
    pause: float = 0.1
    """Seconds of silence that may be the end."""
    late: float = 0.08
    """Seconds by which a detector notices the end of a voice too late: of patience so much is over by then."""
    pre_roll: float = 0.3
    """Seconds before the first voiced block that belong to it: soft beginnings are below the threshold."""
    soon: float = 0.5
    """Seconds of silence after which an utterance that seems complete is over; others wait for patience to end."""
    judged: float = 2.5
    """Seconds at the end of an utterance by which that is judged."""


class Endpointer:
    """A stream: `push(block)` and `flush()` yield what happened. All blocks have the same length.

    `patience`, the seconds of silence that end a turn, may be changed at any time, from any thread.
    """

    def __init__(
        self,
        detector: Detector,
        patience: float = 0.7,
        thresholds: Thresholds | None = None,
        is_complete: Callable[[NDArray[np.float32]], bool] | None = None,
    ) -> None:
        """`is_complete` judges the last seconds of an utterance; without it nothing is over before patience is."""
        self.patience = patience
        self._is_complete = is_complete
        self._recent: deque[Block] = deque()
        self._detector = detector
        self._thresholds = thresholds or Thresholds()
        self._state = Hearing.QUIET
        self._kept: deque[Block] = deque()
        self._voiced_blocks = 0
        self._silent_blocks = 0
        self._silent_since = 0.0

    @property
    def state(self) -> Hearing:
        """What the latest block was taken for."""
        return self._state

    def push(self, block: Block) -> Iterator[SpeechEvent]:
        """What the block changes: usually nothing, or Continued."""
        if voiced := self._is_voiced(self._detector.probability(block.samples)):
            self._voiced_blocks += 1
            self._silent_blocks = 0
            self._silent_since = block.time + _seconds(block)
        else:
            self._silent_blocks += 1
        match self._state:
            case Hearing.QUIET:
                yield from self._wait(block, voiced=voiced)
            case Hearing.STARTING:
                yield from self._make_sure(block)
            case Hearing.SPEAKING:
                yield from self._follow(block)
            case Hearing.STOPPING:
                yield from self._await_end(block, voiced=voiced)

    def flush(self) -> Iterator[SpeechEvent]:
        """The sound is over: so is what was being said. What follows is heard with fresh ears."""
        if self._state is Hearing.STARTING:
            yield Calmed(self._silent_since)
        elif self._state is not Hearing.QUIET:
            yield Ended(self._silent_since)
        self._state = Hearing.QUIET
        self._kept.clear()
        self._detector.reset()

    def _is_voiced(self, probability: float) -> bool:
        talking = self._state in {Hearing.STARTING, Hearing.SPEAKING}
        return probability >= (self._thresholds.silent if talking else self._thresholds.voiced)

    def _wait(self, block: Block, *, voiced: bool) -> Iterator[SpeechEvent]:
        self._kept.append(block)
        while len(self._kept) > 1 + round(self._thresholds.pre_roll / _seconds(block)):
            self._kept.popleft()
        if voiced:
            self._state = Hearing.STARTING
            self._voiced_blocks = 1
            yield Stirred(block.time)
            yield from self._start_if_long_enough(block)

    def _make_sure(self, block: Block) -> Iterator[SpeechEvent]:
        self._kept.append(block)
        yield from self._start_if_long_enough(block)
        if self._state is Hearing.STARTING and self._is_silent_for(self._thresholds.pause, block):
            self._state = Hearing.QUIET
            yield Calmed(self._silent_since)

    def _start_if_long_enough(self, block: Block) -> Iterator[SpeechEvent]:
        if self._voiced_blocks >= _count(self._thresholds.least_speech, block):
            self._state = Hearing.SPEAKING
            yield Started(joined(self._kept))
            self._recent = deque(self._kept, _count(self._thresholds.judged, block))
            self._kept.clear()

    def _follow(self, block: Block) -> Iterator[SpeechEvent]:
        self._recent.append(block)
        yield Continued(block)
        if self._is_silent_for(self._thresholds.pause, block):
            self._state = Hearing.STOPPING
            yield Paused(self._silent_since)
            yield from self._end_if_long_enough(block)

    def _await_end(self, block: Block, *, voiced: bool) -> Iterator[SpeechEvent]:
        if voiced:
            self._state = Hearing.SPEAKING
            self._recent.append(block)
            yield Resumed(block.time)
        yield Continued(block)
        yield from self._end_if_long_enough(block)

    def _end_if_long_enough(self, block: Block) -> Iterator[SpeechEvent]:
        if self._is_silent_for(self.patience - self._thresholds.late, block) or self._seems_complete(block):
            self._state = Hearing.QUIET
            yield Ended(self._silent_since)

    def _seems_complete(self, block: Block) -> bool:
        """Asked once a pause."""
        if self._is_complete is None or self._silent_blocks != _count(self._thresholds.soon, block):
            return False
        return self._is_complete(np.concatenate([recent.samples for recent in self._recent]))

    def _is_silent_for(self, seconds: float, block: Block) -> bool:
        return self._silent_blocks >= _count(seconds, block)


def _seconds(block: Block) -> float:
    return len(block.samples) / HEARING_RATE


def _count(seconds: float, block: Block) -> int:
    """How many blocks last that long, at least one."""
    return max(1, round(seconds / _seconds(block)))
