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
INT8_ZERO = 128
BLOCK_ROWS = 16
BLOCK_COLUMNS = 64
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


class Layout(StrEnum):
    """How the numbers of a weight lie in memory."""

    ROWS = "rows"
    BLOCKS = "blocks"


@dataclass(frozen=True, slots=True, eq=False)
class QuantizedWeight:
    """A matrix [out, in] in few bits.

    In rows, so that stacking two is concatenating their tensors:
    int8: `values` int8 [out, in], `scales` float32 [out, 1], one scale a row.
    int4: `values` uint8 [out, padded / 2], column 2k in the low and 2k + 1 in the high half of byte k, each stored
    plus 8; `scales` bfloat16 [out, padded / group]; `padded` is `in` rounded up to a whole group, padding is zero.

    In blocks of 16 rows, so that a lane of a vector is a row (`native/kernels.h`), padded by zeros:
    int8: `values` uint8 [blocks, padded / 4, 16, 4], each number plus 128; `scales` float32 [blocks, 16];
    `padded` is `in` rounded up to 64.
    int4: `values` uint8 [blocks, padded / 8, 16, 4], columns 8i + c low and 8i + 4 + c high in byte c;
    `scales` bfloat16 [blocks, padded / group, 16].
    """

    scheme: Scheme
    values: Tensor
    scales: Tensor
    group: int
    shape: tuple[int, int]
    layout: Layout = Layout.ROWS

    def __post_init__(self) -> None:
        """ValueError where the tensors do not have the shapes and types above."""
        wanted = _tensors(self.scheme, self.layout, self.shape, self.group)
        found = tuple(Blank(tensor.dtype, tuple(tensor.shape)) for tensor in (self.values, self.scales))
        if found != wanted:
            raise ValueError(f"values and scales are {found}, not {wanted}")

    @property
    def padded(self) -> int:
        """Columns that are stored, at least `in`."""
        return _padded(self.scheme, self.layout, self.shape[1], self.group)

    @property
    def nbytes(self) -> int:
        """Bytes of values and scales together."""
        return self.values.nbytes + self.scales.nbytes

    def codes(self) -> Tensor:
        """The whole numbers [out, padded] as int8, before scaling; `padded` as in rows."""
        values = self.in_rows().values
        return values if self.scheme is Scheme.INT8 else unpack_nibbles(values)

    def dequantize(self, dtype: torch.dtype = torch.float32) -> Tensor:
        """The float matrix [out, in] that these bits stand for."""
        if self.layout is Layout.BLOCKS:
            return self.in_rows().dequantize(dtype)
        rows, columns = self.shape
        grouped = self.codes().to(torch.float32).view(rows, self.scales.shape[1], -1)
        return (grouped * self.scales.to(torch.float32)[:, :, None]).view(rows, -1)[:, :columns].to(dtype)

    def rows(self, start: int, stop: int) -> QuantizedWeight:
        """Rows start … stop, in rows; sharing memory if they lie so."""
        if self.layout is Layout.BLOCKS:
            first = start // BLOCK_ROWS
            return self._blocks(first, -(-stop // BLOCK_ROWS)).in_rows().rows(
                start - first * BLOCK_ROWS, stop - first * BLOCK_ROWS
            )  # fmt: skip
        values, scales = self.values[start:stop], self.scales[start:stop]
        return self._like(values, scales, (values.shape[0], self.shape[1]), Layout.ROWS)

    def to(self, device: torch.device) -> QuantizedWeight:
        """The same bits on another device."""
        return self._like(self.values.to(device), self.scales.to(device), self.shape, self.layout)

    def in_rows(self) -> QuantizedWeight:
        """The same numbers in rows; itself where they lie so."""
        if self.layout is Layout.ROWS:
            return self
        rows, columns = self.shape
        width = _padded(self.scheme, Layout.ROWS, columns, self.group)
        if self.scheme is Scheme.INT8:
            values = (self.values.transpose(1, 2).reshape(-1, self.padded) ^ INT8_ZERO).view(torch.int8)
            return self._like(
                values[:rows, :width].contiguous(), self.scales.view(-1, 1)[:rows], self.shape, Layout.ROWS
            )
        halves = torch.stack((self.values & 0x0F, self.values >> 4), dim=2)  # [blocks, eights, half, 16, 4]
        codes = halves.permute(0, 3, 1, 2, 4).reshape(-1, self.padded)[:rows]
        scales = self.scales.transpose(1, 2).reshape(-1, self.scales.shape[1])[:rows]
        return self._like(codes[:, 0::2] | (codes[:, 1::2] << 4), scales, self.shape, Layout.ROWS)

    def in_blocks(self) -> QuantizedWeight:
        """The same numbers in blocks; itself where they lie so. Temporary memory does not grow with `out`."""
        if self.layout is Layout.BLOCKS:
            return self
        whole = _empty(self.shape, self.scheme, self.group, Layout.BLOCKS, self.values.device)
        height = _rounded_up(max(1, TILE_ELEMENTS // self.shape[1]), BLOCK_ROWS)
        for start in range(0, self.shape[0], height):
            tile = self.rows(start, start + height)
            first, last = start // BLOCK_ROWS, -(-(start + tile.shape[0]) // BLOCK_ROWS)
            whole.values[first:last], whole.scales[first:last] = tile._blocked(whole.padded)
        return whole

    def _blocked(self, padded: int) -> tuple[Tensor, Tensor]:
        """Values and scales in blocks."""
        more = -self.shape[0] % BLOCK_ROWS
        scales = F.pad(self.scales, (0, 0, 0, more))
        if self.scheme is Scheme.INT8:
            numbers = F.pad(self.values, (0, padded - self.shape[1], 0, more)).view(torch.uint8) ^ INT8_ZERO
            return numbers.view(-1, BLOCK_ROWS, padded // 4, 4).transpose(1, 2), scales.view(-1, BLOCK_ROWS)
        codes = F.pad(
            torch.stack((self.values & 0x0F, self.values >> 4), dim=2), (0, 0, 0, 0, 0, more), value=INT4_ZERO
        )
        halves = codes.view(-1, BLOCK_ROWS, padded // 8, 2, 4)
        values = halves[:, :, :, 0] | (halves[:, :, :, 1] << 4)
        return values.transpose(1, 2), scales.view(-1, BLOCK_ROWS, scales.shape[1]).transpose(1, 2)

    def _blocks(self, first: int, last: int) -> QuantizedWeight:
        rows = min(self.shape[0], last * BLOCK_ROWS) - first * BLOCK_ROWS
        return self._like(self.values[first:last], self.scales[first:last], (rows, self.shape[1]), Layout.BLOCKS)

    def _like(self, values: Tensor, scales: Tensor, shape: tuple[int, int], layout: Layout) -> QuantizedWeight:
        return QuantizedWeight(self.scheme, values, scales, self.group, shape, layout)


def stack(parts: Sequence[QuantizedWeight]) -> QuantizedWeight:
    """Rows of all parts, one below the other; ValueError where schemes, groups or widths differ.

    Blocks stay blocks where all parts but the last fill theirs.
    """
    first = parts[0]
    if any((p.scheme, p.group, p.shape[1]) != (first.scheme, first.group, first.shape[1]) for p in parts):
        raise ValueError("only weights of one scheme, group and width can be stacked")
    if len(parts) == 1:
        return first
    full = all(part.shape[0] % BLOCK_ROWS == 0 for part in parts[:-1])
    if not full or any(part.layout is not first.layout for part in parts):
        parts = [part.in_rows() for part in parts]
    shape = (sum(part.shape[0] for part in parts), first.shape[1])
    values, scales = torch.cat([p.values for p in parts]), torch.cat([p.scales for p in parts])
    return QuantizedWeight(first.scheme, values, scales, first.group, shape, parts[0].layout)


def quantize(weight: Tensor, scheme: Scheme, group: int = DEFAULT_GROUP) -> QuantizedWeight:
    """A float matrix [out, in] in the bits of `scheme`; the same numbers always give the same bits.

    ValueError for the scheme without bits. Works on some rows at a time: temporary memory does not grow with `out`.
    """
    shape = (weight.shape[0], weight.shape[1])
    packed = _empty(shape, scheme, group, Layout.ROWS)
    height = max(1, TILE_ELEMENTS // shape[1])
    for start in range(0, shape[0], height):
        exact = weight[start : start + height].to(torch.float32)
        values, scales = _int8(exact) if scheme is Scheme.INT8 else _int4(exact, group)
        packed.values[start : start + height] = values
        packed.scales[start : start + height] = scales
    return packed


@dataclass(frozen=True, slots=True)
class Blank:
    """What a tensor is like, without it."""

    dtype: torch.dtype
    shape: tuple[int, ...]

    @property
    def nbytes(self) -> int:
        """What it takes."""
        return torch.Size(self.shape).numel() * self.dtype.itemsize


def _tensors(scheme: Scheme, layout: Layout, shape: tuple[int, int], group: int) -> tuple[Blank, Blank]:
    """Values and scales of a matrix [out, in]; ValueError for the scheme without bits."""
    rows, padded = shape[0], _padded(scheme, layout, shape[1], group)
    blocks = -(-rows // BLOCK_ROWS)
    match scheme, layout:
        case Scheme.INT8, Layout.ROWS:
            return Blank(torch.int8, (rows, padded)), Blank(torch.float32, (rows, 1))
        case Scheme.INT8, Layout.BLOCKS:
            return Blank(torch.uint8, (blocks, padded // 4, BLOCK_ROWS, 4)), Blank(torch.float32, (blocks, BLOCK_ROWS))
        case Scheme.INT4, Layout.ROWS:
            return Blank(torch.uint8, (rows, padded // 2)), Blank(torch.bfloat16, (rows, padded // group))
        case Scheme.INT4, Layout.BLOCKS:
            scales = Blank(torch.bfloat16, (blocks, padded // group, BLOCK_ROWS))
            return Blank(torch.uint8, (blocks, padded // 8, BLOCK_ROWS, 4)), scales
    raise ValueError(f"{scheme} has no bits to quantise to")


def _padded(scheme: Scheme, layout: Layout, columns: int, group: int) -> int:
    if scheme is Scheme.INT8:
        return columns if layout is Layout.ROWS else _rounded_up(columns, BLOCK_COLUMNS)
    return _rounded_up(columns, group)


def blank(shape: tuple[int, int], scheme: Scheme, group: int = DEFAULT_GROUP) -> QuantizedWeight:
    """A matrix [out, in] in blocks whose numbers are still to be written."""
    return _empty(shape, scheme, group, Layout.BLOCKS)


def _empty(
    shape: tuple[int, int], scheme: Scheme, group: int, layout: Layout, device: torch.device | None = None
) -> QuantizedWeight:
    group = shape[1] if scheme is Scheme.INT8 else group
    blanks = _tensors(scheme, layout, shape, group)
    values, scales = (torch.empty(blank.shape, dtype=blank.dtype, device=device) for blank in blanks)
    return QuantizedWeight(scheme, values, scales, group, shape, layout)


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


def packed_bytes(
    shape: tuple[int, int], scheme: Scheme, group: int = DEFAULT_GROUP, layout: Layout = Layout.ROWS
) -> int:
    """What values and scales of a matrix [out, in] take, without making them."""
    return sum(blank.nbytes for blank in _tensors(scheme, layout, shape, group))


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
