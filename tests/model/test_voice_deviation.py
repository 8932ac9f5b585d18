"""The figures that stand beside streamed speech compare what they say they compare."""

from __future__ import annotations

import math

import pytest
import torch

from model.errors import Cancelled, never_cancelled
from model.flow import Solver, block_noise
from model.verification.voice_deviation import Distance, Sampling, voice_deviation
from model.vocoder import EXACT
from tests.helpers.voices import Speaking, speech_codes

SEED = 4


def sampling(speaking: Speaking, count: int) -> Sampling:
    dit = speaking.token2wav.code2wav_dit_model
    return Sampling(speaking.voice, dit, speaking.chelsie, speech_codes(count), seed=SEED, check=never_cancelled)


def test_distance_is_in_decibels() -> None:
    ten = math.log(10)
    distance = Distance.between(torch.tensor([[0.0, ten]]), torch.zeros(1, 2))
    assert distance.largest == pytest.approx(20)
    assert distance.mean == pytest.approx(20 / math.sqrt(2))


def test_whole_is_the_sampling_of_the_reference(speaking: Speaking, monkeypatch: pytest.MonkeyPatch) -> None:
    ours = sampling(speaking, 40).whole(Solver.RK4)
    noise = torch.cat([block_noise(SEED, block, 24, 80) for block in range(4)])[None, :80]
    monkeypatch.setattr(torch, "randn", lambda *_, **__: noise)
    voice, codes = speaking.chelsie, torch.tensor([speech_codes(40)])
    theirs = speaking.token2wav.code2wav_dit_model.sample(voice.condition, voice.reference_mel, codes)
    torch.testing.assert_close(ours, theirs[0].t(), rtol=0, atol=1e-5)


def test_windows_are_whole_where_they_see_everything_and_cover_every_frame(speaking: Speaking) -> None:
    short, long = sampling(speaking, 60), sampling(speaking, 110)
    torch.testing.assert_close(short.windows(Solver.EULER)[:96], short.whole(Solver.EULER)[:96], rtol=0, atol=1e-5)
    windows, whole = long.windows(Solver.EULER), long.whole(Solver.EULER)
    assert windows.shape == whole.shape
    assert 0 < Distance.between(windows, whole).mean < Distance.between(whole, torch.zeros_like(whole)).mean


def test_everything_is_sampled_from_the_same_noise(speaking: Speaking) -> None:
    """A speech of one packet has no other future: all three are one."""
    one = sampling(speaking, 20)
    whole = one.whole(Solver.EULER)
    torch.testing.assert_close(one.streamed(Solver.EULER, EXACT), whole, rtol=0, atol=1e-4)
    torch.testing.assert_close(one.windows(Solver.EULER), whole, rtol=0, atol=1e-5)


def test_figures_of_one_speech(speaking: Speaking) -> None:
    dit = speaking.token2wav.code2wav_dit_model
    found = voice_deviation(speaking.voice, dit, speaking.chelsie, speech_codes(110), solver=Solver.EULER)
    assert 0 < found.streamed_from_whole.mean < found.streamed_from_whole.largest
    assert 0 < found.windows_from_whole.mean < found.loudness
    assert found.streamed_from_windows.mean > 0
    assert found.euler_from_rk4.mean > 0
    assert 0 < found.early < 1


def test_given_up_between_evaluations(speaking: Speaking) -> None:
    def at_once() -> None:
        raise Cancelled

    dit = speaking.token2wav.code2wav_dit_model
    with pytest.raises(Cancelled):
        voice_deviation(speaking.voice, dit, speaking.chelsie, speech_codes(24), check=at_once)
