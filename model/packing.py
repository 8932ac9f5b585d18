"""Weights in eight or four bits: how they are rounded, laid out and turned back. Knows no files and no kernels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import torch
from torch import Tensor

INT8_LIMIT = 127
INT4_ZERO = 8
DEFAULT_GROUP = 64
GROUPS = (32, 64, 128)


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
        return QuantizedWeight(
            self.scheme, self.values.to(device), self.scales.to(device), self.group, self.shape
        )


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


def quantize_int8(weight: Tensor) -> QuantizedWeight:
    """A float matrix [out, in] in eight bits, symmetric, one scale a row."""
    exact = weight.to(torch.float32)
    scales = exact.abs().amax(dim=1, keepdim=True) / INT8_LIMIT
    codes = _divided(exact, scales).round_().clamp_(-INT8_LIMIT, INT8_LIMIT).to(torch.int8)
    return QuantizedWeight(Scheme.INT8, codes, scales, exact.shape[1], (exact.shape[0], exact.shape[1]))


def quantize_int4(weight: Tensor, group: int = DEFAULT_GROUP) -> QuantizedWeight:
    """A float matrix [out, in] in four bits, symmetric, one scale for each `group` columns of a row.

    The value of greatest size becomes exactly -8, so that all sixteen codes are used and a scale may be negative.
    """
    rows, columns = weight.shape
    padding = _rounded_up(columns, group) - columns
    exact = torch.nn.functional.pad(weight.to(torch.float32), (0, padding)).view(rows, -1, group)
    extremes = exact.gather(2, exact.abs().argmax(dim=2, keepdim=True))
    scales = (extremes / -INT4_ZERO).to(torch.bfloat16)
    codes = _divided(exact, scales.to(torch.float32)).round_().clamp_(-INT4_ZERO, INT4_ZERO - 1)
    values = pack_nibbles(codes.to(torch.int8).view(rows, -1))
    return QuantizedWeight(Scheme.INT4, values, scales.view(rows, -1), group, (rows, columns))


def quantize(weight: Tensor, scheme: Scheme, group: int = DEFAULT_GROUP) -> QuantizedWeight:
    """A float matrix [out, in] in the bits of `scheme`; ValueError for the scheme that has none."""
    if scheme is Scheme.INT8:
        return quantize_int8(weight)
    if scheme is Scheme.INT4:
        return quantize_int4(weight, group)
    raise ValueError(f"{scheme} is not a quantised scheme")


def pack_nibbles(codes: Tensor) -> Tensor:
    """int8 codes -8 … 7 [rows, columns] → uint8 [rows, columns / 2], the even column in the low half."""
    shifted = (codes + INT4_ZERO).to(torch.uint8)
    return shifted[:, 0::2] | (shifted[:, 1::2] << 4)


def unpack_nibbles(values: Tensor) -> Tensor:
    """The codes -8 … 7 as int8 that `pack_nibbles` was given."""
    halves = torch.stack((values & 0x0F, values >> 4), dim=2).view(values.shape[0], -1)
    return halves.to(torch.int8) - INT4_ZERO


def _divided(exact: Tensor, scales: Tensor) -> Tensor:
    """exact / scales, and zero where the scale is zero."""
    return exact / torch.where(scales == 0, torch.ones_like(scales), scales)


def _rounded_up(count: int, multiple: int) -> int:
    return -(-count // multiple) * multiple
