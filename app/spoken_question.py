"""A question while it is spoken: what is heard and seen of it goes to the model at once. Knows no device and no answer.

In every pause, which may be its end, the model is asked for a reply early. What it tells of that one is kept here, and
so is what is heard meanwhile: if the voice goes on, the reply is retracted, and the turn goes on as if there was none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import assert_never

import numpy as np

from app import thumbnails
from app.pixels import shrink
from app.senses import Block, Calmed, Continued, Ended, Frame, Paused, Resumed, SpeechEvent, Started, Stirred
from app.shown import attach
from app.transcript import Attachment, Kind, LineState, Transcript
from app.turns import Turn
from app.words import translate
from model.protocol import HEARING_RATE, Finished, Given, Hear, Order, Retract, Said, See, Voiced

FRAME_SECONDS = 0.5
"""Between two frames of a spoken turn: the model is used to two a second."""

FRAME_SIDE = 640
"""Pixels of a frame's longer side: the model takes such frames with a hundred thousand pixels, and they are kept."""
MOST_FRAMES = 240
"""That are kept of a question, two minutes: somebody may speak for long, or a television."""
STOP_SECONDS = 1.2
"""Of a question in which such a word can be all that is meant; later it is a word among others."""


@dataclass(slots=True)
class _Early:
    """A reply that was asked for before the question was surely over."""

    told: list[Said | Voiced | Finished] = field(default_factory=list)
    heard: list[Block] = field(default_factory=list)


class SpokenQuestion:
    """From its first block until `end` or `drop`; `order` carries Orders of its turn."""

    def __init__(
        self,
        turn: Turn,
        row: int,
        transcript: Transcript,
        order: Callable[[Order], None],
        ask: Callable[[Turn], None],
        *,
        breaks_in: bool = False,
    ) -> None:
        """`ask` asks for a reply to the turn, whose line stands in `row`; `breaks_in`: whether an answer gave way."""
        self.row = row
        self._turn = turn
        self._ask = ask
        self._transcript = transcript
        self._order = order
        self._early: _Early | None = None
        self._breaks_in = breaks_in
        self._stopped_at: int | None = None

    def take(self, event: SpeechEvent) -> None:
        """More of it, pauses included; when it is over is told by `end`."""
        match event:
            case Started(block):
                self._resume()
                self._hear(block)
            case Continued(block):
                self._hear(block)
            case Paused():
                self._pause()
            case Resumed():
                self._resume()
            case Stirred() | Calmed() | Ended():
                pass
            case _:
                assert_never(event)

    def see(self, frame: Frame) -> None:
        """Frames are of the recording that sound has opened; what is to be seen in a pause is seen after it."""
        turn = self._turn
        if not turn.samples or self._early is not None:
            return
        at = max(0.0, frame.time - turn.sound_began)
        if turn.last_frame is not None and at - turn.last_frame < FRAME_SECONDS:
            return
        if turn.last_frame is None:
            self._transcript.attach(self.row, attach(frame))
        turn.last_frame = at
        self._give(See(turn.number, shrink(frame.pixels, FRAME_SIDE), at))
        self._forget_old_frames()

    def keep(self, told: Said | Voiced | Finished) -> None:
        """What the model tells of the early reply."""
        if self._early is not None and told.turn == self._turn.number:
            self._early.told.append(told)

    def end(self) -> Iterator[Said | Voiced | Finished]:
        """It is over. Yields what is known of its reply already, and asks for one where none was asked for."""
        early, self._early = self._early, None
        self._close(LineState.WHOLE)
        if early is None:
            self._ask(self._turn)
        else:
            yield from early.told

    def drop(self, state: LineState) -> None:
        """It comes to nothing: no reply was ever asked for."""
        early, self._early = self._early, None
        if early is not None:
            self._order(Retract(self._turn.number))
        self._close(state)

    def mark_stop(self, said: float) -> None:
        """A word that stops an answer was spotted, which was over at this moment: in it, or before."""
        is_soon = self._turn.samples < STOP_SECONDS * HEARING_RATE
        if self._breaks_in and is_soon and said > self._turn.sound_began:
            self._stopped_at = self._turn.samples

    def is_a_stop(self, least: float) -> bool:
        """Whether it was no more than that: after the word there were less than so many seconds of voice."""
        return self._stopped_at is not None and self._turn.samples - self._stopped_at < least * HEARING_RATE

    def _hear(self, block: Block) -> None:
        if self._early is not None:
            self._early.heard.append(block)
        elif len(block.samples):
            self._turn.samples += len(block.samples)
            self._turn.peaks.append(float(np.abs(block.samples).max()))
            self._give(Hear(self._turn.number, block.samples))

    def _pause(self) -> None:
        """Perhaps it is over: a reply is asked for, and not told yet."""
        if self._early is None and self._turn.samples:
            self._early = _Early()
            self._ask(self._turn)

    def _resume(self) -> None:
        """It was not over."""
        early, self._early = self._early, None
        if early is not None:
            self._order(Retract(self._turn.number))
            for block in early.heard:
                self._hear(block)

    def _give(self, given: Given) -> None:
        self._turn.given.append(given)
        self._order(given)

    def _forget_old_frames(self) -> None:
        """To ask once more without; the model has seen them."""
        frames = [place for place, given in enumerate(self._turn.given) if isinstance(given, See)]
        for place in reversed(frames[:-MOST_FRAMES]):
            del self._turn.given[place]

    def _close(self, state: LineState) -> None:
        """How long the user spoke is told once it is known."""
        turn = self._turn
        seconds = max(1, round(turn.samples / HEARING_RATE))
        said = Attachment(
            Kind.SPEECH,
            translate("Conversation", "{seconds} s of speech").format(seconds=seconds),
            levels=thumbnails.of_sound(turn.peaks),
        )
        self._transcript.attach(self.row, said)
        self._transcript.close(self.row, state)
