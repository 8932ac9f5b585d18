"""A short sound to try a speaker with. Knows no speaker."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from model.protocol import SPEECH_RATE

NOTES = (523.25, 659.26, 783.99)
"""Hertz: C, E, G."""
NOTE_SECONDS = 0.25
LEVEL = 0.25
FADE_SECONDS = 0.02


def chime() -> NDArray[np.float32]:
    """float32 [n], 24 kHz, mono: three notes in three quarters of a second, without clicks."""
    time = np.arange(round(NOTE_SECONDS * SPEECH_RATE)) / SPEECH_RATE
    fade = np.minimum(1.0, np.minimum(time, NOTE_SECONDS - time) / FADE_SECONDS)
    notes = [LEVEL * fade * np.sin(2 * np.pi * note * time) for note in NOTES]
    return np.concatenate(notes).astype(np.float32)
