"""Products in double precision, to hold kernels against."""

from __future__ import annotations

import torch
from torch import Tensor

from model.packing import QuantizedWeight

BFLOAT16 = 1e-2  # where activations or sums are rounded to eight bits


def normal(*shape: int, seed: int = 0, dtype: torch.dtype = torch.float32) -> Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed)).to(dtype)


def product(x: Tensor, weight: QuantizedWeight) -> Tensor:
    return x.double() @ weight.dequantize(torch.float64).t()


def relative(found: Tensor, wanted: Tensor) -> float:
    return float((found.double() - wanted).norm() / wanted.norm())
