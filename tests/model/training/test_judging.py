"""The judge of speech: hears what is said in the small world, and nothing where nothing is said."""

from __future__ import annotations

import sys

import numpy as np
import pytest

from model.errors import SightlineError
from model.training.corpus.narrators import NARRATORS, SPEECH_RATE, Narrator
from model.training.corpus.speakers import RATE
from model.training.judging import Judge, bigrams
from model.training.scores import word_errors

SENTENCES = (
    "The red circle is left of the blue square.",
    "There are three yellow stars.",
    "Turn on the lamp in the kitchen.",
    "I do not see a green triangle.",
)


@pytest.fixture(scope="module")
def judge() -> Judge:
    return Judge()


@pytest.mark.parametrize("narrator", NARRATORS, ids=lambda narrator: narrator.name)
def test_narrators_are_heard(judge: Judge, narrator: Narrator) -> None:
    errors = [
        word_errors(" ".join(judge.hears(narrator.say(sentence), SPEECH_RATE)), sentence) for sentence in SENTENCES
    ]
    assert sum(wrong for wrong, _ in errors) <= 0.2 * sum(words for _, words in errors)


def test_noise_and_silence_are_refused(judge: Judge) -> None:
    rng = np.random.default_rng(0)
    for level in (0.0, 0.001, 0.1):
        noise = (level * rng.standard_normal(2 * RATE)).astype(np.float32)
        assert judge.hears(noise, RATE) == []


def test_a_sentence_cut_short_lacks_its_words(judge: Judge) -> None:
    whole = NARRATORS[0].say(SENTENCES[0])
    heard = judge.hears(whole[: len(whole) // 2], SPEECH_RATE)
    assert word_errors(" ".join(heard), SENTENCES[0])[0] >= 4


def test_said_twice_is_heard_twice(judge: Judge) -> None:
    once = NARRATORS[0].say(SENTENCES[1])
    assert len(judge.hears(np.concatenate([once, once]), SPEECH_RATE)) >= 7


def test_bigrams_are_probabilities() -> None:
    """What follows a word, and what any word may follow with the weight that is left, is one together."""
    text = bigrams([("a", "b"), ("a", "c", "b"), ("b",)])
    unigrams, pairs = text.split("\\1-grams:")[1].split("\\end\\")[0].split("\\2-grams:")
    single = [line.split() for line in unigrams.strip().splitlines()]
    assert sum(10 ** float(likely) for likely, word, _ in single if word != "<s>") == pytest.approx(1.0, abs=1e-3)
    after_a = [10 ** float(likely) for likely, first, _ in map(str.split, pairs.strip().splitlines()) if first == "a"]
    weight = next(10 ** float(back) for _, word, back in single if word == "a")
    assert len(after_a) == 2
    assert sum(after_a) + weight == pytest.approx(1.0, abs=1e-3)


def test_without_pocketsphinx_it_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pocketsphinx", None)
    with pytest.raises(SightlineError, match="pocketsphinx is not installed"):
        Judge()
