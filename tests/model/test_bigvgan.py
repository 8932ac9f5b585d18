"""The vocoder in pieces is transformers' vocoder on the whole mel."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from model.bigvgan import BigVGAN, Memory, scaled_decibels
from model.errors import Cancelled, never_cancelled
from tests.helpers.voices import Speaking, mel_frames

RECEPTIVE_SAMPLES = 8029  # one side of the published filters: 33.45 mel frames


def in_pieces(vocoder: BigVGAN, mel: Tensor, sizes: list[int]) -> list[Tensor]:
    """`sizes` frames at a time; the last push ends the sound."""
    memory = Memory()
    pieces = mel.split(sizes)
    return [
        vocoder(piece, memory, never_cancelled, last=number == len(sizes)) for number, piece in enumerate(pieces, 1)
    ]


@pytest.mark.parametrize(
    "sizes",
    [[80], [1] * 80, [24, 24, 24, 8], [48, 32], [7] * 11 + [3], [33, 1, 34, 12], [0, 40, 0, 40, 0]],
    ids=lambda sizes: f"{sizes[0]}-frames-in-{len(sizes)}",
)
def test_streamed_equals_whole(speaking: Speaking, sizes: list[int]) -> None:
    mel = mel_frames(80)
    expected = speaking.vocoded(mel)
    assert 0.05 < expected.std() < 0.5  # neither silent nor clipped
    torch.testing.assert_close(torch.cat(in_pieces(speaking.voice.vocoder, mel, sizes)), expected, rtol=0, atol=1e-5)


@pytest.mark.parametrize("frames", [1, 2, 5, 33, 34, 35])
def test_short_sounds_equal_whole(speaking: Speaking, frames: int) -> None:
    mel = mel_frames(frames)
    for sizes in ([frames], [1] * frames):
        wave = torch.cat(in_pieces(speaking.voice.vocoder, mel, sizes))
        torch.testing.assert_close(wave, speaking.vocoded(mel), rtol=0, atol=1e-5)


def test_samples_come_as_soon_as_the_filters_allow(speaking: Speaking) -> None:
    known, *_ = in_pieces(speaking.voice.vocoder, mel_frames(80), [50, 30])
    assert len(known) == 50 * speaking.voice.vocoder.hop - RECEPTIVE_SAMPLES


def test_what_is_remembered_grows_neither_with_the_sound_nor_with_the_pieces(speaking: Speaking) -> None:
    mel, held = mel_frames(200), set()
    for size in (8, 40, 100):
        memory = Memory()
        for piece in mel.split(size):
            speaking.voice.vocoder(piece, memory, never_cancelled, last=False)
        held.add(memory.nbytes)
    memory = Memory()
    speaking.voice.vocoder(mel[:80], memory, never_cancelled, last=False)
    assert held == {memory.nbytes}


def test_a_fork_leaves_the_memory_as_it_was(speaking: Speaking) -> None:
    mel, memory = mel_frames(100), Memory()
    first = speaking.voice.vocoder(mel[:50], memory, never_cancelled, last=False)
    speaking.voice.vocoder(mel_frames(30, seed=1), memory.fork(), never_cancelled, last=True)
    rest = speaking.voice.vocoder(mel[50:], memory, never_cancelled, last=True)
    torch.testing.assert_close(torch.cat([first, rest]), speaking.vocoded(mel), rtol=0, atol=1e-5)


def test_scale_equals_the_published_one(speaking: Speaking) -> None:
    mel = torch.linspace(-40, 20, 4001)
    expected = speaking.token2wav.code2wav_bigvgan_model.process_mel_spectrogram(mel)
    torch.testing.assert_close(scaled_decibels(mel), expected, rtol=0, atol=1e-6)


def test_given_up_between_stages(speaking: Speaking) -> None:
    calls = 0

    def third_time() -> None:
        nonlocal calls
        calls += 1
        if calls == 3:
            raise Cancelled

    with pytest.raises(Cancelled):
        speaking.voice.vocoder(mel_frames(10), Memory(), third_time, last=True)
    assert calls == 3
