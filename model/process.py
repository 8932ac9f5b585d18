"""The child's main: a reader thread, a queue and one loop, at the other end of the desktop's pipe. Knows no model.

What answers the commands is brought in late, because it brings torch; the desktop imports this room to spawn it.
"""

from __future__ import annotations

import logging
import os
import signal
from collections.abc import Callable
from queue import SimpleQueue
from threading import Lock, Thread
from time import monotonic
from typing import TYPE_CHECKING, NoReturn, Protocol

from model.errors import Cancelled, DeviceError, ExhaustedError, MemoryFullError, SightlineError
from model.protocol import (
    Attach,
    Begin,
    Cancel,
    Command,
    Exit,
    Failed,
    Forget,
    Fresh,
    Hear,
    Load,
    Logged,
    Order,
    Read,
    Recall,
    Recalled,
    Reply,
    Report,
    Retract,
    Retracted,
    See,
    Seen,
    Stop,
    Tried,
    Try,
    TurnCommand,
    Unload,
    Unloaded,
    Working,
)

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

    Pipe = Connection[Report, Command]

PULSE_SECONDS = 1.0
"""How often long work tells that it goes on."""

_log = logging.getLogger("sightline.model")


class Partner(Protocol):
    """Who answers commands. It tells reports while it works, and calls `check` often, which may raise Cancelled."""

    def obey(self, order: Order) -> None:
        """Carry out one command. Raises Cancelled where something broke in, SightlineError with a sentence."""


Invite = Callable[[Callable[[Report], None], Callable[[], None]], Partner]
"""Makes a partner from `tell` and `check`."""


def main(pipe: Pipe) -> None:
    """What the desktop spawns."""
    serve(pipe, _invite_model)


def _invite_model(tell: Callable[[Report], None], check: Callable[[], None]) -> Partner:
    os.environ["HF_HUB_OFFLINE"] = (
        "1"  # before transformers is there: nothing that it may look up is worth a connection
    )
    from model.partner import ModelPartner  # noqa: PLC0415 -- brings torch, and only a child may

    return ModelPartner(tell, check)


def serve(pipe: Pipe, invite: Invite) -> NoReturn:
    """Obey what comes out of the pipe until Stop, then end the process; at once if the pipe's other end is gone.

    It ends without the interpreter's farewell, which needs seconds to clear torch away and has nothing to save.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is for the desktop, which then ends its child
    outbox = Outbox(pipe)
    bring_logs_home(outbox.tell)
    try:
        _Loop(Inbox(pipe), outbox, invite).run()
    except Exception:  # noqa: BLE001 -- whatever it was, the desktop shall know and start anew
        _log.exception("The model's loop broke.")
        os._exit(1)
    os._exit(0)


class Outbox:
    """The way to the desktop, for the loop and for whoever logs."""

    def __init__(self, pipe: Pipe) -> None:
        self._pipe = pipe
        self._lock = Lock()
        self._last = monotonic()

    def tell(self, report: Report) -> None:
        """Send; without anybody to send to, the process ends."""
        with self._lock:
            try:
                self._pipe.send(report)
            except OSError:
                os._exit(1)
            self._last = monotonic()

    def pulse(self) -> None:
        """Tell that work goes on, if nothing was told for a while."""
        if monotonic() - self._last > PULSE_SECONDS:
            self.tell(Working())


class Inbox:
    """The way from the desktop. Its thread sees at once what breaks into work; everything is taken in order."""

    def __init__(self, pipe: Pipe) -> None:
        self._pipe = pipe
        self._queue: SimpleQueue[Command] = SimpleQueue()
        # Written by the reader thread only:
        self._begun = 0
        self._cancelled = 0
        self._breaks_read = 0
        self._fresh_read = 0
        self._retracts_read = 0
        # Written by the loop only:
        self._breaks_taken = 0
        self._fresh_taken = 0
        self._retracts_taken = 0
        self._begun_taken = 0
        self._command: Command | None = None
        self._open = 0
        self._replied = 0
        Thread(target=self._read, name="commands", daemon=True).start()

    def take(self) -> Command:
        """The next command; `is_void` is about it until the next is taken."""
        command = self._queue.get()
        if isinstance(command, Load | Unload | Stop):
            self._breaks_taken += 1
        self._fresh_taken += isinstance(command, Fresh)
        self._retracts_taken += isinstance(command, Retract)
        if isinstance(command, Begin):
            self._open = self._begun_taken = command.turn
        if isinstance(command, Retract):
            self._replied = 0
        self._command = command
        return command

    def hold_turn(self) -> None:
        """The turn takes nothing after its reply, unless that is retracted."""
        self._replied = self._open

    def close_turn(self) -> None:
        """The turn takes nothing any more."""
        self._open = 0

    def is_void(self) -> bool:
        """Whether what was taken last need not be done, or done any further."""
        if self._breaks_read != self._breaks_taken:
            return True
        match self._command:
            case Forget() | Recall():
                return self._fresh_read != self._fresh_taken
            case Try():
                return self._begun != self._begun_taken
            case Reply(turn):
                return self._is_over(turn) or self._retracts_read != self._retracts_taken
            case Begin(turn) | Hear(turn) | See(turn) | Read(turn) | Attach(turn):
                return self._is_over(turn)
            case _:
                return False  # a Retract too: what a Cancel behind it cuts must be of no reply

    def _is_over(self, turn: int) -> bool:
        return turn != self._open or turn == self._replied or turn <= self._cancelled

    def _read(self) -> None:
        try:
            while True:
                command = self._pipe.recv()
                self._note(command)
                self._queue.put(command)
                if isinstance(command, Stop):
                    return
        except (EOFError, OSError):
            os._exit(1)  # the desktop is gone, and nobody is left to be polite to
        except Exception:  # noqa: BLE001 -- what cannot be unpickled may raise anything
            _log.exception("A command could not be understood.")
            os._exit(1)

    def _note(self, command: Command) -> None:
        match command:
            case Begin(turn):
                self._begun, self._cancelled = turn, turn - 1
            case Cancel(turn):
                self._cancelled = turn
            case Forget() | Recall():
                self._cancelled = self._begun
                self._fresh_read += 1
            case Retract():
                self._retracts_read += 1
            case Load() | Unload() | Stop():
                self._cancelled = self._begun
                self._breaks_read += 1
            case _:
                pass  # only waits for its turn in the queue


class _Loop:
    """Takes one command after the other; whatever happens to one, the next is answered."""

    def __init__(self, inbox: Inbox, outbox: Outbox, invite: Invite) -> None:
        self._inbox = inbox
        self._outbox = outbox
        self._invite = invite
        self._partner: Partner | None = None

    def run(self) -> None:
        """Until Stop."""
        while not isinstance(command := self._inbox.take(), Stop):
            if isinstance(command, Load | Unload):
                self._outbox.tell(Unloaded())
            self._try(command)
            if isinstance(command, Reply):
                self._inbox.hold_turn()
            if isinstance(command, See):
                self._outbox.tell(Seen(command.turn))
            if isinstance(command, Retract):
                self._outbox.tell(Retracted(command.turn))
            if isinstance(command, Recall):
                self._outbox.tell(Recalled())

    def _try(self, order: Order) -> None:
        try:
            self._check()
            self._invited().obey(order)
        except Cancelled:  # what broke in comes next, or soon
            if isinstance(order, Try):
                self._outbox.tell(Tried(None))
        except (ExhaustedError, DeviceError) as error:
            self._break_down(order, error)
        except SightlineError as error:
            self._fail(order, error)
        except Exception as error:
            name = type(order).__name__
            _log.exception("%s failed.", name)
            if isinstance(order, Cancel | Retract):
                raise  # a turn that cannot be cut leaves a conversation that nobody knows: better none
            said = f"The model ran into an unforeseen error ({type(error).__name__}): see the log."
            self._fail(order, SightlineError(said))

    def _break_down(self, order: Order, error: ExhaustedError | DeviceError) -> None:
        """A conversation that nobody knows is worse than none: the desktop starts another child and tells it all."""
        _log.warning("%s: %s", type(order).__name__, error, exc_info=error)
        if not isinstance(order, Load):
            os._exit(Exit.DEVICE_LOST if isinstance(error, DeviceError) else Exit.OUT_OF_MEMORY)
        self._fail(order, error)

    def _check(self) -> None:
        if self._inbox.is_void():
            raise Cancelled
        self._outbox.pulse()

    def _invited(self) -> Partner:
        if self._partner is None:
            self._partner = self._invite(self._outbox.tell, self._check)
        return self._partner

    def _fail(self, order: Order, error: SightlineError) -> None:
        turn = order.turn if isinstance(order, TurnCommand) else None
        self._outbox.tell(Failed(turn, str(error), lacks_memory=isinstance(error, MemoryFullError)))
        self._inbox.close_turn()


class _WayHome(logging.Handler):
    """Log records become reports."""

    def __init__(self, tell: Callable[[Report], None]) -> None:
        super().__init__()
        self._tell = tell

    def emit(self, record: logging.LogRecord) -> None:
        self._tell(Logged(record.name, record.levelno, self.format(record), record.created))


def bring_logs_home(tell: Callable[[Report], None]) -> None:
    """All that is logged or warned of in this process is told: our own from INFO up, libraries' from WARNING up."""
    logging.basicConfig(handlers=[_WayHome(tell)], level=logging.WARNING, format="%(message)s", force=True)
    logging.getLogger("sightline").setLevel(logging.INFO)
    logging.captureWarnings(capture=True)
