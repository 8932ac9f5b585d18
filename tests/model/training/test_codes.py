"""Speech codes: the mel is the vocoder's, a code stands for 20 ms, pitch does not matter, larger books are nearer."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from model.errors import SightlineError
from model.training.codes import CODE_SAMPLES, CodeBook, Words, speech_mel, whole_codes
from model.training.corpus.chance import chance
from model.training.corpus.narrators import NARRATORS, SPEECH_RATE, Narrator
from model.training.corpus.sentences import compose, inner_words

Sentences = list[tuple[int, NDArray[np.float32]]]


@pytest.fixture(scope="module")
def sentences() -> Sentences:
    """Forty, by both narrators in turn."""
    return [(index % 2, _mel(NARRATORS[index % 2], compose(chance(index)).english)) for index in range(40)]


@pytest.fixture(scope="module")
def words() -> list[list[list[NDArray[np.float32]]]]:
    """Thirty, by both, higher and lower."""
    chosen = inner_words("english")[::8][:30]
    return [[[_mel(_pitched(each, more), word) for more in (-15, 15)] for each in NARRATORS] for word in chosen]


def _pitched(narrator: Narrator, more: int) -> Narrator:
    return replace(narrator, pitch=narrator.pitch + more)


def _mel(narrator: Narrator, text: str) -> NDArray[np.float32]:
    return speech_mel(torch.from_numpy(whole_codes(narrator.say(text)))).numpy()


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


def test_fifty_codes_a_second(words: Words, sentences: Sentences) -> None:
    book = CodeBook.learn(words, sentences[:20], codes=64)
    wave = whole_codes(NARRATORS[0].say("Stop."))
    assert len(wave) % CODE_SAMPLES == 0
    codes = book.encode(speech_mel(torch.from_numpy(wave)).numpy(), 0)
    assert len(codes) == len(wave) * 50 // SPEECH_RATE
    assert codes.min() >= 1
    assert codes.max() <= 64


def test_a_larger_book_is_nearer_on_sentences_it_never_saw(words: Words, sentences: Sentences) -> None:
    def distance(codes: int) -> float:
        book = CodeBook.learn(words, sentences[:32], codes=codes)
        return float(
            np.mean([np.abs(book.decode(book.encode(mel, who), who) - mel).mean() for who, mel in sentences[32:]])
        )

    mean = np.concatenate([mel for _, mel in sentences]).mean(0)
    silence = float(np.mean([np.abs(mel - mean).mean() for _, mel in sentences[32:]]))
    assert distance(256) < distance(32) < 0.75 * silence


def test_who_speaks_higher_is_given_the_same_codes(words: Words, sentences: Sentences) -> None:
    """Of words that the book was not learned from; other words, said by the same person, share next to none."""
    book = CodeBook.learn(words, sentences, codes=256)

    def shared(first: Narrator, second: Narrator, texts: tuple[str, str]) -> float:
        codes = [book.encode(_mel(who, text), 0) for who, text in zip((first, second), texts, strict=True)]
        length = min(map(len, codes))
        return float((codes[0][:length] == codes[1][:length]).mean())

    usual, higher = NARRATORS[0], _pitched(NARRATORS[0], 15)
    said = inner_words("english")[3::8][:12]
    same = [shared(usual, higher, (word, word)) for word in said]
    other = [shared(usual, usual, (word, another)) for word, another in pairwise(said)]
    assert np.mean(same) > 0.6
    assert np.mean(other) < 0.1


def test_the_same_seed_gives_the_same_book_and_it_comes_back(
    words: Words, sentences: Sentences, tmp_path: Path
) -> None:
    first, second = (CodeBook.learn(words, sentences[:10], codes=32, seed=3) for _ in range(2))
    assert np.array_equal(first.entries, second.entries)
    first.save(tmp_path / "book.npz")
    who, mel = sentences[0]
    assert np.array_equal(CodeBook.load(tmp_path / "book.npz").encode(mel, who), second.encode(mel, who))


def test_too_little_speech_and_no_book_are_sentences(words: Words, sentences: Sentences, tmp_path: Path) -> None:
    with pytest.raises(SightlineError, match="too few for 100000 codes"):
        CodeBook.learn(words, sentences[:1], codes=100_000)
    with pytest.raises(SightlineError, match="missing or damaged"):
        CodeBook.load(tmp_path / "none.npz")


def test_the_narrators_are_two_people_in_two_languages() -> None:
    spoken = [person.say("Para.", language) for person in NARRATORS for language in ("english", "spanish")]
    assert len({wave.tobytes() for wave in spoken}) == 4
