"""Bands of speed and their advice, and a trial of a real model."""

from __future__ import annotations

import pytest

from model.errors import Cancelled, never_cancelled
from model.omni import Omni
from model.speed import Band, Speed
from model.trial import try_out


@pytest.mark.parametrize(
    ("speed", "band", "words"),
    [
        (Speed(100.0, 12.0, 0.8), Band.GOOD, "to talk with"),
        (Speed(100.0, 12.0, None), Band.GOOD, "to talk with"),
        (Speed(100.0, 12.0, 6.0), Band.USABLE, "6.0 seconds to compute: choose no voice"),
        (Speed(100.0, 6.0, None), Band.USABLE, "short questions"),
        (Speed(100.0, 2.0, 0.5), Band.SLOW, "use a smaller one"),
    ],
)
def test_every_speed_has_a_band_and_an_advice(speed: Speed, band: Band, words: str) -> None:
    assert speed.band is band
    assert words in speed.advice


@pytest.mark.parametrize("voice", [None, "Chelsie"])
def test_loaded_model_is_tried(omni: Omni, voice: str | None) -> None:
    speed = try_out(omni, None if voice is None else omni.checkpoint.voice(voice), never_cancelled)
    assert speed.prompt > speed.text > 0  # read in one go, written one by one
    assert (speed.speech is None) == (voice is None)
    assert speed.speech is None or speed.speech > 0


def test_trial_can_be_broken_off(omni: Omni) -> None:
    def stop() -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        try_out(omni, None, stop)
