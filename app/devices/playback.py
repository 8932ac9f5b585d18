"""One turn's speech on its way to a speaker: a thread from beginning to end. Knows neither Qt nor who speaks."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto
from queue import Empty, SimpleQueue
from threading import Thread

import numpy as np

from app import logs
from app.devices.device import Device, DeviceError
from app.devices.entries import Shape
from app.devices.ports import Pace, Port, SoundPorts
from app.devices.resampling import Resampler
from app.devices.waves import Gain, Journey, Slope, Wave, WaveQueue
from app.lateness import Rhythm
from app.words import translate
from model.protocol import SPEECH_RATE

WANTED = Shape(SPEECH_RATE, 1)
PACE = Pace(latency=0.08)
"""A callback waits for Python's lock and, beside a model that keeps every core busy, for a processor: on two of them
40 ms were measured. What the device holds when silence is wanted is dropped, not played."""
CUSHION = 0.2
"""Seconds of speech without which none is begun, or gone on with after a gap: the model's first packet is shorter, and
would be over before the next can be there."""
MOST_CUSHION = 1.6
"""After each gap twice as much is waited for, up to here: few long pauses are understood, many short ones are not."""
LONGEST_WAIT = 3.0
"""Seconds without a callback after which a speaker counts as lost."""


@dataclass(frozen=True, slots=True)
class Opened:
    """The device with this name takes sound."""

    name: str


@dataclass(frozen=True, slots=True)
class Drained:
    """The last sample has left the speaker."""


@dataclass(frozen=True, slots=True)
class Lost:
    """The speaker is gone, or never came; why, in a sentence."""

    sentence: str


News = Opened | Drained | Lost


class Mark(Enum):
    """What comes between waves."""

    LAST = auto()
    """There will be no more."""
    RAN_DRY = auto()
    """The last sample was given to the device."""
    HUSH = auto()
    ENDED = auto()
    """By itself: the device is gone."""


class Playback:
    """Holds the speaker from its making until it is drained, hushed or lost. `tell` is called on its thread.

    The device is given silence until the first wave comes, so that it is awake by then.
    """

    def __init__(
        self,
        ports: SoundPorts,
        device: Device,
        gain: Gain,
        tell: Callable[[Playback, News], None],
        after: Playback | None = None,
        *,
        cushion: float = CUSHION,
    ) -> None:
        """`after` is the one before, which must have let go of the device; `cushion` is what sound begins with."""
        self.underruns = 0
        """How often the sound was interrupted because the next wave had not come."""
        self.late = 0
        """How often because the callback was late."""
        self._ports = ports
        self._device = device
        self._tell = tell
        self._after = after
        self._cushion = cushion
        self._inbox: SimpleQueue[Wave | Mark] = SimpleQueue()
        self._queue = WaveQueue()
        self._held: list[Wave] = []
        self._slope = Slope(gain)
        self._journey = Journey()
        self._rhythm = Rhythm()
        self._rate = SPEECH_RATE
        self._calls = 0
        self._is_last = self._is_dry = self._is_hushed = False
        self._is_starving = True
        self._heard = 0.0
        self._thread = Thread(target=self._run, name="speaker", daemon=True)
        self._thread.start()

    def play(self, wave: Wave) -> None:
        """float32 [n] at 24 kHz, after all before. Never waits."""
        self._inbox.put(wave)

    def finish(self) -> None:
        """There will be no more: Drained follows, unless it is hushed or lost first."""
        self._inbox.put(Mark.LAST)

    def hush(self) -> None:
        """Silent at once. Never waits."""
        self.heard()
        self._is_hushed = True
        self._inbox.put(Mark.HUSH)

    def lose(self) -> None:
        """The device is gone."""
        self._inbox.put(Mark.ENDED)

    def heard(self) -> float:
        """Seconds of speech that have left the speaker."""
        if not self._is_hushed:
            self._heard = max(self._heard, self._journey.count(time.monotonic(), self._rate) / self._rate)
        return self._heard

    def join(self, seconds: float | None = None) -> None:
        """Until the device is shut and nothing more is told."""
        self._thread.join(seconds)

    # On PortAudio's thread

    def _fill(self, out: Wave, leaves: float, late: bool) -> None:  # noqa: FBT001 -- PortAudio's callback
        """Writes all of `out` [n, channels]."""
        self._calls += 1
        self._rhythm.beat(time.monotonic(), len(out) / self._rate)
        is_last = self._is_last  # read first: what was put before it was set is in the queue
        mono = out[:, 0]
        taken = 0 if self._is_hushed else self._queue.take(mono)
        mono[taken:] = 0.0
        self._slope.apply(mono[:taken])
        out[:, 1:] = out[:, :1]
        if self._journey.given and not self._is_dry:
            self.late += late
        self._journey.add(leaves, taken)
        self._notice(is_short=taken < len(mono), is_last=is_last)

    def _notice(self, *, is_short: bool, is_last: bool) -> None:
        """Between the first wave and the last, running short is an underrun; after the last it is the end."""
        if is_short and is_last and not self._is_dry:
            self._is_dry = True
            self._inbox.put(Mark.RAN_DRY)
        elif is_short and not is_last and self._journey.given and not self._is_starving:
            self.underruns += not self._is_hushed
        self._is_starving = is_short

    # On the thread of its own

    def _run(self) -> None:
        if self._after is not None:
            self._after.join()
            self._after = None
        try:
            port = self._ports.play(self._device, WANTED, PACE, self._fill, self.lose)
            try:
                self._tell(self, Opened(self._device.name))
                is_drained = self._work(port)
            finally:
                self._ports.shut(port)
                self._log()
        except DeviceError as error:
            self._tell(self, Lost(str(error)))
        except Exception as error:  # noqa: BLE001 -- whatever it was: nothing is heard any more, and that must be told
            logs.devices.exception("Speaking broke.")
            words = translate("Playback", "Playing stopped by an unforeseen error ({reason}): ask once more.")
            self._tell(self, Lost(words.format(reason=type(error).__name__)))
        else:
            if is_drained:
                self._tell(self, Drained())

    def _work(self, port: Port) -> bool:
        """Whether it came to its natural end."""
        self._rate = port.shape.rate
        resampler = Resampler(SPEECH_RATE, self._rate)
        while True:
            match self._next():
                case np.ndarray() as wave:
                    self._give(resampler.push(wave), least=self._least())
                case Mark.LAST:
                    self._give(resampler.flush(), least=0.0)
                    self._is_last = True
                case Mark.RAN_DRY:
                    return self._see_off()
                case Mark.HUSH:
                    return False
                case Mark.ENDED:
                    raise DeviceError(describe_loss(self._device))

    def _least(self) -> float:
        return max(self._cushion, min(MOST_CUSHION, CUSHION * 2.0**self.underruns))

    def _give(self, wave: Wave, least: float) -> None:
        """To the callback; where that has nothing left, once there are so many seconds."""
        self._held.append(wave)
        is_waiting = self._is_starving and self._queue.is_empty
        if not is_waiting or sum(map(len, self._held)) >= least * self._rate:
            for held in self._held:
                self._queue.put(held)
            self._held.clear()

    def _log(self) -> None:
        figures = (self.heard(), self.underruns, self.late, self._rhythm)
        logs.devices.info("Speech, %.1f s heard: %d underruns, %d by lateness; callbacks %s.", *figures)

    def _next(self) -> Wave | Mark:
        while True:
            calls = self._calls
            try:
                return self._inbox.get(timeout=LONGEST_WAIT)
            except Empty:
                if self._calls == calls:
                    raise DeviceError(
                        translate(
                            "Playback",
                            "The speaker ({name}) takes no sound: unplug it and plug it in again, "
                            "or choose another one.",
                        ).format(name=self._device.name)
                    ) from None

    def _see_off(self) -> bool:
        """Waits until the last sample has left, or for a hush."""
        while (rest := self._journey.given / self._rate - self.heard()) > 0.0:
            try:
                mark = self._inbox.get(timeout=rest)
            except Empty:
                continue
            if mark is Mark.HUSH:
                return False
        return True


def describe_loss(speaker: Device) -> str:
    """One sentence: what is wrong, what to do."""
    return translate("Playback", "The speaker ({name}) is gone: plug it in again, or choose another one.").format(
        name=speaker.name
    )
