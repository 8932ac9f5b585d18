"""Sounds that can be named: bell, alarm, siren, clap, knock, music, noise. Knows no rooms."""

from __future__ import annotations

from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray
from scipy.signal import butter, sosfilt

from model.training.corpus.chance import pick
from model.training.corpus.rooms import noise
from model.training.corpus.speakers import RATE, Samples

Sound = Literal["bell", "alarm", "siren", "clap", "knock", "music", "noise"]
SOUNDS: tuple[Sound, ...] = get_args(Sound)
_MELLOW = (0, 2, 4, 5, 7, 9, 11, 12)  # half tones of a major scale

_Wave = NDArray[np.float64]


def make(sound: Sound, seconds: float, rng: np.random.Generator) -> Samples:
    """A sound of this kind with a peak of 0.5; no two are alike."""
    count = round(seconds * RATE)
    wave = _MAKERS[sound](count, rng)
    return np.asarray(wave * (0.5 / max(1e-9, float(np.abs(wave).max()))), np.float32)


def _bell(count: int, rng: np.random.Generator) -> _Wave:
    """Partials that do not belong to one harmonic row, each dying at its own pace; struck once or twice."""
    wave = np.zeros(count)
    pitch = rng.uniform(350.0, 1100.0)
    for start in range(0, count, max(1, int(rng.uniform(0.5, 1.2) * RATE))):
        time = np.arange(count - start) / RATE
        for partial in (0.5, 1.0, 1.19, 1.5, 2.0, 2.74, 3.76, 5.4):
            decay = rng.uniform(2.0, 5.0) * partial**0.7
            wave[start:] += np.sin(2 * np.pi * pitch * partial * time) * np.exp(-decay * time) / partial
    return wave


def _alarm(count: int, rng: np.random.Generator) -> _Wave:
    """A tone that is switched on and off."""
    time = np.arange(count) / RATE
    tone = np.sin(2 * np.pi * rng.uniform(900.0, 2800.0) * time)
    period = rng.uniform(0.15, 0.5)
    beeping = (time % period) < period * rng.uniform(0.4, 0.65)
    return np.tanh(tone * rng.uniform(1.0, 4.0)) * _smooth(beeping.astype(np.float64))


def _siren(count: int, rng: np.random.Generator) -> _Wave:
    """A tone that rises and falls, or two tones in turn."""
    time = np.arange(count) / RATE
    low = rng.uniform(400.0, 700.0)
    turn = np.sin(2 * np.pi * (time * rng.uniform(0.5, 1.6) + rng.random()))
    bend = np.sign(turn) if rng.random() < 0.3 else turn
    pitch = low * 2 ** ((bend + 1) / 2 * rng.uniform(0.4, 1.1))
    return np.tanh(2.0 * np.sin(2 * np.pi * np.cumsum(pitch) / RATE))


def _clap(count: int, rng: np.random.Generator) -> _Wave:
    """Bursts of bright noise."""
    return _strokes(count, rng, (900.0, 5000.0), rng.uniform(60.0, 120.0), rng.uniform(0.22, 0.5))


def _knock(count: int, rng: np.random.Generator) -> _Wave:
    """Short dull strokes on wood."""
    return _strokes(count, rng, (80.0, 500.0), rng.uniform(30.0, 60.0), rng.uniform(0.15, 0.35))


def _strokes(count: int, rng: np.random.Generator, band: tuple[float, float], decay: float, gap: float) -> _Wave:
    wave = np.zeros(count)
    place = rng.uniform(0.0, 0.1)
    while (start := int(place * RATE)) < count:
        time = np.arange(count - start) / RATE
        wave[start:] += rng.standard_normal(len(time)) * np.exp(-decay * time) * rng.uniform(0.7, 1.0)
        place += gap * rng.uniform(0.9, 1.1)
    filtered: _Wave = sosfilt(butter(2, band, "bandpass", fs=RATE, output="sos"), wave)
    return filtered


def _music(count: int, rng: np.random.Generator) -> _Wave:
    """A tune of a scale over a chord, by strings that are plucked or blown."""
    wave = np.zeros(count)
    root, beat = rng.uniform(130.0, 260.0), rng.uniform(0.18, 0.4)
    decay, overtones = rng.uniform(1.0, 6.0), int(rng.integers(3, 7))
    for index, start in enumerate(range(0, count, max(1, round(beat * RATE)))):
        time = np.arange(count - start) / RATE
        notes = [pick(rng, _MELLOW) + 12, *((0, 4, 7) if index % 4 == 0 else ())]
        for note in notes:
            pitch = root * 2 ** (note / 12)
            tones = [np.sin(2 * np.pi * pitch * n * time) / n**1.5 for n in range(1, overtones)]
            wave[start:] += np.sum(tones, axis=0) * np.exp(-decay * time) * np.minimum(1.0, time * 100)
    return wave


def _noise(count: int, rng: np.random.Generator) -> _Wave:
    """A hiss or a roar."""
    kind = pick(rng, ("white", "pink", "brown"))
    return np.asarray(noise(kind, count, rng), np.float64)  # type: ignore[arg-type]


def _smooth(envelope: _Wave) -> _Wave:
    """Without clicks."""
    return np.convolve(envelope, np.hanning(161) / 80.0, mode="same")


_MAKERS = {
    "bell": _bell,
    "alarm": _alarm,
    "siren": _siren,
    "clap": _clap,
    "knock": _knock,
    "music": _music,
    "noise": _noise,
}
