"""A child process with its pipe and two threads. Knows neither Qt nor what the messages mean."""

from __future__ import annotations

import multiprocessing
import signal
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto
from queue import SimpleQueue
from threading import Thread
from types import UnionType
from typing import TYPE_CHECKING, Generic, TypeVar

from app import logs
from app.words import translate
from model.protocol import Command, Exit, Logged, Report, Stop

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

CommandT = TypeVar("CommandT")
ReportT = TypeVar("ReportT")
LAST_GRACE_SECONDS = 5.0
"""For the system to end what was killed."""


@dataclass(frozen=True, slots=True)
class Trade(Generic[CommandT, ReportT]):
    """What a child is for: its name in the log, all that it may report, and how it is asked to stop."""

    name: str
    reports: UnionType
    stop: CommandT


class Cause(Enum):
    """What made a child end, as far as it can be told."""

    UNKNOWN = auto()
    MEMORY = auto()
    KILLED = auto()
    """By somebody, or by a system whose memory ran out."""
    DEVICE = auto()


@dataclass(frozen=True, slots=True)
class End:
    """How a child came to its end, in words, and why."""

    words: str
    cause: Cause = Cause.UNKNOWN


MODEL: Trade[Command, Report] = Trade("model", Report, Stop())


class Child(Generic[CommandT, ReportT]):
    """Runs from its making to `stop` or `bury`.

    The writer thread is there because a pipe blocks who writes to it while a frame is larger than its buffer and the
    child is slow to read, or hangs: the window must not.
    """

    def __init__(
        self,
        trade: Trade[CommandT, ReportT],
        main: Callable[[Connection[ReportT, CommandT]], None],
        arrived: Callable[[Child[CommandT, ReportT], ReportT], None],
        ended: Callable[[Child[CommandT, ReportT]], None],
    ) -> None:
        """`arrived` and then once `ended` are called on the reader thread. Raises OSError if no process can be made."""
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._trade = trade
        self._process = context.Process(target=main, args=(theirs,), name=f"sightline {trade.name}", daemon=True)
        self._outbox: SimpleQueue[CommandT | None] = SimpleQueue()
        self._arrived = arrived
        self._ended = ended
        self._garbled = False
        try:
            self._process.start()
        except OSError:
            self._pipe.close()
            raise
        finally:
            theirs.close()
        self._reader = Thread(target=self._read, name=f"{trade.name} link reader", daemon=True)
        self._writer = Thread(target=self._write, name=f"{trade.name} link writer", daemon=True)
        self._reader.start()
        self._writer.start()

    def send(self, command: CommandT) -> None:
        """Never waits. Arrays in it must not change any more."""
        self._outbox.put(command)

    def kill(self) -> None:
        """At once; `ended` follows."""
        self._process.kill()

    def stop(self, patience: float) -> None:
        """Ask to stop, kill after `patience` seconds, leave nothing behind."""
        self.send(self._trade.stop)
        self._process.join(patience)
        self.bury()

    def bury(self) -> End:
        """End the process, then reader, writer and pipe, in this order; returns how it came to its end."""
        self._process.kill()
        self._process.join(LAST_GRACE_SECONDS)
        end = self._describe_end()
        if self._process.is_alive():
            logs.link.error("The %s's process cannot be ended; it is left to the system.", self._trade.name)
            return end
        self._outbox.put(None)
        self._reader.join()
        self._writer.join()
        self._pipe.close()
        self._process.close()
        return end

    def _describe_end(self) -> End:
        code = self._process.exitcode
        if self._garbled:
            return End(translate("Child", "it sent what cannot be understood"))
        if code == Exit.OUT_OF_MEMORY:
            return End(translate("Child", "the computer's memory ran out"), Cause.MEMORY)
        if code == Exit.DEVICE_LOST:
            return End(translate("Child", "the graphics card failed"), Cause.DEVICE)
        if code is None or code >= 0:
            return End(translate("Child", "exit status {code}").format(code=code))
        if -code == getattr(signal, "SIGKILL", signal.SIGTERM):  # Windows has one way to end a process
            return End(translate("Child", "it was killed, perhaps because memory ran out"), Cause.KILLED)
        return End(f"{signal.strsignal(-code)}, signal {-code}")

    def _read(self) -> None:
        try:
            while True:
                self._take_in(self._pipe.recv())
        except (EOFError, OSError):
            pass  # it has ended
        except Exception:  # noqa: BLE001 -- what a broken process sent may raise anything when it is unpickled
            logs.link.exception("The %s's process sent what cannot be understood.", self._trade.name)
            self._garbled = True
        finally:
            self._ended(self)

    def _take_in(self, report: object) -> None:
        if isinstance(report, Logged):
            logs.take_in(report)
        elif isinstance(report, self._trade.reports):
            self._arrived(self, report)
        else:
            raise TypeError(f"a {type(report).__name__} is no report")

    def _write(self) -> None:
        try:
            while (command := self._outbox.get()) is not None:
                self._pipe.send(command)
        except OSError:
            pass  # it has ended, which the reader tells
