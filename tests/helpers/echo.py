"""A room with a loudspeaker and a microphone, simulated: what is played comes back late, and again from the walls."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy.signal import fftconvolve, resample_poly

from app.devices.canceller import STEP_SAMPLES, Canceller
from app.devices.far_end import FarEnd, Piece
from app.senses import Block
from model.protocol import HEARING_RATE, SPEECH_RATE
from tests.helpers.rig_voice import Samples

BEGAN = 100.0
"""On the clock."""
AHEAD = 0.08
"""Seconds that a speaker is given sound in advance."""
RINGING = 0.25
"""Seconds until an echo has lost 60 dB."""


@dataclass(frozen=True)
class EchoRoom:
    """`delay` in seconds beyond what the streams tell; `gain` of the echo; `hiss` of the room by itself."""

    delay: float = 0.06
    gain: float = 0.3
    hiss: float = 0.0005
    has_walls: bool = True

    def answer(self) -> Samples:
        """To a click: 16 kHz."""
        walls = np.ones(1)
        if self.has_walls:
            count = round(RINGING * HEARING_RATE)
            walls = np.random.default_rng(0).standard_normal(count) * np.exp(-6.9 * np.arange(count) / count)
            walls[0] = 3.0
        walls *= self.gain / np.sqrt(np.square(walls).sum())
        return np.concatenate([np.zeros(round(self.delay * HEARING_RATE)), walls]).astype(np.float32)

    def noise(self, count: int) -> Samples:
        """So many samples of the hiss."""
        return (self.hiss * np.random.default_rng(1).standard_normal(count)).astype(np.float32)

    def echo(self, played: Samples) -> Samples:
        """16 kHz of what is played at 24 kHz."""
        heard = resample_poly(played.astype(np.float64), HEARING_RATE, SPEECH_RATE)
        heard = fftconvolve(heard, self.answer())[: len(heard)]
        return np.asarray(heard + self.noise(len(heard)), np.float32)


def pass_through(
    canceller: Canceller, far_end: FarEnd, played: Samples, near: Samples, *, rate: int = SPEECH_RATE, piece: int = 480
) -> Iterator[Block]:
    """As callbacks would: `played` in pieces of so many samples, `near` as it comes; both from `BEGAN` on."""
    given = 0
    for begin in range(0, len(near) - STEP_SAMPLES + 1, STEP_SAMPLES):
        while given < len(played) and given / rate <= begin / HEARING_RATE + AHEAD:
            far_end.give(Piece(played[given : given + piece], BEGAN + given / rate, rate))
            given += piece
        yield from canceller.push(Block(near[begin : begin + STEP_SAMPLES], BEGAN + begin / HEARING_RATE))


def clean(played: Samples, near: Samples, *, rate: int = SPEECH_RATE, piece: int = 480) -> Samples:
    """What a fresh canceller makes of it."""
    far_end = FarEnd()
    blocks = pass_through(Canceller(far_end), far_end, played, near, rate=rate, piece=piece)
    return np.concatenate([block.samples for block in blocks])
