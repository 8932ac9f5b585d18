"""Where in what was said one can begin again: at silences between words and clauses. Knows no speaker.

Of sound it is told by silences, of a text by its marks.
"""

from __future__ import annotations

import re

import numpy as np
from numpy.typing import NDArray

from model.protocol import SPEECH_RATE

Wave = NDArray[np.float32]

STEP_SECONDS = 0.02
QUIET = 0.1
"""Of the sound's usual loudness, below which it is a silence; as a share of amplitude."""
CLAUSE_END = re.compile(r"[.!?…,;:—]\s+|\n+")


def find_words(text: str, heard: int) -> int:
    """Character at which the clause begins in which it was when so many characters were heard."""
    ends = [mark.end() for mark in CLAUSE_END.finditer(text, 0, heard)]
    return ends[-1] if ends else 0


def find_start(sound: Wave, heard: float, furthest: float, gap: float) -> float | None:
    """Seconds at which the latest silence of `gap` seconds ends, at most `furthest` before what was `heard`.

    `sound` is all that was said [n], 24 kHz. None where it was not silent for so long; its beginning counts as such.
    """
    begin = max(0.0, heard - furthest)
    quiet = _quiet_steps(sound[round(begin * SPEECH_RATE) : round(heard * SPEECH_RATE)])
    needed = max(1, round(gap / STEP_SECONDS))
    run = np.convolve(quiet, np.ones(needed), "valid") >= needed  # at i: silent from i for as long as needed
    if run.any():
        return begin + (int(np.flatnonzero(run)[-1]) + needed) * STEP_SECONDS
    return 0.0 if begin == 0.0 else None


def _quiet_steps(sound: Wave) -> NDArray[np.float64]:
    """1 for each step of 20 ms that is silent, else 0."""
    step = round(STEP_SECONDS * SPEECH_RATE)
    count = len(sound) // step
    if count == 0:
        return np.zeros(1)
    loudness = np.sqrt(np.square(sound[: count * step].reshape(count, step), dtype=np.float64).mean(axis=1))
    return np.asarray(loudness < QUIET * np.percentile(loudness, 90), np.float64)
