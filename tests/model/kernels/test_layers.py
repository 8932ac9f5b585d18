"""A few rows through whole layers in C: against torch's attention, transformers' rotary, and what a cache promises."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor
from transformers.models.qwen2_5_omni.modeling_qwen2_5_omni import apply_rotary_pos_emb

from model.benchmark.drawn import DrawnWeights
from model.decoder import FEW_ROWS, Decoder, DecoderLayer, DecoderShape, KeyValueCache
from model.errors import Cancelled, never_cancelled
from model.kernels import layers
from model.kernels.kernel import PackedKernel, PortableKernel
from model.kernels.layers import KINDS_OF_WORK, CachePlaces, FactorRecord, LayerCalls, LayerRecord, StepRecord
from model.kernels.native import Library, NativeKernel, Product, Way, library
from model.loading import Placement
from model.packing import Scheme
from tests.helpers.checks import Breaker
from tests.helpers.products import normal, relative

NARROW = Placement(torch.device("cpu"), torch.float32, torch.float16)
SHAPE = DecoderShape(96, 160, 3, 14, 2, 16, 1e-6, 1e4, (2, 3, 3))


@pytest.fixture
def calls() -> LayerCalls:
    found = library()
    assert found is not None, "the kernels are not built: run `installer/dev.py test`"
    return LayerCalls(found)


def address(record: ctypes.Structure) -> int:
    return ctypes.addressof(record)


@pytest.mark.parametrize("length", [0, 1, 255, 256, 700])
@pytest.mark.parametrize(
    ("heads", "key_heads", "width"), [(16, 2, 128), (14, 2, 64), (3, 3, 16), (24, 2, 80), (5, 1, 6)]
)
def test_attention_is_torchs_after_the_rotary_of_transformers(
    heads: int, key_heads: int, width: int, length: int, calls: LayerCalls
) -> None:
    rows, room = 3, length + 5
    keys, values = (normal(key_heads, room, width, seed=seed).half() for seed in (1, 2))
    before = keys.clone(), values.clone()
    qkv = 2 * normal(rows, (heads + 2 * key_heads) * width, seed=3)
    angle = normal(rows, width // 2, seed=4).repeat(1, 2)
    cosine, sine = angle.cos(), angle.sin()
    signed = sine.clone()
    signed[:, : width // 2] *= -1
    none = FactorRecord(product=Product.INT8)
    record = LayerRecord(none, none, none, none, heads=heads, key_heads=key_heads, width=width)
    places = CachePlaces([keys], [values])
    found = torch.empty(len(calls.ways), rows, heads * width)
    for y, way in zip(found, calls.ways, strict=True):
        step = StepRecord(
            cosine=cosine.data_ptr(),
            sine=signed.data_ptr(),
            keys=places.keys,
            values=places.values,
            rows=rows,
            length=length,
            room=room,
            vectors=way.number,
            threads=2,
        )
        workspace = torch.empty(calls.workspace(address(record), address(step)), dtype=torch.uint8)
        step.workspace = workspace.data_ptr()
        calls.attend(address(record), address(step), 0, qkv.data_ptr(), y.data_ptr())
    queries, fresh, new = qkv.view(rows, -1, width).split([heads, key_heads, key_heads], dim=1)
    turned = apply_rotary_pos_emb(queries, fresh, cosine, sine)
    end = length + rows
    assert relative(keys[:, length:end].transpose(0, 1), turned[1].double()) < 1e-3
    assert torch.equal(values[:, length:end].transpose(0, 1), new.half())
    for mine, earlier in zip((keys, values), before, strict=True):
        assert torch.equal(mine[:, :length], earlier[:, :length])
        assert torch.equal(mine[:, end:], earlier[:, end:])
    mask = torch.arange(end) <= torch.arange(length, end)[:, None]
    wanted = F.scaled_dot_product_attention(
        turned[0].transpose(0, 1), keys[:, :end].float(), values[:, :end].float(), attn_mask=mask, enable_gqa=True
    )
    torch.testing.assert_close(found[0], wanted.transpose(0, 1).reshape(rows, -1), rtol=1e-5, atol=1e-5)
    assert all(torch.equal(y, found[0]) for y in found)


@pytest.fixture(scope="module", params=[Scheme.INT4, Scheme.INT8])
def decoder(request: pytest.FixtureRequest) -> Decoder:
    torch.manual_seed(3)
    return Decoder(SHAPE, DrawnWeights(NARROW, request.param, NativeKernel))


def stretch(count: int, seed: int = 0) -> tuple[Tensor, Tensor]:
    return normal(count, SHAPE.hidden, seed=seed), torch.arange(count).expand(3, -1)


def feed(decoder: Decoder, cache: KeyValueCache, x: Tensor, rows: int = 1) -> Tensor:
    """Behind what is cached, so many rows at a time."""
    ids = torch.arange(cache.length, cache.length + len(x)).expand(3, -1)
    parts = zip(x.split(rows), ids.split(rows, dim=1), strict=True)
    return torch.cat([decoder.run(part, places, cache, never_cancelled) for part, places in parts])


def test_layers_are_those_that_torch_computes(decoder: Decoder, monkeypatch: pytest.MonkeyPatch) -> None:
    """Over the same products: what is left is torch's rounding of queries to half precision."""
    x, _ = stretch(40)
    assert decoder.native is not None
    ours = feed(decoder, decoder.cache(), x)
    blocks = feed(decoder, decoder.cache(), x, rows=20)
    monkeypatch.setattr(decoder, "native", None)
    theirs = feed(decoder, decoder.cache(), x)
    assert not torch.equal(ours, theirs)
    assert relative(ours, theirs.double()) < 1e-2
    assert relative(blocks, theirs.double()) < 1e-2


@pytest.mark.parametrize("rows", [2, 5, FEW_ROWS])
def test_a_few_rows_have_the_bits_of_single_ones(rows: int, decoder: Decoder) -> None:
    x, _ = stretch(40)
    assert torch.equal(feed(decoder, decoder.cache(), x, rows), feed(decoder, decoder.cache(), x))


@pytest.fixture
def some_threads() -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(3)
    yield
    torch.set_num_threads(before)


@pytest.mark.usefixtures("some_threads")
def test_rows_that_are_taken_back_were_never_there(decoder: Decoder) -> None:
    x, _ = stretch(300)
    straight, returning = decoder.cache(), decoder.cache()
    wanted = torch.cat([feed(decoder, straight, part) for part in x.split(50)])
    found = []
    for part in x.split(50):
        kept = returning.length
        feed(decoder, returning, stretch(11, seed=kept + 1)[0], rows=4)
        returning.crop(kept)
        found.append(feed(decoder, returning, part))
    assert torch.equal(torch.cat(found), wanted)


def test_a_step_given_up_between_layers_leaves_no_trace(decoder: Decoder) -> None:
    x, ids = stretch(12)
    wanted = feed(decoder, decoder.cache(), x)
    for calls_before in range(SHAPE.layers):
        cache = decoder.cache()
        feed(decoder, cache, x[:10])
        with pytest.raises(Cancelled):
            decoder.run(x[10:], ids[:, 10:], cache, Breaker(calls_before))
        assert cache.length == 10
        assert torch.equal(feed(decoder, cache, x[10:]), wanted[10:])


def test_the_rows_given_stay_as_they_are(decoder: Decoder) -> None:
    x, ids = stretch(3)
    wide = torch.cat([x, x], dim=1)
    cache = decoder.cache()
    decoder.run(wide[:, : SHAPE.hidden], ids, cache, never_cancelled)
    assert torch.equal(wide, torch.cat([x, x], dim=1))


def test_each_kind_of_work_is_clocked_if_wanted(decoder: Decoder) -> None:
    assert decoder.native is not None
    decoder.native.spent = spent = (ctypes.c_int64 * len(KINDS_OF_WORK))()
    x, _ = stretch(1)
    feed(decoder, decoder.cache(), x)
    decoder.native.spent = None
    once = list(spent)
    assert min(once) > 0
    feed(decoder, decoder.cache(), x)
    assert list(spent) == once


@pytest.mark.parametrize("kernel", [NativeKernel, PortableKernel])
def test_torch_serves_other_precisions_and_other_products(kernel: type[PackedKernel]) -> None:
    for placement in (NARROW, Placement.cpu(), Placement(torch.device("cpu"), torch.bfloat16)):
        decoder = Decoder(SHAPE, DrawnWeights(placement, Scheme.INT4, kernel))
        cache = decoder.cache()
        cache.reserve(1)
        ours = decoder.native is not None and cache.places is not None
        assert ours == (kernel is NativeKernel and placement is NARROW)
        assert len(feed(decoder, cache, stretch(2)[0].to(placement.dtype))) == 2


def test_torch_serves_where_the_library_is_missing_or_has_no_vectors(monkeypatch: pytest.MonkeyPatch) -> None:
    decoder = Decoder(SHAPE, DrawnWeights(NARROW, Scheme.INT4, NativeKernel))
    parts = [layer.parts for layer in decoder.layers if isinstance(layer, DecoderLayer)]
    heads = layers.Heads(SHAPE.heads, SHAPE.kv_heads, SHAPE.head_dim)
    assert layers.native_layers(parts, decoder.norm, heads, 1e-6) is not None

    class PlainCalls(LayerCalls):
        def __init__(self, found: Library) -> None:
            super().__init__(found)
            self.ways = (Way(0, "portable", vectors=False),)

    monkeypatch.setattr(layers, "LayerCalls", PlainCalls)
    assert layers.native_layers(parts, decoder.norm, heads, 1e-6) is None
    monkeypatch.setattr(layers, "library", lambda: None)
    assert layers.native_layers(parts, decoder.norm, heads, 1e-6) is None
