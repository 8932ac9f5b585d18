"""What every product of activations with a fixed weight offers, and the two that need no special layout."""

from __future__ import annotations

from typing import Protocol

import torch
import torch.nn.functional as F
from torch import Tensor

from model.packing import QuantizedWeight, Scheme

TILE_ELEMENTS = 1 << 22


class Kernel(Protocol):
    """A weight [out, in] laid out for one way of multiplying."""

    name: str
    """In words, for people."""
    shape: tuple[int, int]
    scheme: Scheme
    nbytes: int
    rows_at_once: int
    """Rows whose product takes about as long as one row's, as measured."""

    def product(self, x: Tensor, bias: Tensor | None) -> Tensor:
        """x [rows, in] → x Wᵀ + b [rows, out] in the dtype of x."""
        ...


class PackedKernel(Kernel, Protocol):
    """A kernel of quantised weights; laying out happens once, in the constructor."""

    def __init__(self, weight: QuantizedWeight) -> None: ...

    @classmethod
    def takes(cls, weight: QuantizedWeight) -> bool:
        """Whether this machine and this shape suit the kernel."""
        ...


class FloatKernel:
    """Plain floats through the library's own matrix product."""

    name = "floats"
    rows_at_once = 1
    scheme = Scheme.FLOAT

    def __init__(self, weight: Tensor) -> None:
        self.weight = weight
        self.shape = (weight.shape[0], weight.shape[1])
        self.nbytes = weight.nbytes

    def product(self, x: Tensor, bias: Tensor | None) -> Tensor:
        """x [rows, in] → [rows, out]."""
        return F.linear(x, self.weight, bias)


class PortableKernel:
    """Any scheme on any device: some rows at a time become floats. Slow; the oracle of all others."""

    name = "floats made for every product (slow)"
    rows_at_once = 1

    def __init__(self, weight: QuantizedWeight) -> None:
        self.weight = weight = weight.in_rows()
        self.shape = weight.shape
        self.scheme = weight.scheme
        self.nbytes = weight.nbytes

    @classmethod
    def takes(cls, weight: QuantizedWeight) -> bool:
        """It takes everything."""
        del weight
        return True

    def product(self, x: Tensor, bias: Tensor | None) -> Tensor:
        """x [rows, in] → [rows, out]; never more than `TILE_ELEMENTS` floats of the weight at once."""
        height = max(1, TILE_ELEMENTS // self.weight.padded)
        starts = range(0, self.shape[0], height)
        tiles = (self.weight.rows(start, start + height).dequantize(x.dtype) for start in starts)
        return biased(torch.cat([F.linear(x, tile) for tile in tiles], dim=1), bias)


def biased(y: Tensor, bias: Tensor | None) -> Tensor:
    """y + b, in place: every product here owns its result."""
    return y if bias is None else y.add_(bias)
