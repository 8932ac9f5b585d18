"""Pictures of Qt's as arrays, and smaller ones. Knows not what is in them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage


def from_image(image: QImage) -> NDArray[np.uint8]:
    """RGB uint8 [height, width, 3], a copy."""
    plain = image.convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(plain.constBits(), np.uint8).reshape(plain.height(), plain.bytesPerLine())
    return rows[:, : 3 * plain.width()].reshape(plain.height(), plain.width(), 3).copy()


def shrink(pixels: NDArray[np.uint8], longest: int) -> NDArray[np.uint8]:
    """RGB uint8 [height, width, 3] with no side longer than this; as it is where none is."""
    height, width, _ = pixels.shape
    if max(height, width) <= longest:
        return pixels
    whole = np.ascontiguousarray(pixels)
    image = QImage(whole.data, width, height, 3 * width, QImage.Format.Format_RGB888)
    keeping, smooth = Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
    return from_image(image.scaled(longest, longest, keeping, smooth))
