"""Writes a conversation down while it happens, on a thread of its own, so that nobody ever waits for a disk.

Knows no window. What cannot be written is kept and tried again; a damaged file is set aside and another one begun.
"""

from __future__ import annotations

import sqlite3
import uuid
from collections.abc import Callable, Sequence
from datetime import datetime
from enum import Enum, auto
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Thread

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, Qt, QTimer, Signal

from app import logs
from app.history import (
    Change,
    DamagedError,
    Delete,
    History,
    HistoryError,
    Kept,
    Prune,
    Remove,
    Rename,
    Write,
    is_damage,
    set_aside,
)
from app.transcript import Line, Transcript, Who
from app.words import translate

FLUSH_MILLISECONDS = 1000
"""The longest that something said is not on its way to the disk."""
RETRY_SECONDS = 5.0
CLOSING_SECONDS = 10.0
Index = QModelIndex | QPersistentModelIndex


class Call(Enum):
    """What the thread is asked beside changes."""

    CHECK = auto()
    """Look whether the file is still whole."""
    STOP = auto()


Order = Change | Call


class Scribe(QObject):
    """Notes what a transcript says, in the conversation that was begun last."""

    opened = Signal()
    """The file can be read; again whenever it was replaced by another."""
    changed = Signal()
    """Something else can be read now."""
    complained = Signal(str)
    """A sentence, once until all is well again."""

    def __init__(self, file: Path, transcript: Transcript, parent: QObject | None = None) -> None:
        """Nothing is written or read before `start`."""
        super().__init__(parent)
        self._transcript = transcript
        self._pen = Pen(file, self.opened.emit, self.changed.emit, self.complained.emit)
        self._places: list[int | None] = []
        self._next_place = 0
        self._unwritten: set[int] = set()
        self._timer = QTimer(self, singleShot=True, interval=FLUSH_MILLISECONDS)
        self._timer.timeout.connect(self.flush)
        self.begin()
        self.opened.connect(self._write_all, Qt.ConnectionType.QueuedConnection)
        transcript.rowsInserted.connect(self._note_rows)
        transcript.dataChanged.connect(self._note_change)
        transcript.rowsAboutToBeRemoved.connect(self._forget_rows)

    @property
    def is_idle(self) -> bool:
        """Whether all that was said is on the disk."""
        return not self._unwritten and self._pen.is_idle

    def start(self) -> None:
        """Opens the file."""
        self._pen.start()

    def begin(self, *, private: bool = False) -> None:
        """What is said from here on is another conversation; of a private one nothing is ever written."""
        self.flush()
        self.conversation = uuid.uuid4().hex
        self.is_private = private
        self._places.clear()
        self._next_place = 0

    def go_on(self, conversation: str, kept: Sequence[Kept]) -> None:
        """What is said from here on belongs to one that was kept, whose lines are the transcript's."""
        self.begin()
        self.conversation = conversation
        self._places = [line.place for line in kept]
        self._next_place = kept[-1].place + 1 if kept else 0

    def rename(self, conversation: str, title: str) -> None:
        """Its title, for good."""
        self._pen.put(Rename(conversation, title))

    def delete(self, conversation: str) -> None:
        """Leaves nothing of it."""
        if conversation == self.conversation:
            self._unwritten.clear()
        self._pen.put(Delete(conversation))

    def prune(self, before: datetime) -> None:
        """Deletes what nothing was said in since then; the conversation that is open stays."""
        self._pen.put(Prune(before, self.conversation))

    def mend(self) -> None:
        """Somebody could not read the file."""
        self._pen.put(Call.CHECK)

    def flush(self) -> None:
        """What has changed is on its way to the disk."""
        self._timer.stop()
        for row in sorted(self._unwritten):
            place = self._places[row]
            if place is not None:
                self._pen.put(Write(self.conversation, place, self._transcript.line(row)))
        self._unwritten.clear()

    def close(self) -> None:
        """Returns when all is written, or cannot be."""
        self.flush()
        self._pen.stop()

    def _note_rows(self, _parent: Index, first: int, last: int) -> None:
        for row in range(first, last + 1):
            self._places.append(self._new_place(self._transcript.line(row)))
            self._note(row)

    def _new_place(self, line: Line) -> int | None:
        """What the program itself says is of the moment."""
        if line.who is Who.NOTICE:
            return None
        self._next_place += 1
        return self._next_place - 1

    def _note_change(self, top: Index, bottom: Index) -> None:
        for row in range(top.row(), bottom.row() + 1):
            self._note(row)

    def _note(self, row: int) -> None:
        if self.is_private or self._places[row] is None:
            return
        self._unwritten.add(row)
        if not self._timer.isActive():
            self._timer.start()

    def _forget_rows(self, _parent: Index, first: int, _last: int) -> None:
        """Only ever the last ones."""
        self._unwritten = {row for row in self._unwritten if row < first}
        gone = [place for place in self._places[first:] if place is not None]
        del self._places[first:]
        if gone and not self.is_private:
            self._pen.put(Remove(self.conversation, gone[0]))

    def _write_all(self) -> None:
        """Into a file that may be another one."""
        if not self.is_private:
            self._unwritten = {row for row, place in enumerate(self._places) if place is not None}
            self.flush()


class Pen:
    """The thread that holds the file. `opened`, `changed` and `complain` are called on it."""

    def __init__(
        self, file: Path, opened: Callable[[], None], changed: Callable[[], None], complain: Callable[[str], None]
    ) -> None:
        self._file = file
        self._opened = opened
        self._changed = changed
        self._complain = complain
        self._inbox: SimpleQueue[Order] = SimpleQueue()
        self._waiting: list[Change] = []
        self._history: History | None = None
        self._is_well = True
        self._put = self._taken = self._done = 0
        self._thread = Thread(target=self._run, name="scribe", daemon=True)

    def start(self) -> None:
        self._thread.start()

    @property
    def is_idle(self) -> bool:
        """Whether everything that was put was done."""
        return self._done == self._put

    def put(self, order: Order) -> None:
        """Never waits."""
        self._put += 1
        self._inbox.put(order)

    def stop(self) -> None:
        """Returns when everything before was tried once more."""
        if self._thread.is_alive():
            self.put(Call.STOP)
            self._thread.join(CLOSING_SECONDS)

    def _run(self) -> None:
        self._open(checks=True)
        order: Order | None = None
        while order is not Call.STOP:
            order = self._next()
            if order is Call.CHECK:
                self._shut()
                self._open(checks=True)
            elif order is not None and not isinstance(order, Call):
                self._take(order)
            self._taken += order is not None
            if self._inbox.empty() or order is Call.STOP:
                self._write()
            if not self._waiting:
                self._done = self._taken
        self._shut()

    def _next(self) -> Order | None:
        """None where nothing came, and something is still to be tried again."""
        try:
            return self._inbox.get(timeout=RETRY_SECONDS if self._waiting else None)
        except Empty:
            return None

    def _take(self, change: Change) -> None:
        """Of a line only the latest counts."""
        if isinstance(change, Write):
            self._waiting = [
                other
                for other in self._waiting
                if not isinstance(other, Write)
                or (other.conversation, other.place) != (change.conversation, change.place)
            ]
        self._waiting.append(change)

    def _write(self) -> None:
        if not self._waiting:
            return
        if self._history is None:
            self._open(checks=False)
        if self._history is None:
            return
        try:
            self._history.apply(self._waiting)
        except sqlite3.Error as error:
            self._fail(error)
        else:
            self._waiting.clear()
            self._is_well = True
            self._changed()

    def _fail(self, error: sqlite3.Error) -> None:
        if is_damage(error):
            self._replace(str(error))
        else:
            self._tell(
                translate(
                    "Scribe", "What is said cannot be kept ({reason}): it stays in the window, and will be tried again."
                ).format(reason=error)
            )

    def _open(self, *, checks: bool) -> None:
        try:
            self._history = History(self._file)
            if checks:
                self._history.check()
        except DamagedError as error:
            self._replace(str(error))
        except HistoryError as error:
            self._shut()  # the next that is to be written opens it again
            self._tell(str(error))
        else:
            self._opened()

    def _replace(self, reason: str) -> None:
        """The file is given another name, and a new one begun: what waits is for it."""
        self._shut()
        logs.history.warning("The history is set aside: %s.", reason)
        try:
            aside = set_aside(self._file)
            self._history = History(self._file)
        except (OSError, HistoryError) as error:
            self._tell(
                translate(
                    "Scribe", "Your conversations in {file} are damaged and cannot be replaced ({reason})."
                ).format(file=self._file, reason=error)
            )
            return
        self._complain(
            translate(
                "Scribe",
                "Your kept conversations could not be read ({reason}): a new history is begun, kept is {aside}.",
            ).format(reason=reason, aside=aside)
        )
        self._opened()

    def _shut(self) -> None:
        if self._history is not None:
            self._history.close()
            self._history = None

    def _tell(self, sentence: str) -> None:
        if self._is_well:
            self._is_well = False
            self._complain(sentence)
