"""On how many threads torch computes and on how many our own products do. Knows nothing of what is computed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

import torch

_PRODUCTS: ContextVar[int | None] = ContextVar("threads of our own products", default=None)


def product_threads() -> int:
    """As many as torch has, or had where it is held to one."""
    return _PRODUCTS.get() or torch.get_num_threads()


@contextmanager
def torch_on_one() -> Iterator[None]:
    """Inside, torch computes on one thread and our own products on all.

    A token's other operations are so small that to share them takes longer than to do them; and torch's threads go on
    looking for work for a while after each, on cores that our products need.
    """
    count = torch.get_num_threads()
    if count == 1:
        yield
        return
    token = _PRODUCTS.set(count)
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(count)
        _PRODUCTS.reset(token)
