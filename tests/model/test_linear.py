"""Packed weights against the numbers they stand for, and every kernel against a product in float64."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
from torch import Tensor

from model import packing
from model.kernels import kernel, native
from model.kernels.kernel import PortableKernel
from model.kernels.native import NativeKernel
from model.kernels.stock import CpuInt8
from model.linear import Embedding, Linear
from model.packing import GROUPS, QuantizedWeight, Scheme, pack_nibbles, packed_bytes, quantize, stack, unpack_nibbles
from tests.helpers.products import BFLOAT16, normal, product, relative

SCHEMES = [Scheme.INT8, Scheme.INT4]
SHAPES = [(48, 64), (96, 128), (80, 100), (33, 40), (17, 63), (1, 1), (272, 1056)]  # [out, in]
ROWS = [1, 2, 5, 16, 50]
DTYPES = [torch.float32, torch.bfloat16]
TWO_DIGITS = 2e-4  # where activations are 16-bit numbers and sums exact


@pytest.fixture(autouse=True, params=["own", "torch's"])
def kernels(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every test holds with the C library and without it; a model that was run in this process flushes denormals."""
    torch.set_flush_denormal(False)
    if request.param == "own":
        assert native.library() is not None, "the kernels are not built: run `installer/dev.py test`"
    else:
        monkeypatch.setattr(native, "library", lambda: None)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("dtype", DTYPES)
def test_every_row_count_equals_the_product_with_the_dequantised_weight(
    scheme: Scheme, shape: tuple[int, int], dtype: torch.dtype
) -> None:
    weight = quantize(normal(*shape), scheme)
    bias = normal(shape[0], seed=1, dtype=dtype)
    linear = Linear.from_quantized(weight, bias)
    for rows in ROWS:
        x = normal(rows, shape[1], seed=rows, dtype=dtype)
        y = linear(x)
        assert y.dtype == dtype
        assert y.shape == (rows, shape[0])
        assert relative(y, product(x, weight) + bias.double()) < BFLOAT16


def test_many_rows_against_int8_keep_more_than_bfloat16_would() -> None:
    weight = quantize(normal(272, 1056), Scheme.INT8)
    x = normal(50, 1056, seed=1)
    linear = Linear.from_quantized(weight)
    if isinstance(linear.kernel, CpuInt8) and not linear.kernel.integers_fit:
        pytest.skip("on a processor without integer dot products torch's kernel is bfloat16's for many rows too")
    assert relative(linear(x), product(x, weight)) < TWO_DIGITS


@pytest.mark.parametrize("rows", [1, 4, 5, 50])
@pytest.mark.parametrize("scheme", SCHEMES)
def test_an_outlier_among_the_activations_leaves_the_others_their_effect(scheme: Scheme, rows: int) -> None:
    exact = normal(96, 128)
    exact[:, 7] = 0
    weight = quantize(exact, scheme)
    x = normal(rows, 128, seed=1)
    calm = product(x, weight)
    x[:, 7] = 1000  # as in the residual stream of language models; met by a column of zeros
    assert relative(Linear.from_quantized(weight)(x), calm) < 3 * BFLOAT16


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_portable_kernel_in_many_tiles_equals_the_product(
    scheme: Scheme, dtype: torch.dtype, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kernel, "TILE_ELEMENTS", 1000)
    weight = quantize(normal(80, 100), scheme)
    x = normal(3, 100, seed=1, dtype=dtype)
    bias = normal(80, seed=2, dtype=dtype)
    y = PortableKernel(weight).product(x, bias)
    assert relative(y, product(x, weight) + bias.double()) < (1e-6 if dtype == torch.float32 else BFLOAT16)


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs an NVIDIA GPU")
@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("shape", [(96, 128), (80, 100), (33, 40)])
def test_cuda_kernels_equal_the_product(scheme: Scheme, shape: tuple[int, int]) -> None:
    weight = quantize(normal(*shape), scheme)
    linear = Linear.from_quantized(weight.to(torch.device("cuda")))
    for rows in ROWS:
        x = normal(rows, shape[1], seed=rows, dtype=torch.bfloat16)
        assert relative(linear(x.cuda()).cpu(), product(x, weight)) < BFLOAT16


@pytest.mark.parametrize("scheme", SCHEMES)
def test_leading_dimensions_are_kept_and_nothing_in_is_nothing_out(scheme: Scheme) -> None:
    weight = quantize(normal(48, 64), scheme)
    linear = Linear.from_quantized(weight)
    x = normal(2, 3, 64, seed=1)
    assert relative(linear(x), product(x, weight)) < BFLOAT16
    assert linear(x[:0]).shape == (0, 3, 48)
    assert linear(x.transpose(0, 1)).shape == (3, 2, 48)
    assert relative(linear(x.transpose(0, 1)), product(x.transpose(0, 1), weight)) < BFLOAT16


@pytest.mark.parametrize("scheme", SCHEMES)
def test_activations_of_zero_and_of_extreme_size(scheme: Scheme) -> None:
    weight = quantize(normal(48, 64), scheme)
    linear = Linear.from_quantized(weight)
    x = normal(6, 64, seed=1)
    assert linear(torch.zeros(6, 64)).eq(0).all()
    for size in (1e-30, 1e30):
        assert relative(linear(x * size), product(x * size, weight)) < BFLOAT16
    x[3, 5] = float("nan")
    assert linear(x)[3].isnan().all()
    assert linear(x)[[0, 1, 2, 4, 5]].isfinite().all()


def test_floats_are_used_as_they_are() -> None:
    weight, bias, x = normal(5, 7), normal(5, seed=1), normal(3, 7, seed=2)
    linear = Linear.from_float(weight, bias)
    assert torch.equal(linear(x), torch.nn.functional.linear(x, weight, bias))
    assert (linear.in_features, linear.out_features, linear.scheme) == (7, 5, Scheme.FLOAT)
    assert linear.nbytes == (35 + 5) * 4
    assert not list(linear.parameters())


@pytest.mark.parametrize("rows", ROWS)
@pytest.mark.parametrize("scheme", [Scheme.FLOAT, *SCHEMES])
def test_fused_equals_separate(scheme: Scheme, rows: int) -> None:
    exact = [normal(height, 100, seed=height) for height in (48, 16, 32)]
    biases = [normal(48, seed=1), None, normal(32, seed=2)]
    x = normal(rows, 100, seed=3)
    if scheme is Scheme.FLOAT:
        fused = Linear.fuse_float(exact, biases)
        separate = [Linear.from_float(w, b) for w, b in zip(exact, biases, strict=True)]
    else:
        weights = [quantize(w, scheme) for w in exact]
        fused = Linear.fuse_quantized(weights, biases)
        separate = [Linear.from_quantized(w, b) for w, b in zip(weights, biases, strict=True)]
        whole = quantize(torch.cat(exact), scheme)
        assert torch.equal(stack(weights).values, whole.values)
        assert torch.equal(stack(weights).scales, whole.scales)
    torch.testing.assert_close(fused(x), torch.cat([part(x) for part in separate], dim=1), rtol=1e-6, atol=1e-5)


def test_fused_without_any_bias_has_none() -> None:
    assert Linear.fuse_float([normal(2, 3), normal(4, 3)], [None, None]).bias is None


@pytest.mark.parametrize("group", GROUPS)
@pytest.mark.parametrize("scheme", SCHEMES)
def test_memory_is_that_of_the_packed_weight(scheme: Scheme, group: int) -> None:
    rows, columns = 512, 1024
    weight = quantize(normal(rows, columns), scheme, group)
    linear = Linear.from_quantized(weight, normal(rows))
    held = sum(each.nbytes for each in vars(linear.kernel).values() if isinstance(each, Tensor))
    scale_bits = 16 if isinstance(linear.kernel, NativeKernel) else 32  # torch keeps a zero beside each scale
    bits = {Scheme.INT8: 8, Scheme.INT4: 4 + scale_bits / group}[scheme]
    assert linear.nbytes == held + rows * 4
    assert held == pytest.approx(rows * columns * bits / 8, rel=0.01)
    assert weight.nbytes == packed_bytes((rows, columns), scheme, group)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("group", GROUPS)
def test_packed_size_is_known_beforehand(shape: tuple[int, int], group: int) -> None:
    for scheme in SCHEMES:
        assert quantize(normal(*shape), scheme, group).nbytes == packed_bytes(shape, scheme, group)


# What lies in a file: these pin the format.


def test_nibbles_hold_even_columns_low_and_odd_columns_high() -> None:
    codes = torch.tensor([[-8, 7, 0, -1], [1, 2, 3, -4]], dtype=torch.int8)
    assert pack_nibbles(codes).tolist() == [[0xF0, 0x78], [0xA9, 0x4B]]
    every = torch.cartesian_prod(*[torch.arange(-8, 8, dtype=torch.int8)] * 2)
    assert torch.equal(unpack_nibbles(pack_nibbles(every)), every)


@pytest.mark.parametrize("group", GROUPS)
def test_int4_is_code_times_the_scale_of_its_group(group: int) -> None:
    weight = quantize(normal(6, 100), Scheme.INT4, group)
    codes = unpack_nibbles(weight.values)
    assert codes[:, 100:].eq(0).all()
    for row, column in ((0, 0), (2, 31), (3, 32), (4, 64), (5, 99)):
        wanted = float(codes[row, column]) * float(weight.scales[row, column // group])
        assert float(weight.dequantize()[row, column]) == wanted


def test_int8_is_code_times_the_scale_of_its_row() -> None:
    weight = quantize(normal(6, 100), Scheme.INT8)
    assert torch.equal(weight.dequantize(), weight.values.float() * weight.scales)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_tiles_of_rows_give_the_same_bits_as_one_piece(scheme: Scheme, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = quantize(normal(80, 100), scheme)
    monkeypatch.setattr(packing, "TILE_ELEMENTS", 700)
    tiled = quantize(normal(80, 100), scheme)
    assert torch.equal(whole.values, tiled.values)
    assert torch.equal(whole.scales, tiled.scales)


# How near the numbers are.


def test_int8_is_within_half_a_step() -> None:
    exact = normal(64, 256)
    weight = quantize(exact, Scheme.INT8)
    assert ((weight.dequantize() - exact).abs() <= weight.scales * 0.5001).all()
    assert relative(weight.dequantize(), exact.double()) < 0.01


@pytest.mark.parametrize(("group", "bound"), [(32, 0.085), (64, 0.093), (128, 0.099)])
def test_int4_of_normal_numbers_is_nearer_than_plain_rounding(group: int, bound: float) -> None:
    exact = normal(256, 1024)
    error = relative(quantize(exact, Scheme.INT4, group).dequantize(), exact.double())
    grouped = exact.view(256, -1, group)
    scales = grouped.abs().amax(2, keepdim=True) / 7
    plain = relative((grouped / scales).round() * scales, grouped.double())
    assert error < bound
    assert error < 0.87 * plain


@pytest.mark.parametrize("group", GROUPS)
def test_int4_is_within_half_a_step_but_for_the_clipped(group: int) -> None:
    exact = normal(64, 256)
    weight = quantize(exact, Scheme.INT4, group)
    steps = weight.scales.float().abs().repeat_interleave(group, dim=1)
    inside = unpack_nibbles(weight.values).float().sub(-0.5).abs() < 7  # neither -8 nor 7
    assert inside.float().mean() > 0.9
    assert ((weight.dequantize() - exact).abs() <= steps * 0.5001)[inside].all()


@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_extreme_of_either_sign_is_kept(scheme: Scheme, sign: int) -> None:
    exact = torch.zeros(16, 64)
    exact[:, 5] = sign * 4.0  # a power of two: scales are exact too
    exact[:, 9] = sign * -0.5
    weight = quantize(exact, scheme)
    torch.testing.assert_close(weight.dequantize()[:, 5], exact[:, 5], rtol=1e-6, atol=0)
    if scheme is Scheme.INT4:
        assert torch.equal(weight.dequantize(), exact)
        assert unpack_nibbles(weight.values)[:, 5].eq(-8).all()


@pytest.mark.parametrize("scheme", SCHEMES)
def test_rows_and_groups_of_zeros_stay_zero(scheme: Scheme) -> None:
    exact = normal(16, 128)
    exact[3] = 0
    exact[5, 64:] = 0
    weight = quantize(exact, scheme)
    assert weight.dequantize()[3].eq(0).all()
    assert weight.dequantize()[5, 64:].eq(0).all()
    linear = Linear.from_quantized(weight)
    assert linear(normal(7, 128, seed=1))[:, 3].eq(0).all()
    assert relative(linear(normal(7, 128, seed=1)), product(normal(7, 128, seed=1), weight)) < BFLOAT16


@pytest.mark.parametrize("size", [1e-37, 1e-20, 1e20, 1e36])
@pytest.mark.parametrize("scheme", SCHEMES)
def test_weights_of_extreme_size_keep_their_precision(scheme: Scheme, size: float) -> None:
    exact = normal(32, 128) * size
    weight = quantize(exact, scheme)
    bound = 0.11 if scheme is Scheme.INT4 else 0.01
    assert relative(weight.dequantize().double() / size, exact.double() / size) < bound
    x = normal(6, 128, seed=1)
    assert relative(Linear.from_quantized(weight)(x).double() / size, product(x, weight) / size) < BFLOAT16


def test_denormal_weights_become_zero_not_noise() -> None:
    for scheme in SCHEMES:
        assert quantize(torch.full((16, 64), 1e-44), scheme).dequantize().abs().max() <= 2e-44


# Tables of rows.


@pytest.mark.parametrize("dtype", DTYPES)
def test_rows_looked_up_are_those_of_the_table(dtype: torch.dtype) -> None:
    exact = normal(50, 24)
    packed = quantize(exact, Scheme.INT8)
    ids = torch.tensor([[3, 49, 3], [0, 1, 2]])
    found = Embedding.from_quantized(packed, dtype)(ids)
    assert found.dtype == dtype
    assert torch.equal(found, packed.dequantize(dtype)[ids])
    stored = exact.to(torch.bfloat16)
    table = Embedding.from_float(stored, dtype)
    assert torch.equal(table(ids), stored[ids].to(dtype))
    assert table.nbytes == 50 * 24 * 2
    assert Embedding.from_quantized(packed, dtype).nbytes == packed.nbytes


# What cannot be.


def test_misuse_is_refused() -> None:
    int8, int4 = (quantize(normal(16, 64), scheme) for scheme in SCHEMES)
    narrow = quantize(normal(16, 32), Scheme.INT8)
    refused: list[Callable[[], object]] = [
        lambda: stack([int8, int4]),
        lambda: stack([int8, narrow]),
        lambda: stack([int4, quantize(normal(16, 64), Scheme.INT4, 32)]),
        lambda: quantize(normal(16, 64), Scheme.FLOAT),
        lambda: Embedding.from_quantized(int4, torch.float32),
        lambda: QuantizedWeight(Scheme.INT4, int4.values, int4.scales, 32, int4.shape),
        lambda: QuantizedWeight(Scheme.INT8, int8.values, int8.scales, 64, (16, 65)),
        lambda: QuantizedWeight(Scheme.INT8, int4.values, int8.scales, 64, int8.shape),
    ]
    for attempt in refused:
        with pytest.raises(ValueError, match=r"\w"):
            attempt()
