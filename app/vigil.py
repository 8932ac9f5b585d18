"""Whether anybody is listened to who only speaks: where a phrase was chosen, not before it was said.

Knows neither device nor recogniser. Once it was said, and as long as the conversation goes on, everything is heard as
without one; some seconds after an answer Sightline must be called again. What follows the phrase in one breath is the
question.
"""

from __future__ import annotations

from collections import deque
from enum import Enum, auto

import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal

from app.phase import Phase
from app.senses import Block, Calmed, Continued, Ended, Paused, Resumed, SpeechEvent, Started, Stirred, Word
from model.protocol import HEARING_RATE

AWAKE_SECONDS = 8.0
"""After the phrase, or after an answer."""
LEAST = 0.4
"""Seconds of voice after the phrase that are a question: its own last sound, and what tells a pause, are shorter."""
BEFORE = 0.25
"""Seconds before the phrase was recognised, or the voice came back, that belong to the question."""


class State(Enum):
    """How it is with listening."""

    OFF = auto()
    """There is no phrase: always."""
    ASLEEP = auto()
    CALLED = auto()
    """In what is being said the phrase was, and perhaps no question yet."""
    AWAKE = auto()


class Vigil(QObject):
    """`speech` carries those SpeechEvents that count."""

    speech = Signal(object)
    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._state = State.OFF
        self._phase = Phase.STOPPED
        self._kept: deque[Block] = deque()
        self._voiced = 0.0
        self._is_open = self._is_paused = False
        """Of the latest utterance."""
        self._timer = QTimer(self, singleShot=True, interval=round(1000 * AWAKE_SECONDS))
        self._timer.timeout.connect(self._fall_asleep)

    @property
    def is_asleep(self) -> bool:
        """Whether the phrase must be said before a question."""
        return self._state is State.ASLEEP

    def use(self, *, phrase: bool) -> None:
        """Whether there is one."""
        is_going_on = self._phase.can_be_stopped
        self._enter((State.AWAKE if is_going_on else State.ASLEEP) if phrase else State.OFF)

    def follow(self, phase: Phase) -> None:
        """What the conversation is doing: while it goes on nobody has to be called."""
        self._phase = phase
        if self._state is not State.OFF and phase.can_be_stopped:
            self._enter(State.AWAKE)
        self._wait()

    def take_word(self, word: Word, _said: float = 0.0) -> None:
        """It may be the phrase, recognised in what is being said or was said just now."""
        if word is Word.WAKE and self._state is State.ASLEEP:
            self._voiced = 0.0
            self._enter(State.CALLED if self._is_open else State.AWAKE)

    def take_speech(self, event: SpeechEvent) -> None:
        """Of whoever speaks."""
        self._notice(event)
        match self._state:
            case State.OFF | State.AWAKE:
                self._wait()
                self.speech.emit(event)
            case _ if isinstance(event, Started) and event.meant:
                self._enter(State.AWAKE)
                self.speech.emit(event)
            case State.CALLED:
                self._await_question(event)
            case State.ASLEEP:
                pass

    def _notice(self, event: SpeechEvent) -> None:
        match event:
            case Stirred():
                self._kept.clear()
            case Started(block):
                self._is_open, self._is_paused = True, False
                self._keep(block)
            case Continued(block):
                self._keep(block)
            case Paused():
                self._is_paused = True
            case Resumed():
                self._is_paused, self._voiced = False, 0.0
            case Ended() | Calmed():
                self._is_open = False

    def _keep(self, block: Block) -> None:
        """The newest blocks, as many as the question may begin before now."""
        self._kept.append(block)
        while sum(len(kept.samples) for kept in self._kept) > (BEFORE + LEAST) * HEARING_RATE and len(self._kept) > 1:
            self._kept.popleft()

    def _await_question(self, event: SpeechEvent) -> None:
        """After the phrase, in the same breath."""
        match event:
            case Continued(block) if not self._is_paused:
                self._voiced += len(block.samples) / HEARING_RATE
                if self._voiced >= LEAST:
                    self._enter(State.AWAKE)
                    whole = np.concatenate([kept.samples for kept in self._kept])
                    self.speech.emit(Started(Block(whole, self._kept[0].time), meant=True))
            case Ended():
                self._enter(State.AWAKE)
            case _:
                pass

    def _wait(self) -> None:
        """Some seconds from now it is over, if nothing goes on."""
        if self._state is State.AWAKE and not self._phase.can_be_stopped:
            self._timer.start()
        else:
            self._timer.stop()

    def _fall_asleep(self) -> None:
        self._enter(State.ASLEEP)

    def _enter(self, state: State) -> None:
        before, self._state = self._state, state
        self._wait()
        if (before is State.ASLEEP) is not (state is State.ASLEEP):
            self.changed.emit()
