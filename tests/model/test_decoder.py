"""The decoder in pieces against transformers' decoder on the whole, and what its cache promises."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import pairwise

import pytest
import torch
from torch import Tensor
from transformers import Qwen2_5OmniForConditionalGeneration

from model.decoder import PREFILL_ROWS, Decoder, DecoderShape, KeyValueCache, Rotary
from model.errors import Cancelled, never_cancelled
from model.loading import Checkpoint, Placement
from tests.helpers.checks import Breaker

LONG = 2 * PREFILL_ROWS + 77
Whole = Callable[[Tensor, Tensor], Tensor]


@dataclass(frozen=True)
class Pair:
    """Our decoder and the reference's: x [n, hidden], positions [3, n] -> hidden states [n, hidden]."""

    ours: Decoder
    whole: Whole


@pytest.fixture(scope="module", params=["thinker", "talker"])
def pair(
    request: pytest.FixtureRequest,
    small_checkpoint: Checkpoint,
    placement: Placement,
    reference: Qwen2_5OmniForConditionalGeneration,
) -> Pair:
    """Thinker and Talker differ in sizes and in how the frequencies are shared among the three ids."""
    architecture = small_checkpoint.architecture
    config = architecture.text if request.param == "thinker" else architecture.talker
    theirs = reference.thinker.model.language_model if request.param == "thinker" else reference.talker.model
    ours = Decoder(DecoderShape.of(config), small_checkpoint.weights(f"{request.param}.model", placement))

    @torch.inference_mode()
    def whole(x: Tensor, positions: Tensor) -> Tensor:
        hidden: Tensor = theirs(inputs_embeds=x[None], position_ids=positions[:, None]).last_hidden_state[0]
        return hidden

    return Pair(ours, whole)


def stretch(decoder: Decoder, count: int, seed: int = 0) -> tuple[Tensor, Tensor]:
    """Rows and ids as pictures and sound make them: three different ones, not always rising."""
    generator = torch.Generator().manual_seed(seed)
    x = torch.randn(count, decoder.shape.hidden, generator=generator)
    steps = torch.randint(0, 3, (3, count), generator=generator)
    return x, steps.cumsum(1) - torch.randint(0, 5, (3, count), generator=generator) + 5


def in_pieces(decoder: Decoder, x: Tensor, positions: Tensor, cuts: list[int], cache: KeyValueCache) -> Tensor:
    bounds = [0, *cuts, len(x)]
    pieces = pairwise(bounds)
    return torch.cat([decoder.run(x[a:b], positions[:, a:b], cache, never_cancelled) for a, b in pieces if a < b])


def assert_close(left: Tensor, right: Tensor) -> None:
    torch.testing.assert_close(left, right, rtol=1e-4, atol=1e-5)


def test_sections_of_both_decoders_are_the_published_ones(small_checkpoint: Checkpoint) -> None:
    """The Talker of 3B leaves the third id out, the Thinker gives it most."""
    shapes = [
        DecoderShape.of(small_checkpoint.architecture.text),
        DecoderShape.of(small_checkpoint.architecture.talker),
    ]
    assert [shape.sections for shape in shapes] == [(2, 3, 3), (4, 4, 0)]


def test_one_prefill_equals_the_reference(pair: Pair) -> None:
    x, positions = stretch(pair.ours, LONG)
    cache = pair.ours.cache()
    assert_close(pair.ours.run(x, positions, cache, never_cancelled), pair.whole(x, positions))
    assert cache.length == LONG


@pytest.mark.parametrize("seed", range(4))
def test_pieces_of_any_size_equal_the_reference(pair: Pair, seed: int) -> None:
    dice = random.Random(seed)
    x, positions = stretch(pair.ours, dice.choice([60, 300, LONG]), seed)
    cuts = sorted(dice.sample(range(1, len(x)), dice.randint(1, 9)))
    assert_close(in_pieces(pair.ours, x, positions, cuts, pair.ours.cache()), pair.whole(x, positions))


def test_one_row_at_a_time_equals_the_reference(pair: Pair) -> None:
    x, positions = stretch(pair.ours, 45)
    assert_close(in_pieces(pair.ours, x, positions, list(range(1, 45)), pair.ours.cache()), pair.whole(x, positions))


def test_every_id_counts_where_its_section_is_not_empty(pair: Pair) -> None:
    x, positions = stretch(pair.ours, 20)
    plain = pair.ours.run(x, positions, pair.ours.cache(), never_cancelled)
    for axis, size in enumerate(pair.ours.shape.sections):
        moved = positions.clone()
        moved[axis, 7:] += 3
        changed = pair.ours.run(x, moved, pair.ours.cache(), never_cancelled)
        assert torch.equal(changed, plain) == (size == 0)
        assert_close(changed, pair.whole(x, moved))


def test_what_is_cropped_was_never_there(pair: Pair) -> None:
    x, positions = stretch(pair.ours, 90)
    other, _ = stretch(pair.ours, 50, seed=5)
    cache = pair.ours.cache()
    pair.ours.run(x[:40], positions[:, :40], cache, never_cancelled)
    pair.ours.run(other, positions[:, 40:], cache, never_cancelled)
    cache.crop(40)
    assert_close(pair.ours.run(x[40:], positions[:, 40:], cache, never_cancelled), pair.whole(x, positions)[40:])
    with pytest.raises(ValueError, match="crop"):
        cache.crop(91)
    cache.crop(0)
    assert_close(pair.ours.run(x, positions, cache, never_cancelled), pair.whole(x, positions))


def keys_and_values(cache: KeyValueCache, layer: int) -> tuple[Tensor, Tensor]:
    return cache._keys[layer][:, : cache.length], cache._values[layer][:, : cache.length]


@pytest.mark.parametrize(("start", "stop"), [(0, 10), (10, 40), (30, 31), (50, 60), (20, 20)])
def test_keys_behind_a_dropped_part_turn_to_their_new_ids(pair: Pair, start: int, stop: int) -> None:
    """Those of the first layer depend on nothing else; values are not turned."""
    x, positions = stretch(pair.ours, 60)
    left = torch.tensor([*range(start), *range(stop, 60)])
    for ids in (stop - start, 3):
        cache, fresh = pair.ours.cache(), pair.ours.cache()
        pair.ours.run(x, positions, cache, never_cancelled)
        deep = keys_and_values(cache, 1)[1][:, left].clone()
        cache.drop(start, stop, pair.ours.rotary.shift(-ids, torch.float32))
        moved = torch.cat([positions[:, :start], positions[:, stop:] - ids], dim=1)
        pair.ours.run(x[left], moved, fresh, never_cancelled)
        assert cache.length == fresh.length == len(left)
        for mine, theirs in zip(keys_and_values(cache, 0), keys_and_values(fresh, 0), strict=True):
            assert_close(mine, theirs)
        assert torch.equal(keys_and_values(cache, 1)[1], deep)


def test_dropping_the_tail_is_cropping(pair: Pair) -> None:
    x, positions = stretch(pair.ours, 60)
    dropped, cropped = pair.ours.cache(), pair.ours.cache()
    for cache in (dropped, cropped):
        pair.ours.run(x[:50], positions[:, :50], cache, never_cancelled)
    dropped.drop(30, 50, pair.ours.rotary.shift(-20, torch.float32))
    cropped.crop(30)
    outcome = [pair.ours.run(x[50:], positions[:, 50:], cache, never_cancelled) for cache in (dropped, cropped)]
    assert torch.equal(*outcome)


def test_conversation_goes_on_behind_a_dropped_part(pair: Pair) -> None:
    """Dropping two parts one after the other is dropping both at once: turns of keys add up."""
    x, positions = stretch(pair.ours, 80)
    twice, once = pair.ours.cache(), pair.ours.cache()
    for cache in (twice, once):
        pair.ours.run(x[:70], positions[:, :70], cache, never_cancelled)
    for _ in range(2):
        twice.drop(10, 25, pair.ours.rotary.shift(-15, torch.float32))
    once.drop(10, 40, pair.ours.rotary.shift(-30, torch.float32))
    outcome = [pair.ours.run(x[70:], positions[:, 70:] - 30, cache, never_cancelled) for cache in (twice, once)]
    assert_close(*outcome)


@pytest.mark.parametrize("rows", [1, 33, PREFILL_ROWS + 20])
def test_a_run_given_up_at_any_layer_leaves_whole_chunks_only(pair: Pair, rows: int) -> None:
    x, positions = stretch(pair.ours, 20 + rows)
    whole, layers = pair.whole(x, positions), pair.ours.shape.layers
    chunks = -(-rows // PREFILL_ROWS)
    for calls in range(layers * chunks):
        cache = pair.ours.cache()
        pair.ours.run(x[:20], positions[:, :20], cache, never_cancelled)
        with pytest.raises(Cancelled):
            pair.ours.run(x[20:], positions[:, 20:], cache, Breaker(calls))
        assert cache.length == 20 + calls // layers * PREFILL_ROWS
        begun = cache.length
        rest = pair.ours.run(x[begun:], positions[:, begun:], cache, never_cancelled)
        assert_close(rest, whole[begun:])
    pair.ours.run(x[20:], positions[:, 20:], pair.ours.cache(), Breaker(layers * chunks))


def test_growing_keeps_what_is_there_and_grows_in_strides(pair: Pair) -> None:
    x, positions = stretch(pair.ours, 400)
    cache, sizes = pair.ours.cache(), set()
    assert cache.nbytes == 0
    for row in range(400):
        before = [tensor.clone() for tensor in keys_and_values(cache, 1)]
        pair.ours.run(x[row : row + 1], positions[:, row : row + 1], cache, never_cancelled)
        for mine, earlier in zip(keys_and_values(cache, 1), before, strict=True):
            assert torch.equal(mine[:, :row], earlier)
        sizes.add(cache.nbytes)
    shape = pair.ours.shape
    token = 2 * shape.layers * shape.kv_heads * shape.head_dim * 4
    assert 400 * token <= max(sizes) <= 600 * token
    assert len(sizes) <= 5


def test_caches_of_one_decoder_do_not_know_one_another(pair: Pair) -> None:
    x, positions = stretch(pair.ours, 30)
    left, right = pair.ours.cache(), pair.ours.cache()
    pair.ours.run(torch.randn_like(x), positions, right, never_cancelled)
    assert_close(pair.ours.run(x, positions, left, never_cancelled), pair.whole(x, positions))


def test_keys_and_values_in_half_precision_take_half_and_change_little(pair: Pair) -> None:
    """One row at a time and many, and after a part was dropped; the bound is a few roundings of eleven bits."""
    x, positions = stretch(pair.ours, 120)
    exact, half = pair.ours.cache(), KeyValueCache(pair.ours.shape, replace(pair.ours.placement, narrow=torch.float16))
    cuts = [50, 51, 52, 90]
    wanted = in_pieces(pair.ours, x, positions, cuts, exact)
    ours = in_pieces(pair.ours, x, positions, cuts, half)
    assert half.nbytes * 2 == exact.nbytes
    assert ours.dtype == torch.float32
    assert 0 < (ours - wanted).norm() / wanted.norm() < 1e-3
    for cache in (exact, half):
        cache.drop(20, 60, pair.ours.rotary.shift(-40, torch.float32))
    moved = positions[:, :30] + 90
    wanted, ours = (in_pieces(pair.ours, x[:30], moved, [7, 8], cache) for cache in (exact, half))
    assert 0 < (ours - wanted).norm() / wanted.norm() < 1e-3


def test_turning_by_ids_is_the_difference_of_two_places(small_checkpoint: Checkpoint) -> None:
    rotary = Rotary(DecoderShape.of(small_checkpoint.architecture.text), torch.device("cpu"))
    cosine, sine = rotary.shift(-12, torch.float32)
    there, here = (rotary.angles(torch.full((3, 1), place), torch.float32) for place in (31, 19))
    assert_close(there[0] * cosine - there[1] * sine, here[0])
    assert_close(there[1] * cosine + there[0] * sine, here[1])


def test_shapes_are_read_from_the_config(small_checkpoint: Checkpoint) -> None:
    shape = DecoderShape.of(small_checkpoint.architecture.talker)
    assert shape == replace(shape, hidden=48, inner=96, layers=3, heads=4, kv_heads=2, head_dim=16, theta=1e6)


def test_steps_in_the_whole_room_equal_the_reference_over_growing_and_cropping(pair: Pair) -> None:
    """What a CUDA graph records, computed as it is."""
    x, positions = stretch(pair.ours, 150)
    cache = pair.ours.cache()
    pair.ours.run(x[:100], positions[:, :100], cache, never_cancelled)

    def steps(first: int, last: int) -> Tensor:
        rows = [pair.ours.fixed_step(x[i : i + 1], positions[:, i : i + 1], cache) for i in range(first, last)]
        return torch.cat(rows)

    steps(100, 120)
    recorded = cache.step
    cache.crop(105)
    whole = pair.whole(x, positions)
    assert_close(steps(105, 128), whole[105:128])
    assert cache.step is recorded  # its room was enough
    assert_close(steps(128, 140), whole[128:140])
    assert cache.step is not recorded
    assert_close(pair.ours.run(x[140:], positions[:, 140:], cache, never_cancelled), whole[140:])


def test_what_lies_behind_the_filled_room_is_not_seen_even_where_it_is_no_number(pair: Pair) -> None:
    x, positions = stretch(pair.ours, 40)
    cache = pair.ours.cache()
    cache.reserve(40)
    for layer in range(pair.ours.shape.layers):
        for part in cache.write(
            layer, *[torch.full((pair.ours.shape.kv_heads, 40, pair.ours.shape.head_dim), torch.nan)] * 2
        ):
            assert part.isnan().all()
    pair.ours.run(x[:30], positions[:, :30], cache, never_cancelled)
    rows = [pair.ours.fixed_step(x[i : i + 1], positions[:, i : i + 1], cache) for i in range(30, 40)]
    assert_close(torch.cat(rows), pair.whole(x, positions)[30:])
