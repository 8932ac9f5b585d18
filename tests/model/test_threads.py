"""Torch on one thread, products on all."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import torch

from model.threads import product_threads, torch_on_one


@pytest.fixture(autouse=True)
def three() -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(3)
    yield
    torch.set_num_threads(before)


def test_products_keep_the_threads_that_torch_gives_up() -> None:
    assert product_threads() == 3
    with torch_on_one():
        assert (torch.get_num_threads(), product_threads()) == (1, 3)
        with torch_on_one():
            assert (torch.get_num_threads(), product_threads()) == (1, 3)
        assert (torch.get_num_threads(), product_threads()) == (1, 3)
    assert (torch.get_num_threads(), product_threads()) == (3, 3)


def test_threads_come_back_after_an_error() -> None:
    with pytest.raises(RuntimeError, match="given up"), torch_on_one():
        raise RuntimeError("given up")
    assert (torch.get_num_threads(), product_threads()) == (3, 3)
