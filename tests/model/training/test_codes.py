"""Speech codes: the mel is the published vocoder's, a code stands for 20 ms, and a larger book is nearer."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from model.errors import SightlineError
from model.training.codes import CODE_SAMPLES, CodeBook, speech_mel, whole_codes
from model.training.corpus.chance import chance
from model.training.corpus.narrators import NARRATORS, SPEECH_RATE
from model.training.corpus.sentences import compose


@pytest.fixture(scope="module")
def mels() -> list[NDArray[np.float32]]:
    """Forty sentences, by both narrators in turn."""
    waves = [NARRATORS[index % 2].say(compose(chance(index)).english) for index in range(40)]
    return [speech_mel(torch.from_numpy(whole_codes(wave))).numpy() for wave in waves]


def test_a_tone_lies_in_its_band() -> None:
    time = torch.arange(SPEECH_RATE) / SPEECH_RATE
    low, high = (speech_mel(torch.sin(2 * torch.pi * pitch * time)) for pitch in (200.0, 6000.0))
    assert low.shape == (100, 80)
    assert int(low.mean(0).argmax()) < 10
    assert int(high.mean(0).argmax()) > 55


def test_mel_is_of_amplitudes_not_of_power() -> None:
    """Twice as loud is ln 2 more, as the published vocoder expects."""
    noise = torch.randn(4800, generator=torch.Generator().manual_seed(0)) * 0.1
    difference = speech_mel(2 * noise) - speech_mel(noise)
    torch.testing.assert_close(difference, torch.full_like(difference, float(np.log(2))), atol=1e-2, rtol=0)


def test_several_waves_at_once_are_the_same_as_one_by_one() -> None:
    waves = torch.randn(2, 2400, generator=torch.Generator().manual_seed(0))
    torch.testing.assert_close(speech_mel(waves), torch.stack([speech_mel(wave) for wave in waves]))


def test_fifty_codes_a_second(mels: list[NDArray[np.float32]]) -> None:
    book = CodeBook.learn(mels[:20], codes=64)
    wave = whole_codes(NARRATORS[0].say("Stop."))
    assert len(wave) % CODE_SAMPLES == 0
    codes = book.encode(speech_mel(torch.from_numpy(wave)).numpy())
    assert len(codes) == len(wave) * 50 // SPEECH_RATE
    assert codes.min() >= 1
    assert codes.max() <= 64


def test_a_larger_book_is_nearer_on_sentences_it_never_saw(mels: list[NDArray[np.float32]]) -> None:
    def distance(codes: int) -> float:
        book = CodeBook.learn(mels[:32], codes=codes)
        return float(np.mean([np.abs(book.decode(book.encode(mel)) - mel).mean() for mel in mels[32:]]))

    silence = float(np.mean([np.abs(mel - np.concatenate(mels).mean(0)).mean() for mel in mels[32:]]))
    assert distance(256) < distance(32) < 0.75 * silence


def test_the_same_seed_gives_the_same_book_and_it_comes_back(mels: list[NDArray[np.float32]], tmp_path: Path) -> None:
    first, second = (CodeBook.learn(mels[:10], codes=32, seed=3) for _ in range(2))
    assert np.array_equal(first.entries, second.entries)
    first.save(tmp_path / "book.npz")
    assert np.array_equal(CodeBook.load(tmp_path / "book.npz").encode(mels[0]), second.encode(mels[0]))


def test_too_little_speech_and_no_book_are_sentences(mels: list[NDArray[np.float32]], tmp_path: Path) -> None:
    with pytest.raises(SightlineError, match="too few for 100000 codes"):
        CodeBook.learn(mels[:1], codes=100_000)
    with pytest.raises(SightlineError, match="missing or damaged"):
        CodeBook.load(tmp_path / "none.npz")


def test_the_narrators_are_two_people_in_two_languages() -> None:
    spoken = [person.say("Para.", language) for person in NARRATORS for language in ("english", "spanish")]
    assert len({wave.tobytes() for wave in spoken}) == 4
