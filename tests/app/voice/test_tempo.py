"""Speech in another time at the same pitch, without gaps or clicks however it was cut."""

from __future__ import annotations

import numpy as np
import pytest

from app.voice.tempo import Tempo, Wave
from model.protocol import SPEECH_RATE

HERTZ = 180
TONE = (0.5 * np.sin(2 * np.pi * HERTZ * np.arange(2 * SPEECH_RATE) / SPEECH_RATE)).astype(np.float32)


def paced(wave: Wave, speed: float, packet: int) -> Wave:
    tempo = Tempo(speed)
    packets = [tempo.push(wave[place : place + packet]) for place in range(0, len(wave), packet)]
    return np.concatenate([*packets, tempo.flush()])


@pytest.mark.parametrize("speed", [0.75, 1.25, 2.0])
def test_time_changes_and_pitch_does_not(speed: float) -> None:
    out = paced(TONE, speed, 4800)
    assert out.dtype == np.float32
    assert len(out) * speed == pytest.approx(len(TONE), rel=0.02)
    spectrum = np.abs(np.fft.rfft(out * np.hanning(len(out)))) ** 2
    frequencies = np.fft.rfftfreq(len(out), 1 / SPEECH_RATE)
    near = abs(frequencies - HERTZ) < 20
    assert spectrum[near].sum() > 1000 * spectrum[~near].sum()
    assert abs(np.diff(out)).max() < 1.2 * abs(np.diff(TONE)).max()  # no click


def test_any_packets_give_the_same() -> None:
    whole = paced(TONE, 1.5, len(TONE))
    assert np.array_equal(paced(TONE, 1.5, 480), whole)


def test_at_its_own_speed_speech_is_passed_through() -> None:
    assert np.array_equal(paced(TONE, 1.0, 1000), TONE)
