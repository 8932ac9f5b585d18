"""A screen or a window as the desktop sees it: the same frames as a camera's. Knows no conversation and no widget.

Qt takes the pictures, on a thread of its own; they are made smaller, and red, green and blue, on another.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QScreen
from PySide6.QtMultimedia import (
    QCapturableWindow,
    QMediaCaptureSession,
    QScreenCapture,
    QVideoFrame,
    QVideoSink,
    QWindowCapture,
)

from app.senses import Frame, Origin, View
from app.words import QT_TRANSLATE_NOOP, translate

LEAST_SECONDS = 0.1
"""Between two frames: ten a second are enough to see what a screen shows."""
OPENING_SECONDS = 60.0
"""Until the first frame: a system may ask the user first."""
MILLISECONDS = 1000
MICROSECONDS = 1_000_000
GONE = {
    Origin.SCREEN: QT_TRANSLATE_NOOP(
        "Screen", "The screen can no longer be seen: choose another one, or go on without."
    ),
    Origin.WINDOW: QT_TRANSLATE_NOOP(
        "Screen", "The window can no longer be seen: show it again if it is hidden, or choose something else."
    ),
}
REFUSED = {
    Origin.SCREEN: QT_TRANSLATE_NOOP(
        "Screen", "The screen cannot be seen: allow Sightline to record it in the system's settings, or do without."
    ),
    Origin.WINDOW: QT_TRANSLATE_NOOP(
        "Screen",
        "The window cannot be seen: show it if it is hidden, allow Sightline to record it in the system's settings, or "
        "choose something else.",
    ),
}


class Screen(QObject):
    """Signals come on the thread of the window. After `lost` it is stopped; `start` may be called again."""

    opened = Signal(int, int)
    """Width and height: frames are on their way. Told again when they change."""
    seen = Signal(object)
    """A Frame, up to ten a second."""
    lost = Signal(str)
    """A sentence."""
    _told = Signal(int, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._windows: dict[str, QCapturableWindow] = {}
        self._screen = QScreenCapture(self)
        self._window = QWindowCapture(self)
        self._sink = QVideoSink(self)
        self._session = QMediaCaptureSession(self)
        self._session.setScreenCapture(self._screen)
        self._session.setWindowCapture(self._window)
        self._session.setVideoSink(self._sink)
        self._converting = ThreadPoolExecutor(1, "screen")
        self._view: View | None = None
        self._stretch = 0
        """Counts what was looked at, so that no frame of the one before is taken for one of the next."""
        self._size = (0, 0)
        self._due = float("-inf")
        self._epoch = float("inf")
        self._waiting = QTimer(self, singleShot=True)
        self._join()

    @property
    def view(self) -> View | None:
        """What is looked at; None once it was stopped or lost."""
        return self._view

    def views(self) -> tuple[View, ...]:
        """What there is to look at now, screens first."""
        windows = [window for window in QWindowCapture.capturableWindows() if window.isValid() and window.description()]
        self._windows = dict(_name_apart(windows))
        shown = [View(Origin.WINDOW, window.description(), key) for key, window in self._windows.items()]
        return (*_screens(), *shown)

    def start(self, view: View) -> None:
        """Never waits."""
        self.stop()
        self._view = view
        self._waiting.start(round(OPENING_SECONDS * MILLISECONDS))
        if view.origin is Origin.SCREEN:
            self._start_screen(view)
        else:
            self._start_window(view)

    def stop(self) -> None:
        """Never waits."""
        self._view = None
        self._stretch += 1
        self._size = (0, 0)
        self._epoch = self._due = float("inf")
        self._due = float("-inf")
        self._waiting.stop()
        self._screen.setActive(False)
        self._window.setActive(False)

    def close(self) -> None:
        """Nothing is looked at any more when this returns."""
        self.stop()
        self._converting.shutdown(cancel_futures=True)

    def _join(self) -> None:
        queued = Qt.ConnectionType.QueuedConnection
        self._sink.videoFrameChanged.connect(self._take)
        self._screen.errorOccurred.connect(lambda *_: self._lose(), queued)
        self._window.errorOccurred.connect(lambda *_: self._lose(), queued)
        self._waiting.timeout.connect(self._lose)
        self._told.connect(self._deliver, queued)
        QGuiApplication.instance().screenRemoved.connect(self._lose_screen)  # type: ignore[union-attr]

    def _start_screen(self, view: View) -> None:
        screen = next((screen for screen in QGuiApplication.screens() if screen.name() == view.identity), None)
        if screen is None:
            self._lose()
            return
        self._screen.setScreen(screen)
        self._screen.setActive(True)

    def _start_window(self, view: View) -> None:
        window = self._windows.get(view.identity)
        if window is None:
            self._lose()
            return
        self._window.setWindow(window)
        self._window.setActive(True)

    def _lose(self) -> None:
        """Told of by Qt as often as it tries."""
        view = self._view
        if view is not None:
            said = GONE if any(self._size) else REFUSED
            self.stop()
            self.lost.emit(translate("Screen", said[view.origin]))

    def _lose_screen(self, screen: QScreen) -> None:
        if self._view is not None and self._view.origin is Origin.SCREEN and self._view.identity == screen.name():
            self._lose()

    def _take(self, picture: QVideoFrame) -> None:
        """Qt gives up to sixty a second; what is not due is not touched."""
        now = time.monotonic()
        if self._view is None or not picture.isValid() or now < self._due:
            return
        self._due = now + LEAST_SECONDS
        self._waiting.stop()
        self._converting.submit(self._convert, self._stretch, picture, self._when(picture, now), self._view.origin)

    def _when(self, picture: QVideoFrame, now: float) -> float:
        """It may have waited for the window: what Qt's clock says is as old as the quickest of them at most."""
        if picture.startTime() < 0:
            return now
        since = picture.startTime() / MICROSECONDS
        self._epoch = min(self._epoch, now - since)
        return self._epoch + since

    def _convert(self, stretch: int, picture: QVideoFrame, when: float, origin: Origin) -> None:
        """On the thread of its own."""
        from app.devices.picture import to_rgb  # noqa: PLC0415 -- OpenCV takes long to load: not on the window's thread

        pixels = to_rgb(picture)
        if pixels is not None:
            self._told.emit(stretch, Frame(pixels, when, origin))

    def _deliver(self, stretch: int, frame: Frame) -> None:
        if stretch != self._stretch or self._view is None:
            return
        height, width, _ = frame.pixels.shape
        if self._size != (width, height):
            self._size = (width, height)
            self.opened.emit(width, height)
        self.seen.emit(frame)


def _screens() -> Iterator[View]:
    for number, screen in enumerate(QGuiApplication.screens(), start=1):
        size = screen.size() * screen.devicePixelRatio()
        yield View(Origin.SCREEN, f"{number} ({size.width()} × {size.height()})", screen.name())


def _name_apart(windows: list[QCapturableWindow]) -> Iterator[tuple[str, QCapturableWindow]]:
    """Several may have one title."""
    counted: Counter[str] = Counter()
    for window in windows:
        title = window.description()
        counted[title] += 1
        yield f"{title}#{counted[title]}", window
