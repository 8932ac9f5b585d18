"""The ear fed in pieces against transformers' audio tower on the whole clip."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from torch import Tensor
from transformers import Qwen2_5OmniForConditionalGeneration, WhisperFeatureExtractor

from model.errors import Cancelled, MediaError
from model.hearing import AT_ONCE, Ear, EarStream
from model.loading import Checkpoint, Placement
from model.mel import EXPECTED_MAXIMUM, features

BLOCK_TOKENS = 50
BLOCK_SAMPLES = 32_000


@pytest.fixture(scope="module")
def ear(small_checkpoint: Checkpoint, placement: Placement) -> Ear:
    return Ear(small_checkpoint, placement)


@pytest.fixture
def encoded(ear: Ear) -> Iterator[list[int]]:
    """How many blocks went through the encoder, call by call."""
    calls: list[int] = []
    handle = ear.encoder.conv1.register_forward_pre_hook(lambda _, inputs: calls.append(len(inputs[0])))
    yield calls
    handle.remove()


def sound(count: int, seed: int = 0) -> NDArray[np.float32]:
    noise = np.random.default_rng(seed).standard_normal(count)
    return (0.1 * noise * (1.01 + np.sin(np.arange(count) / 3_000))).astype(np.float32)


def whole(reference: Qwen2_5OmniForConditionalGeneration, mel: Tensor) -> Tensor:
    """mel [bands, frames] -> tokens [n, width] through transformers, in one pass."""
    mask = torch.ones(1, mel.shape[1], dtype=torch.long)
    with torch.no_grad():
        made = reference.thinker.get_audio_features(mel.unsqueeze(0), feature_attention_mask=mask)
    tokens: Tensor = made.last_hidden_state
    return tokens


def joined(pieces: list[Tensor], ear: Ear) -> Tensor:
    return torch.cat([torch.empty(0, ear.width), *pieces])


def fed(stream: EarStream, samples: NDArray[np.float32], size: int) -> list[Tensor]:
    return [tokens for start in range(0, len(samples), size) for tokens in stream.push(samples[start : start + size])]


@pytest.mark.parametrize("size", [1, 7, 160, 512, 16_000, 200_000])
def test_pieces_of_any_size_equal_the_whole(
    ear: Ear, reference: Qwen2_5OmniForConditionalGeneration, encoded: list[int], size: int
) -> None:
    samples = sound(33_333 if size == 1 else 75_000)
    stream = ear.stream()
    closed = fed(stream, samples, size)
    assert [tokens.shape for tokens in closed] == [(BLOCK_TOKENS, ear.width)] * (len(samples) // BLOCK_SAMPLES)
    assert sum(encoded) == len(closed)  # each closed block once, and the open one not yet
    streamed = joined(closed + list(stream.flush()), ear)
    assert sum(encoded) == len(closed) + 1
    expected = whole(reference, features(ear.mel, samples, EXPECTED_MAXIMUM))
    torch.testing.assert_close(streamed, expected, atol=1e-5, rtol=0)


@pytest.mark.parametrize("count", [0, 1, 100, 320, 321, 399, 640, 31_999, 32_000, 32_001, 32_201, 64_041])
def test_a_whole_clip_equals_the_published_path_at_every_length(
    ear: Ear, reference: Qwen2_5OmniForConditionalGeneration, small_checkpoint: Checkpoint, count: int
) -> None:
    samples = sound(count)
    stream = ear.stream(maximum=ear.loudest([samples]))
    tokens = joined([*stream.push(samples), *stream.flush()], ear)
    if not count:
        assert not len(tokens)
        return
    extractor = WhisperFeatureExtractor.from_pretrained(small_checkpoint.path)
    made = extractor(samples, sampling_rate=16_000, return_attention_mask=True, return_tensors="pt")
    with torch.no_grad():
        expected = reference.thinker.get_audio_features(
            made["input_features"], feature_attention_mask=made["attention_mask"]
        ).last_hidden_state
    torch.testing.assert_close(tokens, expected, atol=1e-5, rtol=0)


@pytest.mark.parametrize("count", [0, 200, 1_000, 16_000, 31_970, 32_030, 33_000, 70_000])
def test_the_tail_is_the_whole_of_what_was_heard_so_far(
    ear: Ear, reference: Qwen2_5OmniForConditionalGeneration, count: int
) -> None:
    samples = sound(count)
    stream = ear.stream()
    closed = list(stream.push(samples))
    tail = stream.tail()
    torch.testing.assert_close(stream.tail(), tail, atol=0, rtol=0)
    if count:
        expected = whole(reference, features(ear.mel, samples, EXPECTED_MAXIMUM))
        torch.testing.assert_close(joined([*closed, tail], ear), expected, atol=1e-5, rtol=0)
    more = [*closed, *stream.push(samples), *stream.flush()]  # asking for the tail changed nothing
    expected = joined([*ear.stream().push(np.tile(samples, 2))], ear)
    torch.testing.assert_close(joined(more, ear)[: len(expected)], expected, atol=1e-5, rtol=0)


def test_long_sound_is_encoded_several_blocks_at_once_but_never_all(ear: Ear, encoded: list[int]) -> None:
    stream = ear.stream()
    tokens = list(stream.push(sound(20 * BLOCK_SAMPLES + 400)))
    assert len(tokens) == 20
    assert sum(encoded) == 20
    assert max(encoded) <= AT_ONCE
    assert len(encoded) <= 4
    one_by_one = fed(ear.stream(), sound(20 * BLOCK_SAMPLES + 400), BLOCK_SAMPLES)
    torch.testing.assert_close(torch.cat(tokens), torch.cat(one_by_one), atol=1e-5, rtol=0)


def test_an_ended_clip_is_ended_but_its_copy_goes_on(ear: Ear) -> None:
    """The turn was judged complete, then the speaker went on."""
    first, second = sound(40_000), sound(50_000, seed=1)
    stream = ear.stream()
    begun = list(stream.push(first))
    mark = stream.copy()
    list(stream.push(sound(30_000, seed=2)))  # what was heard after the mark is undone by going back to it
    list(stream.flush())
    assert not list(stream.flush())
    with pytest.raises(RuntimeError, match="ended"):
        stream.push(second)
    resumed = torch.cat([*begun, *mark.push(second), *mark.flush()])
    straight = ear.stream()
    expected = torch.cat([*straight.push(np.concatenate([first, second])), *straight.flush()])
    torch.testing.assert_close(resumed, expected, atol=1e-5, rtol=0)


def test_cancelled_between_layers_nothing_is_lost(ear: Ear, encoded: list[int]) -> None:
    samples = sound(3 * BLOCK_SAMPLES)
    asked = 0

    def give_up_once() -> None:
        nonlocal asked
        asked += 1
        if asked == 2:
            raise Cancelled

    stream = ear.stream(give_up_once)
    with pytest.raises(Cancelled):
        list(stream.push(samples))
    assert len(encoded) == 1
    assert asked == 2  # before the second layer
    with pytest.raises(RuntimeError, match="waiting"):
        stream.tail()
    late = torch.cat([*stream.push(samples[:0]), *stream.flush()])
    straight = ear.stream()
    torch.testing.assert_close(late, torch.cat([*straight.push(samples), *straight.flush()]), atol=1e-5, rtol=0)
    assert not ear.encoder.layers[0]._forward_pre_hooks  # the check is gone with its stream


def test_results_left_unread_come_with_the_next_push(ear: Ear) -> None:
    samples = sound(3 * BLOCK_SAMPLES + 1_000)
    stream = ear.stream()
    stream.push(samples)  # nobody looks
    first = next(stream.push(samples[:0]))  # and here at one block only
    late = torch.stack([first, *stream.push(samples[:0])])
    torch.testing.assert_close(late, torch.stack(list(ear.stream().push(samples))), atol=1e-5, rtol=0)


def test_damaged_sound_is_refused_and_changes_nothing(ear: Ear) -> None:
    samples = sound(20_000)
    stream = ear.stream()
    list(stream.push(samples))
    before = stream.tail()
    with pytest.raises(MediaError):
        stream.push(np.array([np.nan], np.float32))
    torch.testing.assert_close(stream.tail(), before, atol=0, rtol=0)
