"""What the model is given, laid out as it reads it: text, markers, sound and pictures, each at its positions.

Plain text waits for its end, since a tokenizer joins what stands together. Knows no turn and no reply.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import assert_never

from torch import Tensor

from model.clip import ClipKind, Closing, FrameTokens, Opening, Part, SoundTokens
from model.context import Context, Segment
from model.omni import Omni


class Manuscript:
    """Of one context. `text` is what waits to become tokens."""

    def __init__(self, omni: Omni, context: Context, check: Callable[[], None]) -> None:
        self.text = ""
        self._omni = omni
        self._ids = omni.checkpoint.architecture.thinker
        self._context = context
        self._check = check

    def write(self, template: str) -> None:
        """Markers become tokens at once."""
        for part in self._omni.vocabulary.cut(template):
            if isinstance(part, int):
                self.flush()
                self._queue([part])
            else:
                self.text += part

    def flush(self) -> None:
        """The text that waits has come to its end."""
        if self.text:
            self._queue(self._omni.vocabulary.encode(self.text))
            self.text = ""

    def drain(self) -> None:
        """All that is laid out goes through the model."""
        self._context.drain(self._check)

    def show(self, glimpse: FrameTokens) -> None:
        """A picture: like a silent video of one grid, with its own token."""
        self._mark([self._ids.vision_start_token_id])
        self._context.positions.open_clip()
        self._lay_frame(glimpse, self._ids.image_token_id)
        self._mark([self._ids.vision_end_token_id])
        self.drain()

    def lay(self, parts: Iterator[Part]) -> None:
        """Of a recording, as they become known."""
        laid = False
        for part in parts:
            laid = True
            match part:
                case Opening(kind):
                    self._mark(self._markers(kind)[0])
                    self._context.positions.open_clip()
                case SoundTokens(first, tokens):
                    positions = self._context.positions.sound(first, len(tokens))
                    self._queue_media(self._ids.audio_token_id, tokens, positions)
                case FrameTokens():
                    self._lay_frame(part, self._ids.video_token_id)
                case Closing(kind):
                    self._mark(self._markers(kind)[1])
                case _:
                    assert_never(part)
        if laid:
            self.drain()

    def _markers(self, kind: ClipKind) -> tuple[list[int], list[int]]:
        ids = self._ids
        seen = ([ids.vision_start_token_id], [ids.vision_end_token_id])
        heard = ([ids.audio_start_token_id], [ids.audio_end_token_id])
        match kind:
            case ClipKind.SOUND:
                return heard
            case ClipKind.SILENT_VIDEO:
                return seen
            case ClipKind.SOUNDING_VIDEO:
                return seen[0] + heard[0], heard[1] + seen[1]
            case _:
                assert_never(kind)

    def _mark(self, ids: list[int]) -> None:
        self.flush()
        positions = self._context.positions.pair() if len(ids) == 2 else self._context.positions.text(1)
        self._context.queue(Segment(tuple(ids), self._omni.thinker.embed(ids), positions))

    def _queue(self, ids: list[int]) -> None:
        positions = self._context.positions.text(len(ids))
        self._context.queue(Segment(tuple(ids), self._omni.thinker.embed(ids), positions))

    def _lay_frame(self, frame: FrameTokens, token: int) -> None:
        positions = self._context.positions.grid(frame.time, frame.rows, frame.columns)
        self._queue_media(token, frame.tokens, positions)

    def _queue_media(self, token: int, tokens: Tensor, positions: Tensor) -> None:
        embeddings = tokens.to(self._omni.placement.dtype)
        self._context.queue(Segment((token,) * len(tokens), embeddings, positions, media=True))
