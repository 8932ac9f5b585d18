"""Speaks replies by the voice that is in force: the model's own through the speaker, or the system's, or none.

It decides by what the user chose, what the system has and how fast the latest replies were made; what is in force stays
so during a reply. The model's speech is checked against its text (`shortfall.py`): what is missing the system's voice
says, if there is one. Knows no device and no conversation.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QTimer, Signal

from app import logs
from app.settings import Settings, Speech
from app.voice.shortfall import Measure
from app.voice.speed import Pace, Speed, slowness
from app.voice.system_voice import SystemVoice, There
from app.voice.tempo import Tempo
from app.words import QT_TRANSLATE_NOOP, translate
from model.protocol import SPEECH_RATE, Timings

TOO_SLOW = QT_TRANSLATE_NOOP("Voice", "Your computer is too slow for the model's own voice: the system's voice speaks.")
TOO_SLOW_AND_NONE = QT_TRANSLATE_NOOP(
    "Voice",
    "Your computer is too slow for the model's own voice, and the system has none: answers are only written.",
)
HALTING_AND_NONE = QT_TRANSLATE_NOOP(
    "Voice",
    "Your computer is somewhat slow for the model's own voice, and the system has none: it speaks with pauses.",
)
NO_SYSTEM_VOICE = QT_TRANSLATE_NOOP(
    "Voice", "The system has no voice that works: answers are only written. Install one, or choose the model's."
)
NO_VOICE = QT_TRANSLATE_NOOP("Voice", "The model has no voice: answers are only written.")
NO_MODEL_VOICE = QT_TRANSLATE_NOOP("Voice", "The model has no voice: the system's voice speaks.")


HALTING_LEAD = 1.0
"""Seconds of speech that are waited for where the model is known to be slow: a short answer has no pauses then."""


class Waves(Protocol):
    """What plays the model's speech."""

    @property
    def is_audible(self) -> bool: ...
    @property
    def underruns(self) -> int: ...
    def begin(self, lead: float = 0.0) -> None: ...
    def play(self, wave: NDArray[np.float32], /) -> None: ...
    def finish(self) -> None: ...
    def duck(self, *, on: bool) -> None: ...
    def hush(self) -> float: ...


class Force(Enum):
    """Who speaks now."""

    MODEL = auto()
    SYSTEM = auto()
    NOBODY = auto()


WORDS = {
    Force.MODEL: QT_TRANSLATE_NOOP("Voice", "model's voice"),
    Force.SYSTEM: QT_TRANSLATE_NOOP("Voice", "system's voice"),
    Force.NOBODY: QT_TRANSLATE_NOOP("Voice", "no voice"),
}


class Stage(Enum):
    """How far the latest reply is."""

    OVER = auto()
    STANDING_BY = auto()
    """Silent, its speaker open, since it may go on."""
    SPEAKING = auto()
    MENDING = auto()
    """The model's speech was too short: the system's voice says the rest."""


@dataclass(slots=True)
class _Reply:
    """What there is of it so far."""

    by: Force
    gaps_before: int
    text: str = ""
    seconds: float = 0.0
    """Of the model's speech, at its own speed."""


class Voice(QObject):
    """A conversation's mouth. `drained` follows `finish`, unless `hush` or `begin` was first."""

    drained = Signal()
    changed = Signal()
    """What is in force, or why, is another."""
    told = Signal(str)
    """A sentence for the user, once for each change that he did not make."""

    def __init__(self, speaker: Waves, system: SystemVoice, parent: QObject | None = None) -> None:
        """Whoever makes it joins the speaker's `drained` to `take_drained`."""
        super().__init__(parent)
        self.system = system
        self._speaker = speaker
        self._settings = Settings()
        self._model_voices: tuple[str, ...] | None = None
        self._pace = Pace()
        self._measure = Measure()
        self._tempo = Tempo(1.0)
        self._stage = Stage.OVER
        self._reply = _Reply(Force.MODEL, 0)
        self._told_of = ""
        self._model = ""
        self.heard_text: int | None = None
        """At the latest hush: how many characters of the text were heard; None where seconds of speech tell it."""
        system.drained.connect(self._end)
        system.known.connect(self._consider)

    # What is in force

    @property
    def in_force(self) -> Force:
        """Who speaks the next reply."""
        match self._settings.speech:
            case Speech.NOBODY:
                return Force.NOBODY
            case Speech.SYSTEM:
                return Force.NOBODY if self.system.there is There.NONE else Force.SYSTEM
            case Speech.MODEL:
                return Force.NOBODY if self._model_voices == () else Force.MODEL
            case Speech.AUTOMATIC if self._is_slow or self._model_voices == ():
                return self._instead()
            case _:
                return Force.MODEL

    @property
    def sentence(self) -> str:
        """Who speaks, and where it is not as chosen, why."""
        if reason := self._reason():
            return translate("Voice", reason)
        named = self._settings.system_voice
        match self.in_force:
            case Force.MODEL:
                said = translate("Voice", "The model's voice speaks ({name}).")
                return said.format(name=self._settings.voice)
            case Force.SYSTEM if named:
                return translate("Voice", "The system's voice speaks ({name}).").format(name=named)
            case Force.SYSTEM:
                return translate("Voice", "The system's voice speaks (the usual one).")
            case Force.NOBODY:
                return translate("Voice", "Nobody speaks: answers are only written.")

    @property
    def words(self) -> str:
        """Who speaks, in a few words."""
        return translate("Voice", WORDS[self.in_force])

    def choose(self, settings: Settings) -> None:
        """From the next reply on."""
        before, self._settings = self._settings, settings
        self.system.sound(settings.system_voice, settings.speed, settings.volume)
        if settings.speech is not before.speech:
            self._told_of = ""
        if settings.speech is Speech.SYSTEM or (settings.speech is Speech.AUTOMATIC and self._is_slow):
            self.system.ask()
        self._consider()

    def take_model(self, name: str, voices: tuple[str, ...]) -> None:
        """It was loaded and has these voices; how fast another one than before speaks is not known yet."""
        if name != self._model:
            self._model, self._pace, self._measure = name, Pace(), Measure()
        self._model_voices = voices
        if not voices and self._settings.speech is Speech.AUTOMATIC:
            self.system.ask()
        self._consider()

    def judge(self, timings: Timings) -> None:
        """What a reply took that has just been finished."""
        if self._reply.by is not Force.MODEL or (factor := slowness(timings)) is None:
            return
        gaps = self._speaker.underruns - self._reply.gaps_before
        logs.devices.info("A second of the model's voice takes %.2f s; %d gaps in this reply.", factor, gaps)
        before = self._pace.speed
        self._pace.judge(timings, gaps)
        if self._pace.speed is not before:
            if self._settings.speech is Speech.AUTOMATIC:
                self.system.ask()
            self._consider()

    def _instead(self) -> Force:
        """Of the model's own voice; it goes on while the system has not answered."""
        match self.system.there:
            case There.READY:
                return Force.SYSTEM
            case There.NONE:
                return Force.MODEL if self._halts else Force.NOBODY
            case There.UNASKED | There.ASKED:
                return Force.MODEL

    @property
    def _is_slow(self) -> bool:
        """Whether the model was found to make speech slower than it is heard."""
        return self._pace.speed is not Speed.ENOUGH

    @property
    def _halts(self) -> bool:
        """Whether the model has a voice that is slower than it is heard, but can be listened to."""
        return self._model_voices != () and self._pace.speed is Speed.HALTING

    @property
    def _lead(self) -> float:
        """Seconds of speech that are waited for before it is begun."""
        return HALTING_LEAD if self._is_slow else 0.0

    def _reason(self) -> str:
        """Why another voice speaks than one would think; empty where none does."""
        there = self.system.there
        match self._settings.speech:
            case Speech.SYSTEM if there is There.NONE:
                return NO_SYSTEM_VOICE
            case Speech.AUTOMATIC if self._model_voices == () and there is There.READY:
                return NO_MODEL_VOICE
            case Speech.AUTOMATIC if self._is_slow and there is There.READY:
                return TOO_SLOW
            case Speech.AUTOMATIC if self._is_slow and there is There.NONE:
                return HALTING_AND_NONE if self._halts else TOO_SLOW_AND_NONE
            case Speech.MODEL | Speech.AUTOMATIC if self._model_voices == () and self.in_force is Force.NOBODY:
                return NO_VOICE
            case _:
                return ""

    def _consider(self) -> None:
        self.changed.emit()
        reason = self._reason()
        if reason and reason != self._told_of:
            self.told.emit(translate("Voice", reason))
        self._told_of = reason

    # A reply

    @property
    def is_audible(self) -> bool:
        """Whether anybody can hear it."""
        by = self._reply.by
        return by is Force.SYSTEM or (by is Force.MODEL and self._speaker.is_audible)

    @property
    def takes_waves(self) -> bool:
        """Whether the model is to make speech for the next reply."""
        return self.in_force is Force.MODEL

    @property
    def has_words(self) -> bool:
        """Whether it has words of this reply to say that no wave came for."""
        return self._reply.by is Force.SYSTEM or self._missing_from() is not None

    def begin(self, *, waves: bool) -> None:
        """A reply is about to come, with the model's speech or without, as was in force when it was asked for."""
        if waves:
            self._begin(Force.MODEL)
        elif self.in_force is Force.MODEL:  # since then: the reply has no speech
            self._begin(Force.SYSTEM if self.system.there is There.READY else Force.NOBODY)
        else:
            self._begin(self.in_force)

    def repeat(self) -> None:
        """Waves of an old reply are about to come."""
        self._begin(Force.MODEL)

    def stand_by(self) -> None:
        """After a hush: to open a speaker takes a while, and it may go on any moment."""
        if self._reply.by is Force.MODEL and self.heard_text is None:
            self._speaker.begin(self._lead)
            self._stage = Stage.STANDING_BY

    def go_on(self, second: float, place: int) -> None:
        """After a hush: from this second of its waves, which are told again, or from this character of its words."""
        reply, was_mending = self._reply, self._reply.by is Force.MODEL and self.heard_text is not None
        reply.seconds = second
        self._new_tempo()
        if was_mending:
            self._mend(place)
            return
        self._open(place)
        if reply.by is Force.SYSTEM:
            self.system.say(reply.text[place:])

    def say(self, text: str) -> None:
        """More of its words."""
        self._reply.text += text
        if self._reply.by is Force.SYSTEM and self._stage is Stage.SPEAKING:
            self.system.say(text)

    def play(self, wave: NDArray[np.float32]) -> None:
        """More of the model's own speech: 24 kHz, mono."""
        self._reply.seconds += len(wave) / SPEECH_RATE
        if self._stage is Stage.SPEAKING and len(paced := self._tempo.push(wave)):
            self._speaker.play(paced)

    def finish(self) -> None:
        """That was all of it."""
        if self._stage is not Stage.SPEAKING:
            return
        match self._reply.by:
            case Force.MODEL:
                self._finish_waves()
            case Force.SYSTEM:
                self.system.finish()
            case Force.NOBODY:
                QTimer.singleShot(0, self, self._end)

    def duck(self, *, on: bool) -> None:
        """Speak low, or as usual."""
        self._speaker.duck(on=on)
        self.system.duck(on=on)

    def hush(self) -> float:
        """Silent at once; returns how many seconds of the model's speech were heard, at its own speed."""
        was_mending = self._stage is Stage.OVER and self.heard_text is not None  # hushed once already
        by_system = was_mending or self._stage is Stage.MENDING or self._reply.by is Force.SYSTEM
        self.heard_text = self.system.hush() if by_system else None
        self._stage = Stage.OVER
        return self._speaker.hush() * self._tempo.speed

    def take_drained(self) -> None:
        """The speaker has played all there was."""
        if self._stage is not Stage.SPEAKING or self._reply.by is not Force.MODEL:
            return
        place = self._missing_from()
        if place is None:
            self._end()
        else:
            self._mend(place)

    def _begin(self, by: Force) -> None:
        self.hush()
        self.system.hush()  # the end of what it reads beside replies would be taken for this one's
        self.heard_text = None
        self._new_tempo()
        self._reply = _Reply(by, self._speaker.underruns)
        self._open()

    def _new_tempo(self) -> None:
        self._tempo.close()
        self._tempo = Tempo(self._settings.speed)

    def _open(self, place: int = 0) -> None:
        stage, self._stage = self._stage, Stage.SPEAKING
        match self._reply.by:
            case Force.MODEL if stage is Stage.STANDING_BY:
                pass
            case Force.MODEL:
                self._speaker.begin(self._lead)
            case Force.SYSTEM:
                self.system.begin(place)
            case Force.NOBODY:
                pass

    def _finish_waves(self) -> None:
        self._measure.learn(self._reply.text, self._reply.seconds)
        if len(rest := self._tempo.flush()):
            self._speaker.play(rest)
        self._speaker.finish()

    def _missing_from(self) -> int | None:
        """The place in the text from which on the system's voice must say what the model's did not."""
        reply = self._reply
        if reply.by is not Force.MODEL or not self._speaker.is_audible or self.system.there is There.NONE:
            return None
        said = self._measure.said(reply.text, reply.seconds)
        return said if said < len(reply.text) else None

    def _mend(self, place: int) -> None:
        seconds = self._reply.seconds
        logs.devices.info("The model's speech ended too soon, after %.1f s: the system's voice says the rest.", seconds)
        self._stage = Stage.MENDING
        self.system.begin(place)
        self.system.say(self._reply.text[place:])
        self.system.finish()

    def close(self) -> None:
        """Silent, and the system's voice is ended."""
        self.hush()
        self.system.close()

    def _end(self) -> None:
        if self._stage is not Stage.OVER:
            self._stage = Stage.OVER
            self.drained.emit()
