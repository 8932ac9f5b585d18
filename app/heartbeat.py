"""How long the window keeps what happens waiting, while the model answers. Knows no window and no model."""

from __future__ import annotations

import time

from PySide6.QtCore import QObject, Qt, QTimer

from app import logs
from app.lateness import Rhythm
from app.phase import Phase

INTERVAL_MILLISECONDS = 10
BUSY = {Phase.LOADING, Phase.HEARING, Phase.THINKING, Phase.SPEAKING}


class Heartbeat(QObject):
    """A timer of the window's own event loop that notes how late it comes; of each phase the log is told."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._phase = Phase.STOPPED
        self._rhythm = Rhythm()
        self._timer = QTimer(self, interval=INTERVAL_MILLISECONDS, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._beat)

    def enter(self, phase: Phase) -> None:
        """It beats while something is going on: a window that waits for its user is left asleep."""
        if self._timer.isActive():
            logs.window.info("%s: event loop %s.", self._phase.value, self._rhythm)
        logs.window.info("%s.", phase.value)
        self._phase, self._rhythm = phase, Rhythm()
        if phase in BUSY:
            self._timer.start()
        else:
            self._timer.stop()

    def _beat(self) -> None:
        self._rhythm.beat(time.perf_counter(), INTERVAL_MILLISECONDS / 1000)
