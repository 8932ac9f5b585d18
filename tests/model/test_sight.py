"""The eye fed frame by frame against transformers' image processor and vision encoder on the whole."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor
from transformers import Qwen2_5OmniForConditionalGeneration
from transformers.models.qwen2_vl.image_processing_pil_qwen2_vl import Qwen2VLImageProcessorPil

from model.errors import Cancelled, CheckpointError, MediaError
from model.loading import Checkpoint, Placement
from model.media import Frame
from model.pictures import Pixels, Size
from model.sight import (
    LIVE_LIMITS,
    PICTURE_LIMITS,
    VIDEO_LIMITS,
    Eye,
    FramePreparation,
    Glimpse,
    PixelLimits,
    fitted_size,
)

SHAPES = [(1, 1), (28, 28), (56, 56), (13, 200), (199, 1), (100, 1_000), (333, 777), (480, 640), (1_100, 900)]
SMALL = PixelLimits(4 * 784, 30 * 784)


@pytest.fixture(scope="module")
def eye(small_checkpoint: Checkpoint, placement: Placement) -> Eye:
    return Eye(small_checkpoint, placement)


@pytest.fixture(scope="module")
def processor(small_folder: Path) -> Qwen2VLImageProcessorPil:
    return Qwen2VLImageProcessorPil.from_pretrained(small_folder)


@pytest.fixture
def encoded(eye: Eye) -> Iterator[list[int]]:
    """How many patches went through the encoder, call by call."""
    calls: list[int] = []
    handle = eye.encoder.patch_embed.register_forward_pre_hook(lambda _, inputs: calls.append(len(inputs[0])))
    yield calls
    handle.remove()


def picture(height: int, width: int, seed: int = 0) -> Pixels:
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype=np.uint8)


def processed(processor: Qwen2VLImageProcessorPil, frame: Pixels, limits: PixelLimits) -> tuple[Tensor, Tensor]:
    """The published processor's patches [n, 3 * 2 * 14 * 14] and grid [1, 3]."""
    made = processor(
        [frame],
        size={"shortest_edge": limits.least, "longest_edge": limits.most},
        input_data_format="channels_last",
        return_tensors="pt",
    )
    return made["pixel_values"], made["image_grid_thw"]


def whole_video(
    reference: Qwen2_5OmniForConditionalGeneration,
    processor: Qwen2VLImageProcessorPil,
    frames: list[Pixels],
    limits: PixelLimits,
) -> Tensor:
    """All pairs of frames in one pass of transformers -> tokens [n, width].

    The published video processor needs torchvision. Each frame goes through the image processor instead, which doubles
    it; a pair takes its first half from one frame and its second from the next.
    """
    made = [processed(processor, frame, limits) for frame in frames]
    halves = [patches.view(len(patches), 3, 2, -1)[:, :, 0] for patches, _ in made]
    pairs = [torch.stack(halves[i : i + 2], dim=2).flatten(1) for i in range(0, len(halves), 2)]
    _, height, width = made[0][1][0].tolist()
    grid = torch.tensor([[len(pairs), height, width]])
    with torch.no_grad():
        (tokens,) = reference.thinker.get_video_features(torch.cat(pairs), grid).pooler_output
    return torch.as_tensor(tokens)


def joined(glimpses: list[Glimpse]) -> Tensor:
    return torch.cat([glimpse.tokens for glimpse in glimpses])


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("limits", [PICTURE_LIMITS, VIDEO_LIMITS, LIVE_LIMITS])
def test_patches_are_those_of_the_published_processor(
    eye: Eye, processor: Qwen2VLImageProcessorPil, shape: tuple[int, int], limits: PixelLimits
) -> None:
    frame = picture(*shape)
    ours = eye.preparation.patches(frame, frame, limits)
    expected, grid = processed(processor, frame, limits)
    assert [1, ours.rows, ours.columns] == grid[0].tolist()
    np.testing.assert_array_equal(ours.values, expected.numpy())


@pytest.mark.parametrize("shape", [(1, 1), (97, 60), (130, 300)])
def test_a_picture_equals_the_whole(
    eye: Eye,
    processor: Qwen2VLImageProcessorPil,
    reference: Qwen2_5OmniForConditionalGeneration,
    encoded: list[int],
    shape: tuple[int, int],
) -> None:
    glimpse = eye.look(picture(*shape), time=1.5)
    with torch.no_grad():
        (expected,) = reference.thinker.get_image_features(
            *processed(processor, picture(*shape), PICTURE_LIMITS)
        ).pooler_output
    torch.testing.assert_close(glimpse.tokens, expected, atol=1e-5, rtol=0)
    assert len(glimpse.tokens) == glimpse.rows * glimpse.columns
    assert glimpse.time == 1.5
    assert encoded == [4 * len(expected)]


@pytest.mark.parametrize("count", [1, 2, 5, 6])
def test_frames_one_by_one_equal_the_whole_video(
    eye: Eye,
    processor: Qwen2VLImageProcessorPil,
    reference: Qwen2_5OmniForConditionalGeneration,
    encoded: list[int],
    count: int,
) -> None:
    frames = [picture(90, 150, seed) for seed in range(count)]
    stream = eye.stream(SMALL)
    given = [list(stream.push(Frame(number / 2, pixels))) for number, pixels in enumerate(frames)]
    assert [len(glimpses) for glimpses in given] == [number % 2 for number in range(count)]
    glimpses = [glimpse for group in given for glimpse in group] + list(stream.flush())
    assert [glimpse.time for glimpse in glimpses] == [float(number) for number in range((count + 1) // 2)]
    assert len(encoded) == len(glimpses)  # each pair once
    assert not list(stream.flush())
    expected = whole_video(reference, processor, frames + frames[-1:] * (count % 2), SMALL)
    torch.testing.assert_close(joined(glimpses), expected, atol=1e-5, rtol=0)


def test_grids_do_not_attend_to_one_another(eye: Eye) -> None:
    first, second = picture(60, 60, 0), picture(60, 60, 1)
    alone = eye.look(second).tokens
    stream = eye.stream(PICTURE_LIMITS, fps=100)
    frames = [first, first, second, second]
    glimpses = [g for number, pixels in enumerate(frames) for g in stream.push(Frame(number / 10, pixels))]
    torch.testing.assert_close(glimpses[1].tokens, alone, atol=0, rtol=0)


def test_frames_that_come_too_soon_are_passed_over(eye: Eye, encoded: list[int]) -> None:
    stream = eye.stream(SMALL, fps=2.0)
    glimpses = [g for number in range(60) for g in stream.push(Frame(number / 30, picture(30, 30, number)))]
    assert [glimpse.time for glimpse in glimpses] == [0.0, 1.0]
    assert len(encoded) == 2
    expected = eye.look(picture(30, 30, 30), picture(30, 30, 45), limits=SMALL)
    torch.testing.assert_close(glimpses[1].tokens, expected.tokens, atol=0, rtol=0)


def test_a_pair_of_unlike_frames_takes_the_first_ones_grid(eye: Eye) -> None:
    glimpse = eye.look(picture(56, 112), picture(300, 30))
    assert (glimpse.rows, glimpse.columns) == (2, 4)


@pytest.mark.parametrize("shape", [(1, 12_000), (12_000, 1), (1, 201), (20, 5_000)])
@pytest.mark.parametrize("limits", [PICTURE_LIMITS, VIDEO_LIMITS, LIVE_LIMITS])
def test_what_is_longer_than_200_to_1_is_squeezed(shape: tuple[int, int], limits: PixelLimits) -> None:
    size = fitted_size(Size(height=shape[0], width=shape[1]), limits)
    assert size.width % 28 == size.height % 28 == 0
    assert min(size.width, size.height) >= 28
    assert limits.least <= size.width * size.height <= 1.3 * limits.most
    bounded = [min(side, 200 * min(shape)) for side in shape]
    assert size == fitted_size(Size(height=bounded[0], width=bounded[1]), limits)


def test_twelve_thousand_pixels_keep_to_the_live_limit(eye: Eye) -> None:
    frame = np.broadcast_to(np.uint8(7), (9_000, 12_000, 3))
    glimpse = eye.look(frame, limits=LIVE_LIMITS)
    assert 100 <= len(glimpse.tokens) <= 128


@pytest.mark.parametrize(
    "frame", [np.zeros((4, 4, 3), np.float32), np.zeros((4, 4), np.uint8), np.zeros((0, 4, 3), np.uint8)]
)
def test_what_is_no_frame_is_one_sentence(eye: Eye, frame: Pixels) -> None:
    with pytest.raises(MediaError, match=r"RGB bytes .*\.$"):
        eye.look(frame)
    with pytest.raises(MediaError, match=r"RGB bytes .*\.$"):
        eye.stream(SMALL).push(Frame(0.0, frame))


def test_cancelled_between_layers_nothing_is_lost(eye: Eye, encoded: list[int]) -> None:
    asked = 0

    def give_up_once() -> None:
        nonlocal asked
        asked += 1
        if asked == 2:
            raise Cancelled

    frames = [picture(40, 40, seed) for seed in range(2)]
    stream = eye.stream(SMALL, check=give_up_once)
    list(stream.push(Frame(0.0, frames[0])))
    assert stream.lone == 0.0
    with pytest.raises(Cancelled):
        list(stream.push(Frame(0.5, frames[1])))
    assert (asked, len(encoded)) == (2, 1)
    (glimpse,) = stream.flush()
    torch.testing.assert_close(glimpse.tokens, eye.look(*frames, limits=SMALL).tokens, atol=0, rtol=0)
    assert not eye.encoder.blocks[0]._forward_pre_hooks


def test_a_copy_goes_on_alone(eye: Eye) -> None:
    stream = eye.stream(SMALL)
    list(stream.push(Frame(0.0, picture(40, 40))))
    mark = stream.copy()
    assert len(list(stream.flush())) == 1
    assert mark.lone == 0.0
    (glimpse,) = mark.push(Frame(0.5, picture(40, 40, 1)))
    expected = eye.look(picture(40, 40), picture(40, 40, 1), limits=SMALL)
    torch.testing.assert_close(glimpse.tokens, expected.tokens, atol=0, rtol=0)


def test_a_folder_without_preprocessing_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match=r"preprocessor_config\.json"):
        FramePreparation(tmp_path)
    (tmp_path / "preprocessor_config.json").write_text("{}")
    with pytest.raises(CheckpointError, match=r"preprocessor_config\.json"):
        FramePreparation(tmp_path)


def test_a_checkpoint_is_shown_no_larger_pictures_than_it_was_made_for(small_folder: Path, tmp_path: Path) -> None:
    config = json.loads((small_folder / "preprocessor_config.json").read_text())
    (tmp_path / "preprocessor_config.json").write_text(json.dumps(config | {"max_pixels": 36 * 28 * 28}))
    camera = picture(480, 640)
    bounded = FramePreparation(tmp_path).patches(camera, camera, PICTURE_LIMITS)
    published = FramePreparation(small_folder).patches(camera, camera, PICTURE_LIMITS)
    assert bounded.rows * bounded.columns <= 4 * 36
    assert published.rows * published.columns == 34 * 46
