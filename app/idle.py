"""Tells when nobody has asked anything for a while. Knows not what becomes of it."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal

from app.phase import Phase

MILLISECONDS_A_MINUTE = 60_000


class Idle(QObject):
    """`passed` once the time without a turn is over, and not again before there was one."""

    passed = Signal()

    def __init__(self, minutes: int | None, parent: QObject | None = None) -> None:
        """None: never."""
        super().__init__(parent)
        self._minutes = minutes
        self._phase = Phase.STOPPED
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self.passed)

    def wait(self, minutes: int | None) -> None:
        """So long from now on."""
        if minutes != self._minutes:
            self._minutes = minutes
            self._watch()

    def enter(self, phase: Phase) -> None:
        """What the conversation does now."""
        self._phase = phase
        self._watch()

    def _watch(self) -> None:
        if self._phase is Phase.LISTENING and self._minutes is not None:
            self._timer.start(self._minutes * MILLISECONDS_A_MINUTE)
        else:
            self._timer.stop()
