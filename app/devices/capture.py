"""One stretch of listening to a microphone: a thread from its opening to its end. Knows neither Qt nor who hears."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from queue import Empty, SimpleQueue
from threading import Thread

import numpy as np
from numpy.typing import NDArray

from app import logs
from app.devices.blocks import BlockStream, Gathering
from app.devices.canceller import STEP_SAMPLES, Canceller
from app.devices.device import Device, DeviceError
from app.devices.endpointer import Endpointer, Hearing
from app.devices.entries import Shape
from app.devices.ports import Pace, Port, Sound, SoundPorts
from app.devices.voice_activity import BLOCK_SAMPLES
from app.lateness import Rhythm
from app.senses import Block, SpeechEvent
from app.words import translate
from model.protocol import HEARING_RATE

WANTED = Shape(HEARING_RATE, 1)
CALLBACK_SECONDS = 2 * STEP_SAMPLES / HEARING_RATE
PACE = Pace(latency=0.035, callback=CALLBACK_SECONDS)
"""What the canceller takes at once and what the detector does have no small common multiple: with 20 ms a block waits
10 ms on average for the next callback, and Python is woken fifty times a second unless it is at rest."""
RESTING_CALLBACKS = 8
"""Callbacks' worth of sound that is heard at once while nothing plays and nobody speaks: it is waking up that costs."""
LONGEST_WAIT = 5.0
"""Seconds without a sample after which a microphone counts as lost; wireless ones take a while to begin."""
MOST_WAITING = 1000
"""Callbacks' worth of sound, half a minute, that may wait before more is dropped, and counted."""
QUIETEST_DB = -60.0
"""The level that a meter shows as nothing."""


@dataclass(frozen=True, slots=True)
class Opened:
    """Sound of the device with this name is on its way."""

    name: str


@dataclass(frozen=True, slots=True)
class Heard:
    """A block, its level (0 to 1) and what it means for speech."""

    block: Block
    level: float
    events: tuple[SpeechEvent, ...]


@dataclass(frozen=True, slots=True)
class Hushed:
    """Nothing is listened to for now, which ended what was being said."""

    events: tuple[SpeechEvent, ...]


@dataclass(frozen=True, slots=True)
class Lost:
    """The microphone is gone, or never came; why, in a sentence."""

    events: tuple[SpeechEvent, ...]
    sentence: str


News = Opened | Heard | Hushed | Lost


class Mark(Enum):
    """What comes between sounds."""

    STOP = auto()
    MUTE = auto()
    UNMUTE = auto()
    ENDED = auto()
    """By itself: the device is gone."""


class Capture:
    """Listens from its making to `stop`. `tell` is called on its thread."""

    def __init__(
        self,
        ports: SoundPorts,
        device: Device,
        canceller: Canceller,
        endpointer: Endpointer,
        tell: Callable[[Capture, Sequence[News]], None],
        *,
        after: Capture | None = None,
    ) -> None:
        """`after` is the one before, which must have let go of microphone, canceller and endpointer."""
        self.overflows = 0
        self._ports = ports
        self._device = device
        self._canceller = canceller
        self._gathering = Gathering(BLOCK_SAMPLES)
        self._endpointer = endpointer
        self._tell = tell
        self._after = after
        self._inbox: SimpleQueue[Sound | Mark] = SimpleQueue()
        self._muted = False
        self._is_at_rest = False
        self._gathered: list[Sound] = []
        """On PortAudio's thread only."""
        self._rhythm = Rhythm()
        self._thread = Thread(target=self._run, name="microphone", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Never waits, unlike `join`."""
        self._inbox.put(Mark.STOP)

    def join(self, seconds: float | None = None) -> None:
        """Until the device is shut and nothing more is told."""
        self._thread.join(seconds)

    def lose(self) -> None:
        """The device is known to be gone, whatever may still come from it. Never waits."""
        self._inbox.put(Mark.ENDED)

    def mute(self, *, on: bool) -> None:
        """What is heard meanwhile is thrown away unheard."""
        self._inbox.put(Mark.MUTE if on else Mark.UNMUTE)

    # On PortAudio's thread

    def _take(self, sound: Sound) -> None:
        self._rhythm.beat(time.monotonic(), CALLBACK_SECONDS)
        self._gathered.append(sound)
        if self._is_at_rest and len(self._gathered) < RESTING_CALLBACKS:
            return
        if self._inbox.qsize() < MOST_WAITING:
            self._inbox.put(_joined(self._gathered))
        else:
            self.overflows += len(self._gathered)
        self._gathered = []

    # On the thread of its own

    def _run(self) -> None:
        if self._after is not None:
            self._after.join()
            self._after = None
        try:
            port = self._ports.listen(self._device, WANTED, PACE, self._take, self.lose)
            try:
                self._tell(self, [Opened(self._device.name)])
                self._work(port)
            finally:
                self._ports.shut(port)
                logs.devices.info("The microphone: %d overflows; callbacks %s.", self.overflows, self._rhythm)
        except DeviceError as error:
            self._tell(self, [Lost(tuple(self._endpointer.flush()), str(error))])
        except Exception as error:  # noqa: BLE001 -- whatever it was: nobody listens any more, and that must be told
            logs.devices.exception("Listening broke.")
            words = translate(
                "Capture", "Listening stopped by an unforeseen error ({reason}): switch the microphone on again."
            )
            self._tell(self, [Lost(tuple(self._endpointer.flush()), words.format(reason=type(error).__name__))])
        else:
            self._tell(self, [Hushed(tuple(self._endpointer.flush()))])

    def _work(self, port: Port) -> None:
        blocks = BlockStream(port.shape, STEP_SAMPLES)
        while True:
            match self._next():
                case Mark.STOP:
                    return
                case Mark.ENDED:
                    raise DeviceError(
                        translate(
                            "Capture", "The microphone ({name}) is gone: plug it in again, or choose another one."
                        ).format(name=self._device.name)
                    )
                case Mark.MUTE:
                    self._muted = True
                    self._tell(self, [Hushed(tuple(self._endpointer.flush()))])
                case Mark.UNMUTE:
                    self._muted = False
                case Sound() as sound:
                    self._hear(sound, blocks)

    def _next(self) -> Sound | Mark:
        try:
            return self._inbox.get(timeout=LONGEST_WAIT)
        except Empty:
            raise DeviceError(
                translate(
                    "Capture",
                    "The microphone ({name}) gives no sound: unplug it and plug it in again, or choose another one.",
                ).format(name=self._device.name)
            ) from None

    def _hear(self, sound: Sound, blocks: BlockStream) -> None:
        self.overflows += sound.overflowed
        heard: list[Heard] = []
        for step in blocks.push(sound.data, sound.end, at_once=self._canceller.rests):
            if not self._muted:
                for cleaned in self._canceller.push(step):
                    heard.extend(map(self._heard, self._gathering.push(cleaned)))
        if heard:  # together: whoever is told of it is woken once
            self._tell(self, heard)
        is_quiet = self._canceller.rests and self._endpointer.state is Hearing.QUIET
        self._is_at_rest = is_quiet and not self._muted  # what was said while muted must not be heard afterwards

    def _heard(self, block: Block) -> Heard:
        events = tuple(self._endpointer.push(block))
        return Heard(block, measure_level(block.samples), events)


def _joined(sounds: list[Sound]) -> Sound:
    return Sound(b"".join(sound.data for sound in sounds), sounds[-1].end, any(sound.overflowed for sound in sounds))


def measure_level(samples: NDArray[np.float32]) -> float:
    """The loudness of a block for a meter: 0 at -60 dB and below, 1 at full scale, even steps of decibels between."""
    power = float(np.mean(np.square(samples)))
    decibels = 10.0 * np.log10(max(power, 1e-12))
    return float(np.clip(1.0 - decibels / QUIETEST_DB, 0.0, 1.0))
