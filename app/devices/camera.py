"""The camera as the desktop knows it: the newest frame, and frames to show. Knows no conversation and no widget."""

from __future__ import annotations

import dataclasses

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from app.devices.filming import Filming, Lost, News, Opened, Seen
from app.senses import Frame, Size
from app.words import translate

OPENING_SECONDS = 30.0
"""Some drivers take this long until the first frame."""
STALE_SECONDS = 1.5
"""So long without a frame, and the newest one no longer tells what happens now."""
LONGEST_WAIT = 6.0
"""Seconds without a frame after which a camera that was open counts as lost."""
CLOSING_SECONDS = 5.0
MILLISECONDS = 1000


class Camera(QObject):
    """Signals come on the thread that this object lives on. After `lost` it is stopped; `start` may be called again."""

    opened = Signal(int, int)
    """Width and height: frames are on their way."""
    seen = Signal(object)
    """A Frame, up to thirty a second."""
    stalled = Signal()
    """There was no frame for a while; more may come."""
    lost = Signal(str)
    """A sentence."""
    _told = Signal(object, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._filming: Filming | None = None
        self._hanging: Filming | None = None
        self._is_looking = False
        self._deadline = QTimer(self, singleShot=True)
        self._deadline.timeout.connect(self._give_up)
        self._fresh = QTimer(self, singleShot=True)
        self._fresh.timeout.connect(self.stalled)
        self._told.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    @property
    def is_looking(self) -> bool:
        """Whether it was started and neither stopped nor lost."""
        return self._is_looking

    def start(self, source: str, size: Size | None = None, after: Camera | None = None) -> None:
        """Never waits. A camera's number, a video file, numbered pictures or a stream's address, as OpenCV reads it.

        A camera may give another size than it is asked for. `after` is another one that looks through it: it is
        stopped, and must have let go of it first.
        """
        self.stop()
        before = self._filming
        if after is not None:
            after.stop()
            self._hanging, before, after._filming = before, after._filming, None
        self._is_looking = True
        self._filming = Filming(source, self._told.emit, before, size)
        self._wait(OPENING_SECONDS)

    def stop(self) -> None:
        """Never waits."""
        self._is_looking = False
        self._deadline.stop()
        self._fresh.stop()
        if self._filming is not None:
            self._filming.stop()

    def close(self) -> None:
        """Stop, and wait until the camera is let go of."""
        self.stop()
        for filming in (self._filming, self._hanging):
            if filming is not None:
                filming.join(CLOSING_SECONDS)

    def newest(self) -> Frame | None:
        """The newest frame: what happens now. None while there is none."""
        return self._filming.newest if self._filming is not None and self._is_looking else None

    def _deliver(self, filming: Filming, news: News) -> None:
        if filming is not self._filming or not self._is_looking:
            return
        self._wait(LONGEST_WAIT)
        match news:
            case Opened(width, height):
                self.opened.emit(width, height)
            case Seen(frame):
                filming.shown()
                self._fresh.start(round(STALE_SECONDS * MILLISECONDS))
                self.seen.emit(frame)
            case Lost(sentence):
                self.stop()
                self.lost.emit(sentence)

    def _wait(self, seconds: float) -> None:
        self._deadline.start(round(seconds * MILLISECONDS))

    def _give_up(self) -> None:
        """A driver that hangs keeps its thread, which ends when the driver answers; nobody else waits for it."""
        self.stop()
        self._hanging, self._filming = self._filming, None
        self.lost.emit(
            translate("Camera", "The camera gives no picture: unplug it and plug it in again, or choose another one.")
        )


def mirror(frame: Frame) -> Frame:
    """Left and right exchanged, as people know themselves."""
    return dataclasses.replace(frame, pixels=frame.pixels[:, ::-1].copy())
