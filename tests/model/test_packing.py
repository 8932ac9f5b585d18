"""The two layouts of packed weights hold the same numbers."""

from __future__ import annotations

import pytest
import torch

from model import packing
from model.packing import GROUPS, Layout, QuantizedWeight, Scheme, packed_bytes, quantize, stack
from tests.helpers.products import normal

SHAPES = [(48, 64), (33, 40), (17, 63), (1, 1), (64, 1), (272, 1056)]
KINDS = [(Scheme.INT8, 64), *((Scheme.INT4, group) for group in GROUPS)]


def equal(found: QuantizedWeight, wanted: QuantizedWeight) -> bool:
    pairs = ((found.values, wanted.values), (found.scales, wanted.scales))
    return found.layout is wanted.layout and found.shape == wanted.shape and all(torch.equal(*pair) for pair in pairs)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize(("scheme", "group"), KINDS)
def test_blocks_hold_the_numbers_of_the_rows(scheme: Scheme, group: int, shape: tuple[int, int]) -> None:
    rows = quantize(normal(*shape), scheme, group)
    blocks = rows.in_blocks()
    assert blocks.layout is Layout.BLOCKS
    assert equal(blocks.in_rows(), rows)
    assert torch.equal(blocks.dequantize(), rows.dequantize())
    assert torch.equal(blocks.codes(), rows.codes())
    assert blocks.nbytes == packed_bytes(shape, scheme, group, Layout.BLOCKS)
    assert blocks.in_blocks() is blocks
    assert rows.in_rows() is rows


@pytest.mark.parametrize(("scheme", "group"), KINDS)
def test_blocks_made_tile_by_tile_are_those_made_at_once(
    scheme: Scheme, group: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = quantize(normal(100, 60), scheme, group)
    whole = rows.in_blocks()
    monkeypatch.setattr(packing, "TILE_ELEMENTS", 1000)
    assert equal(rows.in_blocks(), whole)


def test_an_int4_byte_holds_columns_four_apart() -> None:
    weight = quantize(normal(32, 64), Scheme.INT4)
    codes, blocks = weight.codes() + 8, weight.in_blocks()
    for output, column in ((0, 0), (3, 5), (17, 13), (31, 63)):
        pair = int(blocks.values[output // 16, column // 8, output % 16, column % 4])
        assert (pair >> 4 if column % 8 >= 4 else pair & 15) == codes[output, column]


def test_padding_is_zero() -> None:
    for scheme in (Scheme.INT4, Scheme.INT8):
        blocks = quantize(torch.full((17, 70), 3.0), scheme).in_blocks()
        larger = QuantizedWeight(scheme, blocks.values, blocks.scales, blocks.group, (32, blocks.padded), Layout.BLOCKS)
        if scheme is Scheme.INT4:
            assert not larger.dequantize()[:, 70:].any()
        assert not larger.dequantize()[17:].any()
        assert not larger.codes()[17:].any()


@pytest.mark.parametrize(("start", "stop"), [(0, 5), (16, 32), (5, 40), (30, 60), (47, 48)])
@pytest.mark.parametrize(("scheme", "group"), KINDS)
def test_some_rows_of_blocks(scheme: Scheme, group: int, start: int, stop: int) -> None:
    rows = quantize(normal(48, 60), scheme, group)
    assert equal(rows.in_blocks().rows(start, stop), rows.rows(start, min(stop, 48)))


@pytest.mark.parametrize(("scheme", "group"), KINDS)
def test_stacked_blocks_stay_blocks_where_they_are_full(scheme: Scheme, group: int) -> None:
    parts = [quantize(normal(count, 60, seed=count), scheme, group) for count in (32, 16, 5)]
    blocks = stack([part.in_blocks() for part in parts])
    assert equal(blocks, stack(parts).in_blocks())
    partly = stack([part.in_blocks() for part in reversed(parts)])
    assert equal(partly, stack(list(reversed(parts))))
    assert equal(stack([parts[0], parts[1].in_blocks()]), stack(parts[:2]))
