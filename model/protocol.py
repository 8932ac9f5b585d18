"""Messages between the desktop and the runner, and what a session tells while it replies. Nothing but data."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from model.speed import Speed

SPEECH_RATE = 24_000
"""Samples of spoken output in a second."""
HEARING_RATE = 16_000
"""Samples of heard input in a second."""
CODE_SAMPLES = 480
"""Samples of speech that one code lasts: 20 ms."""
NO_MODEL = "No model is loaded: choose a model's folder first."
"""Why a turn fails at either end of the pipe when nobody can answer it."""


class Exit(IntEnum):
    """With what status the child ends by itself, where nothing is known any more of what it computed."""

    OUT_OF_MEMORY = 75
    DEVICE_LOST = 76


class Ending(StrEnum):
    """Why a reply ended."""

    SAID = "said"
    """The model ended it."""
    STOPPED = "stopped"
    """A stop string came."""
    LENGTH = "length"
    """The cap on text tokens was reached, or the context is full."""


@dataclass(frozen=True, slots=True)
class Timings:
    """What a reply took, in seconds from the call; counts of tokens and codes."""

    prompt_tokens: int
    text_tokens: int
    codes: int
    first_text: float | None
    first_audio: float | None
    thinker: float
    talker: float
    voice: float
    total: float


@dataclass(frozen=True, slots=True)
class Loading:
    """`done` of `total` bytes of one part of the model were read."""

    part: str
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Said:
    """The next piece of a reply's text."""

    turn: int
    text: str


@dataclass(frozen=True, slots=True, eq=False)
class Voiced:
    """The next samples of a reply's speech: float32 [n], 24 kHz, mono, within -1 and 1."""

    turn: int
    wave: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Finished:
    """A reply is over; `text` is all of it. `speech_cut` where the speech reached its cap before the model ended it."""

    turn: int
    ending: Ending
    text: str
    timings: Timings
    speech_cut: bool = False


Event = Said | Voiced | Finished


# What the desktop asks for. A command of a turn carries its number, and numbers only grow: one of an older turn is
# dropped by the child, an event of an older turn by the desktop, so that nothing else needs to be told apart.


@dataclass(frozen=True, slots=True)
class Load:
    """Load a checkpoint and begin a conversation with it, in place of what was loaded before.

    None leaves a choice to the runner. Ends in `Ready` or `Failed`; another Load, Unload or Stop breaks it off.
    """

    folder: Path
    voice: str | None = None
    """Who speaks; None is silent: what makes speech is not loaded."""
    device: str | None = None
    dtype: str | None = None
    threads: int | None = None
    """Of the processor; fewer leave more of it to everything else."""
    system: str | None = field(default=None, repr=False)
    """The system prompt; None is the published one."""
    temperature: float | None = None
    """Of the text, as the next three; 0 always draws the likeliest."""
    top_k: int | None = None
    top_p: float | None = None
    repetition_penalty: float | None = None
    seed: int = 0
    """Of all that is drawn by chance."""
    stops: tuple[str, ...] = ()
    max_tokens: int | None = None
    max_codes: int | None = None
    context: int | None = None
    solver: Literal["rk4", "euler"] | None = None
    early: bool = False
    """Whether the first sound comes sooner, its first moment provisional."""


@dataclass(frozen=True, slots=True)
class Begin:
    """A new turn, its number above all before; what is still being done for the one before is broken off."""

    turn: int


@dataclass(frozen=True, slots=True, eq=False)
class Hear:
    """The next samples of the microphone: float [n], 16 kHz, mono."""

    turn: int
    samples: NDArray[np.floating]


@dataclass(frozen=True, slots=True, eq=False)
class See:
    """An RGB frame [height, width, 3], seen `at` seconds after the turn's sound began (None: now). Answered by Seen.

    Of frames that follow one another while a question is spoken some may be left out, but none that is given `again`.
    """

    turn: int
    frame: NDArray[np.uint8]
    at: float | None = None
    again: bool = field(default=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class Read:
    """Typed text."""

    turn: int
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Attach:
    """A sound, picture or video file, read by the child."""

    turn: int
    file: Path


@dataclass(frozen=True, slots=True)
class Reply:
    """Answer the turn: Said and Voiced, then Finished or Failed."""

    turn: int
    voiced: bool = field(default=True, kw_only=True)
    """Whether with speech, where the model was loaded with a voice."""
    words: str | None = field(default=None, kw_only=True, repr=False)
    """The answer itself, if it is not the model's to find: so its voice can be heard."""


@dataclass(frozen=True, slots=True)
class Retract:
    """The reply was asked for too early: it was never given, and the turn goes on where it was. Answered by Retracted.

    Breaks off a reply that is under way. Without a reply nothing changes; a turn that is over stays over.
    """

    turn: int


@dataclass(frozen=True, slots=True)
class Cancel:
    """Give the turn up, at any time until the next one begins. Answered by Cut.

    `heard_up_to` is how many seconds of its speech were heard, None if speech does not matter: then all the text that
    was said is kept. `heard_text` is how many characters of it were heard, where it was another voice that said them. A
    turn that was not answered yet is forgotten.
    """

    turn: int
    heard_up_to: float | None = None
    heard_text: int | None = field(default=None, kw_only=True)


@dataclass(frozen=True, slots=True)
class Forget:
    """The conversation begins anew; a turn that is open is gone with it."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """What was asked and answered once, as far as words tell it."""

    question: str = field(repr=False)
    answer: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Recall:
    """The conversation begins anew with what was said in another one, oldest first; as much of it as fits.

    Another Recall or Forget breaks it off.
    """

    exchanges: tuple[Exchange, ...]


@dataclass(frozen=True, slots=True)
class Rewind:
    """The conversation is as it was before this turn began; as after Forget if nobody remembers that."""

    turn: int


@dataclass(frozen=True, slots=True)
class Unload:
    """Free the model's memory, or break off its loading."""


@dataclass(frozen=True, slots=True)
class Try:
    """Measure how fast the loaded model is. Answered by Tried; gives way to a turn that begins meanwhile."""


@dataclass(frozen=True, slots=True)
class Stop:
    """End the child."""


Given = Hear | See | Read | Attach
"""What a turn is made of."""
TurnCommand = Begin | Given | Reply
"""What is void once its turn is over."""
Fresh = Forget | Recall
"""With what a conversation begins."""
Order = Load | Unload | Try | Fresh | Rewind | TurnCommand | Retract | Cancel
Command = Order | Stop


# What the desktop is told, besides a reply's own events.


@dataclass(frozen=True, slots=True)
class Ready:
    """The model is loaded. `label` is what must be said wherever it is used; `nbytes` is what its weights take.

    `instead` is a sentence on why it is not computed on a better device, empty where there is none or it is.
    """

    name: str
    label: str
    voices: tuple[str, ...]
    device: str
    nbytes: int
    instead: str = ""


@dataclass(frozen=True, slots=True)
class Tried:
    """How fast the model is here; None where a turn came in between, or there is none."""

    speed: Speed | None


@dataclass(frozen=True, slots=True)
class Noticed:
    """A sentence on what the turn was given, for example that a part of a damaged file could not be read."""

    turn: int
    sentence: str


@dataclass(frozen=True, slots=True)
class Cut:
    """A turn was given up and the child is free; `text` is what the model remembers to have said in it."""

    turn: int
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Failed:
    """In one sentence what went wrong and what to do; a turn that failed is over. Without a turn: the model itself.

    `lacks_memory` where memory ran out, for certain or perhaps: something smaller may go.
    """

    turn: int | None
    sentence: str
    lacks_memory: bool = field(default=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class Unloaded:
    """A Load or Unload was taken up: all that is told from here on is of it, and not of a model before."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A frame was taken in, or dropped with its turn: the next one may come."""

    turn: int


@dataclass(frozen=True, slots=True)
class Retracted:
    """A Retract was taken up: all that is told of the turn from here on is of another reply."""

    turn: int


@dataclass(frozen=True, slots=True)
class Recalled:
    """A Recall was carried out, or broken off: nothing waits for it any more."""


@dataclass(frozen=True, slots=True)
class Working:
    """Long work goes on. Told now and then from within it, never by a clock beside it."""


@dataclass(frozen=True, slots=True)
class Logged:
    """A line of the child's log: the logger's name, the level, the text with any traceback, seconds since 1970."""

    name: str
    level: int
    text: str
    time: float


News = Loading | Ready | Tried | Said | Voiced | Finished | Noticed | Cut | Failed
"""What is of interest to a conversation."""
Report = News | Unloaded | Seen | Retracted | Recalled | Working | Logged
"""Everything that the child sends."""
