"""Something is said into an answer, in a simulated room, sample by sample and much sooner than it is heard.

Everything that listens is the app's own: canceller, guard, detector, endpointer, recogniser, conversation. Simulated
are the loudspeaker, the way from it to the microphone, and the room's hiss; and nothing is ever late.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from scipy.signal import resample_poly

from app.attention import Mark, Portion
from app.conversation import Conversation
from app.devices.blocks import Gathering
from app.devices.canceller import STEP_SAMPLES, STEP_SECONDS, Canceller
from app.devices.endpointer import Endpointer
from app.devices.far_end import FarEnd, Piece
from app.devices.guard import Guard
from app.devices.prosody import is_complete
from app.devices.voice_activity import BLOCK_SAMPLES, VoiceActivity
from app.devices.waves import DUCKED
from app.duplex import Duplex
from app.perception import STOP_SECONDS, STOP_TAIL
from app.phase import Phase
from app.senses import Block, Word
from app.settings import Settings
from app.spotting import Spotter
from app.transcript import Transcript, Who
from model.protocol import HEARING_RATE, SPEECH_RATE, Ready, Said, Voiced
from tests.helpers.echo import AHEAD, EchoRoom
from tests.helpers.rig_voice import Samples

REACTION = 0.06
"""Seconds from a sound to what the app does about it: callbacks, the canceller, the window's thread."""
STEP_PLAYED = round(STEP_SECONDS * SPEECH_RATE)
WARM = 4.0
"""Seconds of an answer before anything is said into it."""
HEARD_STEPS = 50
"""Steps at the end in which something of an answer must be heard that goes on."""
AFTER = 3.0
"""Seconds after it until what came of it is clear."""


@dataclass(frozen=True)
class Outcome:
    """What came of it."""

    words: tuple[Word, ...]
    """All that it was taken for, in order."""
    ended: bool
    """Whether the answer was ended."""
    asked: bool
    """Whether it became a question."""
    silent: float | None
    """Seconds from its beginning until the answer was silent; None where it never was."""
    is_heard: bool
    """Whether the answer is heard in the end, as loud as ever."""

    @property
    def went_on(self) -> bool:
        """Whether the answer did."""
        return self.is_heard and not (self.ended or self.asked)


@dataclass
class Loudspeaker:
    """A mouth whose sound is on the clock: `wave` is both what the speaker is given and what is to be heard of it."""

    far_end: FarEnd
    began: float
    heard_text: int | None = None
    is_audible: bool = True
    takes_waves: bool = True
    has_words: bool = False
    waves: list[Samples] = field(default_factory=list)
    given: int = 0
    """Samples of the turn that the device was given."""
    is_open: bool = False
    is_ducked: bool = False
    factor: float = 1.0
    now: float = 0.0
    out: list[Samples] = field(default_factory=list)
    """All that leaves, step by step, from `began` on, `AHEAD` of the clock."""
    hushed: list[float] = field(default_factory=list)

    def begin(self, *, waves: bool) -> None:  # noqa: ARG002 -- the model's own always
        self.hush()
        self._open()

    def repeat(self) -> None:
        self.begin(waves=True)

    def stand_by(self) -> None:
        pass

    def go_on(self, second: float, place: int) -> None:  # noqa: ARG002 -- waves tell it
        self._open()

    def say(self, text: str) -> None:
        pass

    def play(self, wave: Samples) -> None:
        self.waves.append(wave)

    def finish(self) -> None:
        pass

    def duck(self, *, on: bool) -> None:
        self.is_ducked = on

    def hush(self) -> float:
        heard = max(0.0, self.given / SPEECH_RATE - AHEAD)
        if self.is_open:
            self._cut()
            self.hushed.append(self.now)
        self.is_open, self.is_ducked, self.waves, self.given = False, False, [], 0
        return heard

    def step(self) -> None:
        """Gives the device what leaves `AHEAD` from now."""
        piece = np.zeros(STEP_PLAYED, np.float32)
        if self.is_open and self.waves:
            sound = np.concatenate(self.waves)
            taken = sound[self.given : self.given + STEP_PLAYED]
            piece[: len(taken)] = taken
            self.given += len(taken)
        target = DUCKED if self.is_ducked else 1.0
        piece *= np.linspace(self.factor, target, STEP_PLAYED, dtype=np.float32)
        self.factor = target
        leaves = self.began + len(self.out) * STEP_SECONDS
        self.out.append(piece)
        if self.is_open:
            self.far_end.give(Piece(piece.copy(), leaves, SPEECH_RATE))

    def _open(self) -> None:
        self.waves, self.given, self.is_open = [], 0, True

    def _cut(self) -> None:
        """What the device holds is dropped."""
        first = max(0, round((self.now - self.began) / STEP_SECONDS))
        for number in range(first, len(self.out)):
            self.out[number][:] = 0.0
        self.far_end.cut(self.now)


def say_into(story: Samples, said: Samples, spotter: Spotter, room: EchoRoom, *, at: float = WARM) -> Outcome:
    """`story`: what is answered, 24 kHz; `said`: 16 kHz, into it, at a second of it."""
    began = time.monotonic() + 10.0  # later than the question
    far_end = FarEnd()
    canceller = Canceller(far_end)
    guard = Guard(VoiceActivity.load(), canceller)
    guard.duplex, guard.returned, guard.left = Duplex.FULL, 20 * float(np.log10(room.gain)), -35.0
    ears = Endpointer(guard, Settings().patience, is_complete=is_complete)
    mouth = Loudspeaker(far_end, began)
    transcript = Transcript()
    conversation = Conversation(transcript, mouth)
    conversation.take_news(Ready("", "", (), "", 0))
    conversation.ask("Tell me a story")
    conversation.take_news(Said(conversation.turn, "A story. "))
    conversation.take_news(Voiced(conversation.turn, story))
    near = np.concatenate([np.zeros(round(at * HEARING_RATE), np.float32), said])
    near = np.concatenate([near, np.zeros(round(AFTER * HEARING_RATE), np.float32)])
    near += room.noise(len(near))
    answer, gathering, portion = room.answer(), Gathering(BLOCK_SAMPLES), Portion(STOP_SECONDS, STOP_TAIL)
    words: list[Word] = []
    for number in range(round(AHEAD / STEP_SECONDS)):
        mouth.now = began + (number * STEP_SECONDS - AHEAD)
        mouth.step()
    for number in range(len(near) // STEP_SAMPLES):
        clock = began + number * STEP_SECONDS
        mouth.now = clock + REACTION
        mouth.step()
        echo = echo_of(mouth.out, number, answer)
        sound = near[number * STEP_SAMPLES : (number + 1) * STEP_SAMPLES] + echo
        for cleaned in canceller.push(Block(np.clip(sound, -1.0, 1.0).astype(np.float32), clock)):
            for block in gathering.push(cleaned):
                for event in ears.push(block):
                    conversation.take_speech(event)
                    words += _listen(spotter, portion.take(event), conversation)
    spotter.flush()
    asked = sum(line.who is Who.USER for line in transcript.lines) > 1
    is_heard = mouth.is_open and not mouth.is_ducked and bool(np.abs(np.concatenate(mouth.out[-HEARD_STEPS:])).max())
    ended = conversation.phase is not Phase.SPEAKING
    onset = began + at
    silent = next((moment - onset for moment in mouth.hushed if moment > onset), None)
    return Outcome(tuple(words), ended and not asked, asked, silent, is_heard)


def _listen(spotter: Spotter, heard: Block | Mark | None, conversation: Conversation) -> Iterator[Word]:
    if isinstance(heard, Mark):
        spotter.flush()
    elif heard is not None and (word := spotter.hear(heard)) is not None:
        conversation.take_word(word, heard.time + len(heard.samples) / HEARING_RATE)
        yield word


def echo_of(out: Sequence[Samples], number: int, answer: Samples) -> Samples:
    """What comes back at the microphone in a step: of all that left so long before."""
    count = 1 + (len(answer) - 1) // STEP_SAMPLES + 1
    first = max(0, number - count - 2)
    left = np.concatenate(list(out[first : number + 1]))
    heard = resample_poly(left, HEARING_RATE, SPEECH_RATE)[-(len(answer) + STEP_SAMPLES) :]
    return np.convolve(heard, answer)[: len(heard)][-STEP_SAMPLES:].astype(np.float32)
