"""The speaker as the desktop knows it: plays a turn's waves and tells how much was heard. Knows no conversation."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum, auto

from PySide6.QtCore import QObject, Qt, Signal

from app.devices.device import Device
from app.devices.playback import Drained, Lost, News, Opened, Playback, describe_loss
from app.devices.ports import SoundPorts
from app.devices.waves import Gain, Wave
from app.words import QT_TRANSLATE_NOOP, translate

NO_SPEAKER = QT_TRANSLATE_NOOP(
    "Speaker", "No speaker was found: plug one in to hear what is said; it can be read meanwhile."
)
CLOSING_SECONDS = 5.0


class Stage(Enum):
    """How far the latest turn is."""

    SPEAKING = auto()
    """It takes waves."""
    FINISHED = auto()
    """It waits for the last one to be heard."""
    OVER = auto()


class Speaker(QObject):
    """A turn is `begin`, `play` as often as waves come, `finish`; then `drained`, unless `hush` or `begin` was first.

    That holds without a device too: nothing is heard then, and `drained` follows `finish` at once. The device is open
    from `begin` on and shut when the turn is over. Signals come on the thread that this object lives on.
    """

    drained = Signal()
    lost = Signal(str)
    """A sentence, once until a speaker was opened again: the app goes on without sound."""
    _told = Signal(object, object)

    def __init__(self, ports: SoundPorts, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._ports = ports
        self._device: Device | None = None
        self._gain = Gain()
        self._playback: Playback | None = None
        self._stage = Stage.OVER
        self._reaches_device = False
        self._complaint = ""
        self._underruns = self._late = 0
        self._told.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    @property
    def is_audible(self) -> bool:
        """Whether there is a speaker, and no reason known why it should not be heard."""
        return self._device is not None and not self._complaint

    @property
    def underruns(self) -> int:
        """How often in all turns the sound was interrupted because the next wave had not come."""
        return self._underruns + (self._playback.underruns if self._playback is not None else 0)

    @property
    def late(self) -> int:
        """How often in all turns it was interrupted because the computer was too busy to hand it on."""
        return self._late + (self._playback.late if self._playback is not None else 0)

    def use(self, device: Device | None) -> None:
        """From the next turn on. `device` comes from the catalogue, None where it has none."""
        self._device = device
        if device is None:
            self._complain(translate("Speaker", NO_SPEAKER))
        else:
            self._complaint = ""

    def begin(self) -> None:
        """A new turn; what is still being said of the one before is dropped. Never waits, like all that follow."""
        self.hush()
        before, self._underruns, self._late = self._playback, self.underruns, self.late
        self._stage = Stage.SPEAKING
        self._reaches_device = self._device is not None
        self._playback = None
        if self._device is not None:
            self._playback = Playback(self._ports, self._device, self._gain, self._told.emit, before)

    def play(self, wave: Wave) -> None:
        """float32 [n] at 24 kHz, not to be changed any more; void once the turn is over."""
        if self._playback is not None and self._stage is Stage.SPEAKING:
            self._playback.play(wave)

    def finish(self) -> None:
        """No more waves will come."""
        if self._stage is not Stage.SPEAKING:
            return
        self._stage = Stage.FINISHED
        if self._playback is not None and self._reaches_device:
            self._playback.finish()
        else:
            self._told.emit(self._playback, Drained())

    def hush(self) -> float:
        """Silent at once, the rest is dropped; returns how many seconds of the turn were heard."""
        self._stage = Stage.OVER
        if self._playback is not None:
            self._playback.hush()
        self._gain.is_ducked = False
        return self.heard()

    def heard(self) -> float:
        """Seconds of the turn's speech that have left the speaker; keeps its value until the next turn."""
        return self._playback.heard() if self._playback is not None else 0.0

    def duck(self, *, on: bool) -> None:
        """Much quieter while somebody may be about to speak; lasts until it is undone, or the turn is hushed."""
        self._gain.is_ducked = on

    def set_volume(self, volume: float) -> None:
        """0 to 1."""
        self._gain.volume = volume

    def check(self, devices: Sequence[Device]) -> None:
        """Told what is plugged in now, it is lost if its device is not among it."""
        device = self._device
        if device is None or not device.identity or any(device.identity == other.identity for other in devices):
            return
        self._device = None
        if self._playback is not None and self._stage is not Stage.OVER:
            self._playback.lose()
        else:
            self._complain(describe_loss(device))

    def close(self) -> None:
        """Silent, and the device is shut when this returns."""
        self.hush()
        if self._playback is not None:
            self._playback.join(CLOSING_SECONDS)

    def _deliver(self, playback: Playback | None, news: News) -> None:
        if playback is not self._playback:
            return
        match news:
            case Opened():
                self._complaint = ""
            case Drained():
                self._drain()
            case Lost(sentence):
                self._reaches_device = False
                self._complain(sentence)
                self._drain()

    def _drain(self) -> None:
        if self._stage is Stage.FINISHED:
            self._stage = Stage.OVER
            self.drained.emit()

    def _complain(self, sentence: str) -> None:
        if sentence != self._complaint:
            self._complaint = sentence
            self.lost.emit(sentence)
