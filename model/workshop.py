"""The main of a child that does one job on model folders, and ends with it. Knows no conversation.

What does the work is brought in late: some of it brings torch, some the hub's client.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Sequence
from pathlib import Path
from threading import Event, Thread
from typing import TYPE_CHECKING, NoReturn, assert_never

from model.catalogue import gigabytes
from model.errors import Cancelled, SightlineError
from model.jobs import (
    Advanced,
    Broken,
    Convert,
    Damaged,
    Done,
    Ended,
    Fetch,
    Halt,
    Halted,
    Inspect,
    Job,
    JobReport,
    Measure,
    Measured,
    Mend,
    Move,
    Remove,
)

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

    JobPipe = Connection[JobReport, Job | Halt]

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
    """The hub's client and transformers tell the hub nothing that was not asked for.

    Before either is imported. Without this the client, on top of what is wanted, asks the hub for a list of programs
    that might have started it.
    """
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
        return _work(job, tell, check)
    except Cancelled:
        return Halted()
    except SightlineError as error:
        return Broken(str(error))
    except OSError as error:
        return Broken(f"The system refused to go on ({error.strerror or error}).")


def _work(job: Job, tell: Tell, check: Check) -> Ended:
    match job:
        case Fetch():
            return _fetch(job, tell, check)
        case Mend():
            return _mend(job, tell, check)
        case Inspect(folder):
            return _inspect(folder, tell, check)
        case Convert():
            return _convert(job, tell, check)
        case Move(source, destination):
            return _move(source, destination, tell, check)
        case Remove(folders):
            return _remove(folders)
        case Measure(folder):
            return _measure(folder, tell)
        case _:
            assert_never(job)


def _fetch(job: Fetch, tell: Tell, check: Check) -> Ended:
    from model.download import download  # noqa: PLC0415 -- brings the hub's client

    download(job, tell, check)
    return Done(f"{job.folder.name} is here, and every file of it is what it should be.")


def _mend(job: Mend, tell: Tell, check: Check) -> Ended:
    from model.download import mend  # noqa: PLC0415 -- as above

    files = mend(job, tell, check)
    return Done("No file was damaged." if not files else f"Fetched again and right: {', '.join(files)}.")


def _inspect(folder: Path, tell: Tell, check: Check) -> Ended:
    """Hashes of what was downloaded; then results, where memory allows."""
    from model import receipt  # noqa: PLC0415
    from model.download import inspect  # noqa: PLC0415 -- as above

    compared = receipt.read(folder) is not None
    if compared and (wrong := inspect(folder, tell, check)):
        return Damaged(wrong)
    tell(Advanced("Comparing results with the reference's", 0, 0))
    from model.verdict import verdict  # noqa: PLC0415 -- brings torch

    files = "Every file is what it should be. " if compared else ""
    return Done(files + verdict(folder, check))


def _convert(job: Convert, tell: Tell, check: Check) -> Ended:
    from model.quantization import Progress, quantize  # noqa: PLC0415 -- brings torch

    step = f"Converting to {job.bits} bits"

    def progress(made: Progress) -> None:
        tell(Advanced(step, made.done, made.total))

    tell(Advanced(step, 0, 0))
    quantize(job.source, job.destination, bits=job.bits, progress=progress, check=check)
    return Done(f"{job.destination.name} is ready.")


def _move(source: Path, destination: Path, tell: Tell, check: Check) -> Ended:
    from model.removal import move  # noqa: PLC0415

    move(source, destination, lambda step, done, total: tell(Advanced(step, done, total)), check)
    return Done(f"The models are in {destination} now.")


def _remove(folders: Sequence[Path]) -> Ended:
    from model.removal import remove, size_of  # noqa: PLC0415

    freed = sum(map(size_of, folders))
    for folder in folders:
        remove(folder)
    return Done(f"Deleted: {gigabytes(freed)} of disk are free again.")


def _measure(folder: Path, tell: Tell) -> Ended:
    from model.computer import measure  # noqa: PLC0415 -- brings torch

    tell(Measured(measure(folder)))
    return Done("")
