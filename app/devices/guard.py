"""Keeps speech out of the ear that may be the speaker's own: a detector before the detector. Knows no device."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from app.devices.canceller import SILENCE, Canceller, decibels
from app.devices.endpointer import Detector
from app.duplex import Duplex

AUDIBLE = -75.0
"""Decibels of full scale given to a speaker from which it counts as playing."""
MOST_LEFT = -25.0
"""Decibels of an echo, of what is played, where no test has told it."""
MARGIN = 6.0
"""Decibels by which a voice must be above what may be left of the echo."""
CERTAIN = 0.8
"""Probability of speech from which a block counts while the speaker plays."""
NO_LONGER = 0.35
"""Probability below which it does not count once a voice has come through."""
INSISTENCE = 7
"""Blocks that must count, those that do not taken away: a quarter of a second."""


class Guard:
    """Tells of speech what another detector tells; while the speaker plays, what `duplex` lets through.

    `duplex` and `left` may be changed at any time, from any thread.
    """

    def __init__(self, detector: Detector, canceller: Canceller) -> None:
        self.canceller = canceller
        self.duplex = Duplex.PUSH
        self.left = MOST_LEFT
        """Decibels of what the canceller leaves of the echo, of what is played."""
        self._detector = detector
        self._counted = 0
        self._is_through = False

    def probability(self, samples: NDArray[np.float32]) -> float:
        """Of somebody speaking in one block, who is not the speaker."""
        probability = self._detector.probability(samples)
        played = self.canceller.far_level
        if played < AUDIBLE:
            self._counted, self._is_through = 0, False
            return probability
        match self.duplex if self.canceller.works else Duplex.PUSH:
            case Duplex.FULL:
                return probability
            case Duplex.GUARDED:
                is_above = decibels(samples) > max(SILENCE, played + self.left) + MARGIN
                return probability if self._insists(probability, is_above=is_above) else 0.0
            case Duplex.PUSH:
                return 0.0

    def reset(self) -> None:
        """Forget what was heard."""
        self._counted, self._is_through = 0, False
        self._detector.reset()

    def _insists(self, probability: float, *, is_above: bool) -> bool:
        """Whether a voice has lasted for long enough, and goes on."""
        counts = probability >= NO_LONGER if self._is_through else probability >= CERTAIN and is_above
        self._counted = min(INSISTENCE, self._counted + 1) if counts else max(0, self._counted - 1)
        self._is_through = self._counted >= INSISTENCE or (self._is_through and self._counted > 0)
        return self._is_through
