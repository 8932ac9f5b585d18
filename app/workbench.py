"""One job on model folders at a time, in a child process of its own. Knows neither the jobs' work nor any widget."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from app import logs
from app.child import Child, Trade
from app.words import translate
from model import workshop
from model.jobs import Broken, Ended, Halt, Halted, Job, JobReport

if TYPE_CHECKING:
    from model.workshop import JobPipe

JobChild = Child[Job | Halt, JobReport]
JOB: Trade[Job | Halt, JobReport] = Trade("job", JobReport, Halt())
GRACE_MILLISECONDS = 2000
"""For a job to come to a place where it can stop; then it is killed, which does no harm to what is on the disk."""
CLOSING_SECONDS = 1.0


class Workbench(QObject):
    """`told` carries JobReports; the last of a job is one of Ended, whatever became of the process."""

    told = Signal(object)
    _arrived = Signal(object, object)
    _ended = Signal(object)

    def __init__(self, parent: QObject | None = None, main: Callable[[JobPipe], None] = workshop.main) -> None:
        """`main` is what runs in the child."""
        super().__init__(parent)
        self._main = main
        self._child: JobChild | None = None
        self._end: Ended | None = None
        self._grace = QTimer(self, singleShot=True, interval=GRACE_MILLISECONDS)
        self._grace.timeout.connect(self._kill)
        self._arrived.connect(self._take, Qt.ConnectionType.QueuedConnection)
        self._ended.connect(self._bury, Qt.ConnectionType.QueuedConnection)

    @property
    def is_busy(self) -> bool:
        """Whether a job is being done."""
        return self._child is not None

    def start(self, job: Job) -> None:
        """Raises ValueError while another one is being done."""
        if self._child is not None:
            raise ValueError("one job at a time")
        self._end = None
        try:
            self._child = Child(JOB, self._main, self._arrived.emit, self._ended.emit)
        except OSError as error:
            words = translate("Workbench", "No process can be started for it ({reason}): close other programs.")
            self.told.emit(Broken(words.format(reason=error.strerror)))
            return
        self._child.send(job)

    def halt(self) -> None:
        """Soon, keeping what can be kept; told as Halted, unless it was done before."""
        if self._child is not None and not self._grace.isActive():
            self._child.send(Halt())
            self._grace.start()

    def close(self) -> None:
        """Returns when nothing is left of it; nothing is told."""
        child, self._child = self._child, None
        self._grace.stop()
        if child is not None:
            child.stop(CLOSING_SECONDS)

    def _kill(self) -> None:
        if self._child is not None:
            self._end = self._end or Halted()
            self._child.kill()

    def _take(self, child: JobChild, report: JobReport) -> None:
        """The last report waits for the process, so that another job may follow at once."""
        if child is not self._child:
            return
        if isinstance(report, Ended):
            self._end = report
        else:
            self.told.emit(report)

    def _bury(self, child: JobChild) -> None:
        if child is not self._child:
            return
        self._grace.stop()
        reason, self._child = child.bury().words, None
        if self._end is None:
            logs.link.warning("A job's process stopped: %s.", reason)
            words = translate(
                "Workbench", "The process that did this stopped ({reason}): what is there is kept; try again."
            )
            self._end = Broken(words.format(reason=reason))
        self.told.emit(self._end)
