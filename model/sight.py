"""The eye: pictures and pairs of video frames become grids of tokens, each encoded once. Knows no files and no devices.

Grids do not attend to one another in the vision encoder, so a video can be seen pair by pair. A picture counts as a
pair of equal frames.
"""

from __future__ import annotations

import copy
import json
import math
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor
from transformers.models.qwen2_5_omni.modeling_qwen2_5_omni import Qwen2_5OmniVisionEncoder
from transformers.vision_utils import get_vision_cu_seqlens, get_vision_position_ids, get_vision_window_index

from model.checking import checked
from model.errors import CheckpointError, MediaError, never_cancelled
from model.loading import Checkpoint, Placement, build
from model.media import FRAMES_PER_SECOND, Frame, Pace
from model.pictures import Pixels, Size

_TOKEN_PIXELS = 28 * 28  # one token after merging 2 × 2 patches of 14 × 14
_MOST_OBLONG = 200


@dataclass(frozen=True, slots=True)
class PixelLimits:
    """Between how many pixels a frame is brought before it is encoded; a token costs 28 × 28 of them."""

    least: int
    most: int

    @property
    def tokens(self) -> int:
        """The most that a frame takes."""
        return self.most // _TOKEN_PIXELS

    def within(self, tokens: int) -> PixelLimits:
        """The same, but for at most this many tokens a frame."""
        most = min(self.most, tokens * _TOKEN_PIXELS)
        return PixelLimits(min(self.least, most), most)


PICTURE_LIMITS = PixelLimits(4 * _TOKEN_PIXELS, 16_384 * _TOKEN_PIXELS)
PRACTICAL_PICTURE_LIMITS = PixelLimits(4 * _TOKEN_PIXELS, 1_280 * _TOKEN_PIXELS)
VIDEO_LIMITS = PixelLimits(128 * _TOKEN_PIXELS, 768 * _TOKEN_PIXELS)
LIVE_LIMITS = PixelLimits(4 * _TOKEN_PIXELS, 128 * _TOKEN_PIXELS)


@dataclass(frozen=True, slots=True)
class SightSettings:
    """How closely is looked at a single picture, a video file and the live camera, and how often at the latter two.

    A video's are what the model was published with; a picture's go up to a page of readable text (published: 16,384
    tokens, minutes without a GPU); the camera's are what a computer without GPU can follow.
    """

    picture: PixelLimits = PRACTICAL_PICTURE_LIMITS
    video: PixelLimits = VIDEO_LIMITS
    live: PixelLimits = LIVE_LIMITS
    fps: float = FRAMES_PER_SECOND


@dataclass(frozen=True, slots=True)
class Glimpse:
    """What one pair of frames looks like to the model: tokens [rows × columns, width], row by row.

    `time` is that of the pair's first frame, in seconds.
    """

    tokens: Tensor
    rows: int
    columns: int
    time: float


@dataclass(frozen=True, slots=True)
class Patches:
    """Prepared pixels [rows × columns, 3 × 2 × patch × patch], four patches of a token after one another.

    `rows` and `columns` count patches, before merging.
    """

    values: NDArray[np.float32]
    rows: int
    columns: int


def fitted_size(size: Size, limits: PixelLimits, multiple: int = 28) -> Size:
    """The size a frame is resized to: multiples of 28 pixels within the limits, its shape kept as far as possible.

    The arithmetic is that of Qwen2-VL's published preprocessing, roundings included. That refuses frames longer than
    200 : 1; here they are squeezed to that.
    """
    height = min(size.height, size.width * _MOST_OBLONG)
    width = min(size.width, size.height * _MOST_OBLONG)
    rows, columns = round(height / multiple), round(width / multiple)
    pixels = rows * columns * multiple**2
    if pixels > limits.most:
        scale = math.sqrt(height * width / limits.most)
        rows, columns = (max(1, math.floor(side / scale / multiple)) for side in (height, width))
    elif pixels < limits.least:
        scale = math.sqrt(limits.least / (height * width))
        rows, columns = (math.ceil(side * scale / multiple) for side in (height, width))
    return Size(width=columns * multiple, height=rows * multiple)


class FramePreparation:
    """Pixels become patches as the published image processor makes them, from preprocessor_config.json."""

    def __init__(self, folder: Path) -> None:
        file = folder / "preprocessor_config.json"
        try:
            config = json.loads(file.read_text(encoding="utf-8"))
            self.patch = int(config["patch_size"])
            self.merge = int(config["merge_size"])
            self._most_tokens = int(config.get("max_pixels", PICTURE_LIMITS.most)) // _TOKEN_PIXELS
            mean = np.array(config["image_mean"], np.float32).reshape(3, 1)
            deviation = np.array(config["image_std"], np.float32).reshape(3, 1)
        except (OSError, ValueError, TypeError, KeyError) as error:
            raise CheckpointError(f"{file} is missing or damaged: fetch that file again.") from error
        # 256 values a colour [3, 256]: a table is faster than arithmetic on every pixel, and exact
        scaled = (np.arange(256) * (1 / 255)).astype(np.float32)
        self._normal = (scaled - mean) / deviation

    def patches(self, first: Pixels, second: Pixels, limits: PixelLimits) -> Patches:
        """Two RGB frames [height, width, 3] of one moment; both take the size that fits the first.

        What the checkpoint was not made for is never asked of it: its own limit goes over `limits`.
        """
        within = limits.within(self._most_tokens)
        size = fitted_size(Size(first.shape[1], first.shape[0]), within, self.patch * self.merge)
        pair = np.stack([self._normalised(first, size), self._normalised(second, size)])
        rows, columns = size.height // self.patch, size.width // self.patch
        merge, patch = self.merge, self.patch
        tiles = pair.reshape(2, 3, rows // merge, merge, patch, columns // merge, merge, patch)
        values = tiles.transpose(2, 5, 3, 6, 1, 0, 4, 7).reshape(rows * columns, -1)
        return Patches(values, rows, columns)

    def _normalised(self, frame: Pixels, size: Size) -> NDArray[np.float32]:
        image = Image.fromarray(frame).resize((size.width, size.height), Image.Resampling.BICUBIC)
        pixels = np.asarray(image)
        return np.stack([self._normal[colour][pixels[..., colour]] for colour in range(3)])


class Eye:
    """The vision encoder of a checkpoint; it remembers nothing."""

    def __init__(self, checkpoint: Checkpoint, placement: Placement) -> None:
        config = checkpoint.architecture.vision
        self.preparation = FramePreparation(checkpoint.path)
        self.placement = placement
        self.encoder = build(lambda: Qwen2_5OmniVisionEncoder(config), checkpoint.weights("thinker.visual", placement))

    def look(
        self,
        first: Pixels,
        second: Pixels | None = None,
        *,
        limits: PixelLimits = PICTURE_LIMITS,
        time: float = 0.0,
        check: Callable[[], None] = never_cancelled,
    ) -> Glimpse:
        """A picture, or a pair of frames: RGB uint8 [height, width, 3] of any size. MediaError for anything else."""
        second = first if second is None else second
        for frame in (first, second):
            _check_frame(frame)
        patches = self.preparation.patches(first, second, limits)
        merge = self.preparation.merge
        return Glimpse(self.encode(patches, check), patches.rows // merge, patches.columns // merge, time)

    def stream(
        self, limits: PixelLimits, fps: float = FRAMES_PER_SECOND, check: Callable[[], None] = never_cancelled
    ) -> EyeStream:
        """Frames one by one, as a camera or a video gives them."""
        return EyeStream(self, limits, fps, check)

    @torch.no_grad()
    def encode(self, patches: Patches, check: Callable[[], None]) -> Tensor:
        """Patches -> tokens [rows × columns / merge², width]."""
        encoder, device = self.encoder, self.placement.device
        grid = torch.tensor([[1, patches.rows, patches.columns]])
        # The plan of windows is made on the CPU, where the attention layers read it; only what indexes data moves.
        window_index, windows = get_vision_window_index(
            grid, self.preparation.merge, encoder.window_size, self.preparation.patch
        )
        with checked(encoder.blocks, check):
            seen = encoder(
                torch.from_numpy(patches.values).to(device, self.placement.dtype),
                grid_thw=grid,
                position_ids=get_vision_position_ids(grid, self.preparation.merge).to(device),
                cu_seqlens=get_vision_cu_seqlens(grid),
                window_index=window_index.to(device),
                cu_window_seqlens=windows,
            )
        tokens: Tensor = seen.pooler_output
        return tokens


class EyeStream:
    """Frames on their way through the eye, two by two, at most `fps` a second."""

    def __init__(self, eye: Eye, limits: PixelLimits, fps: float, check: Callable[[], None]) -> None:
        self._eye = eye
        self._limits = limits
        self._check = check
        self._pace = Pace(fps)
        self._waiting: deque[Frame] = deque()

    @property
    def lone(self) -> float | None:
        """The time in seconds of a frame that waits for its partner."""
        return self._waiting[0].time if len(self._waiting) == 1 else None

    def copy(self) -> EyeStream:
        """A stream that goes on from here on its own."""
        twin = copy.copy(self)
        twin._pace, twin._waiting = copy.copy(self._pace), self._waiting.copy()
        return twin

    def push(self, frame: Frame) -> Iterator[Glimpse]:
        """Of every second frame the glimpse of the pair; a frame that comes too soon is passed over.

        The frame is taken at once, the looking happens while the result is consumed; after Cancelled the pair is still
        there for the next push or flush. MediaError for what is not a frame.
        """
        _check_frame(frame.pixels)
        if self._pace.keeps(frame.time):
            self._waiting.append(frame)
        return self._pairs()

    def flush(self) -> Iterator[Glimpse]:
        """The glimpse of a frame that is left over, as a pair of equal frames."""
        yield from self._pairs()
        if self._waiting:
            glimpse = self._look(self._waiting[0], self._waiting[0])
            self._waiting.clear()
            yield glimpse

    def _pairs(self) -> Iterator[Glimpse]:
        while len(self._waiting) > 1:
            glimpse = self._look(self._waiting[0], self._waiting[1])
            self._waiting.popleft()
            self._waiting.popleft()
            yield glimpse

    def _look(self, first: Frame, second: Frame) -> Glimpse:
        return self._eye.look(first.pixels, second.pixels, limits=self._limits, time=first.time, check=self._check)


def _check_frame(frame: Pixels) -> None:
    if frame.dtype != np.uint8 or frame.ndim != 3 or frame.shape[2] != 3 or not frame.size:
        raise MediaError(f"A frame must be RGB bytes [height, width, 3], not {frame.dtype} {list(frame.shape)}.")
