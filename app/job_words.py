"""Work on model folders in words: how it begins, how far it is, what came of it. Does none of it."""

from __future__ import annotations

from pathlib import Path
from typing import assert_never

from app import shelf
from app.wares import gigabytes
from model.jobs import Advanced, Convert, Fetch, Inspect, Job, Measure, Mend, Move, Remove


def is_resumable(job: Job) -> bool:
    """Whether another try goes on where one stopped."""
    return isinstance(job, Fetch | Mend | Move)


def beginning(job: Job) -> str:
    """What is being done."""
    match job:
        case Fetch(repository):
            words = f"Downloading {repository}"
        case Convert(source, _, bits):
            words = f"Converting {source.name} to {bits} bits"
        case Inspect(folder):
            words = f"Checking {folder.name}"
        case Mend(folder):
            words = f"Repairing {folder.name}"
        case Move(_, destination):
            words = f"Moving the models to {destination}"
        case Remove(folders):
            words = f"Deleting {folders[0].name}"
        case Measure():
            words = "Measuring this computer"
        case _:
            assert_never(job)
    return words


def progress(advanced: Advanced) -> str:
    """How far it is and, where that is known, how long it still takes."""
    if not advanced.total:
        return advanced.step
    done = f"{advanced.step}: {gigabytes(advanced.done)} of {gigabytes(advanced.total)}"
    if not advanced.rate:
        return done
    minutes = max(1, round((advanced.total - advanced.done) / advanced.rate / 60))
    return f"{done}, {advanced.rate / 1e6:.1f} MB a second, about {minutes} min to go"


def converted(source: Path, destination: Path) -> str:
    """What may go now."""
    size = gigabytes(shelf.size(source))
    return (
        f"{destination.name} is ready and is loaded now. {source.name} ({size}) is only needed to convert it again: "
        "it can be deleted below."
    )
