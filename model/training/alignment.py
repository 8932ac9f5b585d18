"""Which tokens of a sound each of its words is in: the likeliest way through the states of CTC. Knows no weights."""

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
