"""Products of activations with packed weights: one short list of kernels a device. Knows no layers and no files.

Times behind the choices are in docs/benchmarks.md. A new kernel is a class with `takes` and `product`, put in front of
its list in `_KERNELS`.
"""

from __future__ import annotations

import platform
import sys
from typing import Protocol

import torch
import torch.nn.functional as F
from torch import Tensor

from model.packing import INT4_ZERO, QuantizedWeight, Scheme

TILE_ELEMENTS = 1 << 22
DIGIT = 256
LARGEST_TWO_DIGITS = 127 * DIGIT


class Kernel(Protocol):
    """A weight [out, in] laid out for one way of multiplying."""

    shape: tuple[int, int]
    scheme: Scheme
    nbytes: int

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

    def __init__(self, weight: QuantizedWeight) -> None:
        self.weight = weight
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
        return _biased(torch.cat([F.linear(x, tile) for tile in tiles], dim=1), bias)


class CpuInt8:
    """int8 rows as stored: a few rows of bfloat16 against them while memory is the limit, integer products after.

    Activations of the integer product are 16-bit numbers in two int8 digits with one scale a row, so that outliers
    do not drown the rest; integer sums are exact.
    """

    scheme = Scheme.INT8
    most_rows_in_bfloat16 = 4

    def __init__(self, weight: QuantizedWeight) -> None:
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
        return _biased(sums.mul_(self.scales), bias).to(x.dtype)

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

    scheme = Scheme.INT4
    tile_rows = 1024

    def __init__(self, weight: QuantizedWeight) -> None:
        self.shape = weight.shape
        self.padding = weight.padded - weight.shape[1]
        self.group = weight.group
        self.packed = torch.cat([self._packed(weight, start) for start in range(0, self.shape[0], self.tile_rows)])
        self.scales_and_zeros = scales_and_zeros(weight)
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
        return _biased(y.to(x.dtype), bias)

    def _packed(self, weight: QuantizedWeight, start: int) -> Tensor:
        """A tile of rows: the packer wants 32 bits a number, eight times what it returns."""
        codes = weight.rows(start, start + self.tile_rows).codes().to(torch.int32) + INT4_ZERO
        packed: Tensor = torch.ops.aten._convert_weight_to_int4pack_for_cpu(codes, 1)
        return packed


class CudaInt4:
    """Torch's int4 layout for NVIDIA tensor cores (compute capability 8 and later). Not yet measured."""

    scheme = Scheme.INT4

    def __init__(self, weight: QuantizedWeight) -> None:
        self.shape = weight.shape
        self.padding = weight.padded - weight.shape[1]
        self.group = weight.group
        inner = next(tiles for tiles in (8, 4, 2) if weight.padded % (16 * tiles) == 0)
        swapped = (weight.values << 4) | (weight.values >> 4)  # here the even column is the high half
        self.packed = torch._convert_weight_to_int4pack(swapped, inner)
        self.scales_and_zeros = scales_and_zeros(weight)
        self.nbytes = self.packed.nbytes + self.scales_and_zeros.nbytes

    @classmethod
    def takes(cls, weight: QuantizedWeight) -> bool:
        """Tensor cores with bfloat16, whole blocks of eight rows."""
        return weight.shape[0] % 8 == 0 and torch.cuda.get_device_capability(weight.values.device) >= (8, 0)

    def product(self, x: Tensor, bias: Tensor | None) -> Tensor:
        """x [rows, in] → [rows, out]."""
        activations = F.pad(x.to(torch.bfloat16), (0, self.padding))
        y = torch._weight_int4pack_mm(activations, self.packed, self.group, self.scales_and_zeros)
        return _biased(y.to(x.dtype), bias)


class CudaInt8(PortableKernel):
    """int8 rows as stored for a few rows of activations; floats tile by tile for many. Not yet measured."""

    most_rows_packed = 8

    def __init__(self, weight: QuantizedWeight) -> None:
        super().__init__(weight)
        self.scales = weight.scales.view(-1).to(torch.bfloat16)
        self.nbytes += self.scales.nbytes

    @classmethod
    def takes(cls, weight: QuantizedWeight) -> bool:
        """Builds of torch that bring the product for this device."""
        del weight
        return torch._C._dispatch_has_kernel_for_dispatch_key("aten::_weight_int8pack_mm", "CUDA")

    def product(self, x: Tensor, bias: Tensor | None) -> Tensor:
        """x [rows, in] → [rows, out]."""
        if x.shape[0] > self.most_rows_packed:
            return super().product(x, bias)
        y = torch._weight_int8pack_mm(x.to(torch.bfloat16), self.weight.values, self.scales)
        return _biased(y.to(x.dtype), bias)


_KERNELS: dict[tuple[str, Scheme], tuple[type[PackedKernel], ...]] = {
    ("cpu", Scheme.INT8): (CpuInt8,),
    ("cpu", Scheme.INT4): (CpuInt4,),
    ("cuda", Scheme.INT8): (CudaInt8,),
    ("cuda", Scheme.INT4): (CudaInt4,),
}
"""Fastest first; where none takes the weight, and on every other device, the portable kernel does."""


def quantized_kernel(weight: QuantizedWeight) -> Kernel:
    """The weight laid out for the kernel measured fastest on its device."""
    candidates = _KERNELS.get((weight.values.device.type, weight.scheme), ())
    chosen = next((kernel for kernel in candidates if kernel.takes(weight)), PortableKernel)
    return chosen(weight)


def _biased(y: Tensor, bias: Tensor | None) -> Tensor:
    """y + b, in place: every product here owns its result."""
    return y if bias is None else y.add_(bias)


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
