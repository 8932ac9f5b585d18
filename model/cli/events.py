"""What `ask` tells while it works. Nothing but data; every event is one line of `--json`, its fields by name."""

from __future__ import annotations

import dataclasses
import json
from dataclasses import dataclass
from typing import ClassVar

from model.protocol import Ending


@dataclass(frozen=True, slots=True)
class Opened:
    """The model that answers, before its weights are read. `label` is empty for an ordinary one.

    A picture is looked at in up to `picture_tokens`, two frames of a video in up to `frame_tokens`.
    """

    event: ClassVar[str] = "opened"
    model: str
    label: str
    device: str
    dtype: str
    voice: str | None
    context: int
    picture_tokens: int
    frame_tokens: int


@dataclass(frozen=True, slots=True)
class Read:
    """`done` of `total` bytes of a part of the model were read."""

    event: ClassVar[str] = "loading"
    part: str
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Noticed:
    """Something went otherwise than it was asked for, in one sentence."""

    event: ClassVar[str] = "notice"
    text: str


@dataclass(frozen=True, slots=True)
class Playing:
    """So far `seconds` of a file are understood, of `total` where the file says how long it is."""

    event: ClassVar[str] = "playing"
    file: str
    seconds: float
    total: float | None


@dataclass(frozen=True, slots=True)
class Given:
    """One item of a turn is understood; that took `seconds`, and the conversation has `context_tokens` now."""

    event: ClassVar[str] = "given"
    turn: int
    medium: str
    file: str | None
    seconds: float
    context_tokens: int


@dataclass(frozen=True, slots=True)
class Worded:
    """The next piece of text, `seconds` after the answer was asked for."""

    event: ClassVar[str] = "said"
    turn: int
    text: str
    seconds: float


@dataclass(frozen=True, slots=True)
class Sounded:
    """The next `samples` of speech are in the file, which has `spoken_seconds` of this answer now."""

    event: ClassVar[str] = "voiced"
    turn: int
    samples: int
    spoken_seconds: float
    seconds: float


@dataclass(frozen=True, slots=True)
class Seconds:
    """`input` until all was understood; firsts and `total` from when the answer was asked for; each stage's own."""

    input: float
    first_text: float | None
    first_audio: float | None
    thinker: float
    talker: float
    voice: float
    total: float


@dataclass(frozen=True, slots=True)
class Rates:
    """What each stage did in a second of its own time; None where it did nothing."""

    prompt_tokens: float | None
    thinker_tokens: float | None
    talker_codes: float | None
    voice_seconds: float | None
    """Seconds of speech made in a second."""


@dataclass(frozen=True, slots=True)
class Memory:
    """Bytes: the most this process had resident so far, the conversation's caches, and the most on a GPU."""

    resident_peak: int
    caches: int
    device_peak: int | None


@dataclass(frozen=True, slots=True)
class Answered:
    """A turn is over. `prompt_tokens` are this turn's, `context_tokens` the whole conversation's."""

    event: ClassVar[str] = "finished"
    turn: int
    ending: Ending
    text: str
    speech_cut: bool
    prompt_tokens: int
    context_tokens: int
    text_tokens: int
    codes: int
    spoken_seconds: float
    seconds: Seconds
    rates: Rates
    memory: Memory


AskEvent = Opened | Read | Noticed | Playing | Given | Worded | Sounded | Answered


def as_line(event: AskEvent) -> str:
    """One line of JSON; times to the tenth of a millisecond."""
    fields = {"event": event.event} | dataclasses.asdict(event)
    return json.dumps(_rounded(fields), ensure_ascii=False) + "\n"


def _rounded(value: object) -> object:
    if isinstance(value, dict):
        return {name: _rounded(entry) for name, entry in value.items()}
    return round(value, 4) if isinstance(value, float) else value
