"""The two uses of a matrix, whatever its scheme: y = x Wᵀ + b, and looking up rows.

Knows no file layout; the product itself is a kernel's work.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from model.kernels.choice import quantized_kernel
from model.kernels.kernel import FloatKernel, Kernel
from model.packing import QuantizedWeight, Scheme, stack


class Linear(nn.Module):
    """y = x Wᵀ + b with W [out, in] in floats, eight or four bits; fixed after loading, never trained."""

    def __init__(self, kernel: Kernel, bias: Tensor | None) -> None:
        """Use one of the constructors below: they choose the kernel."""
        super().__init__()
        self.kernel = kernel
        self.bias = bias

    @classmethod
    def from_float(cls, weight: Tensor, bias: Tensor | None = None) -> Linear:
        """weight [out, in] and bias [out], used as they are: their device and dtype are the product's."""
        return cls(FloatKernel(weight), bias)

    @classmethod
    def from_quantized(cls, weight: QuantizedWeight, bias: Tensor | None = None, *, coarse: bool = False) -> Linear:
        """Laid out once, here, for the weight's device; bias [out] in the dtype of the activations. `coarse`: a quicker
        product may be taken that rounds the activations of int8 to eight bits."""
        return cls(quantized_kernel(weight, coarse=coarse), bias)

    @classmethod
    def fuse_float(cls, weights: Sequence[Tensor], biases: Sequence[Tensor | None]) -> Linear:
        """Several matrices of one width as one: the outputs one after the other."""
        weight = weights[0] if len(weights) == 1 else torch.cat(list(weights))
        return cls.from_float(weight, fused_bias([w.shape[0] for w in weights], biases))

    @classmethod
    def fuse_quantized(
        cls, weights: Sequence[QuantizedWeight], biases: Sequence[Tensor | None], *, coarse: bool = False
    ) -> Linear:
        """As `fuse_float`; ValueError where the schemes differ."""
        return cls.from_quantized(stack(weights), fused_bias([w.shape[0] for w in weights], biases), coarse=coarse)

    @property
    def in_features(self) -> int:
        """Width of the input."""
        return self.kernel.shape[1]

    @property
    def out_features(self) -> int:
        """Width of the output."""
        return self.kernel.shape[0]

    @property
    def scheme(self) -> Scheme:
        """How the weight is kept."""
        return self.kernel.scheme

    @property
    def rows_at_once(self) -> int:
        """Rows of input that take about as long as one."""
        return self.kernel.rows_at_once

    @property
    def nbytes(self) -> int:
        """Bytes that stay in memory for weight and bias."""
        return self.kernel.nbytes + (0 if self.bias is None else self.bias.nbytes)

    def forward(self, x: Tensor) -> Tensor:
        """x [..., in] → [..., out]."""
        if x.ndim == 2:
            return self.kernel.product(x, self.bias)
        y = self.kernel.product(x.reshape(-1, x.shape[-1]), self.bias)
        return y.view(*x.shape[:-1], self.out_features)

    def extra_repr(self) -> str:
        """What `print(module)` shows."""
        return f"{self.in_features} -> {self.out_features}, {self.scheme}, bias={self.bias is not None}"


class Embedding(nn.Module):
    """A table of rows [count, width] in floats or eight bits, kept as stored; only rows looked up become floats."""

    def __init__(self, values: Tensor, scales: Tensor | None, dtype: torch.dtype) -> None:
        """Use one of the constructors below; `dtype` is that of the rows given out."""
        super().__init__()
        self.values, self.scales, self.dtype = values, scales, dtype

    @classmethod
    def from_float(cls, table: Tensor, dtype: torch.dtype) -> Embedding:
        """table [count, width] in any float precision; it may be backed by a file."""
        return cls(table, None, dtype)

    @classmethod
    def from_quantized(cls, table: QuantizedWeight, dtype: torch.dtype) -> Embedding:
        """An int8 table; ValueError for int4, whose rows would have to be unpacked."""
        if table.scheme is not Scheme.INT8:
            raise ValueError(f"rows cannot be looked up in {table.scheme}")
        return cls(table.in_rows().values, table.in_rows().scales, dtype)

    @property
    def nbytes(self) -> int:
        """Bytes of the table and its scales."""
        return self.values.nbytes + (0 if self.scales is None else self.scales.nbytes)

    def forward(self, ids: Tensor) -> Tensor:
        """ids [...] → rows [..., width]."""
        if self.scales is None:
            return F.embedding(ids, self.values).to(self.dtype)
        return (self.values[ids].to(torch.float32) * self.scales[ids]).to(self.dtype)


def fused_bias(rows: Sequence[int], biases: Sequence[Tensor | None]) -> Tensor | None:
    """One bias for stacked rows; zeros where a part has none; None where no part has one."""
    given = next((bias for bias in biases if bias is not None), None)
    if given is None:
        return None
    return torch.cat([given.new_zeros(n) if b is None else b for n, b in zip(rows, biases, strict=True)])
