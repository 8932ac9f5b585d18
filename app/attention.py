"""Listens for words while somebody speaks, on a thread of its own, so that nothing ever waits for it.

Knows no conversation. It is given what the endpointer tells; of a sound that never became speech it hears nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum, auto
from queue import SimpleQueue
from threading import Thread
from typing import Protocol

from PySide6.QtCore import QObject, Signal

from app.senses import Block, Continued, Ended, Paused, Resumed, SpeechEvent, Started, Word
from model.protocol import HEARING_RATE

MOST_WAITING = 300
"""Blocks, ten seconds, that may wait on a busy computer before the rest of an utterance is not listened to."""
CLOSING_SECONDS = 5.0


class Mark(Enum):
    """What comes between blocks."""

    OVER = auto()
    STOP = auto()


class Listener(Protocol):
    """Who knows words. Each utterance is heard block by block, and then flushed."""

    def hear(self, block: Block) -> Word | None:
        """What the utterance is taken for with this block, if that is news."""

    def flush(self) -> None:
        """The utterance is over."""


class Portion:
    """Which blocks of the utterances in a stream of events are listened to. Knows no thread."""

    def __init__(self, longest: float | None = None, tail: float | None = None) -> None:
        """Of an utterance the first `longest` seconds, and of a silence in it the first `tail`; None is all."""
        self._longest, self._tail = longest, tail
        self._silent_since: float | None = None
        self._heard = 0.0

    def take(self, event: SpeechEvent) -> Block | Mark | None:
        """What is to be heard of it; OVER behind each utterance."""
        match event:
            case Started(block):
                self._heard, self._silent_since = 0.0, None
                return self._take(block)
            case Continued(block) if not self._is_silent(block):
                return self._take(block)
            case Paused(time):
                self._silent_since = time
            case Resumed():
                self._silent_since = None
            case Ended():
                return Mark.OVER
            case _:
                pass
        return None

    def _is_silent(self, block: Block) -> bool:
        """Whether nobody has said anything for so long that what is heard is nobody's word."""
        since = self._silent_since
        return since is not None and self._tail is not None and block.time - since > self._tail

    def _take(self, block: Block) -> Block | None:
        self._heard += len(block.samples) / HEARING_RATE
        return block if self._longest is None or self._heard <= self._longest else None


class Attention(QObject):
    """`spotted` carries a Word and when it was over, on the thread of this object, while it is said or after."""

    spotted = Signal(object, float)

    def __init__(
        self,
        make: Callable[[], Listener],
        longest: float | None = None,
        tail: float | None = None,
        parent: QObject | None = None,
    ) -> None:
        """`make` is called on the thread; of an utterance only a portion is listened to."""
        super().__init__(parent)
        self._make = make
        self._portion = Portion(longest, tail)
        self._inbox: SimpleQueue[Block | Mark] = SimpleQueue()
        self._thread = Thread(target=self._run, name="attention", daemon=True)
        self._thread.start()

    def take_speech(self, event: SpeechEvent) -> None:
        """Never waits."""
        heard = self._portion.take(event)
        if isinstance(heard, Mark) or (heard is not None and self._inbox.qsize() < MOST_WAITING):
            self._inbox.put(heard)

    def close(self) -> None:
        """Returns when its thread has ended."""
        self._inbox.put(Mark.STOP)
        self._thread.join(CLOSING_SECONDS)

    def _run(self) -> None:
        listener = self._make()
        while (item := self._inbox.get()) is not Mark.STOP:
            if isinstance(item, Block):
                self._tell(listener.hear(item), item.time + len(item.samples) / HEARING_RATE)
            else:
                listener.flush()

    def _tell(self, word: Word | None, said: float) -> None:
        if word is not None:
            self.spotted.emit(word, said)
