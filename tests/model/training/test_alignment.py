"""Words are found in the places where they are likeliest, in their order."""

from __future__ import annotations

from itertools import combinations_with_replacement, pairwise

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from torch.nn import functional as F

from model.training.alignment import aligned, lengths

BLANK = 0


def scored(said: list[int], tokens: int = 6) -> NDArray[np.float32]:
    """Each place's own token far likelier than the others."""
    likely = np.full((len(said), tokens), 0.02, np.float32)
    likely[np.arange(len(said)), said] = 0.9
    return np.asarray(np.log(likely / likely.sum(1, keepdims=True)), np.float32)


def test_words_are_where_they_are_likeliest() -> None:
    assert aligned(scored([0, 3, 3, 0, 0, 5, 2, 2, 0]), [3, 5, 2], BLANK) == [[1, 2], [5], [6, 7]]


def test_the_same_word_twice_has_a_blank_between() -> None:
    assert aligned(scored([3, 3, 0, 3]), [3, 3], BLANK) == [[0, 1], [3]]
    assert aligned(scored([3, 3]), [3, 3], BLANK) == []


def test_what_was_misheard_is_still_between_its_neighbours() -> None:
    found = aligned(scored([1, 0, 4, 0, 5]), [1, 2, 5], BLANK)
    assert found[0] == [0]
    assert found[2] == [4]
    assert set(found[1]) <= {1, 2, 3}
    assert found[1]


def test_nothing_said_and_too_little_sound() -> None:
    assert aligned(scored([0, 0]), [], BLANK) == []
    assert aligned(scored([1]), [1, 2], BLANK) == []
    assert aligned(np.zeros((0, 6), np.float32), [1], BLANK) == []


@pytest.mark.parametrize("seed", range(5))
def test_no_other_way_is_likelier(seed: int) -> None:
    """All ways there are of laying three words over six places, by hand; and CTC's own sum is not below the best."""
    scores = torch.randn(6, 5, generator=torch.Generator().manual_seed(seed)).log_softmax(-1)
    words = [2, 4, 4]
    found = aligned(scores.numpy(), words, BLANK)
    best, way = -np.inf, []
    states = [BLANK, 2, BLANK, 4, BLANK, 4, BLANK]
    for path in combinations_with_replacement(range(7), 6):
        allowed = all(
            after - before < 2 or (after - before == 2 and after % 2 and states[after] != states[before])
            for before, after in pairwise(path)
        )
        if path[0] > 1 or path[-1] < 5 or not allowed:
            continue
        total = float(sum(scores[place, states[state]] for place, state in enumerate(path)))
        if total > best:
            best, way = total, list(path)
    assert found == [[place for place, state in enumerate(way) if state == 2 * word + 1] for word in range(3)]
    ctc = F.ctc_loss(scores[:, None], torch.tensor([words]), torch.tensor([6]), torch.tensor([3]), reduction="sum")
    assert -ctc.item() >= best


def curve(name: str, places: int) -> NDArray[np.float32]:
    """A word's way through some values, in so many places."""
    rng = np.random.default_rng(sum(map(ord, name)))
    turns, phases = rng.uniform(0.3, 2.0, 8), rng.uniform(0.0, 6.0, 8)
    along = np.linspace(0.0, 3.0, places)[:, None]
    return np.asarray(3.0 * np.sin(turns * along + phases), np.float32)


def test_words_take_in_a_sentence_the_places_that_are_like_them_alone() -> None:
    """Said alone they take up to twice as long; no border is off by more than a place."""
    words, taken = ("where", "is", "the", "ring"), (9, 5, 4, 14)
    sentence = np.concatenate([curve(word, count) for word, count in zip(words, taken, strict=True)])
    noise = np.random.default_rng(0).normal(0.0, 0.5, sentence.shape).astype(np.float32)
    found = lengths(sentence + noise, [curve(word, 2 * count) for word, count in zip(words, taken, strict=True)])
    assert sum(found) == len(sentence)
    assert np.abs(np.cumsum(found) - np.cumsum(taken)).max() <= 1


def test_too_short_a_sentence_is_shared_by_how_long_words_take_alone() -> None:
    assert lengths(curve("rush", 10), [curve("where", 30), curve("is", 10), curve("it", 20)]) == [5, 2, 3]


def test_a_short_last_word_is_not_passed_over() -> None:
    words = [curve("where", 20), curve("two", 2), curve("a", 1)]
    assert lengths(np.concatenate(words), words) == [20, 2, 1]


def test_one_word_takes_all_of_it() -> None:
    assert lengths(curve("two", 12), [curve("two", 20)]) == [12]
    assert lengths(curve("two", 1), [curve("two", 20)]) == [1]
