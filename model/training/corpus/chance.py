"""Where all of the corpus's chance comes from: the same keys give the same numbers. Knows nothing of what is made."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import TypeVar

import numpy as np

ItemT = TypeVar("ItemT")


def chance(*keys: int | str) -> np.random.Generator:
    """A generator of its own for these keys, the same on every machine: no example depends on another."""
    digest = hashlib.blake2b(repr(keys).encode(), digest_size=16).digest()
    return np.random.default_rng(int.from_bytes(digest, "little"))


def pick(rng: np.random.Generator, items: Sequence[ItemT]) -> ItemT:
    """One of them, each as likely."""
    return items[int(rng.integers(len(items)))]


def sample(rng: np.random.Generator, items: Sequence[ItemT], count: int) -> list[ItemT]:
    """`count` different ones, in any order."""
    return [items[int(index)] for index in rng.permutation(len(items))[:count]]
