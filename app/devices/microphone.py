"""The microphone as the desktop knows it: blocks, level and speech. Knows no conversation and no widget."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, Qt, Signal

from app.devices.canceller import Canceller
from app.devices.capture import Capture, Heard, Hushed, Lost, News, Opened
from app.devices.device import Device
from app.devices.endpointer import Endpointer
from app.devices.ports import SoundPorts
from app.senses import SpeechEvent
from app.words import QT_TRANSLATE_NOOP, translate

NO_MICROPHONE = QT_TRANSLATE_NOOP("Microphone", "No microphone was found: plug one in, or type instead.")
CLOSING_SECONDS = 5.0


class Microphone(QObject):
    """Signals come on the thread that this object lives on. After `lost` it is stopped; `start` may be called again."""

    opened = Signal(str)
    """Its name: sound is on its way."""
    heard = Signal(object)
    """Every Block, of 512 samples, unless muted."""
    level = Signal(float)
    """Of every block, 0 to 1, for a meter."""
    speech = Signal(object)
    """A SpeechEvent."""
    lost = Signal(str)
    """A sentence; what was being said has ended before."""
    _told = Signal(object, object)

    def __init__(
        self, ports: SoundPorts, canceller: Canceller, endpointer: Endpointer, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._ports = ports
        self._canceller = canceller
        self._endpointer = endpointer
        self._device: Device | None = None
        self._capture: Capture | None = None
        self._overflows = 0
        self._muted = False
        self._told.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    @property
    def is_listening(self) -> bool:
        """Whether it was started and neither stopped nor lost; it may be muted."""
        return self._device is not None

    @property
    def is_muted(self) -> bool:
        """Whether what is heard is thrown away."""
        return self._muted

    @property
    def overflows(self) -> int:
        """How often sound was lost because the computer was too busy to take it."""
        return self._overflows + (self._capture.overflows if self._capture is not None else 0)

    def start(self, device: Device | None) -> None:
        """Never waits. `device` comes from the catalogue, None where it has none. What was listened to before stops."""
        self.stop()
        if device is None:
            self.lost.emit(translate("Microphone", NO_MICROPHONE))
            return
        self._device = device
        before, self._overflows = self._capture, self.overflows
        self._capture = Capture(self._ports, device, self._canceller, self._endpointer, self._told.emit, after=before)
        if self._muted:
            self._capture.mute(on=True)

    def stop(self) -> None:
        """Never waits. What was heard until now may still be told, and that what was being said has ended."""
        self._device = None
        if self._capture is not None:
            self._capture.stop()

    def close(self) -> None:
        """Stop, and wait until the device is shut."""
        self.stop()
        if self._capture is not None:
            self._capture.join(CLOSING_SECONDS)

    def mute(self, *, on: bool) -> None:
        """What was being said ends. Lasts until it is undone, over stops and starts."""
        self._muted = on
        if self._capture is not None:
            self._capture.mute(on=on)

    def set_patience(self, seconds: float) -> None:
        """How long a silence ends a turn."""
        self._endpointer.patience = seconds

    def check(self, devices: Sequence[Device]) -> None:
        """Told what is plugged in now, it is lost if its device is not among it.

        A sound server goes on with another source then, in the worst case with what the speaker plays.
        """
        device = self._device
        if device is None or self._capture is None or not device.identity:
            return
        if all(device.identity != other.identity for other in devices):
            self._capture.lose()

    def _deliver(self, capture: Capture, told: Sequence[News]) -> None:
        """Captures follow one another, so that all of one is told before anything of the next."""
        for news in told:
            self._pass_on(capture, news)

    def _pass_on(self, capture: Capture, news: News) -> None:
        match news:
            case Opened(name):
                self.opened.emit(name)
            case Heard(block, level, events):
                self.heard.emit(block)
                self.level.emit(level)
                self._emit(events)
            case Hushed(events):
                self.level.emit(0.0)
                self._emit(events)
            case Lost(events, sentence):
                self.level.emit(0.0)
                self._emit(events)
                if capture is self._capture and self._device is not None:  # what was stopped is no loss
                    self._device = None
                    self.lost.emit(sentence)

    def _emit(self, events: tuple[SpeechEvent, ...]) -> None:
        for event in events:
            self.speech.emit(event)
