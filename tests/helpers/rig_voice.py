"""Speech for tests, by the espeak-ng synthesiser: a voice that no part of Sightline was made for."""

from __future__ import annotations

import subprocess
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.io import wavfile
from scipy.signal import resample_poly

from model.protocol import HEARING_RATE

Samples = NDArray[np.float32]
QUIETEST = 0.01
"""What is below it before the first and after the last word is taken for silence."""


def speak(text: str, file: Path, *, voice: str = "en", rate: int = 160, marked: bool = False) -> Samples:
    """float32 [n] at 16 kHz, with a peak of 0.5 and no silence around it. `file` is written to in passing.

    `rate` is words a minute; a text that is `marked` is SSML.
    """
    command = ["espeak-ng", "-v", voice, "-s", str(rate), "-w", str(file), *(["-m"] if marked else []), text]
    subprocess.run(command, check=True, capture_output=True)
    given, samples = wavfile.read(file)
    spoken = resample_poly(samples.astype(np.float64), HEARING_RATE, given)
    spoken *= 0.5 / np.abs(spoken).max()
    loud = np.flatnonzero(np.abs(spoken) > QUIETEST)
    return np.asarray(spoken[loud[0] : loud[-1] + 1], np.float32)


def silence(seconds: float, rate: int = HEARING_RATE) -> Samples:
    return np.zeros(round(seconds * rate), np.float32)


def murmur(seconds: float, rate: int = HEARING_RATE, *, level: float = 0.003) -> Samples:
    """The hiss of a quiet room."""
    return (level * np.random.default_rng(0).standard_normal(round(seconds * rate))).astype(np.float32)


def write_wave(file: Path, samples: Samples, rate: int) -> Path:
    wavfile.write(file, rate, samples)
    return file
