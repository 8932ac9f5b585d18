"""The test sound is short, soft and without clicks."""

from __future__ import annotations

import numpy as np

from app.devices.chime import LEVEL, NOTES, chime
from model.protocol import SPEECH_RATE


def test_three_notes_rise_and_nothing_clicks() -> None:
    wave = chime()
    assert len(wave) == 0.75 * SPEECH_RATE
    assert 0.8 * LEVEL < np.abs(wave).max() <= LEVEL
    assert np.abs(np.diff(wave)).max() < 0.06
    for part, note in zip(np.split(wave, 3), NOTES, strict=True):
        loudest = np.abs(np.fft.rfft(part)).argmax() * SPEECH_RATE / len(part)
        assert abs(loudest - note) < 5
