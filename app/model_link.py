"""Owns the child process: start, send, receive, deadline, restart, stop. Knows no widget, no device, no conversation.

Commands go in by `send`; what comes of them goes out as the signal `news`, on the thread that this object lives on.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import Enum, auto

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from app import logs
from app.child import MODEL, Cause, Child
from app.door import Door
from app.model_words import of_model
from app.words import translate
from model import process
from model.protocol import (
    NO_MODEL,
    Begin,
    Command,
    Failed,
    Finished,
    Load,
    News,
    Noticed,
    Order,
    Ready,
    Report,
    Unload,
    Unloaded,
)

RESTARTS = 3
"""How often the child is started again with no reply in between that came to its end."""
MILLISECONDS = 1000
PROCESSOR = "cpu"
"""The device that there always is."""
ModelChild = Child[Command, Report]


class LinkState(Enum):
    """What can be expected of the model now."""

    OFF = auto()
    """None is loaded and none shall be."""
    STARTING = auto()
    """Its process is on its way."""
    LOADING = auto()
    READY = auto()
    BUSY = auto()
    """It answers, or has not let go yet of a turn that was cancelled."""
    FAILED = auto()
    """It could not be loaded, or stopped too often; why was told as Failed."""


_WANTED = {LinkState.STARTING, LinkState.LOADING, LinkState.READY}
_ON_ITS_WAY = {LinkState.STARTING, LinkState.LOADING}


@dataclass(frozen=True, slots=True)
class Patience:
    """After how many seconds without a sign of work the child is given up."""

    loading: float = 120.0
    """Before the first sign torch is imported, perhaps from a slow disk."""
    working: float = 60.0
    """The longest step without a sign is one layer over a large picture, on a processor."""
    letting_go: float = 15.0
    """From Cancel, Unload or another Load until it is free for it, whatever it tells meanwhile."""
    stopping: float = 2.0


class ModelLink(QObject):
    """The model as the desktop knows it. `news` carries News; `state_changed` a LinkState."""

    news = Signal(object)
    state_changed = Signal(object)
    _arrived = Signal(object, object)
    _ended = Signal(object)

    def __init__(
        self,
        main: Callable[[process.Pipe], None] = process.main,
        patience: Patience | None = None,
        parent: QObject | None = None,
    ) -> None:
        """`main` is what runs in the child. Nothing is started before the first Load."""
        super().__init__(parent)
        self._main = main
        self._patience = patience or Patience()
        self._child: ModelChild | None = None
        self._door = Door()
        self._load: Load | None = None
        self._crashes = 0
        self._verdict = ""
        self._stage = self._told = LinkState.OFF
        self._silence = self._new_deadline(translate("ModelLink", "it gave no sign of work for too long"))
        self._holding_on = self._new_deadline(translate("ModelLink", "it did not let go of what was cancelled"))
        self._arrived.connect(self._deliver, Qt.ConnectionType.QueuedConnection)
        self._ended.connect(self._bury, Qt.ConnectionType.QueuedConnection)

    @property
    def state(self) -> LinkState:
        """What can be expected of the model now."""
        return LinkState.BUSY if self._stage is LinkState.READY and self._door.is_busy else self._stage

    def send(self, order: Order) -> None:
        """Never waits. What is of a turn that is over is dropped. Arrays must not be changed once they were sent.

        While a frame is on its way only the newest of those that follow is kept; nothing else is ever left out.
        Raises ValueError for a turn that does not follow the one before.
        """
        match order:
            case Load():
                self._prepare(order)
            case Unload():
                self._load, self._stage = None, LinkState.OFF
            case Begin(turn) if self._stage not in _WANTED:
                self._door.refuse(order)
                self.news.emit(Failed(turn, NO_MODEL))
                return
        self._forward(self._door.admit(order) if self._child is not None else [])
        self._announce()

    def stop(self) -> None:
        """End the child, politely or not, and all that belongs to it. Afterwards the state is OFF."""
        child, self._child, self._load = self._child, None, None
        self._stage = LinkState.OFF
        self._door.renew()
        self._watch()
        if child is not None:
            child.stop(self._patience.stopping)
        self._announce()

    def _prepare(self, load: Load) -> None:
        self._load, self._crashes = load, 0
        if self._stage is LinkState.STARTING:
            return
        if self._child is not None:
            self._stage = LinkState.LOADING
        elif (error := self._start()) is not None:
            self.news.emit(
                Failed(
                    None,
                    translate(
                        "ModelLink", "The model's process cannot be started ({reason}): close other programs."
                    ).format(reason=error),
                )
            )

    def _start(self) -> OSError | None:
        self._door.renew()
        self._verdict = ""
        try:
            self._child = Child(MODEL, self._main, self._arrived.emit, self._ended.emit)
        except OSError as error:
            self._stage = LinkState.FAILED
            return error
        self._stage = LinkState.STARTING
        return None

    def _forward(self, orders: list[Order]) -> None:
        if self._child is not None:
            for order in orders:
                self._child.send(order)
        self._watch()

    # What comes back

    def _deliver(self, child: ModelChild, report: Report) -> None:
        if child is not self._child:
            return
        if isinstance(report, Unloaded) and self._stage is LinkState.STARTING:
            self._stage = LinkState.LOADING
        news = self._door.let_out(report)
        self._learn(news)
        self._silence.stop()
        self._forward(self._door.next_frame())
        if news is not None:
            self.news.emit(_in_the_users_words(news))
        self._announce()

    def _learn(self, news: News | None) -> None:
        match news:
            case Ready():
                self._stage = LinkState.READY
            case Failed(None) if self._stage is LinkState.LOADING:
                self._stage = LinkState.FAILED
            case Finished():
                self._crashes = 0

    def _announce(self) -> None:
        if self.state is not self._told:
            self._told = self.state
            self.state_changed.emit(self._told)

    # Deadlines

    def _new_deadline(self, verdict: str) -> QTimer:
        timer = QTimer(self, singleShot=True)
        timer.timeout.connect(lambda: self._give_up(verdict))
        return timer

    def _watch(self) -> None:
        """A deadline runs exactly while something is owed; every arrival has reset the one of silence."""
        patience = self._patience
        loading = self._stage in _ON_ITS_WAY
        unloading = self._stage is not LinkState.STARTING and self._door.awaits_uptake
        cutting = self._stage is LinkState.READY and self._door.awaits_cut
        recalling = cutting and self._door.awaits_recall  # which no Cancel breaks off, and which is no standing still
        seconds = patience.loading if loading else patience.working
        self._keep(self._silence, seconds, needed=loading or recalling or self._door.awaits_reply)
        self._keep(self._holding_on, patience.letting_go, needed=unloading or (cutting and not recalling))

    def _keep(self, timer: QTimer, seconds: float, *, needed: bool) -> None:
        if not needed:
            timer.stop()
        elif not timer.isActive():
            timer.start(round(seconds * MILLISECONDS))

    def _give_up(self, verdict: str) -> None:
        """What follows is as after any other end."""
        if self._child is not None:
            self._verdict = verdict
            self._child.kill()

    # When the child has ended by itself, or was given up

    def _bury(self, child: ModelChild) -> None:
        if child is not self._child:
            return
        end = child.bury()
        self._child = None
        turn = self._door.open_turn
        self._door.renew()
        if self._stage in _WANTED:
            cause = Cause.UNKNOWN if self._verdict else end.cause
            sentence = self._begin_again(self._verdict or end.words, cause)
            self.news.emit(Failed(turn, sentence, lacks_memory=cause in {Cause.MEMORY, Cause.KILLED}))
        self._watch()
        self._announce()

    def _begin_again(self, reason: str, cause: Cause) -> str:
        """The last Load in a new child, unless that was tried too often; returns what to tell."""
        self._crashes += 1
        if cause is Cause.DEVICE and self._load is not None:
            self._load = replace(self._load, device=PROCESSOR)
        logs.link.warning("The model's process stopped, time %d in a row: %s.", self._crashes, reason)
        if self._load is None or self._crashes > RESTARTS or self._start() is not None:
            self._stage = LinkState.FAILED
            return translate(
                "ModelLink",
                "The model's process stopped again and again ({reason}): "
                "close other programs and load it again, or choose another model.",
            ).format(reason=reason)
        self._forward(self._door.admit(self._load))
        if cause is Cause.DEVICE:
            return translate(
                "ModelLink",
                "The graphics card failed: the model is being started again on the processor, which is slower. "
                "It is told what was said so far, but not what was seen and heard: please ask again.",
            )
        return translate(
            "ModelLink",
            "The model's process stopped ({reason}): it is being started again. "
            "It is told what was said so far, but not what was seen and heard: please ask again.",
        ).format(reason=reason)


def _in_the_users_words(news: News) -> News:
    """The child speaks English."""
    match news:
        case Failed() | Noticed():
            return replace(news, sentence=of_model(news.sentence))
        case _:
            return news
