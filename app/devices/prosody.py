"""The melody of what was said: pitch and loudness of its end beside those of the rest. Knows no words."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from model.protocol import HEARING_RATE

Samples = NDArray[np.float32]
FRAME, STEP = 640, 160
"""40 ms, every 10 ms."""
LOWEST, HIGHEST = 70.0, 400.0
"""Hertz between which voices lie."""
PERIODIC = 0.5
"""Correlation with itself one period later above which a frame has a pitch."""
LOUD = 0.1
"""Of the loudest frame's amplitude; what is quieter has none."""
END_FRAMES = 15
"""Of pitched frames, the last 150 ms: the syllable that tells whether there is more to come."""

FALLEN, FALLING, RISING = 3.3, -0.4, 2.0
"""Semitones: of espeak-ng's sentences in five voices 6 % pause like that in their midst, two thirds end like that."""
FADED = 4.5
"""Decibels."""


@dataclass(frozen=True, slots=True)
class Melody:
    """Of one utterance. `fall` is in semitones: how far its end lies below its middle; `slope` within the end."""

    seconds: float
    fall: float
    slope: float
    fade: float
    """Decibels by which the end is quieter than the loudest tenth."""


def melody(sound: Samples) -> Melody | None:
    """Of samples [n] at 16 kHz; None where there is too little pitch to say."""
    frames = np.lib.stride_tricks.sliding_window_view(sound, FRAME)[::STEP] if len(sound) >= FRAME else None
    if frames is None:
        return None
    loudness = np.sqrt(np.square(frames, dtype=np.float64).mean(axis=1))
    loud = loudness > LOUD * loudness.max()
    pitch = _pitch(frames[loud])
    tones = 12.0 * np.log2(pitch[pitch > 0.0])
    if len(tones) < 2 * END_FRAMES:
        return None
    end = tones[-END_FRAMES:]
    level = 20.0 * np.log10(loudness[loud][-END_FRAMES:].mean() / np.percentile(loudness, 90))
    slope = float(np.median(end[-5:]) - np.median(end[:5]))
    return Melody(len(tones) * STEP / HEARING_RATE, float(np.median(tones) - np.median(end)), slope, -float(level))


def _pitch(frames: Samples) -> NDArray[np.float64]:
    """Hertz of each frame by the highest peak of its autocorrelation; 0 where it has none."""
    centred = frames - frames.mean(axis=1, keepdims=True)
    spectrum = np.fft.rfft(centred, 2 * FRAME, axis=1)
    products = np.fft.irfft(np.square(np.abs(spectrum)), axis=1)[:, :FRAME]
    products /= np.maximum(products[:, :1], 1e-9) * np.linspace(1.0, 1.0 / FRAME, FRAME)
    first, last = round(HEARING_RATE / HIGHEST), round(HEARING_RATE / LOWEST)
    best = products[:, first:last].argmax(axis=1) + first
    periodic = products[np.arange(len(products)), best] > PERIODIC
    return np.where(periodic, HEARING_RATE / best, 0.0)


def is_complete(sound: Samples) -> bool:
    """Whether an utterance [n], 16 kHz, ended as one that is over does: a rule of thumb, for want of words.

    Statements fall at their end by more than they do before a pause in their midst, go on falling, and fade; questions
    rise steeply. A hesitation stays level. Whatever is unclear is not complete.
    """
    told = melody(sound)
    if told is None or told.fade < FADED:
        return False
    return (told.fall >= FALLEN and told.slope <= FALLING) or told.slope >= RISING
