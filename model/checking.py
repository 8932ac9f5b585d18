"""Long work inside a module of transformers can be given up between two of its layers. Knows no particular module."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager

from torch import nn


@contextmanager
def checked(layers: Iterable[nn.Module], check: Callable[[], None]) -> Iterator[None]:
    """Inside, `check` is called before each of `layers` runs; what it raises ends the run."""
    with ExitStack() as stack:
        for layer in layers:
            handle = layer.register_forward_pre_hook(lambda _module, _inputs: check())
            stack.callback(handle.remove)
        yield
