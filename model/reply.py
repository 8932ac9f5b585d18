"""One reply: Thinker, Talker and voice in lock-step, as a stream of events. Knows nothing of what was asked."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass
from time import perf_counter

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from model.context import Context
from model.heard import tokens_within
from model.prompts import PieceStream
from model.protocol import Ending, Event, Finished, Said, Timings, Voiced
from model.sampling import Sampler, Sampling
from model.talker import Utterance
from model.vocoder import VoiceStream


@dataclass(frozen=True, slots=True)
class Plan:
    """How tokens are drawn and what ends a reply: its own tokens, strings in its text, and caps."""

    sampling: Sampling
    ends: frozenset[int]
    stops: tuple[str, ...]
    tokens: int
    codes: int
    asked: float
    """When the reply was asked for, by `perf_counter`: times count from there."""
    script: tuple[int, ...] | None = None
    """Tokens to be said in place of drawn ones, an ending one last."""


@dataclass(slots=True)
class Speech:
    """What makes a reply's sound: codes, their wave, and the vectors that follow the text's."""

    utterance: Utterance
    voice: VoiceStream
    text_end: Tensor
    text_pad: Tensor
    codes: int = 0
    ended: bool = False
    cut: bool = False


class StopWatch:
    """Lets text through up to a stop string; holds back what may be the beginning of one."""

    def __init__(self, stops: Sequence[str]) -> None:
        self._stops = [stop for stop in stops if stop]
        self._held = ""
        self.hit = False

    def push(self, piece: str) -> str:
        """The text that is certain now."""
        text = self._held + piece
        found = [place for stop in self._stops if (place := text.find(stop)) >= 0]
        if found:
            self.hit, self._held = True, ""
            return text[: min(found)]
        keep = max(
            (size for stop in self._stops for size in range(1, len(stop)) if text.endswith(stop[:size])), default=0
        )
        self._held = text[len(text) - keep :]
        return text[: len(text) - keep]

    def flush(self) -> str:
        """What was held back, when nothing follows."""
        held, self._held = self._held, ""
        return held


class Reply:
    """Runs once; what it said stays readable while it runs, after it, and if it is given up."""

    def __init__(  # noqa: PLR0917 -- the parts that only a session has together
        self,
        turn: int,
        context: Context,
        pieces: PieceStream,
        plan: Plan,
        speech: Speech | None,
        check: Callable[[], None],
    ) -> None:
        self.began = context.mark()
        self.vectors: list[Tensor] = []
        self.pieces: list[str] = []
        self.speech = speech
        self.text = ""
        self._turn = turn
        self._context = context
        self._stream = pieces
        self._sampler = Sampler(plan.sampling, seen=context.ids)
        self._plan = plan
        self._check = check
        self._watch = StopWatch(plan.stops)
        self._clock = _Clock(plan.asked)

    @property
    def codes(self) -> int:
        """Speech codes made so far."""
        return 0 if self.speech is None else self.speech.codes

    @property
    def fully_voiced(self) -> bool:
        """Whether the model itself ended the speech."""
        return self.speech is not None and self.speech.ended and not self.speech.cut

    def run(self) -> Generator[Event, None, None]:
        """Text as it is thought, sound as soon as a packet of codes is there; `Finished` last."""
        ending = yield from self._think()
        yield from self._say(self._watch.flush())
        if self.speech is not None and self.vectors:
            yield from self._speak_out(self.speech)
        yield Finished(self._turn, ending, self.text, self._timings(), self.speech is not None and self.speech.cut)

    def _think(self) -> Generator[Event, None, Ending]:
        while True:
            with self._clock.thinker:
                token = self._next()
            if token in self._plan.ends:
                return Ending.SAID
            if len(self.vectors) == self._plan.tokens:
                return Ending.LENGTH
            piece = self._stream.push(token)
            yield from self._say(self._watch.push(piece))
            if self._watch.hit:
                self._forget_stop(piece)
                return Ending.STOPPED
            with self._clock.thinker:
                vector = self._context.step(token, self._check)
            self.vectors.append(vector)
            self.pieces.append(piece)
            if self.speech is not None:
                yield from self._speak(self.speech, vector)

    def _next(self) -> int:
        script = self._plan.script
        return self._sampler.draw(self._context.logits()) if script is None else script[len(self.vectors)]

    def _say(self, text: str) -> Iterator[Event]:
        if text:
            self._clock.text()
            self.text += text
            yield Said(self._turn, text)

    def _forget_stop(self, last: str) -> None:
        """Tokens that began the stop string, which the piece `last` completed, are not part of what was said."""
        self.pieces.append(last)
        kept = tokens_within(self.pieces, len(self.text))
        del self.vectors[kept:], self.pieces[kept:]

    def _speak(self, speech: Speech, vector: Tensor) -> Iterator[Event]:
        if speech.ended:
            return
        with self._clock.talker:
            code = speech.utterance.step(vector, self._check)
        if code is not None:
            speech.codes += 1
            yield from self._voice(speech.voice.push([code]))
            speech.cut = speech.codes == self._plan.codes
        if code is None or speech.cut:
            speech.ended = True
            yield from self._voice(speech.voice.flush())

    def _speak_out(self, speech: Speech) -> Iterator[Event]:
        """The text is complete: its end mark once, then padding, until the Talker ends."""
        yield from self._speak(speech, speech.text_end)
        while not speech.ended:
            yield from self._speak(speech, speech.text_pad)

    def _voice(self, waves: Iterator[NDArray[np.float32]]) -> Iterator[Event]:
        while True:
            with self._clock.voice:
                wave = next(waves, None)
            if wave is None:
                return
            self._clock.audio()
            yield Voiced(self._turn, wave)

    def _timings(self) -> Timings:
        clock = self._clock
        return Timings(
            prompt_tokens=self.began.length,
            text_tokens=len(self.vectors),
            codes=self.codes,
            first_text=clock.first_text,
            first_audio=clock.first_audio,
            thinker=clock.thinker.seconds,
            talker=clock.talker.seconds,
            voice=clock.voice.seconds,
            total=perf_counter() - clock.began,
        )


class _Stopwatch:
    """Adds up the time spent inside."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self._began = 0.0

    def __enter__(self) -> None:
        self._began = perf_counter()

    def __exit__(self, *_: object) -> None:
        self.seconds += perf_counter() - self._began


class _Clock:
    """What took how long, and when the first text and sound came."""

    def __init__(self, began: float) -> None:
        self.began = began
        self.thinker, self.talker, self.voice = _Stopwatch(), _Stopwatch(), _Stopwatch()
        self.first_text: float | None = None
        self.first_audio: float | None = None

    def text(self) -> None:
        self.first_text = self.first_text or perf_counter() - self.began

    def audio(self) -> None:
        self.first_audio = self.first_audio or perf_counter() - self.began
