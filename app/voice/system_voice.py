"""The system's voice as the desktop knows it: says a text as it comes, and tells how much was heard. Knows no model.

Sentences go to a process of its own (`engine.py`), one after the other, each once it is complete: speech never leads
its text. How much of a sentence was heard is told by the system's word marks where it gives any, else by the share of
time, at the pace of the sentences before.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from enum import Enum, auto
from time import monotonic

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from app import logs
from app.child import Child, Trade
from app.voice import engine
from app.voice.messages import Hush, Known, Mute, Quit, Sound, Told, Utter, Uttered, Uttering, Wish, Word
from app.voice.sentences import Sentence, Sentences, reached
from model.heard import weight

VOICE: Trade[Wish, Told] = Trade("system's voice", Told, Quit())
VoiceChild = Child[Wish, Told]
KNOWN_PACE = 0.065
"""Seconds a letter, before any sentence was timed: about 170 words a minute."""
LONGEST_OPENING = 30.0
"""Seconds until the system must have told its voices."""
FEWEST_LETTERS = 8
DUCKED = 0.25
STOPPING_SECONDS = 1.0


class There(Enum):
    """What is known of the system's voice."""

    UNASKED = auto()
    ASKED = auto()
    """It takes seconds until the system tells its voices; what is to be said waits for them."""
    READY = auto()
    NONE = auto()
    """There is none, or it does not work."""


class SystemVoice(QObject):
    """A reply is `begin`, `say` as often as text comes, `finish`; then `drained`, unless `hush` or `begin` is first."""

    drained = Signal()
    known = Signal()
    """`there` and `voices` are others now."""
    sounding = Signal(bool)
    """Whether it is to be heard, pauses between sentences included."""
    _arrived = Signal(object, object)
    _ended = Signal(object)

    def __init__(self, main: Callable[[engine.Pipe], None] = engine.main, parent: QObject | None = None) -> None:
        """`main` is what runs in the process, which is not started before it is needed."""
        super().__init__(parent)
        self.there = There.UNASKED
        self.voices: tuple[str, ...] = ()
        self._main = main
        self._child: VoiceChild | None = None
        self._sound = Sound(None, 1.0, 1.0)
        self._number = 0
        self._pace = KNOWN_PACE
        self._open = False
        self._is_sounding = False
        self._forget()
        self._deadline = QTimer(self, singleShot=True, interval=round(LONGEST_OPENING * 1000))
        self._deadline.timeout.connect(self._give_up)
        self._arrived.connect(self._deliver, Qt.ConnectionType.QueuedConnection)
        self._ended.connect(self._bury, Qt.ConnectionType.QueuedConnection)

    def ask(self) -> None:
        """What voices there are; `known` follows. If there were none, the system is asked again."""
        if self._child is None:
            self._start()

    def sound(self, voice: str | None, speed: float, volume: float) -> None:
        """From the next sentence on."""
        if (sound := Sound(voice, speed, volume)) != self._sound:
            if speed != self._sound.speed:
                self._pace *= self._sound.speed / speed
            self._sound = sound
            self._send(sound)

    def begin(self, place: int = 0) -> None:
        """A new reply, whose first words stand at this place of its text; what is left of the one before is dropped."""
        self.hush()
        self._forget(place)
        self._open = True
        if self.there is not There.NONE:
            self.ask()

    def say(self, text: str) -> None:
        """More of it; void once it is finished."""
        if self._open:
            for sentence in self._sentences.push(text):
                self._utter(sentence)

    def finish(self) -> None:
        """That was all: `drained` follows."""
        if not self._open:
            return
        for sentence in self._sentences.flush():
            self._utter(sentence)
        self._open = False
        self._finished = True
        if not self._waiting or self.there is There.NONE:
            QTimer.singleShot(0, self, self._drain)

    def duck(self, *, on: bool) -> None:
        """Quieter from the next sentence on, and at once where the system can."""
        sound = self._sound
        self._send(Sound(sound.voice, sound.speed, sound.volume * DUCKED) if on else sound)

    def hush(self) -> int:
        """Silent at once; returns how many characters of the reply's text were heard."""
        heard = self.heard()
        if self._waiting:
            self._send(Hush())
            self._send(self._sound)
        self._waiting.clear()
        self._spoken_to = heard
        self._open = self._finished = False
        self._tell_sounding(on=False)
        return heard

    def heard(self) -> int:
        """How many characters of the reply's text were heard, in whole words."""
        if not self._waiting or self._began is None:
            return self._spoken_to
        sentence = self._waiting[0][1]
        return sentence.begin + reached(sentence.text, self._share(sentence.spoken, monotonic() - self._began))

    def close(self) -> None:
        """Returns when its process has ended."""
        child, self._child = self._child, None
        self._deadline.stop()
        if child is not None:
            child.stop(STOPPING_SECONDS)

    def _tell_sounding(self, *, on: bool) -> None:
        if on is not self._is_sounding:
            self._is_sounding = on
            self.sounding.emit(on)

    def _share(self, spoken: str, seconds: float) -> float:
        """Of the sentence that is being said: below 1, for its end is told."""
        letters = weight(spoken)
        said = weight(spoken[: self._word]) if self._word is not None else seconds / self._pace
        return min(said / letters, 0.999)

    def _forget(self, place: int = 0) -> None:
        self._sentences = Sentences(place)
        self._waiting: deque[tuple[int, Sentence]] = deque()
        self._spoken_to = place
        self._began: float | None = None
        self._word: int | None = None
        """Where in the sentence the word begins that is being said; None if the system does not tell."""
        self._finished = False

    def _utter(self, sentence: Sentence) -> None:
        if not weight(sentence.spoken):
            return  # a rule or a row of signs
        self._number += 1
        self._waiting.append((self._number, sentence))
        self._send(Utter(self._number, sentence.spoken))

    def _send(self, wish: Wish) -> None:
        if self._child is not None:
            self._child.send(wish)

    def _drain(self) -> None:
        self._tell_sounding(on=False)
        if self._finished:
            self._finished = False
            self._waiting.clear()
            self.drained.emit()

    # Its process

    def _start(self) -> None:
        try:
            self._child = Child(VOICE, self._main, self._arrived.emit, self._ended.emit)
        except OSError as error:
            logs.devices.warning("The system's voice cannot be started: %s.", error)
            self._settle(There.NONE, ())
            return
        self.there = There.ASKED
        self._deadline.start()
        self._send(self._sound)

    def _give_up(self) -> None:
        logs.devices.warning("The system's voice did not tell its voices within %.0f s.", LONGEST_OPENING)
        if self._child is not None:
            self._child.kill()

    def _deliver(self, child: VoiceChild, told: Told) -> None:
        if child is not self._child:
            return
        match told:
            case Known(voices):
                self._deadline.stop()
                if not voices:
                    self.close()
                self._settle(There.READY if voices else There.NONE, voices)
            case Uttering(number) if self._is_next(number):
                self._began, self._word = monotonic(), None
                self._tell_sounding(on=True)
            case Word(number, begin) if self._is_next(number):
                self._word = begin
            case Uttered(number) if self._is_next(number):
                self._end_sentence()
            case Mute(reason):
                logs.devices.warning("The system's voice failed: %s.", reason)
                child.kill()

    def _is_next(self, number: int) -> bool:
        return bool(self._waiting) and self._waiting[0][0] == number

    def _end_sentence(self) -> None:
        _, sentence = self._waiting.popleft()
        letters = weight(sentence.text)
        if self._began is not None and letters >= FEWEST_LETTERS:
            self._pace = (monotonic() - self._began) / letters
        self._spoken_to, self._began, self._word = sentence.end, None, None
        if not self._waiting:
            self._drain()

    def _settle(self, there: There, voices: tuple[str, ...]) -> None:
        self.there, self.voices = there, voices
        self.known.emit()
        if there is There.NONE:
            self._drain()

    def _bury(self, child: VoiceChild) -> None:
        """It ended by itself, or was given up: what waited stays unsaid, and there is none from here on."""
        if child is not self._child:
            return
        self._child = None
        self._deadline.stop()
        logs.devices.warning("The process of the system's voice stopped: %s.", child.bury().words)
        self._settle(There.NONE, ())
