"""Makes a small random checkpoint by the runner's command line, in a child process. Knows not what is in it."""

from __future__ import annotations

import re
import shutil
import sys
from pathlib import Path

from PySide6.QtCore import QObject, QProcess, Signal

from app import paths
from app.model_words import of_model
from app.words import translate

GRACE_MILLISECONDS = 3000
NAME = "small"
FRESH = f"{NAME}.random.unfinished"
"""What the runner calls it until it is whole."""
VOICES = "spk_dict.pt"
_PARTS = re.compile(
    r"(tokenizer|tokenizer_config|special_tokens_map|preprocessor_config|sightline|model\.safetensors\.index)\.json"
    rf"|chat_template\.jinja|{re.escape(VOICES)}|model-\d{{5}}-of-\d{{5}}\.safetensors"
)
"""Its files, but for the last one, without which it is no model."""


class SmallModel(QObject):
    """One at a time. At any moment the folder is whole, or not there."""

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
        if _is_left(self._folder):
            shutil.rmtree(self._folder, ignore_errors=True)  # if it stays, the runner tells
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
        if self._folder is not None:
            shutil.rmtree(self._folder.with_name(FRESH), ignore_errors=True)  # else the next try does

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


def _is_left(folder: Path) -> bool:
    """Whether it holds only what was written by an older Sightline, which wrote in place, before it was stopped."""
    names = {item.name for item in folder.iterdir()} if folder.is_dir() else set()
    return VOICES in names and all(_PARTS.fullmatch(name) for name in names)
