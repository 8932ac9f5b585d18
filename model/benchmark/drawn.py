"""Random weights of a true shape, drawn in memory: speed needs no checkpoint. Knows nothing of what is timed."""

from __future__ import annotations

from typing import TypeVar

import torch
from torch import Tensor, nn

from model.kernels.kernel import Kernel, PackedKernel
from model.linear import Linear
from model.loading import Placement, Weights
from model.packing import DEFAULT_GROUP, QuantizedWeight, Scheme, blank

ModuleT = TypeVar("ModuleT", bound=nn.Module)

SPREAD = 0.02
TILE_BYTES = 1 << 22


class DrawnWeights(Weights):
    """Stands where a checkpoint's weights stand: any tensor asked for is there, drawn anew."""

    def __init__(self, placement: Placement, scheme: Scheme, kernel: type[PackedKernel]) -> None:
        """Linear layers in `scheme`, multiplied by `kernel`."""
        self.placement = placement
        self._scheme, self._kernel = scheme, kernel

    def below(self, prefix: str) -> DrawnWeights:
        """The same."""
        del prefix
        return self

    def tensor(self, name: str, shape: tuple[int, ...] | None = None) -> Tensor:
        """Ones: these are the weights of norms."""
        del name
        return torch.ones(shape or (), dtype=self.placement.dtype, device=self.placement.device)

    def linear(
        self, *names: str, shape: tuple[int | tuple[int, ...], int] | None = None, coarse: bool = False
    ) -> Linear:
        """One layer of all the rows, with a bias where the published model has one."""
        del coarse
        if shape is None:
            raise ValueError(f"the shape of {names[0]} is not known")
        rows, width = shape
        count = sum(rows) if isinstance(rows, tuple) else rows
        bias = torch.zeros(count, dtype=self.placement.dtype) if "q_proj" in names else None
        return Linear(self.product((count, width)), bias)

    def product(self, shape: tuple[int, int]) -> Kernel:
        """A weight [out, in] laid out."""
        return self._kernel(draw_packed(shape, self._scheme))


def draw_packed(shape: tuple[int, int], scheme: Scheme) -> QuantizedWeight:
    """A random matrix [out, in] in few bits, in blocks; about as large as weights are."""
    drawn = blank(shape, scheme, DEFAULT_GROUP)
    _fill(drawn.values.view(-1))
    steps = 4.6 if scheme is Scheme.INT4 else 74.0  # the standard deviation of evenly drawn codes
    drawn.scales.fill_(SPREAD / steps)
    return drawn


def draw_parameters(module: ModuleT, dtype: torch.dtype) -> ModuleT:
    """A module made without memory gets random parameters; its buffers are computed by whoever knows how."""
    for name, empty in list(module.named_parameters()):
        filled = torch.empty(empty.shape, dtype=dtype)
        _fill_normal(filled.view(-1))
        parent = module.get_submodule(name.rpartition(".")[0])
        setattr(parent, name.rpartition(".")[2], nn.Parameter(filled, requires_grad=False))
    return module.eval()


def _fill(flat: Tensor) -> None:
    tile = torch.randint(1, 256, (min(TILE_BYTES, len(flat)),), dtype=torch.uint8)
    for start in range(0, len(flat), len(tile)):
        part = flat[start : start + len(tile)]
        part.copy_(tile[: len(part)])


def _fill_normal(flat: Tensor) -> None:
    tile = torch.randn(min(TILE_BYTES // 2, len(flat))).mul_(SPREAD).to(flat.dtype)
    for start in range(0, len(flat), len(tile)):
        part = flat[start : start + len(tile)]
        part.copy_(tile[: len(part)])
