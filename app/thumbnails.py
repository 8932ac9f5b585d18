"""Small pictures of large ones, and the shape of a sound, as a line of the transcript keeps them. Knows no widget."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QBuffer, QIODevice, QSize, Qt
from PySide6.QtGui import QImage, QImageReader

LONGEST = 320
"""Pixels of a thumbnail's longer side."""
QUALITY = 80
MOST_LEVELS = 60
LOUDEST = 255


def of_frame(frame: NDArray[np.uint8]) -> bytes:
    """JPEG of an RGB picture [height, width, 3]; a few milliseconds."""
    height, width, _ = frame.shape
    pixels = np.ascontiguousarray(frame)
    return _pack(QImage(pixels.data, width, height, 3 * width, QImage.Format.Format_RGB888))


def of_file(file: Path) -> bytes:
    """JPEG of a picture file, upright; empty where it is none. Reads all of it: not on the window's thread."""
    reader = QImageReader(str(file))
    reader.setAutoTransform(True)
    size = reader.size()
    if size.isValid() and max(size.width(), size.height()) > LONGEST:
        reader.setScaledSize(size.scaled(QSize(LONGEST, LONGEST), Qt.AspectRatioMode.KeepAspectRatio))
    image = reader.read()
    return b"" if image.isNull() else _pack(image)


def of_sound(peaks: list[float]) -> bytes:
    """At most so many bytes of the loudest in each stretch, 255 for full scale."""
    if not peaks:
        return b""
    stretches = np.array_split(np.asarray(peaks), min(MOST_LEVELS, len(peaks)))
    levels = np.array([stretch.max() for stretch in stretches])
    return bytes((np.clip(levels, 0.0, 1.0) * LOUDEST).astype(np.uint8))


def _pack(image: QImage) -> bytes:
    small = image
    if max(image.width(), image.height()) > LONGEST:
        whole, smooth = Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
        small = image.scaled(LONGEST, LONGEST, whole, smooth)
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    small.convertToFormat(QImage.Format.Format_RGB32).save(buffer, "JPEG", QUALITY)  # type: ignore[call-overload]
    return bytes(buffer.data().data())
