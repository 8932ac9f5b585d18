"""The speaker as the desktop knows it: plays a turn's waves and tells how much was heard. Knows no conversation."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum, auto

import numpy as np
from PySide6.QtCore import QObject, Qt, Signal

from app.devices.device import Device, is_missing
from app.devices.playback import CUSHION, Drained, Lost, News, Opened, Playback, describe_loss
from app.devices.ports import SoundPorts
from app.devices.waves import Gain, Wave
from app.words import QT_TRANSLATE_NOOP, translate
from model.protocol import SPEECH_RATE

NO_SPEAKER = QT_TRANSLATE_NOOP(
    "Speaker", "No speaker was found: plug one in to hear what is said; it can be read meanwhile."
)
CLOSING_SECONDS = 5.0
EMPTY: Wave = np.zeros(0, np.float32)


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
    from `begin` on and shut when the turn is over; where it is lost and there is another one, that says the rest.
    Signals come on the thread that this object lives on.
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
        self._playing: Device | None = None
        """What the turn is played on."""
        self._waves: list[Wave] = []
        """Of the turn, as long as another speaker may have to say the rest of it."""
        self._lead = 0.0
        self._before = 0.0
        """Seconds of it that speakers have said which were lost."""
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
        """From the next turn on, or at once where this one's is lost. `device` is None where the catalogue has none."""
        self._device = device
        if device is None:
            self._complain(translate("Speaker", NO_SPEAKER))
            return
        self._complaint = ""
        if self._stage is not Stage.OVER and not self._reaches_device:
            self._go_on()

    def begin(self, lead: float = 0.0) -> None:
        """A new turn, begun once so many seconds of it are there, or all; what is still being said of the one before
        is dropped. Never waits, like all that follow.
        """
        self.hush()
        self._stage = Stage.SPEAKING
        self._before, self._lead = 0.0, lead
        self._open()

    def play(self, wave: Wave) -> None:
        """float32 [n] at 24 kHz, not to be changed any more; void once the turn is over."""
        if self._stage is Stage.SPEAKING:
            self._waves.append(wave)
            if self._playback is not None:
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
        self._waves.clear()
        if self._playback is not None:
            self._playback.hush()
        self._gain.is_ducked = False
        return self.heard()

    def heard(self) -> float:
        """Seconds of the turn's speech that have left the speaker; keeps its value until the next turn."""
        return self._before + (self._playback.heard() if self._playback is not None else 0.0)

    def duck(self, *, on: bool) -> None:
        """Much quieter while somebody may be about to speak; lasts until it is undone, or the turn is hushed."""
        self._gain.is_ducked = on

    def set_volume(self, volume: float) -> None:
        """0 to 1."""
        self._gain.volume = volume

    def check(self, devices: Sequence[Device], successor: Device | None = None) -> None:
        """Told what is plugged in now, it is lost if its device is not among it. Then `successor` goes on, and nothing
        is complained of; without one it is."""
        is_playing = self._playback is not None and self._stage is not Stage.OVER
        lost = self._playing if is_playing and _is_gone(self._playing, devices) else None
        if _is_gone(self._device, devices):
            unused, self._device = self._device, successor
            if unused is not None and successor is None and not is_playing:
                self._complain(describe_loss(unused))
        if lost is not None and self._playback is not None:
            self._playback.lose()

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
                self._lose(sentence)

    def _open(self) -> None:
        """What the turn is played on from here on, once the one before is shut."""
        before, self._underruns, self._late = self._playback, self.underruns, self.late
        self._playing = self._device
        self._reaches_device = self._device is not None
        self._playback = None
        if self._device is not None:
            self._playback = Playback(
                self._ports, self._device, self._gain, self._told.emit, before, cushion=max(CUSHION, self._lead)
            )

    def _lose(self, sentence: str) -> None:
        """Another speaker says what nobody has heard yet of the turn, if there is one."""
        lost = self._playing
        others = self._device is not None and lost is not None and self._device.identity != lost.identity
        if others and self._stage is not Stage.OVER:
            self._go_on()
            return
        self._reaches_device = False
        self._complain(sentence)
        self._drain()

    def _go_on(self) -> None:
        self._before = self.heard()
        self._open()
        rest = np.concatenate([EMPTY, *self._waves])[round(self._before * SPEECH_RATE) :]
        if self._playback is not None:
            if len(rest):
                self._playback.play(rest)
            if self._stage is Stage.FINISHED:
                self._playback.finish()

    def _drain(self) -> None:
        if self._stage is Stage.FINISHED:
            self._stage = Stage.OVER
            self._waves.clear()
            self.drained.emit()

    def _complain(self, sentence: str) -> None:
        if sentence != self._complaint:
            self._complaint = sentence
            self.lost.emit(sentence)


def _is_gone(device: Device | None, devices: Sequence[Device]) -> bool:
    """What the system could not name cannot be missed."""
    return device is not None and bool(device.identity) and is_missing(devices, device.identity)
