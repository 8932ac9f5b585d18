"""Sound as a microphone in some room gives it: echo, colour, distance and noise. Knows not what is heard."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Literal, get_args

import numpy as np
from scipy.fft import irfft, next_fast_len, rfft

from model.training.corpus.chance import chance, pick
from model.training.corpus.speakers import RATE, Samples

Noise = Literal["white", "pink", "brown", "hum"]
NOISES: tuple[Noise, ...] = get_args(Noise)
_SLOPES = {"white": np.float32(0.0), "pink": np.float32(-0.5), "brown": np.float32(-1.0)}
_MINUTE = 60 * RATE
_TABLE = 1024  # points of a turn
_STUDY_SNR, _KITCHEN_SNR = 30.0, 8.0
_OCTAVE = 20 * np.log10(2.0)  # decibels of twice the pressure


@dataclass(frozen=True, slots=True)
class Room:
    """A room with its microphone; as made without arguments it changes nothing but the level."""

    level: float = -20.0
    """Decibels below full scale that sound itself comes to (root of the mean square)."""
    snr: float | None = None
    """Decibels of the sound over the noise; None is no noise."""
    noise: Noise = "white"
    echo_seconds: float = 0.0
    """After which an echo has lost 60 dB."""
    echo_share: float = 0.0
    """Energy of the echo by that of what comes straight."""
    tilt: float = 0.0
    """Decibels that each octave above 1 kHz is louder than the one below."""
    low: float = 0.0
    """Hertz; below it nothing comes through."""
    high: float = RATE / 2
    before: float = 0.0
    """Seconds of room before the sound, and after it."""
    after: float = 0.0

    def hear(self, sound: Samples, rng: np.random.Generator) -> Samples:
        """What the microphone gives of `sound` [n] -> [n + before + after], never beyond full scale."""
        lead, tail = round(self.before * RATE), round(self.after * RATE)
        padded = np.pad(sound, (lead, tail))
        heard = self._filtered(padded, rng)
        spoken = heard[lead : lead + len(sound)]
        heard *= 10 ** (self.level / 20) / max(1e-9, _rms(spoken))
        if self.snr is not None:
            heard += noise(self.noise, len(heard), rng) * 10 ** ((self.level - self.snr) / 20)
        return np.clip(heard, -1.0, 1.0).astype(np.float32)

    def _filtered(self, sound: Samples, rng: np.random.Generator) -> Samples:
        echo = self._echo(rng)
        length = next_fast_len(len(sound) + len(echo), real=True)
        spectrum = rfft(sound, length) * self._response(length)
        if len(echo) > 1:
            spectrum *= rfft(echo, length)
        return np.asarray(irfft(spectrum, length)[: len(sound)], np.float32)

    def _echo(self, rng: np.random.Generator) -> Samples:
        """What a click sounds like in the room."""
        count = 1 + round(self.echo_seconds * RATE)
        straight = np.zeros(count, np.float32)
        straight[0] = 1.0
        if count == 1 or not self.echo_share:
            return straight
        dying = np.exp(np.linspace(0.0, -3.0 * np.log(10.0), count, dtype=np.float32))
        tail = rng.standard_normal(count, dtype=np.float32) * dying
        tail[: RATE // 200] = 0.0  # the nearest wall is a metre away
        return straight + tail * np.float32(np.sqrt(self.echo_share) / np.linalg.norm(tail))

    def _response(self, length: int) -> Samples:
        frequency = _frequencies(length)
        gain = np.clip((frequency / 1000.0) ** np.float32(self.tilt / _OCTAVE), 0.03, 30.0)
        if self.low:
            gain /= 1 + np.exp((self.low - frequency) / 20.0)
        if self.high < RATE / 2:
            gain /= 1 + np.exp(np.minimum((frequency - self.high) / 100.0, 50.0))
        return np.asarray(gain, np.float32)


def any_room(rng: np.random.Generator, hardness: float = 1.0) -> Room:
    """A quiet study, a kitchen, a telephone line; with a `hardness` of 0 only studies."""
    echoes, narrow = rng.random() < 0.5 * hardness, rng.random() < 0.25 * hardness
    return Room(
        level=float(rng.uniform(-38.0, -12.0)),
        snr=float(rng.uniform(_STUDY_SNR + (_KITCHEN_SNR - _STUDY_SNR) * hardness, 45.0)),
        noise=pick(rng, NOISES),
        echo_seconds=float(rng.uniform(0.1, 0.6)) if echoes else 0.0,
        echo_share=float(10 ** rng.uniform(-2.0, 0.0)) if echoes else 0.0,
        tilt=float(rng.normal(0.0, 2.0)) * hardness,
        low=float(rng.uniform(50.0, 300.0)) if narrow else 0.0,
        high=float(rng.uniform(3300.0, 7000.0)) if narrow else RATE / 2,
        before=float(rng.uniform(0.0, 0.4)),
        after=float(rng.uniform(0.05, 0.4)),
    )


def noise(kind: Noise, count: int, rng: np.random.Generator) -> Samples:
    """Noise [count] whose root of the mean square is 1; a piece of the room's minute of it, since making it is dear."""
    if kind == "hum" or count > _MINUTE // 2:
        return _made(kind, count, rng)
    start = int(rng.integers(_MINUTE - count))
    piece = _minute(kind)[start : start + count]
    return np.asarray(piece / max(1e-9, _rms(piece)), np.float32)


@cache
def _minute(kind: Noise) -> Samples:
    return _made(kind, _MINUTE, chance("a minute of noise", kind))


def _made(kind: Noise, count: int, rng: np.random.Generator) -> Samples:
    if kind == "hum":
        turns = np.arange(count) * (pick(rng, (50.0, 60.0)) / RATE)
        made = _buzz(rng)[(turns * _TABLE).astype(np.int64) % _TABLE]
        made = made + np.float32(0.1) * rng.standard_normal(count, dtype=np.float32)
    else:
        length = next_fast_len(count, real=True)
        bins = rng.standard_normal((2, length // 2 + 1), dtype=np.float32) * _frequencies(length) ** _SLOPES[kind]
        made = irfft(bins[0] + 1j * bins[1], length)[:count]
    return np.asarray(made / max(1e-9, _rms(made)), np.float32)


def _buzz(rng: np.random.Generator) -> Samples:
    """One turn of the mains and its overtones."""
    turn = np.arange(_TABLE) / _TABLE
    tones = [np.sin(2 * np.pi * (n * turn + rng.random())) / n for n in range(1, 8)]
    return np.asarray(np.sum(tones, axis=0), np.float32)


def _frequencies(length: int) -> Samples:
    """Of a real spectrum's bins, in hertz and never below hearing."""
    return np.asarray(np.maximum(np.fft.rfftfreq(length, 1 / RATE), 20.0), np.float32)


def _rms(samples: Samples) -> float:
    return float(np.linalg.norm(samples) / np.sqrt(len(samples))) if len(samples) else 0.0
