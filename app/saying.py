"""What is being said aloud: it can be held while somebody may be breaking in, and go on. Knows not who breaks in.

The sound and the words of an answer are kept while it lasts, so that nothing is lost by holding it: the mouth is hushed
and told the rest again. Nothing is decided here.
"""

from __future__ import annotations

from enum import Enum, auto
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from app import clauses
from model.protocol import SPEECH_RATE

Wave = NDArray[np.float32]

WORD_GAP, WORD_SECONDS = 0.04, 0.6
"""A silence between words, and how far back one is looked for."""
CLAUSE_GAP, CLAUSE_SECONDS = 0.15, 6.0
"""A silence between clauses, and how far back."""
STEP_BACK = 1.5
"""Seconds of what was said last that are said again where there was no such silence."""


class Mouth(Protocol):
    """What replies are spoken with."""

    @property
    def is_audible(self) -> bool:
        """Whether anybody can hear it."""

    @property
    def takes_waves(self) -> bool:
        """Whether the next reply is spoken by the model's own waves; its words are told in any case."""

    @property
    def has_words(self) -> bool:
        """Whether it has words of this reply to say that no wave came for."""

    @property
    def heard_text(self) -> int | None:
        """At the latest hush: how many characters of the reply were heard; None where the seconds tell it."""

    def begin(self, *, waves: bool) -> None:
        """A reply is about to come, with waves of the model's or without; `takes_waves` may be another by now."""

    def repeat(self) -> None:
        """Waves of an old reply are about to come."""

    def stand_by(self) -> None:
        """After a hush: it may go on any moment."""

    def go_on(self, second: float, place: int) -> None:
        """After a hush: from this second of its waves, which are told again, or from this character of its words."""

    def say(self, text: str) -> None:
        """More of the reply's words; after a hush they wait for it to go on."""

    def play(self, wave: NDArray[np.float32]) -> None:
        """More of the reply: 24 kHz, mono."""

    def finish(self) -> None:
        """That was all of it: word that everything was heard comes later."""

    def duck(self, *, on: bool) -> None:
        """Speak low, or as usual."""

    def hush(self) -> float:
        """Be silent at once; returns how many seconds were heard since `begin`, or since it went on."""


class Stage(Enum):
    """How far the latest reply is."""

    SPEAKING = auto()
    HELD = auto()
    """Silent, and it can go on."""
    OVER = auto()


class Saying:
    """One reply after the other, each `begin`, `play`, `finish`; in between it may be held, and `hush` ends it."""

    def __init__(self, mouth: Mouth) -> None:
        self._mouth = mouth
        self._stage = Stage.OVER
        self._waves: list[Wave] = []
        self._text = ""
        self._is_whole = False
        self._from = 0.0
        """Second of the reply at which the mouth began."""
        self._heard = 0.0

    @property
    def is_audible(self) -> bool:
        """Whether anybody can hear it."""
        return self._mouth.is_audible

    @property
    def takes_waves(self) -> bool:
        """Whether the next reply is spoken by the model's own waves."""
        return self._mouth.takes_waves

    @property
    def has_words(self) -> bool:
        """Whether there are words of this reply to be said that no wave came for."""
        return self._mouth.has_words

    @property
    def heard_text(self) -> int | None:
        """Once it is over: how many characters of it were heard; None where the seconds tell it."""
        return self._mouth.heard_text

    def begin(self, *, waves: bool) -> None:
        """A reply is about to come, with waves of the model's or without."""
        self._forget()
        self._mouth.begin(waves=waves)

    def repeat(self) -> None:
        """Waves of an old one are about to come."""
        self._forget()
        self._mouth.repeat()

    def say(self, text: str) -> None:
        """More of its words."""
        if self._stage is not Stage.OVER:
            self._text += text
            self._mouth.say(text)

    def play(self, wave: Wave) -> None:
        """More of it; kept while it is held."""
        self._waves.append(wave)
        if self._stage is Stage.SPEAKING:
            self._mouth.play(wave)

    def finish(self) -> None:
        """That was all of it."""
        self._is_whole = True
        if self._stage is Stage.SPEAKING:
            self._mouth.finish()

    def duck(self) -> None:
        """Low, while somebody may be about to speak."""
        if self._stage is Stage.SPEAKING:
            self._mouth.duck(on=True)

    def hold(self) -> None:
        """Silent, until it is known what comes of it."""
        if self._stage is Stage.SPEAKING:
            self._stage = Stage.HELD
            self._heard = self._from + self._mouth.hush()
            self._mouth.stand_by()

    def rise(self) -> None:
        """It was nothing: as loud as before, and where it was held the word it was held in comes first."""
        word = clauses.find_start(self._sound(), self._heard, WORD_SECONDS, WORD_GAP)
        self._go_on(self._heard if word is None else word, self._mouth.heard_text or 0)

    def resume(self) -> None:
        """It was silent for so long that the clause is begun anew."""
        clause = clauses.find_start(self._sound(), self._heard, CLAUSE_SECONDS, CLAUSE_GAP)
        place = clauses.find_words(self._text, self._mouth.heard_text or 0)
        self._go_on(max(0.0, self._heard - STEP_BACK) if clause is None else clause, place)

    def hush(self) -> float:
        """It is over; returns how many seconds of it were heard."""
        heard = self._mouth.hush()
        if self._stage is not Stage.HELD:
            self._heard = self._from + heard
        self._stage = Stage.OVER
        return self._heard

    def _forget(self) -> None:
        self._stage = Stage.SPEAKING
        self._waves, self._text, self._is_whole, self._from = [], "", False, 0.0

    def _go_on(self, second: float, place: int) -> None:
        if self._stage is Stage.SPEAKING:
            self._mouth.duck(on=False)
        if self._stage is not Stage.HELD:
            return
        self._stage, self._from = Stage.SPEAKING, second
        self._mouth.go_on(second, place)
        rest = self._sound()[round(second * SPEECH_RATE) :]
        if len(rest):
            self._mouth.play(rest)
        if self._is_whole:
            self._mouth.finish()

    def _sound(self) -> Wave:
        return np.concatenate(self._waves) if self._waves else np.zeros(0, np.float32)
