"""Which microphones, speakers and cameras there are, and that this has changed. Opens none of them.

The lists are Qt's: PortAudio and OpenCV cannot tell what comes and goes while they are in use.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal
from PySide6.QtMultimedia import QAudioDevice, QCameraDevice, QMediaDevices

from app.devices.device import SYSTEM_CHOICE, Device


class Catalogue(QObject):
    """Lists are tuples of Device, the system's default among them marked.

    A system that lists no sound device at all may still have some: then the only one is its own choice.
    """

    microphones_changed = Signal(object)
    speakers_changed = Signal(object)
    cameras_changed = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        """Loads Qt's multimedia library: 0.1 s, on the thread of the window."""
        super().__init__(parent)
        self._system = QMediaDevices(self)
        self._system.audioInputsChanged.connect(lambda: self.microphones_changed.emit(self.microphones()))
        self._system.audioOutputsChanged.connect(lambda: self.speakers_changed.emit(self.speakers()))
        self._system.videoInputsChanged.connect(lambda: self.cameras_changed.emit(self.cameras()))

    def microphones(self) -> tuple[Device, ...]:
        """What can be listened to."""
        return _describe(QMediaDevices.audioInputs()) or _unlisted()

    def speakers(self) -> tuple[Device, ...]:
        """What can be played on."""
        return _describe(QMediaDevices.audioOutputs()) or _unlisted()

    def cameras(self) -> tuple[Device, ...]:
        """What can be looked through; `source` tells what to start the camera with."""
        return _describe(QMediaDevices.videoInputs())

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


def _describe(listed: Sequence[QAudioDevice] | Sequence[QCameraDevice]) -> tuple[Device, ...]:
    return tuple(
        Device(bytes(device.id().data()).decode(errors="replace"), device.description(), device.isDefault())
        for device in listed
    )


def _unlisted() -> tuple[Device, ...]:
    lists_any = bool(QMediaDevices.audioInputs() or QMediaDevices.audioOutputs())
    return () if lists_any else (SYSTEM_CHOICE,)
