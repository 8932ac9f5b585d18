"""Makes a small random checkpoint by the runner's command line, in a child process. Knows not what is in it."""

from __future__ import annotations

import sys
from pathlib import Path

from PySide6.QtCore import QObject, QProcess, Signal

from app import paths
from app.model_words import of_model
from app.words import translate

GRACE_MILLISECONDS = 3000
NAME = "small"


class SmallModel(QObject):
    """One at a time. Afterwards the folder is whole, or not there."""

    made = Signal(Path)
    failed = Signal(str)
    """A sentence."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._folder: Path | None = None
        self._process: QProcess | None = None

    @property
    def is_busy(self) -> bool:
        """Whether one is being made."""
        return self._process is not None

    def make(self, models: Path) -> None:
        """In a folder below `models`; one that was made before is taken as it is."""
        self.cancel()
        self._folder = models / NAME
        if (self._folder / "config.json").is_file():
            self.made.emit(self._folder)
            return
        self._process = self._new_process()
        self._process.start(sys.executable, ["-m", "model", "make-small", str(self._folder)])

    def cancel(self) -> None:
        """Returns when its process has ended; nothing is told."""
        process, self._process = self._process, None
        if process is None:
            return
        process.blockSignals(True)  # noqa: FBT003 -- Qt's
        process.kill()
        process.waitForFinished(GRACE_MILLISECONDS)
        process.deleteLater()

    def _new_process(self) -> QProcess:
        process = QProcess(self)
        process.setWorkingDirectory(str(paths.ROOT))
        process.finished.connect(self._finish)
        process.errorOccurred.connect(self._fail)
        return process

    def _finish(self, status: int) -> None:
        process, self._process = self._process, None
        if process is None or self._folder is None:
            return
        complaint = process.readAllStandardError().toStdString().strip()
        process.deleteLater()
        if status == 0:
            self.made.emit(self._folder)
        else:
            reason = (
                of_model(complaint.splitlines()[-1])
                if complaint
                else translate("SmallModel", "exit status {status}").format(status=status)
            )
            self.failed.emit(
                translate("SmallModel", "The small model could not be made ({reason}).").format(reason=reason)
            )

    def _fail(self, error: QProcess.ProcessError) -> None:
        """Only where it never started: everything else ends in `finished`."""
        if error is QProcess.ProcessError.FailedToStart and self._process is not None:
            reason = self._process.errorString()
            self._process.deleteLater()
            self._process = None
            self.failed.emit(
                translate("SmallModel", "The small model could not be made ({reason}).").format(reason=reason)
            )
