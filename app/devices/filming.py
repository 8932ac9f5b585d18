"""One stretch of looking through one camera: a thread from its opening to its end. Knows neither Qt nor who looks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from threading import Event, Thread

from app.devices.device import DeviceError
from app.senses import Frame, Size

PREVIEW_SECONDS = 0.03
"""Least time between two frames that are shown: thirty a second and no more."""


@dataclass(frozen=True, slots=True)
class Opened:
    """Frames of this size are on their way."""

    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Seen:
    """A frame to show. The next one comes once `Filming.shown` was called."""

    frame: Frame


@dataclass(frozen=True, slots=True)
class Lost:
    """There are no frames any more, or never were; why, in a sentence."""

    sentence: str


News = Opened | Seen | Lost


class Filming:
    """Looks from its making to `stop`. `tell` is called on its thread."""

    def __init__(
        self,
        source: str,
        tell: Callable[[Filming, News], None],
        after: Filming | None = None,
        size: Size | None = None,
    ) -> None:
        """`source` and `size` as in `footage.film`; `after` is the one before, which must have let go of the camera."""
        self.newest: Frame | None = None
        """Frames that nobody asks for in time are gone."""
        self._source = source
        self._size = size
        self._tell = tell
        self._after = after
        self._stopped = Event()
        self._is_showing = False
        self._latest_preview = float("-inf")
        self._thread = Thread(target=self._run, name="camera", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Never waits."""
        self._stopped.set()

    def join(self, seconds: float | None = None) -> None:
        """Until the camera is let go of and nothing more is told."""
        self._thread.join(seconds)

    def shown(self) -> None:
        """The frame that was told last is on the screen."""
        self._is_showing = False

    # On the thread of its own

    def _run(self) -> None:
        if self._after is not None:
            self._after.join()
            self._after = None
        try:
            self._film()
        except DeviceError as error:
            self._tell(self, Lost(str(error)))
        finally:
            self.newest = None

    def _film(self) -> None:
        from app.devices.footage import USUAL_SIZE, film  # noqa: PLC0415 -- OpenCV takes long to load: not before it is needed

        for frame in film(self._source, self._stopped, self._size or USUAL_SIZE):
            if self.newest is None:
                height, width, _ = frame.pixels.shape
                self._tell(self, Opened(width, height))
            self.newest = frame
            self._offer(frame)

    def _offer(self, frame: Frame) -> None:
        """Only what can be shown is told: a window that is busy is not buried under frames."""
        if not self._is_showing and frame.time - self._latest_preview >= PREVIEW_SECONDS:
            self._is_showing = True
            self._latest_preview = frame.time
            self._tell(self, Seen(frame))
