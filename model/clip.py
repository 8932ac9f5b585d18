"""One stretch of sound, of frames, or of both, laid out in the order the model reads it. Knows no position ids.

Live, a clip finds out what it is: sound in whose two-second chunks frames arrive becomes a video with sound, frames
first in each chunk. Where the first frame comes later than the first chunk, the sound so far is closed and a video
with sound begins. A chunk waits for the partner of a lone frame until the next chunk at most.
"""

from __future__ import annotations

import copy
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum, auto

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from model.hearing import Ear, EarStream
from model.media import Frame
from model.positions import TICKS_A_CHUNK, TICKS_A_SECOND, tick
from model.protocol import HEARING_RATE
from model.sight import Eye, EyeStream, Glimpse, SightSettings

CHUNK_SECONDS = TICKS_A_CHUNK / TICKS_A_SECOND


class ClipKind(Enum):
    """What a clip is made of."""

    SOUND = auto()
    SILENT_VIDEO = auto()
    SOUNDING_VIDEO = auto()


@dataclass(frozen=True, slots=True)
class Opening:
    """A clip begins."""

    kind: ClipKind


@dataclass(frozen=True, slots=True, eq=False)
class SoundTokens:
    """tokens [n, width] of sound, the first being the clip's token number `first`."""

    first: int
    tokens: Tensor


@dataclass(frozen=True, slots=True, eq=False)
class FrameTokens:
    """tokens [rows × columns, width] of what was seen `time` ticks after the clip's start."""

    time: int
    rows: int
    columns: int
    tokens: Tensor


@dataclass(frozen=True, slots=True)
class Closing:
    """A clip ends."""

    kind: ClipKind


Part = Opening | SoundTokens | FrameTokens | Closing


class Clip:
    """A stream of samples and frames into parts. `copy` is a mark to come back to."""

    def __init__(
        self,
        ear: Callable[[], Ear],
        eye: Callable[[], Eye],
        check: Callable[[], None],
        *,
        sight: SightSettings,
        kind: ClipKind | None = None,
        maximum: float | None = None,
    ) -> None:
        """Ear and eye are asked for when first needed. Without `kind` the clip is live and finds out.

        `maximum` is the loudest mel power of a recording that is at hand as a whole (see `Ear.loudest`).
        """
        self._sight = sight
        self._limits = sight.live if kind is None else sight.video
        self._load_ear, self._load_eye = ear, eye
        self._check = check
        self._kind = kind
        self._maximum = maximum
        self._opened = False
        self._ear: EarStream | None = None
        self._samples = 0
        self._blocks: deque[Tensor] = deque()
        self._frames: deque[FrameTokens] = deque()
        self._eye: EyeStream | None = None
        self._chunk = 0
        self._origin = 0

    def copy(self) -> Clip:
        """A clip that goes on from here on its own."""
        twin = copy.copy(self)
        twin._ear = None if self._ear is None else self._ear.copy()
        twin._eye = None if self._eye is None else self._eye.copy()
        twin._blocks, twin._frames = self._blocks.copy(), self._frames.copy()
        return twin

    @property
    def seconds(self) -> float:
        """How much sound was pushed."""
        return self._samples / HEARING_RATE

    def hear(self, samples: NDArray[np.floating]) -> Iterator[Part]:
        """16 kHz mono samples -> the parts that they complete. ValueError in what was opened as a silent video."""
        if self._kind is ClipKind.SILENT_VIDEO:
            raise ValueError("a silent video has no sound: open another clip for it")
        if self._ear is None:
            ear = self._load_ear()
            self._ear = (
                ear.stream(self._check) if self._maximum is None else ear.stream(self._check, maximum=self._maximum)
            )
        self._samples += len(samples)
        for tokens in self._ear.push(samples):
            self._blocks.append(tokens)
            yield from self._chunks()

    def see(self, frame: NDArray[np.uint8], at: float | None = None) -> Iterator[Part]:
        """An RGB frame [height, width, 3], seen `at` seconds after the clip's start (default: now, by the sound)."""
        if self._eye is None:
            self._eye = self._load_eye().stream(self._limits, self._sight.fps, self._check)
        self._take(self._eye.push(Frame(self.seconds if at is None else at, frame)))
        if self._kind is ClipKind.SILENT_VIDEO:
            yield from self._open()
            yield from self._seen_before(None)
        yield from self._chunks()

    def close(self) -> Iterator[Part]:
        """The clip ends: what was still open is laid out. Nothing at all comes of a clip without content."""
        if self._ear is not None:
            self._blocks.extend(self._ear.flush())
        self._pair_lone()
        while self._blocks:
            yield from self._lay()
        if self._frames:
            if self._kind is ClipKind.SOUND or not self._opened:
                yield from self._become_video()
            yield from self._open()
            yield from self._seen_before(None)
        if self._opened and self._kind is not None:
            yield Closing(self._kind)
        self._opened = False

    def _take(self, glimpses: Iterator[Glimpse]) -> None:
        for seen in glimpses:
            self._frames.append(FrameTokens(tick(seen.time), seen.rows, seen.columns, seen.tokens))

    def _pair_lone(self) -> None:
        if self._eye is not None:
            self._take(self._eye.flush())

    def _chunks(self) -> Iterator[Part]:
        while self._blocks and not (self._waits_for_partner() and len(self._blocks) == 1):
            if self._waits_for_partner():
                self._pair_lone()
            yield from self._lay()

    def _waits_for_partner(self) -> bool:
        lone = None if self._eye is None else self._eye.lone
        return lone is not None and tick(lone) < self._end_of_chunk

    @property
    def _end_of_chunk(self) -> int:
        return (self._chunk + 1) * TICKS_A_CHUNK

    def _lay(self) -> Iterator[Part]:
        """One chunk: its frames, then its sound."""
        seen = bool(self._frames) and self._frames[0].time < self._end_of_chunk
        if seen and self._kind is not ClipKind.SOUNDING_VIDEO:
            yield from self._become_video()
        elif self._kind is None:
            self._kind = ClipKind.SOUND
        yield from self._open()
        yield from self._seen_before(self._end_of_chunk)
        yield SoundTokens((self._chunk - self._origin) * TICKS_A_CHUNK, self._blocks.popleft())
        self._chunk += 1

    def _become_video(self) -> Iterator[Part]:
        """Frames join: what was only sound ends here, and a video begins at this chunk."""
        if self._opened:
            yield Closing(ClipKind.SOUND)
            self._opened, self._origin = False, self._chunk
        self._kind = ClipKind.SOUNDING_VIDEO if self._blocks else ClipKind.SILENT_VIDEO

    def _open(self) -> Iterator[Part]:
        if not self._opened and self._kind is not None:
            self._opened = True
            yield Opening(self._kind)

    def _seen_before(self, end: int | None) -> Iterator[Part]:
        while self._frames and (end is None or self._frames[0].time < end):
            frame = self._frames.popleft()
            time = max(0, frame.time - self._origin * TICKS_A_CHUNK)
            yield FrameTokens(time, frame.rows, frame.columns, frame.tokens)
