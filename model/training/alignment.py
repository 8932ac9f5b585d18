"""Where in a sound each of its words is: the likeliest way through the states of CTC, or the nearest through the words
said alone. Knows no weights.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray


def aligned(scores: NDArray[np.float32], words: Sequence[int], blank: int) -> list[list[int]]:
    """Places of each word, in order; nothing where there are fewer places than words need.

    `scores` are logarithms of how likely each token is at each place [places, tokens]. `blank` is what stands where no
    word is, and between two that are the same.
    """
    if not len(scores):
        return []
    states = np.full(2 * len(words) + 1, blank)
    states[1::2] = words
    skips = np.zeros(len(states), dtype=bool)
    skips[2:] = (states[2:] != blank) & (states[2:] != states[:-2])
    best = np.full(len(states), -np.inf)
    best[:2] = scores[0, states[:2]]
    steps = np.zeros((len(scores), len(states)), dtype=np.int64)
    for place in range(1, len(scores)):
        ways = np.full((3, len(states)), -np.inf)
        ways[0] = best
        ways[1, 1:] = best[:-1]
        ways[2, 2:] = np.where(skips[2:], best[:-2], -np.inf)
        steps[place] = ways.argmax(0)
        best = ways.max(0) + scores[place, states]
    state = len(states) - 1 if len(states) == 1 or best[-1] >= best[-2] else len(states) - 2
    if np.isinf(best[state]):
        return []
    found: list[list[int]] = [[] for _ in words]
    for place in range(len(scores) - 1, -1, -1):
        if state % 2:
            found[state // 2].insert(0, place)
        state -= int(steps[place, state])
    return found


_FURTHEST = 3
"""The furthest step, in places of a word said alone: in a sentence it takes less time."""
_OUT_OF_STEP = 0.3
"""Of the mean distance, what each place costs that is passed over or stayed at."""


def lengths(sentence: NDArray[np.float32], alone: Sequence[NDArray[np.float32]]) -> list[int]:
    """How many places of a sentence [places, values] each of its words takes, by the same words said alone.

    The way through all words, one behind another, that is nearest to the sentence (dynamic time warping); where it is
    too short for any, by how long each word takes alone. All words alone must have a place at least.
    """
    words = np.concatenate(alone)
    of = np.repeat(np.arange(len(alone)), [len(word) for word in alone])
    distance = np.square(sentence[:, None] - words).sum(-1)
    extra = _OUT_OF_STEP * float(distance.mean()) * np.array([1.0, 0.0, *range(1, _FURTHEST)])
    best = np.full(len(words), np.inf)
    best[0] = distance[0, 0]
    steps = np.zeros(distance.shape, dtype=np.int64)
    for place in range(1, len(sentence)):
        ways = np.full((len(extra), len(words)), np.inf)
        for step, cost in enumerate(extra):
            ways[step, step:] = best[: len(words) - step] + cost
        steps[place] = ways.argmin(0)
        best = ways.min(0) + distance[place]
    ends = best[::-1][:_FURTHEST] + extra[1 : min(_FURTHEST, len(words)) + 1]
    if not np.isfinite(ends).any():
        borders = np.cumsum([0, *(len(word) for word in alone)]) * len(sentence) / len(words)
        return [int(length) for length in np.diff(np.rint(borders))]
    at = len(words) - 1 - int(ends.argmin())
    found = [0] * len(alone)
    for place in range(len(sentence) - 1, -1, -1):
        found[of[at]] += 1
        at -= int(steps[place, at])
    return found
