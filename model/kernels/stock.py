"""torch's own products with packed weights on CPUs. Times behind the choices are in docs/benchmarks.md."""

from __future__ import annotations

import platform
import sys

import torch
import torch.nn.functional as F
from torch import Tensor

from model.kernels.kernel import biased
from model.packing import INT4_ZERO, QuantizedWeight, Scheme

DIGIT = 256
LARGEST_TWO_DIGITS = 127 * DIGIT


class CpuInt8:
    """int8 rows as stored: a few rows of bfloat16 against them while memory is the limit, integer products after.

    Activations of the integer product are 16-bit numbers in two int8 digits with one scale a row, so that outliers
    do not drown the rest; integer sums are exact.
    """

    name = "torch's int8: Sightline's own, faster one is not built"
    scheme = Scheme.INT8
    rows_at_once = 1
    most_rows_in_bfloat16 = 4

    def __init__(self, weight: QuantizedWeight) -> None:
        weight = weight.in_rows()
        self.shape = weight.shape
        self.values = weight.values.contiguous()
        self.scales = weight.scales.view(-1)
        self.ones = torch.ones_like(self.scales, dtype=torch.bfloat16)
        self.bfloat16_fits = _has_vector_code() and self.shape[1] % 32 == 0  # it reads whole vectors
        self.integers_fit = _has_integer_dot_products()
        self.nbytes = self.values.nbytes + self.scales.nbytes + self.ones.nbytes

    @classmethod
    def takes(cls, weight: QuantizedWeight) -> bool:
        """Vector instructions for at least one of the two products."""
        return _has_integer_dot_products() or (_has_vector_code() and weight.shape[1] % 32 == 0)

    def product(self, x: Tensor, bias: Tensor | None) -> Tensor:
        """x [rows, in] → [rows, out]; within 1 % of the portable product for few rows, 0.1 % for many."""
        few = x.shape[0] <= self.most_rows_in_bfloat16 or not self.integers_fit
        sums = self._bfloat16_sums(x) if few and self.bfloat16_fits else self._integer_sums(x)
        return biased(sums.mul_(self.scales), bias).to(x.dtype)

    def _bfloat16_sums(self, x: Tensor) -> Tensor:
        # scales of one: applied in float32 afterwards, they are not rounded to bfloat16
        return torch._weight_int8pack_mm(x.to(torch.bfloat16), self.values, self.ones).to(torch.float32)

    def _integer_sums(self, x: Tensor) -> Tensor:
        exact = x.to(torch.float32)
        tiny = torch.finfo(torch.float32).tiny
        scale = (exact.abs().amax(dim=1, keepdim=True) / LARGEST_TWO_DIGITS).clamp_min_(tiny)
        number = (exact / scale).round_()
        high = ((number + DIGIT // 2) / DIGIT).floor_()
        digits = torch.cat((high, number.sub_(high, alpha=DIGIT))).to(torch.int8)
        upper, lower = torch._int_mm(digits, self.values.t()).chunk(2)
        return upper.to(torch.float32).mul_(DIGIT).add_(lower).mul_(scale)


class CpuInt4:
    """Torch's own int4 layout for CPUs; activations in bfloat16, sums in float32."""

    name = "torch's int4: Sightline's own, faster one is not built"
    scheme = Scheme.INT4
    rows_at_once = 1
    tile_rows = 1024

    def __init__(self, weight: QuantizedWeight) -> None:
        self.shape = weight.shape
        self.padding = weight.padded - weight.shape[1]
        self.group = weight.group
        self.packed = torch.cat([self._packed(weight, start) for start in range(0, self.shape[0], self.tile_rows)])
        self.scales_and_zeros = scales_and_zeros(weight.in_rows())
        self.nbytes = self.packed.nbytes + self.scales_and_zeros.nbytes

    @classmethod
    def takes(cls, weight: QuantizedWeight) -> bool:
        """Whole blocks of sixteen rows, on processors for which torch has more than a plain loop."""
        return _has_vector_code() and weight.shape[0] % 16 == 0

    def product(self, x: Tensor, bias: Tensor | None) -> Tensor:
        """x [rows, in] → [rows, out], within 1 % of the portable product."""
        activations = F.pad(x.to(torch.bfloat16), (0, self.padding))
        y: Tensor = torch.ops.aten._weight_int4pack_mm_for_cpu(
            activations, self.packed, self.group, self.scales_and_zeros
        )
        return biased(y.to(x.dtype), bias)

    def _packed(self, weight: QuantizedWeight, start: int) -> Tensor:
        """A tile of rows: the packer wants 32 bits a number, eight times what it returns."""
        codes = weight.rows(start, start + self.tile_rows).codes().to(torch.int32) + INT4_ZERO
        packed: Tensor = torch.ops.aten._convert_weight_to_int4pack_for_cpu(codes, 1)
        return packed


def scales_and_zeros(weight: QuantizedWeight) -> Tensor:
    """[groups, out, 2] bfloat16 as torch's int4 products want them: the scale, and zero for a centred code."""
    scales = weight.scales.t()
    return torch.stack((scales, torch.zeros_like(scales)), dim=2).contiguous()


def _has_vector_code() -> bool:
    """Whether torch multiplies bfloat16 with packed integers in vectors: not in Microsoft's compiler, else a loop."""
    vectors = torch.cpu.get_capabilities().get("avx2", False) or platform.machine().lower() in ("arm64", "aarch64")
    return vectors and sys.platform != "win32"


def _has_integer_dot_products() -> bool:
    """Whether the CPU multiplies int8 numbers exactly and fast: without these, torch's integer product is a loop."""
    capabilities = torch.cpu.get_capabilities()
    return any(capabilities.get(name, False) for name in ("avx512_vnni", "avx_vnni", "amx_int8"))
