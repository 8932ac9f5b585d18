"""The test sound is short, soft and without clicks."""

from __future__ import annotations

import numpy as np

from app.devices.chime import LEVEL, NOTES, TURN_LEVEL, TURN_SECONDS, chime, your_turn
from model.protocol import SPEECH_RATE


def test_three_notes_rise_and_nothing_clicks() -> None:
    wave = chime()
    assert len(wave) == 0.75 * SPEECH_RATE
    assert 0.8 * LEVEL < np.abs(wave).max() <= LEVEL
    assert np.abs(np.diff(wave)).max() < 0.06
    for part, note in zip(np.split(wave, 3), NOTES, strict=True):
        loudest = np.abs(np.fft.rfft(part)).argmax() * SPEECH_RATE / len(part)
        assert abs(loudest - note) < 5


def test_whose_turn_it_is_is_told_shorter_and_softer() -> None:
    wave = your_turn()
    assert len(wave) == round(TURN_SECONDS * SPEECH_RATE)
    assert wave.dtype == np.float32
    assert 0.8 * TURN_LEVEL < np.abs(wave).max() <= TURN_LEVEL < LEVEL
    assert np.abs(np.diff(wave)).max() < 0.06
