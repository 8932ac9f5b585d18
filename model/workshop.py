"""The main of a child that does one job on model folders, and ends with it. Knows no conversation.

What does the work is brought in late: the desktop imports this room to spawn it.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from threading import Event, Thread
from typing import TYPE_CHECKING, NoReturn

from model.errors import Cancelled, SightlineError
from model.jobs import Broken, Ended, Halt, Halted, Job, JobReport

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

    JobPipe = Connection[JobReport, Job | Halt]

OFFLINE = ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE")
Tell = Callable[[JobReport], None]
Check = Callable[[], None]


def main(pipe: JobPipe) -> NoReturn:
    """What the desktop spawns: one job comes in, reports go out, anything more that comes in halts it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is for the desktop, which then ends its child
    quiet_hub()
    halted = Event()
    if isinstance(job := pipe.recv(), Halt):
        os._exit(0)
    Thread(target=_listen, args=(pipe, halted), name="halt", daemon=True).start()

    def tell(report: JobReport) -> None:
        try:
            pipe.send(report)
        except OSError:
            os._exit(1)  # the desktop is gone

    def check() -> None:
        if halted.is_set():
            raise Cancelled

    tell(carry_out(job, tell, check))
    os._exit(0)  # without the interpreter's farewell, which needs seconds to clear torch away


def quiet_hub() -> None:
    """The hub's client and transformers tell the hub nothing that was not asked for, and fetch what was.

    Before either is imported. Without this the client, on top of what is wanted, asks the hub for a list of programs
    that might have started it. A shell in which other programs are kept offline does not keep this one: whoever starts
    a download has asked for it.
    """
    for switch in OFFLINE:
        os.environ.pop(switch, None)
    os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"
    os.environ["HF_HUB_DISABLE_PROGRESS_BARS"] = "1"


def _listen(pipe: JobPipe, halted: Event) -> None:
    try:
        pipe.recv()
    except (EOFError, OSError):
        os._exit(1)  # the desktop is gone: what is on the disk can be taken up again
    halted.set()


def carry_out(job: Job, tell: Tell, check: Check) -> Ended:
    """The job, to its end, whatever that is."""
    try:
        from model.craft import work  # noqa: PLC0415 -- leads to torch, and only a child may go there

        return work(job, tell, check)
    except Cancelled:
        return Halted()
    except SightlineError as error:
        return Broken(str(error))
    except OSError as error:
        return Broken(f"The system refused to go on ({error.strerror or error}).")
