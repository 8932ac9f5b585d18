"""torch's products, which serve where the C library is not built."""

from __future__ import annotations

import platform
import sys

import pytest
import torch
from torch import Tensor

from model.kernels import native
from model.kernels.kernel import PortableKernel
from model.kernels.stock import CpuInt4, CpuInt8
from model.linear import Linear
from model.packing import Scheme, quantize
from tests.helpers.products import BFLOAT16, normal, product, relative

SCHEMES = [Scheme.INT8, Scheme.INT4]
ROWS = [1, 2, 5, 16, 50]
TWO_DIGITS = 2e-4  # where activations are 16-bit numbers and sums exact


@pytest.fixture(autouse=True)
def not_built(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(native, "library", lambda: None)


@pytest.mark.parametrize("rows", ROWS)
def test_a_processor_without_integer_dot_products(rows: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: {"avx2": True})
    for shape, kind in (((48, 64), CpuInt8), ((48, 63), PortableKernel)):
        weight = quantize(normal(*shape), Scheme.INT8)
        linear = Linear.from_quantized(weight)
        monkeypatch.setattr(torch, "_int_mm", forbidden)
        x = normal(rows, shape[1], seed=1)
        assert isinstance(linear.kernel, kind)
        assert relative(linear(x), product(x, weight)) < BFLOAT16


@pytest.mark.parametrize("rows", ROWS)
def test_windows_has_no_vector_code_for_bfloat16_against_int8(rows: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: {"avx2": True, "avx512_vnni": True})
    monkeypatch.setattr(sys, "platform", "win32")
    weight = quantize(normal(48, 64), Scheme.INT8)
    linear = Linear.from_quantized(weight)
    monkeypatch.setattr(torch, "_weight_int8pack_mm", forbidden)
    x = normal(rows, 64, seed=1)
    assert relative(linear(x), product(x, weight)) < TWO_DIGITS


@pytest.mark.parametrize(
    ("system", "machine", "capabilities", "kernels_chosen"),
    [
        ("linux", "x86_64", {"avx2": True}, [CpuInt8, CpuInt4]),
        ("linux", "x86_64", {}, [PortableKernel, PortableKernel]),
        ("linux", "aarch64", {}, [CpuInt8, CpuInt4]),
        ("darwin", "arm64", {}, [CpuInt8, CpuInt4]),
        ("win32", "AMD64", {"avx2": True}, [PortableKernel, PortableKernel]),
        ("win32", "AMD64", {"avx2": True, "avx_vnni": True}, [CpuInt8, PortableKernel]),
    ],
)
def test_each_machine_has_the_kernels_that_are_more_than_a_loop(
    system: str,
    machine: str,
    capabilities: dict[str, bool],
    kernels_chosen: list[type],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: capabilities)
    monkeypatch.setattr(sys, "platform", system)
    monkeypatch.setattr(platform, "machine", lambda: machine)
    weights = [quantize(normal(32, 64), scheme) for scheme in SCHEMES]
    assert [type(Linear.from_quantized(weight).kernel) for weight in weights] == kernels_chosen


def forbidden(*_: Tensor) -> Tensor:
    raise AssertionError("this product must not be used here")


def test_rows_that_are_no_whole_blocks_of_sixteen_fall_back() -> None:
    assert isinstance(Linear.from_quantized(quantize(normal(32, 64), Scheme.INT4)).kernel, CpuInt4)
    assert isinstance(Linear.from_quantized(quantize(normal(33, 64), Scheme.INT4)).kernel, PortableKernel)
