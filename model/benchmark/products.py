"""Products of the true layers' sizes, for few and many rows: which kernel is the fastest of a size. Knows no model."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import torch
from torch import Tensor

from model.benchmark.drawn import draw_packed
from model.benchmark.figures import Figure
from model.benchmark.timing import Candidate, Plan, alternate
from model.decoder import DecoderShape
from model.kernels.choice import kernel_class
from model.kernels.kernel import PackedKernel
from model.kernels.stock import CpuInt4, CpuInt8
from model.packing import Scheme

ROWS = (1, 4, 8, 16, 50, 256)
COLD_BYTES = 400_000_000
"""Copies of a weight that are used in turn take so much together that no cache holds them."""
MOST_COPIES = 200


class Unpacked:
    """torch's int8 product over a weight unpacked from int4, activations in eight bits with one scale a row.

    What own kernels must beat for many rows; it keeps no group's scale, so that it is not even the same product.
    """

    def __init__(self, shape: tuple[int, int]) -> None:
        self._weight = torch.randint(-8, 8, shape, dtype=torch.int8)

    def product(self, x: Tensor, bias: Tensor | None) -> Tensor:
        """x [rows, in] → [rows, out]."""
        del bias
        scale = x.abs().amax(dim=1, keepdim=True) / 127
        return torch._int_mm((x / scale).round_().to(torch.int8), self._weight.t()).to(torch.float32).mul_(scale)


@dataclass(frozen=True, slots=True)
class Layer:
    """A linear layer [out, in] and how it is kept."""

    name: str
    shape: tuple[int, int]
    scheme: Scheme

    @property
    def stock(self) -> type[PackedKernel]:
        """torch's own product of the scheme."""
        return CpuInt4 if self.scheme is Scheme.INT4 else CpuInt8


def layers_of(thinker: DecoderShape, talker: DecoderShape, vocabulary: int) -> tuple[Layer, ...]:
    """The layers of which most of the model is made."""
    width, heads = thinker.hidden, (thinker.heads + 2 * thinker.kv_heads) * thinker.head_dim
    return (
        Layer("Thinker's qkv", (heads, width), Scheme.INT4),
        Layer("Thinker's gate and up", (2 * thinker.inner, width), Scheme.INT4),
        Layer("Thinker's down", (width, thinker.inner), Scheme.INT4),
        Layer("Thinker's head", (vocabulary, width), Scheme.INT8),
        Layer("Talker's gate and up", (2 * talker.inner, talker.hidden), Scheme.INT8),
        Layer("ear's first", (5120, 1280), Scheme.INT8),
    )


@torch.inference_mode()
def products(layers: tuple[Layer, ...], plan: Plan) -> Iterator[Figure]:
    """P: ours beside torch's, in milliseconds a product."""
    for layer in layers:
        kernel = kernel_class(layer.scheme)
        size = draw_packed(layer.shape, layer.scheme).nbytes
        copies = min(MOST_COPIES, max(1, COLD_BYTES // size))
        ours = [kernel(draw_packed(layer.shape, layer.scheme)) for _ in range(copies)]
        torchs = [layer.stock(draw_packed(layer.shape, layer.scheme)) for _ in range(copies)]
        for rows in ROWS:
            yield _beside(layer, rows, ours, torchs, plan)


def _beside(layer: Layer, rows: int, ours: list[PackedKernel], torchs: list[PackedKernel], plan: Plan) -> Figure:
    x = torch.randn(rows, layer.shape[1])
    count = len(ours) if rows <= 16 else 1
    runs = [_each(ours[:count], x), _each(torchs[:count], x)]
    unpacked = layer.scheme is Scheme.INT4 and rows >= 16
    if unpacked:
        runs.append(_each([Unpacked(layer.shape)], x))
    times = [1e3 * taken.median for taken in alternate(plan, *runs)]
    mine, other = times[0] / count, times[1] / count
    words = f"{other:.2f} ms" + (f", unpacked to int8 {times[2]:.2f}" if unpacked else "")
    what = f"{layer.name} {layer.shape[1]} → {layer.shape[0]}, {layer.scheme}, {rows} rows"
    return Figure("P", what, f"{mine:.2f} ms", words, min([other, *times[2:]]) / mine, "×")


def _each(kernels: list[PackedKernel] | list[Unpacked], x: Tensor) -> Candidate:
    def run() -> None:
        for kernel in kernels:
            kernel.product(x, None)

    return Candidate(run)
