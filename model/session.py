"""One conversation with the model: hear, see, read, reply, interrupt, forget. Knows no device and no window.

What arrives is encoded and prefilled while it arrives; a reply is a stream of events. Nothing is ever computed twice:
a later turn adds only its own tokens, and the Talker, which reads a reply as text once it is over, the reply's text.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from model.clip import Clip, ClipKind, FrameTokens, Part
from model.context import Context, Mark
from model.errors import never_cancelled
from model.flow import Solver
from model.foresight import LONGEST as LONGEST_GUESS
from model.foresight import Foresight
from model.heard import Pace, tokens_heard, tokens_within, weight
from model.manuscript import Manuscript
from model.note import Note
from model.omni import Omni
from model.prompts import default_system_prompt
from model.protocol import CODE_SAMPLES, SPEECH_RATE, Event
from model.reply import Plan, Reply, Speech
from model.sampling import TALKER_SAMPLING, THINKER_SAMPLING, Sampling
from model.sight import SightSettings
from model.talker import TalkerStream
from model.vocoder import EXACT, Ramp


@dataclass(frozen=True, slots=True)
class SessionSettings:
    """How a conversation is held."""

    voice: str | None = None
    """Who speaks; None is silent: the Talker is neither loaded nor run."""
    system: str = field(default_factory=default_system_prompt)
    thinker: Sampling = THINKER_SAMPLING
    talker: Sampling = TALKER_SAMPLING
    stops: tuple[str, ...] = ()
    max_tokens: int = 1024
    max_codes: int = 4096
    context: int = 32_768
    media: int | None = None
    """Tokens of it that may stand for sound and pictures before the oldest fade; None: all that it holds."""
    earlier: int | None = None
    """Tokens of it that turns before the present one may have, the last of them apart; None: all that it holds."""
    solver: Solver = Solver.RK4
    ramp: Ramp = EXACT
    sight: SightSettings = field(default_factory=SightSettings)
    foresight: bool = True
    """Run what may be said next together with what is, where several rows take about as long as one."""

    @classmethod
    def noted(cls, note: Note) -> SessionSettings:
        """What a folder's maker says is best."""
        return cls(
            thinker=note.thinker,
            talker=note.talker,
            solver=Solver(note.solver),
            media=note.media,
            earlier=note.earlier,
        )


@dataclass(frozen=True, slots=True)
class Place:
    """Somewhere in a conversation: everything that a turn not yet replied to consists of."""

    mark: Mark
    text: str
    clip: Clip | None
    open: bool
    separator: str


class Session:
    """One conversation. Its memory is freed with it; the weights are the model's."""

    def __init__(
        self, omni: Omni, settings: SessionSettings | None = None, check: Callable[[], None] = never_cancelled
    ) -> None:
        """`check` is called between layers and solver steps and may raise Cancelled: the call is as if not made.

        Raises CheckpointError if there is no such voice.
        """
        self.settings = settings or SessionSettings()
        self._omni = omni
        self._check = check
        self._voice = None if self.settings.voice is None else omni.checkpoint.voice(self.settings.voice)
        self._speaker = None if self._voice is None else omni.voice.speaker(self._voice)
        self._ids = omni.checkpoint.architecture.thinker
        self._pace = Pace()
        self._reply: Reply | None = None
        self._events: Generator[Event, None, None]
        self.turn = 0
        self.forget()

    def forget(self) -> None:
        """The conversation starts anew; nothing of what was said is left."""
        self._end_reply()
        thinker = self._omni.thinker
        talker = None if self._voice is None else TalkerStream(self._omni.talker)
        limit = min(self.settings.context, self._omni.checkpoint.architecture.text.max_position_embeddings)
        cheap = self.settings.foresight and thinker.rows_at_once > LONGEST_GUESS
        self._context = Context(
            thinker,
            talker,
            limit,
            eager=talker is not None,
            media=self.settings.media,
            earlier=self.settings.earlier,
            foresight=Foresight() if cheap else None,
        )
        self._manuscript = Manuscript(self._omni, self._context, self._check)
        self._clip: Clip | None = None
        self._open = False
        self._before: Place | None = None
        form = self._omni.vocabulary.format
        self._manuscript.write(form.opening)
        self._manuscript.text += self.settings.system
        self._separator = form.first_turn

    def recall(self, question: str, answer: str) -> None:
        """A turn that was held before, in words; the oldest ones give way to it.

        Raises ContextFullError, and is as if not made, if it alone is longer than the context.
        """
        with self._in_turn():
            self._close_clip()
            self._manuscript.text += question
            self._manuscript.write(self._omni.vocabulary.format.reply)
            self._manuscript.flush()
            self._manuscript.text = answer
            self._manuscript.flush()
            self._manuscript.drain()
        self._open = False
        self._separator = self._omni.vocabulary.format.next_turn

    def place(self) -> Place:
        """Where the conversation is now; an answer that was given is settled, and cannot be interrupted any more."""
        self._settle()
        return self._place()

    def go_back(self, place: Place) -> bool:
        """Whatever came after the place was never said.

        False if the place had to be dropped meanwhile: then the conversation is empty, and no other place is left.
        """
        self._end_reply()
        if not self._context.holds(place.mark):
            self.forget()
            return False
        self._go_back(place)
        self._before = None
        return True

    @property
    def context_tokens(self) -> int:
        """Tokens that the conversation takes so far."""
        return self._context.length

    @property
    def dropped_tokens(self) -> int:
        """Tokens that had to make room for others so far."""
        return self._context.dropped

    @property
    def nbytes(self) -> int:
        """Bytes of the conversation's caches."""
        return self._context.nbytes

    # What comes in

    def read(self, text: str) -> None:
        """Typed text, as part of the turn."""
        with self._in_turn():
            self._close_clip()
            self._manuscript.text += text

    def hear(self, samples: NDArray[np.floating]) -> None:
        """The next 16 kHz mono samples; complete two-second blocks are understood at once."""
        with self._in_turn():
            self._lay(self._opened_clip().hear(samples))

    def see(self, frame: NDArray[np.uint8], at: float | None = None) -> None:
        """An RGB frame [height, width, 3]: of the open clip, `at` seconds after its start, else a picture."""
        with self._in_turn():
            if self._clip is None:
                self._show(frame)
            else:
                self._lay(self._clip.see(frame, at))

    def open_clip(self, kind: ClipKind | None = None, maximum: float | None = None) -> None:
        """What is heard and seen from here on is one recording; without `kind` it is live and finds out."""
        with self._in_turn():
            self._close_clip()
            self._clip = self._new_clip(kind, maximum)

    def close_clip(self) -> None:
        """The recording, or the person speaking, has ended."""
        with self._in_turn():
            self._close_clip()

    # What goes out

    def reply(self, *, voiced: bool = True, words: str | None = None) -> Iterator[Event]:
        """Answer the turn. If the iterator is left early, what it said so far stays said; see `interrupt`.

        `voiced`: whether with speech, where the session has a voice. `words` are said in place of what the model would.
        Whatever the session does next ends the iterator.
        """
        asked = perf_counter()
        with self._in_turn():
            self._before = self._place()
            self._close_clip()
            self._manuscript.write(self._omni.vocabulary.format.reply)
            self._manuscript.flush()
            self._manuscript.drain()
            room = self._context.make_room(self._wanted_room())
            reply = self._new_reply(room, asked, voiced=voiced, words=words)
        self._reply, self._events = reply, reply.run()
        return self._events

    def interrupt(self, heard_up_to: float | None = None, heard_text: int | None = None) -> str:
        """Cut the last reply to what was heard: `heard_up_to` seconds of its speech, or all its text if None.

        `heard_text` is how many characters of it were heard, where it was not this speech that said them.

        Returns the text that is kept. How text is found for a moment of speech is told in `model.heard`.
        """
        reply, kept = self._reply, None
        if reply is None:
            return ""
        if heard_text is not None:
            kept = tokens_within(reply.pieces, heard_text)
        elif heard_up_to is not None and reply.speech is not None:
            kept = tokens_heard(reply.pieces, heard_up_to * SPEECH_RATE / CODE_SAMPLES, self._foreseen_codes(reply))
        self._settle(kept)
        return "".join(reply.pieces[:kept])

    def retract(self) -> None:
        """The reply began too early, the person speaks on: the turn is open again as it was before `reply`."""
        if self._before is not None and self._end_reply() is not None:
            self._go_back(self._before)

    def abandon(self) -> None:
        """Forget the turn that is open and not replied to yet."""
        if self._open and self._reply is None:
            self._go_back(self._turn_start)
            self._open = False

    # How it is done

    @contextmanager
    def _in_turn(self) -> Iterator[None]:
        """Inside a turn: after a reply a new one. If what is done inside fails, it was never begun."""
        self._settle()
        place, turn = self._place(), self.turn
        try:
            if not self._open:
                self._begin_turn()
            yield
        except BaseException:
            self._go_back(place)
            self.turn = turn
            raise

    def _begin_turn(self) -> None:
        self._turn_start = self._place()
        self.turn += 1
        self._open = True
        self._manuscript.flush()
        self._context.begin_turn()
        self._manuscript.write(self._separator)

    def _settle(self, kept: int | None = None) -> None:
        """If a reply was given, it is over: the Talker gets its text, or `kept` tokens of it, in place of its codes."""
        reply = self._end_reply()
        if reply is not None:
            if reply.fully_voiced:
                self._pace.learn(reply.pieces, reply.codes)
            self._context.keep(reply.began, reply.vectors[:kept])
            self._open, self._before = False, None
            self._separator = self._omni.vocabulary.format.next_turn

    def _end_reply(self) -> Reply | None:
        """The last reply, of which no more events come."""
        reply, self._reply = self._reply, None
        if reply is not None:
            self._events.close()
        return reply

    def _place(self) -> Place:
        clip = None if self._clip is None else self._clip.copy()
        return Place(self._context.mark(), self._manuscript.text, clip, self._open, self._separator)

    def _go_back(self, place: Place) -> None:
        self._context.rewind(place.mark)
        self._manuscript.text = place.text
        self._clip = None if place.clip is None else place.clip.copy()
        self._open = place.open
        self._separator = place.separator

    def _opened_clip(self) -> Clip:
        if self._clip is None:
            self._clip = self._new_clip(None, None)
        return self._clip

    def _new_clip(self, kind: ClipKind | None, maximum: float | None) -> Clip:
        omni = self._omni
        return Clip(
            lambda: omni.ear, lambda: omni.eye, self._check, sight=self.settings.sight, kind=kind, maximum=maximum
        )

    def _close_clip(self) -> None:
        if self._clip is not None:
            self._lay(self._clip.close())
            self._clip = None

    def _lay(self, parts: Iterator[Part]) -> None:
        """What has become known of a recording."""
        self._manuscript.lay(parts)

    def _show(self, frame: NDArray[np.uint8]) -> None:
        glimpse = self._omni.eye.look(frame, limits=self.settings.sight.picture, check=self._check)
        self._manuscript.show(FrameTokens(0, glimpse.rows, glimpse.columns, glimpse.tokens))

    def _wanted_room(self) -> int:
        """Text and codes lie in caches of their own; no reply drives more than half of the conversation out."""
        speech = 0 if self._voice is None else self.settings.max_codes + 2
        return min(max(self.settings.max_tokens, speech), self._context.limit // 2)

    def _new_reply(self, room: int, asked: float, *, voiced: bool, words: str | None) -> Reply:
        settings, vocabulary = self.settings, self._omni.vocabulary
        codes = min(settings.max_codes, room - 2)
        tokens = max(0, min(settings.max_tokens, room))
        script = None if words is None else (*vocabulary.encode(words), min(self._ends()))
        plan = Plan(settings.thinker, self._ends(), settings.stops, tokens, codes, asked, script)
        speech = self._new_speech() if voiced and codes > 0 else None
        return Reply(self.turn, self._context, vocabulary.pieces(), plan, speech, self._check)

    def _new_speech(self) -> Speech | None:
        if self._voice is None or self._speaker is None or self._context.talker is None:
            return None
        thinker, talker = self._omni.thinker, self._omni.checkpoint.architecture.talker
        self._context.talker.catch_up(self._check)
        opening = thinker.embed([self._voice.bos_token])
        return Speech(
            self._context.talker.begin(opening, self._context.positions, self.settings.talker),
            self._omni.voice.stream(
                self._speaker,
                seed=self.settings.talker.seed,
                solver=self.settings.solver,
                ramp=self.settings.ramp,
                check=self._check,
            ),
            text_end=thinker.embed([talker.tts_text_end_token_id]),
            text_pad=thinker.embed([talker.tts_text_pad_token_id]),
        )

    def _ends(self) -> frozenset[int]:
        """The template's own end markers and those that the configuration names."""
        named = self._ids.eos_token_id
        return self._omni.vocabulary.ends() | set(
            named if isinstance(named, list) else [] if named is None else [named]
        )

    def _foreseen_codes(self, reply: Reply) -> float:
        if reply.fully_voiced:
            return reply.codes
        return max(reply.codes, self._pace.codes_a_letter * sum(map(weight, reply.pieces)))
