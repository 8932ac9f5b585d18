"""Weights in eight or four bits: how they are rounded, laid out and turned back. Knows no files and no kernels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import torch
import torch.nn.functional as F
from torch import Tensor

INT8_LIMIT = 127
INT4_ZERO = 8
DEFAULT_GROUP = 64
GROUPS = (32, 64, 128)
SHRINKS = (1.0, 0.95, 0.9, 0.85)
"""Parts of the full range tried for a group: clipping one outlier serves the others (-16 % error on normal weights)."""
TILE_ELEMENTS = 1 << 20


class Scheme(StrEnum):
    """How the numbers of a weight are kept."""

    FLOAT = "float"
    INT8 = "int8"
    INT4 = "int4"


@dataclass(frozen=True, slots=True, eq=False)
class QuantizedWeight:
    """A matrix [out, in] in few bits; row-wise, so that stacking two is concatenating their tensors.

    int8: `values` int8 [out, in], `scales` float32 [out, 1], one scale a row.
    int4: `values` uint8 [out, padded / 2], column 2k in the low and 2k + 1 in the high half of byte k, each stored
    plus 8; `scales` bfloat16 [out, padded / group]; `padded` is `in` rounded up to a whole group, padding is zero.
    """

    scheme: Scheme
    values: Tensor
    scales: Tensor
    group: int
    shape: tuple[int, int]

    def __post_init__(self) -> None:
        """ValueError where the tensors do not have the shapes and types above."""
        rows = self.shape[0]
        if self.scheme is Scheme.INT8:
            wanted = (torch.int8, (rows, self.padded), torch.float32, (rows, 1))
        else:
            wanted = (torch.uint8, (rows, self.padded // 2), torch.bfloat16, (rows, self.padded // self.group))
        found = (self.values.dtype, tuple(self.values.shape), self.scales.dtype, tuple(self.scales.shape))
        if found != wanted:
            raise ValueError(f"values and scales are {found}, not {wanted}")

    @property
    def padded(self) -> int:
        """Columns that are stored, at least `in`."""
        return _rounded_up(self.shape[1], self.group) if self.scheme is Scheme.INT4 else self.shape[1]

    @property
    def nbytes(self) -> int:
        """Bytes of values and scales together."""
        return self.values.nbytes + self.scales.nbytes

    def codes(self) -> Tensor:
        """The whole numbers [out, padded] as int8, before scaling."""
        return self.values if self.scheme is Scheme.INT8 else unpack_nibbles(self.values)

    def dequantize(self, dtype: torch.dtype = torch.float32) -> Tensor:
        """The float matrix [out, in] that these bits stand for."""
        rows, columns = self.shape
        grouped = self.codes().to(torch.float32).view(rows, self.scales.shape[1], -1)
        return (grouped * self.scales.to(torch.float32)[:, :, None]).view(rows, -1)[:, :columns].to(dtype)

    def rows(self, start: int, stop: int) -> QuantizedWeight:
        """Rows start … stop, sharing memory."""
        values, scales = self.values[start:stop], self.scales[start:stop]
        return QuantizedWeight(self.scheme, values, scales, self.group, (values.shape[0], self.shape[1]))

    def to(self, device: torch.device) -> QuantizedWeight:
        """The same bits on another device."""
        return QuantizedWeight(self.scheme, self.values.to(device), self.scales.to(device), self.group, self.shape)


def stack(parts: Sequence[QuantizedWeight]) -> QuantizedWeight:
    """Rows of all parts, one below the other; ValueError where schemes, groups or widths differ."""
    first = parts[0]
    if any((p.scheme, p.group, p.shape[1]) != (first.scheme, first.group, first.shape[1]) for p in parts):
        raise ValueError("only weights of one scheme, group and width can be stacked")
    if len(parts) == 1:
        return first
    shape = (sum(p.shape[0] for p in parts), first.shape[1])
    values, scales = torch.cat([p.values for p in parts]), torch.cat([p.scales for p in parts])
    return QuantizedWeight(first.scheme, values, scales, first.group, shape)


def quantize(weight: Tensor, scheme: Scheme, group: int = DEFAULT_GROUP) -> QuantizedWeight:
    """A float matrix [out, in] in the bits of `scheme`; the same numbers always give the same bits.

    ValueError for the scheme without bits. Works on some rows at a time: temporary memory does not grow with `out`.
    """
    shape = (weight.shape[0], weight.shape[1])
    packed = _empty(shape, scheme, group)
    height = max(1, TILE_ELEMENTS // shape[1])
    for start in range(0, shape[0], height):
        exact = weight[start : start + height].to(torch.float32)
        values, scales = _int8(exact) if scheme is Scheme.INT8 else _int4(exact, group)
        packed.values[start : start + height] = values
        packed.scales[start : start + height] = scales
    return packed


def _empty(shape: tuple[int, int], scheme: Scheme, group: int) -> QuantizedWeight:
    rows, columns = shape
    if scheme is Scheme.INT8:
        values, scales = torch.empty(shape, dtype=torch.int8), torch.empty(rows, 1)
        return QuantizedWeight(scheme, values, scales, columns, shape)
    if scheme is Scheme.INT4:
        groups = -(-columns // group)
        values = torch.empty(rows, groups * group // 2, dtype=torch.uint8)
        return QuantizedWeight(scheme, values, torch.empty(rows, groups, dtype=torch.bfloat16), group, shape)
    raise ValueError(f"{scheme} has no bits to quantise to")


def _int8(exact: Tensor) -> tuple[Tensor, Tensor]:
    scales = exact.abs().amax(dim=1, keepdim=True) / INT8_LIMIT
    return _codes(exact, scales, -INT8_LIMIT, INT8_LIMIT).to(torch.int8), scales


def _int4(exact: Tensor, group: int) -> tuple[Tensor, Tensor]:
    """The number of greatest size in a group becomes -8 or lies beyond it: a scale may be negative, no code is idle."""
    rows, columns = exact.shape
    grouped = F.pad(exact, (0, _rounded_up(columns, group) - columns)).view(rows, -1, group)
    full = grouped.gather(2, grouped.abs().argmax(dim=2, keepdim=True)) / -INT4_ZERO
    scales = _nearest_scales(grouped, full)
    codes = _codes(grouped, scales, -INT4_ZERO, INT4_ZERO - 1).to(torch.int8)
    return pack_nibbles(codes.view(rows, -1)), scales.view(rows, -1)


def _nearest_scales(grouped: Tensor, full: Tensor) -> Tensor:
    """Of some scales below the full one, that of least squared error in each group [rows, groups, 1]."""
    scales, least = full.to(torch.bfloat16).to(torch.float32), torch.full_like(full, torch.inf)
    for shrink in SHRINKS:
        tried = (full * shrink).to(torch.bfloat16).to(torch.float32)
        codes = _codes(grouped, tried, -INT4_ZERO, INT4_ZERO - 1)
        error = codes.mul_(tried).sub_(grouped).square_().sum(dim=2, keepdim=True)
        scales, least = torch.where(error < least, tried, scales), torch.minimum(error, least)
    return scales


def packed_bytes(shape: tuple[int, int], scheme: Scheme, group: int = DEFAULT_GROUP) -> int:
    """What values and scales of a matrix [out, in] take, without making them."""
    with torch.device("meta"):
        return _empty(shape, scheme, group).nbytes


def pack_nibbles(codes: Tensor) -> Tensor:
    """int8 codes -8 … 7 [rows, columns] → uint8 [rows, columns / 2], the even column in the low half."""
    shifted = (codes + INT4_ZERO).to(torch.uint8)
    return shifted[:, 0::2] | (shifted[:, 1::2] << 4)


def unpack_nibbles(values: Tensor) -> Tensor:
    """The codes -8 … 7 as int8 that `pack_nibbles` was given."""
    halves = torch.stack((values & 0x0F, values >> 4), dim=2).view(values.shape[0], -1)
    return halves.to(torch.int8) - INT4_ZERO


def _codes(exact: Tensor, scales: Tensor, lowest: int, highest: int) -> Tensor:
    """exact / scales to the nearest whole number in range; zero where the scale is zero."""
    return (exact / torch.where(scales == 0, torch.ones_like(scales), scales)).round_().clamp_(lowest, highest)


def _rounded_up(count: int, multiple: int) -> int:
    return -(-count // multiple) * multiple
