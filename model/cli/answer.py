"""One answer and what it took: a session's events, with sound written away and times added. Knows no arguments."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from time import perf_counter
from typing import assert_never

import psutil
import torch

from model.cli.events import Answered, Memory, Rates, Seconds, Sounded, Worded
from model.cli.wave_file import WaveFile
from model.protocol import CODE_SAMPLES, SPEECH_RATE, Finished, Said, Timings, Voiced
from model.session import Session

AnswerEvent = Worded | Sounded | Answered


class Answer:
    """Made before the turn's input is given, so that it knows what that took."""

    def __init__(self, session: Session, turn: int, device: torch.device) -> None:
        self._session = session
        self._turn = turn
        self._device = device
        self._began = perf_counter()
        self._tokens_before = session.context_tokens + session.dropped_tokens
        self._called = 0.0
        self._first_text: float | None = None
        self._first_audio: float | None = None
        self._samples = 0

    def run(self, speech: WaveFile) -> Iterator[AnswerEvent]:
        """Ask for the reply and tell it as it comes; sound is in the file before it is told."""
        self._called = perf_counter()
        events = self._session.reply()
        understood = perf_counter()
        for event in events:
            match event:
                case Said():
                    yield self._said(event)
                case Voiced():
                    speech.add(event.wave)
                    yield self._voiced(event)
                case Finished():
                    yield self._finished(event, understood - self._began)
                case _:
                    assert_never(event)

    def _said(self, event: Said) -> Worded:
        now = perf_counter() - self._called
        self._first_text = self._first_text or now
        return Worded(self._turn, event.text, now)

    def _voiced(self, event: Voiced) -> Sounded:
        now = perf_counter() - self._called
        self._first_audio = self._first_audio or now
        self._samples += len(event.wave)
        return Sounded(self._turn, len(event.wave), self._samples / SPEECH_RATE, now)

    def _finished(self, event: Finished, understood: float) -> Answered:
        timings = event.timings
        prompt = timings.prompt_tokens + self._session.dropped_tokens - self._tokens_before
        return Answered(
            turn=self._turn,
            ending=event.ending,
            text=event.text,
            speech_cut=event.speech_cut,
            prompt_tokens=prompt,
            context_tokens=self._session.context_tokens,
            text_tokens=timings.text_tokens,
            codes=timings.codes,
            spoken_seconds=self._samples / SPEECH_RATE,
            seconds=self._seconds(timings, understood),
            rates=_rates(timings, prompt, understood),
            memory=Memory(resident_peak_bytes(), self._session.nbytes, device_peak_bytes(self._device)),
        )

    def _seconds(self, timings: Timings, understood: float) -> Seconds:
        return Seconds(
            input=understood,
            first_text=self._first_text,
            first_audio=self._first_audio,
            thinker=timings.thinker,
            talker=timings.talker,
            voice=timings.voice,
            total=perf_counter() - self._called,
        )


def _rates(timings: Timings, prompt: int, understood: float) -> Rates:
    return Rates(
        prompt_tokens=_rate(prompt, understood),
        thinker_tokens=_rate(timings.text_tokens, timings.thinker),
        talker_codes=_rate(timings.codes, timings.talker),
        voice_seconds=_rate(timings.codes * CODE_SAMPLES / SPEECH_RATE, timings.voice),
    )


def _rate(done: float, seconds: float) -> float | None:
    return done / seconds if done and seconds else None


def resident_peak_bytes() -> int:
    """The most memory that this process had so far."""
    if sys.platform == "win32":
        return int(psutil.Process().memory_info().peak_wset)
    import resource  # noqa: PLC0415 -- not on Windows

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


def device_peak_bytes(device: torch.device) -> int | None:
    """The most memory of an NVIDIA GPU so far; other devices keep no count."""
    return int(torch.cuda.max_memory_allocated(device)) if device.type == "cuda" else None
