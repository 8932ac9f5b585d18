"""What was dropped or pasted, as files and pictures. A picture stays in memory: it is never written to the disk."""

from __future__ import annotations

from pathlib import Path
from time import monotonic

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QImage

from app.pixels import from_image
from app.senses import Frame, Origin


def shown_in(source: QMimeData) -> list[Path | Frame]:
    """The files of this computer; without any, the picture."""
    files: list[Path | Frame] = [*files_in(source)]
    if files or not source.hasImage() or source.hasText():
        return files
    image = source.imageData()
    if not isinstance(image, QImage) or image.isNull():
        return []
    return [Frame(from_image(image), monotonic(), Origin.CLIPBOARD)]


def files_in(source: QMimeData) -> list[Path]:
    """Folders are none."""
    paths = [Path(url.toLocalFile()) for url in source.urls() if url.isLocalFile()]
    return [path for path in paths if path.is_file()]
