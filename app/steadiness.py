"""Whether a sound says anything: words change their spectrum all the time, a hum, a tone or a fan does not.

Knows no language.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

FRAME = 512
"""Samples at 16 kHz: 32 ms."""
BANDS = 16
LOUD = 0.25
"""Of the loudest frame's amplitude: quieter frames are gaps, which every sound has."""
LEAST_FRAMES, FEWEST_FRAMES = 8, 4
"""To tell words from what has none, and to tell a hum from everything else."""
WORDS_DB, HUM_DB = 5.0, 3.0
"""By how many decibels a band of spoken words varies at least, around its mean, and a hum at most: measured, hums vary
by 1 to 3, first fifths of a second of sentences by 4 to 7."""


def is_steady(sound: NDArray[np.float32]) -> bool:
    """Of samples [n] at 16 kHz; too short a sound may be anything, so it is not."""
    return 0.0 < variation(sound, LEAST_FRAMES) < WORDS_DB


def is_hum(sound: NDArray[np.float32]) -> bool:
    """Sooner sure than `is_steady`, and of less: "hmm", "uh-huh"."""
    return 0.0 < variation(sound, FEWEST_FRAMES) < HUM_DB


def variation(sound: NDArray[np.float32], least: int) -> float:
    """Decibels by which the bands of its spectrum vary from frame to frame, loudness aside.

    0 where there are fewer than so many frames.
    """
    frames = sound[: len(sound) // FRAME * FRAME].reshape(-1, FRAME)
    loudness = np.sqrt(np.square(frames).mean(axis=1))
    loud = frames[loudness > LOUD * loudness.max(initial=0.0)]
    if len(loud) < least:
        return 0.0
    power = np.square(np.abs(np.fft.rfft(loud * np.hanning(FRAME), axis=1)))
    edges = np.unique(np.geomspace(4, power.shape[1], BANDS + 1).astype(int))
    bands = 10.0 * np.log10(np.add.reduceat(power, edges[:-1], axis=1) + 1e-9)
    shape = bands - bands.mean(axis=1, keepdims=True)
    return float(shape.std(axis=0).mean())
