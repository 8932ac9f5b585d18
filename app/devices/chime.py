"""Short sounds: to try a speaker with, and to tell that it is the user's turn. Knows no speaker."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from model.protocol import SPEECH_RATE

NOTES = (523.25, 659.26, 783.99)
"""Hertz: C, E, G."""
NOTE_SECONDS = 0.25
LEVEL = 0.25
TURN_SECONDS = 0.14
TURN_LEVEL = 0.12
FADE_SECONDS = 0.02


def chime() -> NDArray[np.float32]:
    """float32 [n], 24 kHz, mono: three notes in three quarters of a second, without clicks."""
    return np.concatenate([_sound(note, NOTE_SECONDS, LEVEL) for note in NOTES])


def your_turn() -> NDArray[np.float32]:
    """float32 [n], 24 kHz, mono: a soft note of a seventh of a second."""
    return _sound(NOTES[-1], TURN_SECONDS, TURN_LEVEL)


def _sound(note: float, seconds: float, level: float) -> NDArray[np.float32]:
    time = np.arange(round(seconds * SPEECH_RATE)) / SPEECH_RATE
    fade = np.minimum(1.0, np.minimum(time, seconds - time) / FADE_SECONDS)
    return (level * fade * np.sin(2 * np.pi * note * time)).astype(np.float32)
