"""The C library as Python calls it: against products in double precision, and its choice."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import torch
from torch import Tensor

from model.kernels import native
from model.kernels.choice import quantized_kernel
from model.kernels.native import MOST_COLUMNS, Library, NativeCoarseKernel, NativeKernel, Way, library
from model.kernels.stock import CpuInt4, CpuInt8
from model.packing import GROUPS, QuantizedWeight, Scheme, quantize
from tests.helpers.products import normal, product, relative

SCHEMES = [Scheme.INT8, Scheme.INT4]
KINDS = [(NativeKernel, Scheme.INT8), (NativeKernel, Scheme.INT4), (NativeCoarseKernel, Scheme.INT8)]
SHAPES = [(48, 64), (33, 40), (17, 63), (1, 1), (272, 1056), (16, 5000)]  # [out, in]


def rounding(kernel: type[NativeKernel], scheme: Scheme) -> float:
    """Of activations, without the weights' own."""
    return 2e-4 if scheme is Scheme.INT8 and kernel is NativeKernel else 9e-3


@pytest.fixture
def built() -> Library:
    found = library()
    assert found is not None, "the kernels are not built: run `installer/dev.py test`"
    return found


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize(("kernel_type", "scheme"), KINDS)
def test_each_way_gives_the_same_bits_in_any_company_of_rows(
    kernel_type: type[NativeKernel], scheme: Scheme, shape: tuple[int, int], built: Library
) -> None:
    weight, bias = quantize(normal(*shape), scheme), normal(shape[0], seed=1)
    x = normal(19, shape[1], seed=2)
    x[7] *= normal(shape[1], seed=3) ** 6  # a row with outliers among rows without
    whole = kernel_type(weight, built.ways[-1]).product(x, bias)
    wanted = product(x, weight) + bias.double()
    assert relative(whole[:7], wanted[:7]) < rounding(kernel_type, scheme)
    assert relative(whole[7], wanted[7]) < 1e-3  # what is outweighed by its neighbours is not lost
    for way in built.ways:
        kernel = kernel_type(weight, way)
        assert torch.equal(kernel.product(x, bias), whole)
        assert torch.equal(torch.cat([kernel.product(row[None], bias) for row in x]), whole)


@pytest.mark.parametrize(("kernel_type", "scheme"), KINDS)
def test_any_number_of_threads_gives_the_same_bits(
    kernel_type: type[NativeKernel], scheme: Scheme, built: Library
) -> None:
    weight, x = quantize(normal(1000, 300), scheme), normal(20, 300, seed=1)
    kernel = kernel_type(weight)
    one = kernel.product(x, None)
    before = torch.get_num_threads()
    try:
        for threads in (2, 3, 8, 200):
            torch.set_num_threads(threads)
            for _ in range(20):
                assert torch.equal(kernel.product(x, None), one)
    finally:
        torch.set_num_threads(before)


@pytest.mark.parametrize("group", GROUPS)
def test_groups_of_any_size(group: int, built: Library) -> None:
    weight, x = quantize(normal(40, 200), Scheme.INT4, group), normal(3, 200, seed=1)
    assert relative(NativeKernel(weight).product(x, None), product(x, weight)) < rounding(NativeKernel, Scheme.INT4)


@pytest.mark.parametrize("size", [1e-25, 1.0, 1e25])
@pytest.mark.parametrize(("kernel_type", "scheme"), KINDS)
def test_numbers_of_any_size_keep_their_precision(
    kernel_type: type[NativeKernel], scheme: Scheme, size: float, built: Library
) -> None:
    weight, x = quantize(normal(40, 200), scheme), normal(3, 200, seed=1)
    found = kernel_type(weight).product(x * size, None)
    assert relative(found.double() / size, product(x, weight)) < rounding(kernel_type, scheme)


@pytest.mark.parametrize("wrong", [torch.nan, torch.inf, -torch.inf])
@pytest.mark.parametrize(("kernel_type", "scheme"), KINDS)
def test_what_is_not_finite_is_not_hidden(
    kernel_type: type[NativeKernel], scheme: Scheme, wrong: float, built: Library
) -> None:
    weight, x = quantize(normal(40, 200), scheme), normal(3, 200, seed=1)
    clean = kernel_type(weight).product(x, None)
    x[1, 150] = wrong
    found = kernel_type(weight).product(x, None)
    assert found[1].isnan().all()
    assert torch.equal(found[[0, 2]], clean[[0, 2]])


@pytest.mark.parametrize(("kernel_type", "scheme"), KINDS)
def test_views_of_larger_tensors_are_read_as_they_look(
    kernel_type: type[NativeKernel], scheme: Scheme, built: Library
) -> None:
    weight, wide = quantize(normal(40, 200), scheme), normal(200, 6, seed=1)
    kernel = kernel_type(weight)
    assert torch.equal(kernel.product(wide.t()[::2], None), kernel.product(wide.t()[::2].clone(), None))
    bias = normal(80, seed=2)[::2]
    assert torch.equal(kernel.product(wide.t(), bias), kernel.product(wide.t(), bias.clone()))


def test_the_fastest_way_of_this_processor_serves_both_schemes(built: Library) -> None:
    for scheme in SCHEMES:
        kernel = quantized_kernel(quantize(normal(32, 64), scheme))
        assert isinstance(kernel, NativeKernel) == built.ways[0].vectors
        assert kernel.name == f"Sightline's {scheme} ({built.ways[0].name})"


def test_where_coarse_is_permitted_it_serves_int8_alone(built: Library) -> None:
    int8, int4 = (quantize(normal(32, 64), scheme) for scheme in SCHEMES)
    assert isinstance(quantized_kernel(int8, coarse=True), NativeCoarseKernel) == built.ways[0].vectors
    assert not isinstance(quantized_kernel(int8), NativeCoarseKernel)
    assert not isinstance(quantized_kernel(int4, coarse=True), NativeCoarseKernel)
    with pytest.raises(ValueError, match="int4"):
        NativeCoarseKernel(int4)


def test_torch_serves_where_the_library_is_missing_or_has_no_vectors(
    built: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    weights = [quantize(normal(32, 64), scheme) for scheme in SCHEMES]
    for ways in ((), (Way(0, "portable", vectors=False),)):
        monkeypatch.setattr(built, "ways", ways)
        assert [type(quantized_kernel(weight)) for weight in weights] == [CpuInt8, CpuInt4]
    monkeypatch.setattr(native, "library", lambda: None)
    assert [type(quantized_kernel(weight)) for weight in weights] == [CpuInt8, CpuInt4]


def test_a_weight_whose_sums_could_overflow_goes_elsewhere(built: Library) -> None:
    width = MOST_COLUMNS + 1
    weight = QuantizedWeight(Scheme.INT8, torch.ones(1, width, dtype=torch.int8), torch.ones(1, 1), width, (1, width))
    assert not NativeKernel.takes(weight)


def test_large_weights_lie_in_large_pages_and_are_the_same(built: Library) -> None:
    blocks = quantize(normal(1024, 4096), Scheme.INT8).in_blocks()
    assert torch.equal(NativeKernel(blocks).values, blocks.values)


def test_a_library_of_other_sources_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(native, "INTERFACE", native.INTERFACE + 1)
    library.cache_clear()
    try:
        assert library() is None
    finally:
        library.cache_clear()


def test_a_file_that_is_no_library_is_not_used(tmp_path: Path) -> None:
    (tmp_path / "broken.so").write_bytes(b"not a library")
    with pytest.raises(OSError, match="broken"):
        Library(tmp_path / "broken.so")


IDLE = """
import time
import torch
from model.kernels.native import NativeKernel
from model.packing import Scheme, quantize
torch.set_num_threads(4)
kernel = NativeKernel(quantize(torch.randn(512, 512), Scheme.INT4))
kernel.product(torch.randn(4, 512), None)
began, used = time.monotonic(), time.process_time()
while time.monotonic() < began + 0.5:
    time.sleep(0.1)
print(time.process_time() - used)
"""


def test_an_idle_pool_takes_no_time(built: Library) -> None:
    ran = subprocess.run([sys.executable, "-c", IDLE], capture_output=True, text=True, check=True)
    assert float(ran.stdout) < 0.1


def held(kernel: NativeKernel) -> int:
    return sum(each.nbytes for each in vars(kernel).values() if isinstance(each, Tensor))


@pytest.mark.parametrize("scheme", SCHEMES)
def test_memory_is_that_of_the_blocks(scheme: Scheme, built: Library) -> None:
    kernel = NativeKernel(quantize(normal(33, 100), scheme))
    assert kernel.nbytes == held(kernel)
