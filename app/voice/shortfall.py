"""Whether all words of a reply were spoken, told by how long the speech is. Knows no voice and no recogniser.

The rule: the model's voice ends where it thinks that it has said all, and now and then it ends too soon. Its codes do
not tell their words (see `model.heard`), so length is what there is: a text's letters and pauses at the voice's pace
are the seconds that it should take, and speech shorter than `LEAST` of that is short of words. The pace is the model's
known one at first and the median of the latest whole replies later, but never slower than known: a slow voice is not
held against itself. Texts of a few letters are never judged, their length says too little. What is missing begins at
the word that the voice had come to by its pace: nothing is said twice and, as far as the pace is right, nothing left
out.

Speech that is only somewhat fast, or lacks a word in a long reply, is not seen by this rule.
"""

from __future__ import annotations

from collections import deque

import numpy as np

from app.voice.sentences import reached
from model.heard import CODES_A_LETTER, weight
from model.protocol import CODE_SAMPLES, SPEECH_RATE

KNOWN = CODES_A_LETTER * CODE_SAMPLES / SPEECH_RATE
"""Seconds a letter of the published voices."""
LEAST = 0.6
"""Of the foreseen length; less is too short."""
FEWEST_LETTERS = 20
REMEMBERED = 8


class Measure:
    """Learns a voice's pace from what it says."""

    def __init__(self) -> None:
        self._paces: deque[float] = deque(maxlen=REMEMBERED)

    @property
    def pace(self) -> float:
        """Seconds a letter."""
        return min(KNOWN, float(np.median(self._paces))) if self._paces else KNOWN

    def said(self, text: str, seconds: float) -> int:
        """How many characters of a text were spoken in so much speech: all of them, unless it is too short."""
        letters = weight(text)
        if letters < FEWEST_LETTERS:
            return len(text)
        share = seconds / (letters * self.pace)
        return reached(text, share) if share < LEAST else len(text)

    def learn(self, text: str, seconds: float) -> None:
        """From a reply that was spoken to its end; one that seems too short teaches nothing."""
        if weight(text) >= FEWEST_LETTERS and self.said(text, seconds) == len(text):
            self._paces.append(seconds / weight(text))
