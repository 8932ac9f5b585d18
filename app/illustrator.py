"""Gives lines that came with pictures and videos their thumbnails, made on a thread of its own. Knows no view."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from app import thumbnails
from app.transcript import Transcript

Index = QModelIndex | QPersistentModelIndex


class Illustrator(QObject):
    """Watches a transcript from its making on."""

    _made = Signal(int, object, bytes)

    def __init__(self, transcript: Transcript, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._transcript = transcript
        self._painters = ThreadPoolExecutor(1, "thumbnails")
        self._made.connect(self._show, Qt.ConnectionType.QueuedConnection)
        transcript.rowsInserted.connect(self._look)

    def close(self) -> None:
        """What is not begun yet is not made."""
        self._painters.shutdown(cancel_futures=True)

    def _look(self, _parent: Index, first: int, last: int) -> None:
        for row in range(first, last + 1):
            for item in self._transcript.line(row).attachments:
                if item.path is not None and not item.thumbnail:
                    self._painters.submit(self._make, row, item.path)

    def _make(self, row: int, file: Path) -> None:
        if thumbnail := thumbnails.of_file(file) or _of_video(file):
            self._made.emit(row, file, thumbnail)

    def _show(self, row: int, file: Path, thumbnail: bytes) -> None:
        """Unless another line is there by now."""
        if row >= self._transcript.rowCount():
            return
        line = self._transcript.line(row)
        shown = tuple(replace(item, thumbnail=thumbnail) if item.path == file else item for item in line.attachments)
        if shown != line.attachments:
            self._transcript.put(row, replace(line, attachments=shown))


def _of_video(file: Path) -> bytes:
    """Empty where it is none."""
    from app.stills import sheet  # noqa: PLC0415 -- OpenCV takes long to load: not before it is needed

    pixels = sheet(file)
    return b"" if pixels is None else thumbnails.of_frame(pixels)
