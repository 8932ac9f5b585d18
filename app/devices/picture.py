"""What Qt captured, as an array that is no larger than useful. Knows no thread and nothing of who looks."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray
from PySide6.QtMultimedia import QVideoFrame, QVideoFrameFormat

from app.pixels import from_image

LONGEST = 1600
"""Pixels of the longer side: what is written on a screen can still be read, and it is quickly handed on."""
BLUE_FIRST = {QVideoFrameFormat.PixelFormat.Format_BGRX8888, QVideoFrameFormat.PixelFormat.Format_BGRA8888}


def to_rgb(picture: QVideoFrame) -> NDArray[np.uint8] | None:
    """uint8 [height, width, 3]; None where the picture is gone."""
    if picture.pixelFormat() in BLUE_FIRST:
        return _from_memory(picture)
    image = picture.toImage()
    return None if image.isNull() else _shrink(from_image(image))


def _from_memory(picture: QVideoFrame) -> NDArray[np.uint8] | None:
    if not picture.map(QVideoFrame.MapMode.ReadOnly):
        return None
    try:
        rows = np.frombuffer(picture.bits(0), np.uint8, picture.mappedBytes(0)).reshape(-1, picture.bytesPerLine(0))
        pixels = rows[: picture.height(), : 4 * picture.width()].reshape(picture.height(), picture.width(), 4)
        return np.asarray(cv2.cvtColor(_shrink(pixels), cv2.COLOR_BGRA2RGB), np.uint8)
    finally:
        picture.unmap()


def _shrink(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    height, width = pixels.shape[:2]
    share = LONGEST / max(height, width)
    if share >= 1.0:
        return pixels
    size = (max(1, round(width * share)), max(1, round(height * share)))
    return np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), np.uint8)
