"""The phrase that Sightline is called by, recognised on this computer. Knows no device and no conversation.

The recogniser is pymicro-wakeword: one small network a phrase, in the wheel as its runtime is, so that the phrases
cannot be chosen freely; of its four those are offered that most voices are heard with. What it has learned of the
room's noise is kept from one utterance to the next.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from app.senses import Block, Word
from app.wake_phrase import WakePhrase

if TYPE_CHECKING:
    from pymicro_wakeword import MicroWakeWord, MicroWakeWordFeatures

LOUD = 32767
SURE = 0.6
"""From which a network's word is believed. They come with 0.85 and 0.95, which miss more voices: of what is measured in
`tests.app.wake_phrase` neither figure can be bettered but by the other's loss."""


class Waker:
    """`hear` an utterance block by block; `flush` between two. One thread at a time."""

    def __init__(self, network: MicroWakeWord, features: MicroWakeWordFeatures) -> None:
        self._network = network
        self._features = features

    @classmethod
    def of(cls, phrase: WakePhrase) -> Waker:
        """Takes 0.1 s. Raises ImportError or OSError where there is none for this kind of computer."""
        from pymicro_wakeword import MicroWakeWord, MicroWakeWordFeatures, Model  # noqa: PLC0415 -- only where chosen

        network = MicroWakeWord.from_builtin(Model(phrase.value))
        network.probability_cutoff = SURE
        return cls(network, MicroWakeWordFeatures())

    def hear(self, block: Block) -> Word | None:
        """Whether the phrase ended with this block, or just before it."""
        pcm = (np.clip(block.samples, -1.0, 1.0) * LOUD).astype(np.int16).tobytes()
        found = [self._network.process_streaming(feature) for feature in self._features.process_streaming(pcm)]
        return Word.WAKE if any(found) else None

    def flush(self) -> None:
        """The utterance is over."""
        self._network.reset()
