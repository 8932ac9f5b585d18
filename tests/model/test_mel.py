"""Our log-mel against the published extractor, and the running rule against its own promise."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from torch import Tensor
from transformers import WhisperFeatureExtractor

from model.errors import CheckpointError, MediaError
from model.mel import (
    EXPECTED_MAXIMUM,
    FeatureStream,
    Mel,
    as_samples,
    features,
    known_features,
    loudest,
    running_deviation,
)

RATE = 16_000
BLOCK_FRAMES = 200
LENGTHS = [1, 100, 160, 161, 200, 201, 320, 399, 400, 401, 959, 1_000, 16_000, 31_999, 32_040, 70_001]


@pytest.fixture(scope="module")
def mel(small_folder: Path) -> Mel:
    return Mel(small_folder)


@pytest.fixture(scope="module")
def extractor(small_folder: Path) -> WhisperFeatureExtractor:
    return WhisperFeatureExtractor.from_pretrained(small_folder)


def speechlike(count: int, seed: int = 0) -> NDArray[np.float32]:
    """Noise that swells and fades, so that maxima lie anywhere."""
    noise = np.random.default_rng(seed).standard_normal(count)
    return (0.1 * noise * (1.01 + np.sin(np.arange(count) / 3_000))).astype(np.float32)


def published(extractor: WhisperFeatureExtractor, samples: NDArray[np.float32]) -> Tensor:
    """Padded with silence to the extractor's maximum, as the published processor does, then cut by its mask."""
    made = extractor(samples, sampling_rate=RATE, padding="max_length", return_attention_mask=True, return_tensors="pt")
    mask: Tensor = made["attention_mask"][0].bool()
    whole: Tensor = made["input_features"][0]
    return whole[:, mask]


def by_the_clip_rule(mel: Mel, samples: NDArray[np.float32]) -> Tensor:
    return features(mel, samples, loudest(mel, [samples]))


@pytest.mark.parametrize("count", LENGTHS)
def test_clip_rule_is_the_published_extractor(mel: Mel, extractor: WhisperFeatureExtractor, count: int) -> None:
    samples = speechlike(count)
    expected = published(extractor, samples)
    ours = by_the_clip_rule(mel, samples)
    assert ours.shape == expected.shape
    torch.testing.assert_close(ours, expected, atol=1e-6, rtol=0)


@pytest.mark.parametrize("count", [1, 100, 400, 32_000, 40_123])
def test_a_known_clip_is_floored_in_one_go(mel: Mel, count: int) -> None:
    samples = np.random.default_rng(count).normal(0.0, 0.1, count).astype(np.float32)
    assert torch.equal(known_features(mel, samples), features(mel, samples, loudest(mel, [samples])))


def test_a_click_behind_the_last_frame_counts_for_the_maximum(mel: Mel, extractor: WhisperFeatureExtractor) -> None:
    """The extractor takes its maximum over the padded clip, where one more window reaches back to the click."""
    samples = np.zeros(959, np.float32)
    samples[-1] = 1.0
    torch.testing.assert_close(by_the_clip_rule(mel, samples), published(extractor, samples), atol=1e-6, rtol=0)


def test_silence_is_what_the_extractor_makes_of_it(mel: Mel, extractor: WhisperFeatureExtractor) -> None:
    samples = np.zeros(5_000, np.float32)
    torch.testing.assert_close(by_the_clip_rule(mel, samples), published(extractor, samples), atol=1e-6, rtol=0)


def test_no_samples_are_no_frames(mel: Mel) -> None:
    assert by_the_clip_rule(mel, np.zeros(0, np.float32)).shape == (mel.bands, 0)


@pytest.mark.parametrize("size", [1, 7, 160, 512, 16_000])
def test_pieces_give_the_same_features_as_the_whole(mel: Mel, size: int) -> None:
    samples = speechlike(35_000 if size > 1 else 33_000)
    stream = FeatureStream(mel, BLOCK_FRAMES, EXPECTED_MAXIMUM)
    closed: list[Tensor] = []
    for start in range(0, len(samples), size):
        closed += stream.push(as_samples(samples[start : start + size]))
    pieces = torch.cat([*closed, stream.rest()], dim=1)
    assert [block.shape[1] for block in closed] == [BLOCK_FRAMES]
    torch.testing.assert_close(pieces, features(mel, samples, EXPECTED_MAXIMUM), atol=1e-6, rtol=0)


def test_a_block_closes_when_its_last_window_is_full(mel: Mel) -> None:
    stream = FeatureStream(mel, BLOCK_FRAMES, EXPECTED_MAXIMUM)
    last_window_ends = (BLOCK_FRAMES - 1) * 160 + 200
    assert not stream.push(torch.zeros(last_window_ends - 1))
    assert len(stream.push(torch.zeros(1))) == 1


def test_running_rule_floors_by_the_loudest_so_far(mel: Mel) -> None:
    """Three blocks: quiet, loud, quiet. Only the first is floored otherwise than by the clip's maximum."""
    samples = 1e-3 * speechlike(3 * 32_000)
    samples[40_000:50_000] *= 1_000
    maximum = loudest(mel, [samples])
    assert maximum > EXPECTED_MAXIMUM
    live, clip = features(mel, samples, EXPECTED_MAXIMUM), by_the_clip_rule(mel, samples)
    torch.testing.assert_close(live[:, BLOCK_FRAMES:], clip[:, BLOCK_FRAMES:], atol=1e-6, rtol=0)
    assert float(live[:, :BLOCK_FRAMES].min()) == pytest.approx((EXPECTED_MAXIMUM - 8 + 4) / 4)
    assert float(clip[:, :BLOCK_FRAMES].min()) == pytest.approx((maximum - 8 + 4) / 4)
    deviation = running_deviation(mel, samples)
    assert deviation.largest == pytest.approx((maximum - EXPECTED_MAXIMUM) / 4, rel=1e-4)
    assert 0 < deviation.mean < deviation.largest / 3


def test_silence_before_the_first_word_is_not_blown_up(mel: Mel) -> None:
    hiss = 1e-5 * np.random.default_rng(0).standard_normal(RATE).astype(np.float32)
    live, clip = features(mel, hiss, EXPECTED_MAXIMUM), by_the_clip_rule(mel, hiss)
    assert float(live.max()) == float(live.min()) == pytest.approx(-1.0)
    assert float(clip.max() - clip.min()) > 0.3


def test_running_rule_knows_the_end_of_the_clip_too(mel: Mel) -> None:
    samples = 1e-3 * speechlike(RATE)
    samples[-1] = 30.0
    assert running_deviation(mel, samples).largest == 0.0


def test_a_clip_that_starts_with_its_loudest_block_has_no_deviation(mel: Mel) -> None:
    samples = speechlike(4 * RATE)
    samples[100:200] = 1.0
    assert running_deviation(mel, samples).largest == 0.0
    assert running_deviation(mel, samples[:0]).mean == 0.0


def test_closed_blocks_never_change_and_copies_part(mel: Mel) -> None:
    samples = as_samples(speechlike(40_000))
    stream = FeatureStream(mel, BLOCK_FRAMES, EXPECTED_MAXIMUM)
    (closed,) = stream.push(samples[:34_000])
    kept = closed.clone()
    mark = stream.copy()
    before = mark.rest()
    stream.push(100 * samples)
    torch.testing.assert_close(closed, kept, atol=0, rtol=0)
    torch.testing.assert_close(mark.rest(), before, atol=0, rtol=0)


@pytest.mark.parametrize("dtype", [np.int8, np.int16, np.int32])
def test_integers_are_scaled_by_full_scale(dtype: type[np.signedinteger]) -> None:
    least = np.iinfo(dtype).min
    np.testing.assert_array_equal(as_samples(np.array([least, 0, -(least // 2)], dtype)), [-1.0, 0.0, 0.5])


@pytest.mark.parametrize(
    "samples",
    [
        np.array([0.0, np.nan]),
        np.array([np.inf, 0.0]),
        np.zeros((2, 100)),
        np.zeros(4, np.complex64),
        np.zeros(4, np.uint8),
    ],
)
def test_what_is_no_sound_is_one_sentence(samples: NDArray[np.generic]) -> None:
    with pytest.raises(MediaError, match=r"^The sound .*\.$"):
        as_samples(samples)


def test_samples_may_be_read_only_and_are_copied() -> None:
    samples = np.frombuffer(np.ones(3, np.float32).tobytes(), np.float32)
    ours = as_samples(samples)
    ours[0] = 5.0
    np.testing.assert_array_equal(samples, 1.0)


def test_a_folder_without_preprocessing_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match=r"preprocessor_config\.json"):
        Mel(tmp_path)
    (tmp_path / "preprocessor_config.json").write_text("{ not json")
    with pytest.raises(CheckpointError, match=r"preprocessor_config\.json"):
        Mel(tmp_path)
