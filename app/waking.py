"""The phrase that Sightline is called by, recognised on this computer. Knows no device and no conversation.

The recogniser is pymicro-wakeword: one small network a phrase, in the wheel as its runtime is, so that the phrases
cannot be chosen freely; of its four those are offered that most voices are heard with. What it has learned of the
room's noise is kept from one utterance to the next.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from app.senses import Block, Word
from app.wake_phrase import WakePhrase

if TYPE_CHECKING:
    from pymicro_wakeword import MicroWakeWord, MicroWakeWordFeatures

LOUD = 32767
SURE = {WakePhrase.NABU: 0.4, WakePhrase.MYCROFT: 0.6}
"""From which a network's word is believed. They come with 0.85 and 0.95, which miss more voices; of 22 minutes of other
speech 0.4 takes something for the second phrase once, and nothing for the first (`tests.app.wake_phrase`)."""
LATE = (0, 160, 320)
"""Samples of an utterance that each of several networks does not hear. They listen in steps of 30 ms, and what they
make of a phrase hangs on where a step begins."""


class Ear:
    """One network, which hears of an utterance all but its first samples, behind the last 10 ms of the one before."""

    def __init__(self, network: MicroWakeWord, features: MicroWakeWordFeatures, late: int) -> None:
        self._network, self._features = network, features
        self._late = self._left = late

    def hear(self, samples: np.ndarray) -> bool:
        """Whether the phrase ended with these samples, or just before them."""
        heard, self._left = samples[self._left :], max(0, self._left - len(samples))
        pcm = (np.clip(heard, -1.0, 1.0) * LOUD).astype(np.int16).tobytes()
        found = [self._network.process_streaming(feature) for feature in self._features.process_streaming(pcm)]
        return any(found)

    def flush(self) -> None:
        """The utterance is over."""
        self._network.reset()
        self._left = self._late


class Waker:
    """`hear` an utterance block by block; `flush` between two. One thread at a time."""

    def __init__(self, ears: Sequence[Ear]) -> None:
        self._ears = ears

    @classmethod
    def of(cls, phrase: WakePhrase) -> Waker:
        """Takes 0.1 s. Raises ImportError or OSError where there is none for this kind of computer."""
        from pymicro_wakeword import MicroWakeWord, MicroWakeWordFeatures, Model  # noqa: PLC0415 -- only where chosen

        ears = []
        for late in LATE:
            network = MicroWakeWord.from_builtin(Model(phrase.value))
            network.probability_cutoff = SURE[phrase]
            ears.append(Ear(network, MicroWakeWordFeatures(), late))
        return cls(ears)

    def hear(self, block: Block) -> Word | None:
        """Whether the phrase ended with this block, or just before it."""
        found = [ear.hear(block.samples) for ear in self._ears]
        return Word.WAKE if any(found) else None

    def flush(self) -> None:
        """The utterance is over."""
        for ear in self._ears:
            ear.flush()
