"""A few pictures out of a video file, on one sheet. Knows not whose they are."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

PLACES = (0.05, 0.35, 0.65, 0.95)
"""Of the video, from 0 to 1: one for each quarter of the sheet."""
TILE = (240, 180)
"""Width and height of a quarter."""


def sheet(file: Path) -> NDArray[np.uint8] | None:
    """RGB uint8 [360, 480, 3]; None where it is no video. Reads much of it: not on the window's thread."""
    cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_ERROR)
    capture = cv2.VideoCapture(str(file))
    try:
        count = int(capture.get(cv2.CAP_PROP_FRAME_COUNT)) if capture.isOpened() else 0
        tiles = [_tile(capture, round(place * (count - 1))) for place in PLACES] if count > 1 else []
    finally:
        capture.release()
    shown = [tile for tile in tiles if tile is not None]
    if not shown:
        return None
    shown += [np.zeros_like(shown[0])] * (len(PLACES) - len(shown))
    return np.vstack([np.hstack(shown[:2]), np.hstack(shown[2:])])


def _tile(capture: cv2.VideoCapture, number: int) -> NDArray[np.uint8] | None:
    """The middle of a frame, as much of it as has the shape of a tile."""
    capture.set(cv2.CAP_PROP_POS_FRAMES, number)
    is_there, pixels = capture.read()
    if not is_there:
        return None
    height, width = pixels.shape[:2]
    wide, high = min(width, height * TILE[0] // TILE[1]), min(height, width * TILE[1] // TILE[0])
    left, top = (width - wide) // 2, (height - high) // 2
    part = cv2.resize(pixels[top : top + high, left : left + wide], TILE, interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.cvtColor(part, cv2.COLOR_BGR2RGB), np.uint8)
