"""Which microphones, speakers and cameras there are, and that this has changed. Opens none of them.

The lists are Qt's: PortAudio and OpenCV cannot tell what comes and goes while they are in use. On Linux the sound
server is asked too which devices it has lost, because Qt does not always notice.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Sequence

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtMultimedia import QAudioDevice, QCameraDevice, QMediaDevices

from app.devices.device import SYSTEM_CHOICE, Device
from app.devices.sound_server import SoundServer
from app.senses import Size

LEAST_HEIGHT, MOST_HEIGHT = 240, 2160
MOST_SIZES = 5
"""That are offered."""


class Catalogue(QObject):
    """Lists are tuples of Device, the system's default among them marked.

    A system that lists no sound device at all may still have some: then the only one is its own choice.
    """

    microphones_changed = Signal(object)
    speakers_changed = Signal(object)
    cameras_changed = Signal(object)
    _gone = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        """Loads Qt's multimedia library: 0.1 s, on the thread of the window."""
        super().__init__(parent)
        self._system = QMediaDevices(self)
        self._gone.connect(self._tell_sound, Qt.ConnectionType.QueuedConnection)
        self._server = SoundServer(self._gone.emit) if sys.platform == "linux" else None
        self._system.audioInputsChanged.connect(lambda: self.microphones_changed.emit(self.microphones()))
        self._system.audioOutputsChanged.connect(lambda: self.speakers_changed.emit(self.speakers()))
        self._system.videoInputsChanged.connect(lambda: self.cameras_changed.emit(self.cameras()))

    def microphones(self) -> tuple[Device, ...]:
        """What can be listened to."""
        return self._present(_describe(QMediaDevices.audioInputs())) or _unlisted()

    def speakers(self) -> tuple[Device, ...]:
        """What can be played on."""
        return self._present(_describe(QMediaDevices.audioOutputs())) or _unlisted()

    def cameras(self) -> tuple[Device, ...]:
        """What can be looked through; `source` tells what to start the camera with."""
        return _describe(QMediaDevices.videoInputs())

    def sizes(self, camera: Device) -> tuple[Size, ...]:
        """Of the pictures that it gives, a few, the smallest first."""
        for listed in QMediaDevices.videoInputs():
            if _identify(listed) == camera.identity:
                given = [form.resolution() for form in listed.videoFormats()]
                return choose_sizes(Size(one.width(), one.height()) for one in given if not one.isEmpty())
        return ()

    def close(self) -> None:
        """Nothing is told from here on."""
        if self._server is not None:
            self._server.close()

    def _present(self, listed: tuple[Device, ...]) -> tuple[Device, ...]:
        gone: frozenset[str] = frozenset() if self._server is None else self._server.gone
        return tuple(device for device in listed if device.identity not in gone)

    def _tell_sound(self) -> None:
        self.microphones_changed.emit(self.microphones())
        self.speakers_changed.emit(self.speakers())

    def source(self, camera: Device) -> str:
        """The number that OpenCV knows a camera by, in digits."""
        return find_source(camera, self.cameras())


def find_source(camera: Device, cameras: Sequence[Device], system: str = sys.platform) -> str:
    """Linux numbers its cameras; elsewhere OpenCV counts them, on macOS in the order of their identities."""
    if number := re.fullmatch(r"/dev/video(\d+)", camera.identity):
        return number[1]
    identities = [other.identity for other in cameras]
    if system == "darwin":
        identities.sort()
    return str(identities.index(camera.identity))


def choose_sizes(given: Iterable[Size]) -> tuple[Size, ...]:
    """Of those with one height the widest, and of those as many as can be told apart, from small to large."""
    widest = {size.height: size for size in sorted(given) if LEAST_HEIGHT <= size.height <= MOST_HEIGHT}
    sizes = [widest[height] for height in sorted(widest)]
    if len(sizes) <= MOST_SIZES:
        return tuple(sizes)
    places = [round(place * (len(sizes) - 1) / (MOST_SIZES - 1)) for place in range(MOST_SIZES)]
    return tuple(sizes[place] for place in places)


def _identify(listed: QAudioDevice | QCameraDevice) -> str:
    return bytes(listed.id().data()).decode(errors="replace")


def _describe(listed: Sequence[QAudioDevice] | Sequence[QCameraDevice]) -> tuple[Device, ...]:
    return tuple(Device(_identify(device), device.description(), device.isDefault()) for device in listed)


def _unlisted() -> tuple[Device, ...]:
    lists_any = bool(QMediaDevices.audioInputs() or QMediaDevices.audioOutputs())
    return () if lists_any else (SYSTEM_CHOICE,)
