"""What a job on model folders consists of. Knows no process and no pipe.

What does the work is brought in late: some of it brings torch, some the hub's client, and no job needs both.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import assert_never

from model.catalogue import gigabytes
from model.jobs import (
    Advanced,
    Convert,
    Damaged,
    Done,
    Ended,
    Fetch,
    Inspect,
    Job,
    JobReport,
    Measure,
    Measured,
    Mend,
    Move,
    Remove,
)
from model.recognition import is_comparable

Tell = Callable[[JobReport], None]
Check = Callable[[], None]


def work(job: Job, tell: Tell, check: Check) -> Ended:
    """To its end. Raises SightlineError with a sentence, OSError, and what `check` raises."""
    match job:
        case Fetch():
            end = _fetch(job, tell, check)
        case Mend():
            end = _mend(job, tell, check)
        case Inspect(folder):
            end = _inspect(folder, tell, check)
        case Convert():
            end = _convert(job, tell, check)
        case Move(source, destination):
            end = _move(source, destination, tell, check)
        case Remove(folders):
            end = _remove(folders)
        case Measure(folder):
            end = _measure(folder, tell)
        case _:
            assert_never(job)
    return end


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
    from model.download import inspect  # noqa: PLC0415 -- as above

    compared = is_comparable(folder)
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
