"""Batches of one length, since what is padded is computed too. Knows nothing of what is in them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

import numpy as np

Drawn = TypeVar("Drawn")


def of_one_length(
    drawn: Iterable[Drawn], size: int, length: Callable[[Drawn], int], rng: np.random.Generator
) -> list[list[Drawn]]:
    """So many a batch, the last of the longest perhaps fewer; the batches come in an order of chance."""
    ordered = sorted(drawn, key=length)
    batches = [ordered[start : start + size] for start in range(0, len(ordered), size)]
    return [batches[int(place)] for place in rng.permutation(len(batches))]
