"""What a test for echo plays, and what is made of what was heard of it. Pure: knows no device, no thread, no clock."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.devices.canceller import LEAD, SILENCE, STEP_SAMPLES, Trace, decibels
from app.devices.resampling import Resampler
from app.duplex import Duplex, Trouble
from model.protocol import HEARING_RATE, SPEECH_RATE

SOUND_SECONDS = 4.0
WAVES = 1.25
"""Waves of the sea a second. Notes alone are too few frequencies for a canceller to find its way by."""
SURF = 100.0, 8000.0
"""Hertz between which their noise falls off evenly, by 3 dB an octave."""
NOTES = (523.25, 659.26, 783.99, 659.26, 523.25, 783.99, 1046.5)
"""Hertz: C, E, G, E, C, G and the C above."""
NOTE_SECONDS = 0.4
RING_SECONDS = 1.2
OVERTONES = ((1.0, 1.0, 1.2), (2.0, 0.5, 0.7), (3.01, 0.25, 0.4))
"""Of a struck bar: times the note, how loud, and how long it rings."""
TUNE = 0.35
"""How loud the notes are, where the waves are 1."""
LOUDEST = 0.4
QUIET_SECONDS = 1.0
"""Before the sound: what the room is like by itself."""
TAIL_SECONDS = 0.5
"""After it, in which it dies away."""
SETTLING = 0.5
"""What part of the sound the canceller has for finding its way."""

LOWEST = 150.0
"""Hertz below which nothing counts: there rooms hum, and the canceller takes that away as well."""
FAINT = -60.0
"""Decibels of full scale below which what was played is no sound to test with."""
NEAR_SILENCE = 6.0
"""Decibels above what the room is like by itself at which an echo no longer matters."""
SKIPPED = 10
"""Steps at either end that tell nothing: filters begin, or the room has just fallen silent."""
MOST_RISE = 12.0
"""Decibels by which it may be louder afterwards than before, or somebody has made noise."""
WELL_REMOVED, PARTLY_REMOVED = 20.0, 9.0
"""Decibels that the canceller takes away, from which one can break in by speaking, or by insisting."""
LOUD = -6.0
"""Decibels of what is played that come back, from which what is left of it is guarded against however well it goes."""
_LENIENT = (Duplex.PUSH, Duplex.GUARDED, Duplex.FULL)
MOST_DELAY = 0.5
"""Seconds within which an echo is looked for."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What one test has shown; see `duplex.Echo`."""

    duplex: Duplex
    returned: float
    removed: float
    delay: float

    @property
    def is_improvable(self) -> bool:
        """Whether more would hold if the canceller took away more: of a loud echo never more than a guard."""
        return self.duplex is Duplex.PUSH or (self.duplex is Duplex.GUARDED and self.returned < LOUD)

    def is_better_than(self, other: Finding) -> bool:
        """By what holds, then by how much is taken away."""
        return (_LENIENT.index(self.duplex), self.removed) > (_LENIENT.index(other.duplex), other.removed)


def make_sound() -> NDArray[np.float32]:
    """Waves on a shore, and a short tune on something like a marimba: float32 [n] at 24 kHz."""
    total = round(SOUND_SECONDS * SPEECH_RATE)
    tune = np.zeros(total)
    for number, note in enumerate(NOTES):
        begin = round(number * NOTE_SECONDS * SPEECH_RATE)
        struck = _strike(note)[: total - begin]
        tune[begin : begin + len(struck)] += struck
    sound = _waves(total) + TUNE * tune / tune.std()
    return np.asarray(LOUDEST * sound / np.abs(sound).max(), np.float32)


def _waves(total: int) -> NDArray[np.float64]:
    """Of a mean power of 1; always the same."""
    low, high = SURF
    pitch = np.fft.rfftfreq(total, 1 / SPEECH_RATE)
    noise = np.fft.rfft(np.random.default_rng(0).standard_normal(total))
    surf = np.fft.irfft(noise * (pitch < high) / np.sqrt(np.maximum(pitch, low)), total)
    surf *= np.abs(np.sin(np.pi * WAVES * np.arange(total) / SPEECH_RATE)) ** 1.5
    return np.asarray(surf / surf.std())


def _strike(note: float) -> NDArray[np.float64]:
    time = np.arange(round(RING_SECONDS * SPEECH_RATE)) / SPEECH_RATE
    parts = [
        loud * np.sin(2 * np.pi * note * times * time) * np.exp(-4 * time / ring) for times, loud, ring in OVERTONES
    ]
    softly = np.minimum(1.0, time / 0.01) * np.minimum(1.0, (time[-1] - time) / 0.1)
    return np.asarray(softly * np.sum(parts, axis=0))


def judge(trace: Trace) -> Finding | Trouble:
    """From quiet before the sound until it has died away."""
    far = _levels(np.concatenate(trace.far), len(trace.far[0]))
    heard, left = (_levels(_without_hum(np.concatenate(part)), STEP_SAMPLES) for part in (trace.near, trace.cleaned))
    sounding = np.flatnonzero(far > FAINT)
    if not len(sounding):
        return Trouble.SILENT
    first, last = int(sounding[0]), int(sounding[-1])
    settled = slice(first + round(SETTLING * (last - first)), last)
    if _mean(heard[settled]) <= SILENCE:
        return Trouble.DEAF
    quiet = slice(SKIPPED, first - 1)
    if _mean(heard[-SKIPPED:]) > _mean(heard[quiet]) + MOST_RISE:
        return Trouble.NOISE
    echo = _without(_mean(heard[settled]), _mean(heard[quiet]))
    rest, room = _mean(left[settled]), _mean(left[quiet])
    returned, removed = echo - _mean(far[settled]), max(0.0, echo - max(rest, room))
    is_faint = rest <= room + NEAR_SILENCE
    return Finding(_choose(returned, removed, is_faint=is_faint), returned, removed, _delay(trace))


def _choose(returned: float, removed: float, *, is_faint: bool) -> Duplex:
    """What is about as quiet as the room needs no guard, unless it was so loud that it is not when the sound begins."""
    if returned < LOUD and (is_faint or removed >= WELL_REMOVED):
        return Duplex.FULL
    return Duplex.GUARDED if removed >= PARTLY_REMOVED else Duplex.PUSH


def _delay(trace: Trace) -> float:
    """When the room answers first and most, beyond the canceller's lead: seconds. Its answer is heard over played."""
    resampler = Resampler(trace.far_rate, HEARING_RATE)
    far = np.concatenate([resampler.push(np.concatenate(trace.far)), resampler.flush()])
    near = np.concatenate(trace.near)
    size = 2 * max(len(far), len(near))
    played, heard = np.fft.rfft(far, size), np.fft.rfft(near, size)
    power = np.abs(played) ** 2
    answer = np.abs(np.fft.irfft(heard * played.conj() / (power + power.mean() * 1e-2 + 1e-9)))
    return float(np.argmax(answer[: round((LEAD + MOST_DELAY) * HEARING_RATE)])) / HEARING_RATE - LEAD


def _without_hum(samples: NDArray[np.float32]) -> NDArray[np.float32]:
    parts = np.fft.rfft(samples)
    parts[: round(LOWEST * len(samples) / HEARING_RATE)] = 0.0
    return np.fft.irfft(parts, len(samples)).astype(np.float32)


def _levels(samples: NDArray[np.float32], step: int) -> NDArray[np.float64]:
    """Of each so many samples, in decibels."""
    return np.array([decibels(samples[begin : begin + step]) for begin in range(0, len(samples), step)])


def _mean(levels: NDArray[np.float64]) -> float:
    """Of their powers."""
    return float(10 * np.log10(np.mean(10 ** (levels / 10)))) if len(levels) else SILENCE


def _without(level: float, noise: float) -> float:
    """The level of what makes the noise so loud."""
    return max(SILENCE, float(10 * np.log10(max(10 ** (level / 10) - 10 ** (noise / 10), 1e-9))))
