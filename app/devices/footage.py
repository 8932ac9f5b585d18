"""Frames of whatever OpenCV opens: a camera, a video file, numbered pictures, a stream. Knows no thread, no widget."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from threading import Event
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from app.devices.device import DeviceError
from app.senses import Frame, Size
from app.words import translate

STREAM_MILLISECONDS = 5000
"""How long a stream may take to open, and to send its next frame."""
USUAL_SIZE = Size(1280, 720)
"""What a camera is asked for: enough to read a page of print."""
USUAL_RATE = 25.0
"""Frames a second of a file that does not say."""


def film(source: str, stopped: Event, size: Size = USUAL_SIZE) -> Iterator[Frame]:
    """Frames when they are due, until `stopped` is set: those of a file at its own pace, again and again.

    `source` is a camera's number in digits, a file, a pattern of numbered pictures such as `view%03d.png`, or a
    stream's address; of them only a camera is asked for a size. Raises DeviceError if it cannot be opened, or is gone.
    """
    cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_ERROR)  # what it warns of is told in our words
    capture = _open(source, size)
    try:
        if not capture.isOpened():
            raise DeviceError(_describe_absence(source))
        if not source.isdigit() and capture.get(cv2.CAP_PROP_FRAME_COUNT) > 0:
            yield from _play(capture, source, stopped)
        else:
            yield from _watch(capture, source, stopped)
    finally:
        capture.release()


def _open(source: str, size: Size) -> Any:  # noqa: ANN401 -- OpenCV carries no types
    if source.isdigit():
        capture = cv2.VideoCapture(int(source))
        if capture.isOpened():  # what it does not know it ignores; uncompressed, USB has no room for so large frames
            capture.set(cv2.CAP_PROP_FOURCC, cv2.VideoWriter.fourcc(*"MJPG"))
            capture.set(cv2.CAP_PROP_FRAME_WIDTH, size.width)
            capture.set(cv2.CAP_PROP_FRAME_HEIGHT, size.height)
        return capture
    if "://" in source:
        limits = (cv2.CAP_PROP_OPEN_TIMEOUT_MSEC, cv2.CAP_PROP_READ_TIMEOUT_MSEC)
        settings = [value for limit in limits for value in (limit, STREAM_MILLISECONDS)]
        return cv2.VideoCapture(source, cv2.CAP_FFMPEG, settings)
    return cv2.VideoCapture(source)


def _watch(capture: Any, source: str, stopped: Event) -> Iterator[Frame]:  # noqa: ANN401
    """What is happening now; the camera sets the pace."""
    while not stopped.is_set():
        pixels = _retrieve(capture) if capture.grab() else None
        if pixels is None:
            raise DeviceError(
                translate("Footage", "The camera ({source}) is gone: plug it in again, or choose another one.").format(
                    source=source
                )
            )
        yield Frame(pixels, time.monotonic())


def _play(capture: Any, source: str, stopped: Event) -> Iterator[Frame]:  # noqa: ANN401
    """What was recorded; where decoding is slower than the recording, it plays slower instead of leaving out."""
    interval = 1.0 / (capture.get(cv2.CAP_PROP_FPS) or USUAL_RATE)
    begin = time.monotonic()
    while True:
        due = None
        while (pixels := _retrieve(capture) if capture.grab() else None) is not None:
            due = begin + capture.get(cv2.CAP_PROP_POS_MSEC) / 1000
            begin += max(0.0, time.monotonic() - due)
            if stopped.wait(max(0.0, due - time.monotonic())):
                return
            yield Frame(pixels, time.monotonic())
        if due is None:
            raise DeviceError(
                translate("Footage", "There are no pictures in {source}: choose another video.").format(source=source)
            )
        begin = max(time.monotonic(), due + interval)
        capture.open(source)  # anew, for not every kind of file can be wound back


def _retrieve(capture: Any) -> NDArray[np.uint8] | None:  # noqa: ANN401
    """The frame that was grabbed, as RGB."""
    is_there, pixels = capture.retrieve()
    return np.asarray(cv2.cvtColor(pixels, cv2.COLOR_BGR2RGB), np.uint8) if is_there else None


def _describe_absence(source: str) -> str:
    if source.isdigit():
        return translate(
            "Footage",
            "Camera {source} cannot be opened: plug it in, close other programs that use it, allow Sightline to use "
            "it in the system's settings, or choose another one.",
        ).format(source=source)
    if "://" in source:
        return translate(
            "Footage", "The camera at {source} does not answer: is its address right, and is it switched on?"
        ).format(source=source)
    if "%" not in source and not Path(source).is_file():
        return translate("Footage", "There is no file {source} to see: choose another camera or video.").format(
            source=source
        )
    return translate("Footage", "{source} cannot be read as a video: choose another camera or video.").format(
        source=source
    )
