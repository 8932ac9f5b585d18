"""Keeps speech out of the ear that may be the speaker's own: a detector before the detector. Knows no device."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.devices.canceller import AUDIBLE, Canceller, decibels
from app.devices.endpointer import Detector
from app.duplex import Duplex

MOST_RETURNED, MOST_LEFT = -10.0, -25.0
"""Decibels of an echo, of what is played, before and after the canceller, where no test has told it."""
FIRST_REMOVED, LEAST_REMOVED = 4.0, 10.0
"""Decibels that the canceller takes away of any echo: when it has just begun, and later, even where a busy computer
lets the sound stumble, which no device tells."""
NOTHING = -50.0
"""Decibels of an echo that nobody takes for a voice: of headphones there is nothing to settle for."""
SETTLING = 1.0
"""Seconds of sound in which it finds its way again, since each time the speaker is opened its delay is another."""
MARGIN = 6.0
"""Decibels by which a voice must be above what may be left of the echo."""


@dataclass(frozen=True, slots=True)
class Demand:
    """What is asked of a voice while the speaker plays: how certain it is, and for how many blocks."""

    probability: float
    blocks: int


USUAL = Demand(0.5, 3)
MORE = Demand(0.8, 7)
FADING_BLOCKS = 10
"""A third of a second, in which what was to be heard fades away in the room."""
NO_LONGER = 0.35
"""Probability below which a block does not count once a voice has come through."""


class Guard:
    """Tells of speech what another detector tells; while the speaker plays, what `duplex` lets through.

    `duplex`, `returned`, `left` and `is_deaf` may be changed at any time, from any thread.
    """

    def __init__(self, detector: Detector, canceller: Canceller) -> None:
        self.canceller = canceller
        self.duplex = Duplex.PUSH
        self.returned, self.left = MOST_RETURNED, MOST_LEFT
        """Decibels of the echo, and of what the canceller leaves of it, of what is played."""
        self.is_deaf = False
        """Whether something is to be heard that the canceller is not given: nothing is told from it then."""
        self._detector = detector
        self._deaf_blocks = 0
        self._counted = 0
        self._is_through = False

    def probability(self, samples: NDArray[np.float32]) -> float:
        """Of somebody speaking in one block, who is not the speaker."""
        probability = self._detector.probability(samples)
        self._deaf_blocks = FADING_BLOCKS if self.is_deaf else max(0, self._deaf_blocks - 1)
        if self._deaf_blocks:
            self._counted, self._is_through = 0, False
            return 0.0
        played = self.canceller.far_level
        if played < AUDIBLE:
            self._count(MORE, counts=probability >= MORE.probability)  # who speaks already may go on
            return probability
        if self.duplex is Duplex.PUSH or not self.canceller.works:
            return 0.0
        above = decibels(samples) - played
        return probability if self._is_heard(probability, above) else 0.0

    def reset(self) -> None:
        """Forget what was heard."""
        self._counted, self._is_through = 0, False
        self._detector.reset()

    def _is_heard(self, probability: float, above: float) -> bool:
        """Whether a voice has met what is asked for, and goes on; blocks in which it does not are taken away."""
        is_settled = self.canceller.sounding > SETTLING or self.returned <= NOTHING
        demand = USUAL if self.duplex is Duplex.FULL and is_settled else MORE
        sure = max(self.left + MARGIN, self.returned - LEAST_REMOVED)
        left = sure if is_settled else self.returned - FIRST_REMOVED
        counts = probability >= NO_LONGER if self._is_through else probability >= demand.probability and above > left
        self._count(demand, counts=counts)
        return self._is_through

    def _count(self, demand: Demand, *, counts: bool) -> None:
        self._counted = min(demand.blocks, self._counted + 1) if counts else max(0, self._counted - 1)
        self._is_through = self._counted >= demand.blocks or (self._is_through and self._counted > 0)
