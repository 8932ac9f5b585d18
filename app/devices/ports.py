"""PortAudio, all of it: opens and shuts streams of sound. Knows nothing of what is said, heard or shown.

PortAudio is for one thread only (on Windows for the one that started it), and when it starts it asks every device,
which takes its time: so it is only ever called from a thread of its own, and loaded there when it is first needed.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Enum
from queue import SimpleQueue
from threading import Lock, Thread
from types import ModuleType
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from app import logs
from app.devices.device import Device, DeviceError
from app.devices.entries import Entry, Shape, find, shapes
from app.devices.far_end import FarEnd, Piece
from app.words import QT_TRANSLATE_NOOP, translate

Result = TypeVar("Result")

ANSWER_SECONDS = 15.0
"""How long a system may take to open a device; wireless headsets take several seconds."""
CLOSING_SECONDS = 5.0
LONGEST_DELAY = 2.0
"""Seconds between a callback and its sound; where a driver says more, its clock is broken."""


class Direction(Enum):
    """Which way sound goes; the value is what a person calls such a device."""

    IN = QT_TRANSLATE_NOOP("Ports", "microphone")
    OUT = QT_TRANSLATE_NOOP("Ports", "speaker")


@dataclass(frozen=True, slots=True)
class Pace:
    """`latency`: seconds of sound that the device holds, so that a callback may be late; `callback`: seconds in one.

    None leaves it to the device.
    """

    latency: float
    callback: float | None = None


@dataclass(frozen=True, slots=True)
class Sound:
    """What one callback brought: interleaved float32 samples. `end` is when the last one was spoken."""

    data: bytes
    end: float
    overflowed: bool
    """Whether samples before it were lost."""


@dataclass(frozen=True, slots=True)
class Port:
    """An open stream, running."""

    direction: Direction
    shape: Shape
    stream: Any  # sounddevice carries no types


# All three are called on threads of PortAudio's.
Take = Callable[[Sound], None]
Fill = Callable[[NDArray[np.float32], float, bool], None]
"""Writes all of float32 [n, channels]; is told when the first of it leaves the speaker and whether it is late."""
End = Callable[[], None]
"""The stream has ended: its device is gone, or it was shut."""


class SoundPorts:
    """The computer's microphones and speakers. Its methods wait for the device and raise DeviceError."""

    def __init__(self) -> None:
        self.far_end = FarEnd()
        """What all speakers are given."""
        self._work: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        self._thread = Thread(target=self._serve, name="sound ports", daemon=True)
        self._starting = Lock()
        self._open: list[Port] = []

    def listen(self, device: Device, shape: Shape, pace: Pace, take: Take, end: End) -> Port:
        """Sound of a microphone, in this shape if the device has it, else in its own."""

        def open_stream(library: ModuleType, entry: Entry, shape: Shape) -> Port:
            def callback(data: Any, count: int, clock: Any, status: Any) -> None:  # noqa: ANN401
                age = _plausible(clock.currentTime - clock.inputBufferAdcTime) if clock.inputBufferAdcTime else 0.0
                now = time.monotonic()
                take(Sound(bytes(data), min(now, now - age + count / shape.rate), bool(status.input_overflow)))

            return _start(library.RawInputStream, Direction.IN, entry, shape, pace, callback=callback, end=end)

        return self._do(lambda: self._reach(Direction.IN, device, shape, open_stream))

    def play(self, device: Device, shape: Shape, pace: Pace, fill: Fill, end: End) -> Port:
        """Sound for a speaker, in this shape if the device has it, else in its own."""

        def open_stream(library: ModuleType, entry: Entry, shape: Shape) -> Port:
            def callback(out: Any, _count: int, clock: Any, status: Any) -> None:  # noqa: ANN401
                delay = clock.outputBufferDacTime - clock.currentTime if clock.outputBufferDacTime else 0.0
                leaves = time.monotonic() + _plausible(delay)
                fill(out, leaves, bool(status.output_underflow))
                self.far_end.give(Piece(out.mean(axis=1), leaves, shape.rate))

            return _start(library.OutputStream, Direction.OUT, entry, shape, pace, callback=callback, end=end)

        return self._do(lambda: self._reach(Direction.OUT, device, shape, open_stream))

    def shut(self, port: Port) -> None:
        """At once: what the device was given and has not played yet is dropped."""
        self._do(lambda: self._shut(port))

    def close(self) -> None:
        """Shut what is open and end the thread, unless a device does not let it."""
        if self._thread.ident is not None:
            self._work.put(self._shut_all)
            self._work.put(None)
            self._thread.join(CLOSING_SECONDS)

    def _do(self, work: Callable[[], Result]) -> Result:
        answer: Future[Result] = Future()

        def do() -> None:
            try:
                result = work()
            except BaseException as error:  # noqa: BLE001 -- raised again where the answer is waited for
                if answer.set_running_or_notify_cancel():
                    answer.set_exception(error)
                return
            if answer.set_running_or_notify_cancel():
                answer.set_result(result)
            elif isinstance(result, Port):  # so late that nobody waits for it any more
                self._shut(result)

        with self._starting:
            if self._thread.ident is None:
                self._thread.start()
        self._work.put(do)
        try:
            return answer.result(ANSWER_SECONDS)
        except TimeoutError:
            if not answer.cancel():  # it came just now
                return answer.result()
            raise DeviceError(
                translate("Ports", "The sound device does not respond: unplug it and plug it in again.")
            ) from None

    # On the thread of its own

    def _serve(self) -> None:
        while (work := self._work.get()) is not None:
            work()

    def _reach(
        self,
        direction: Direction,
        device: Device,
        wanted: Shape,
        open_stream: Callable[[ModuleType, Entry, Shape], Port],
    ) -> Port:
        """PortAudio's list is as old as its start, so where nothing is open it is started anew before giving up."""
        library = _wake()
        port = _try(library, direction, device, wanted, open_stream)
        if port is None and not self._open:
            library._terminate()  # sounddevice's documented way to look anew
            library._initialize()
            port = _try(library, direction, device, wanted, open_stream)
        if port is None:
            raise DeviceError(
                translate(
                    "Ports",
                    "The {kind} ({name}) cannot be used: plug it in again, allow Sightline to use it "
                    "in the system's settings, or choose another one.",
                ).format(kind=translate("Ports", direction.value), name=device.name)
            )
        self._open.append(port)
        return port

    def _shut_all(self) -> None:
        for port in list(self._open):
            self._shut(port)

    def _shut(self, port: Port) -> None:
        if port in self._open:
            self._open.remove(port)
            port.stream.abort(ignore_errors=True)
            port.stream.close(ignore_errors=True)
            if port.direction is Direction.OUT:
                self.far_end.cut(time.monotonic())


def _wake() -> ModuleType:
    try:
        import sounddevice  # noqa: PLC0415 -- importing it starts PortAudio
    except OSError as error:
        raise DeviceError(
            translate(
                "Ports",
                "Sound needs the PortAudio library, which was not found: install it (libportaudio2) and start again.",
            )
        ) from error
    return sounddevice  # type: ignore[no-any-return]


def _try(
    library: ModuleType,
    direction: Direction,
    device: Device,
    wanted: Shape,
    open_stream: Callable[[ModuleType, Entry, Shape], Port],
) -> Port | None:
    entry = find(_list(library, direction), device)
    if entry is None:
        logs.devices.warning("The %s %r is not in PortAudio's list.", direction.value, device.name)
        return None
    for shape in shapes(wanted, entry):
        try:
            with _routed(direction, device):
                return open_stream(library, entry, shape)
        except library.PortAudioError as error:
            logs.devices.warning("%r was not opened with %s: %s", entry.name, shape, error)
    return None


def _list(library: ModuleType, direction: Direction) -> list[Entry]:
    side, number = ("input", 0) if direction is Direction.IN else ("output", 1)
    apis = [api["name"] for api in library.query_hostapis()]
    return [
        Entry(
            index,
            listed["name"],
            apis[listed["hostapi"]],
            Shape(round(listed["default_samplerate"]), listed[f"max_{side}_channels"]),
            is_default=index == library.default.device[number],
        )
        for index, listed in enumerate(library.query_devices())
        if listed[f"max_{side}_channels"] > 0
    ]


def _start(
    make: Callable[..., Any],
    direction: Direction,
    entry: Entry,
    shape: Shape,
    pace: Pace,
    *,
    callback: Callable[..., None],
    end: End,
) -> Port:
    stream = make(
        device=entry.index,
        samplerate=shape.rate,
        channels=shape.channels,
        dtype="float32",
        latency=pace.latency,
        blocksize=round(pace.callback * shape.rate) if pace.callback else 0,
        callback=callback,
        finished_callback=end,
    )
    try:
        stream.start()
    except BaseException:
        stream.close(ignore_errors=True)
        raise
    return Port(direction, shape, stream)


@contextmanager
def _routed(direction: Direction, device: Device) -> Iterator[None]:
    """Which of its devices a Linux sound server shall use: ALSA's way to it reads this when it connects.

    The system's default is not named, so that the server may move the stream when the default changes.
    """
    if sys.platform != "linux" or device.is_default:
        yield
        return
    variable = "PULSE_SOURCE" if direction is Direction.IN else "PULSE_SINK"
    before = os.environ.get(variable)
    os.environ[variable] = device.identity
    try:
        yield
    finally:
        del os.environ[variable]
        if before is not None:
            os.environ[variable] = before


def _plausible(seconds: float) -> float:
    return seconds if 0.0 <= seconds <= LONGEST_DELAY else 0.0
