"""The process of the system's voice: Qt's text to speech behind a pipe. Knows no desktop.

It is a process because the system's services may keep who asks them waiting: with speech-dispatcher and its 1,500
voices from two to ten seconds were measured, and for ever where there is no sound. Qt chooses among what the system
has: speech-dispatcher on Linux, AVFoundation on macOS, WinRT or SAPI on Windows. PySide6 does not offer Qt's
`synthesize`, so that the system plays its voice by itself.
"""

from __future__ import annotations

import math
import os
import signal
from collections import deque
from threading import Thread
from typing import TYPE_CHECKING, assert_never

from PySide6.QtCore import QCoreApplication, QLocale, QObject, Signal
from PySide6.QtTextToSpeech import QTextToSpeech, QVoice

from app.voice.messages import Hush, Known, Mute, Quit, Sound, Told, Utter, Uttered, Uttering, Wish, Word

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

    Pipe = Connection[Told, Wish]

FOR_TESTS = "mock"
"""Qt's engine that says nothing. It is never chosen by itself: silence is not to pass for speech."""
VARIANT = "+"
"""Marks espeak-ng's hundred variants of each voice, which nobody could choose among."""
FASTEST = 3.0
"""What rate 1 of the systems' voices is about, and a third of it rate -1."""


def main(pipe: Pipe) -> None:
    """What the desktop spawns."""
    serve(pipe, "")


def main_for_tests(pipe: Pipe) -> None:
    """With Qt's mock engine."""
    serve(pipe, FOR_TESTS)


def serve(pipe: Pipe, engine: str) -> None:
    """Until Quit, or until the pipe's other end is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is for the desktop, which then ends this
    os.environ["QT_EVENT_DISPATCHER_CORE_FOUNDATION"] = "1"  # macOS calls back only in a loop of its own kind
    loop = QCoreApplication([])
    voice = _Engine(pipe, engine)
    Thread(target=_listen, args=(pipe, voice), name="wishes", daemon=True).start()
    loop.exec()


def rate(speed: float) -> float:
    """Qt's, -1 to 1. What it means is the system's; on a logarithmic scale most agree."""
    return max(-1.0, min(1.0, math.log(speed) / math.log(FASTEST)))


def _listen(pipe: Pipe, voice: _Engine) -> None:
    try:
        while not isinstance(wish := pipe.recv(), Quit):
            voice.wished.emit(wish)
    except (EOFError, OSError):
        pass  # nobody is there any more
    finally:
        os._exit(0)  # whatever the system's service is doing


class _Engine(QObject):
    """Says one sentence after the other, on the main thread."""

    wished = Signal(object)

    def __init__(self, pipe: Pipe, engine: str) -> None:
        super().__init__()
        self._pipe = pipe
        self._waiting: deque[Utter] = deque()
        self._now: Utter | None = None
        self._speech = QTextToSpeech(engine, self) if engine else QTextToSpeech(self)
        is_real = self._speech.engine() != FOR_TESTS or engine == FOR_TESTS
        self._voices = _voices(self._speech) if is_real else {}
        self._speech.stateChanged.connect(self._follow)
        self._speech.sayingWord.connect(self._tell_word)
        self._speech.errorOccurred.connect(lambda _, words: self._tell(Mute(words)))
        self.wished.connect(self._obey)
        self._tell(Known(tuple(self._voices)))

    def _obey(self, wish: Wish) -> None:
        match wish:
            case Sound():
                self._sound(wish)
            case Utter():
                self._waiting.append(wish)
                self._go_on()
            case Hush():
                self._waiting.clear()
                self._now = None
                self._speech.stop(QTextToSpeech.BoundaryHint.Immediate)
            case Quit():
                pass
            case _:
                assert_never(wish)

    def _sound(self, sound: Sound) -> None:
        voice = self._voices.get(sound.voice or "") or next(iter(self._voices.values()), None)
        if voice is not None and voice != self._speech.voice():
            self._speech.setLocale(voice.locale())
            self._speech.setVoice(voice)
        self._speech.setRate(rate(sound.speed))
        self._speech.setVolume(sound.volume)

    def _go_on(self) -> None:
        if self._now is None and self._waiting and self._speech.state() is QTextToSpeech.State.Ready:
            self._now = self._waiting.popleft()
            self._tell(Uttering(self._now.number))
            self._speech.say(self._now.text)

    def _follow(self, state: QTextToSpeech.State) -> None:
        if state is QTextToSpeech.State.Ready:
            if self._now is not None:
                self._tell(Uttered(self._now.number))
                self._now = None
            self._go_on()

    def _tell_word(self, _word: str, _id: int, start: int, _length: int) -> None:
        if self._now is not None:
            self._tell(Word(self._now.number, start))

    def _tell(self, told: Told) -> None:
        try:
            self._pipe.send(told)
        except OSError:
            os._exit(1)


def _voices(speech: QTextToSpeech) -> dict[str, QVoice]:
    """By name, those of the user's language first."""
    if speech.state() is QTextToSpeech.State.Error:
        return {}
    mine = QLocale.system()
    wanted = QLocale("en_US") if mine.language() is QLocale.Language.C else mine
    found: dict[str, QVoice] = {}
    for locale in sorted(speech.availableLocales(), key=lambda one: _strangeness(one, wanted)):
        for voice in speech.allVoices(locale):
            if VARIANT not in voice.name():
                found.setdefault(voice.name(), voice)
    return found


def _strangeness(locale: QLocale, wanted: QLocale) -> tuple[bool, bool, str]:
    return locale.language() is not wanted.language(), locale.territory() is not wanted.territory(), locale.name()
