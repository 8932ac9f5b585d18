"""Work on model folders in words: how it begins, how far it is, what came of it. Does none of it."""

from __future__ import annotations

from pathlib import Path
from typing import assert_never

from app import shelf
from app.model_words import of_model
from app.wares import gigabytes
from app.words import translate
from model.jobs import Advanced, Convert, Fetch, Inspect, Job, Measure, Mend, Move, Remove


def is_resumable(job: Job) -> bool:
    """Whether another try goes on where one stopped."""
    return isinstance(job, Fetch | Mend | Move)


def beginning(job: Job) -> str:
    """What is being done."""
    match job:
        case Fetch(repository):
            words = translate("JobWords", "Downloading {name}").format(name=repository)
        case Convert(source, _, bits):
            words = translate("JobWords", "Converting {name} to {bits} bits").format(name=source.name, bits=bits)
        case Inspect(folder):
            words = translate("JobWords", "Checking {name}").format(name=folder.name)
        case Mend(folder):
            words = translate("JobWords", "Repairing {name}").format(name=folder.name)
        case Move(_, destination):
            words = translate("JobWords", "Moving the models to {folder}").format(folder=destination)
        case Remove(folders):
            words = translate("JobWords", "Deleting {name}").format(name=folders[0].name)
        case Measure():
            words = translate("JobWords", "Measuring this computer")
        case _:
            assert_never(job)
    return words


def progress(advanced: Advanced) -> str:
    """How far it is and, where that is known, how long it still takes."""
    step = of_model(advanced.step)
    if not advanced.total:
        return step
    done, total = gigabytes(advanced.done), gigabytes(advanced.total)
    if not advanced.rate:
        return translate("JobWords", "{step}: {done} of {total}").format(step=step, done=done, total=total)
    minutes = max(1, round((advanced.total - advanced.done) / advanced.rate / 60))
    words = translate("JobWords", "{step}: {done} of {total}, {rate} MB a second, about {minutes} min to go")
    return words.format(step=step, done=done, total=total, rate=f"{advanced.rate / 1e6:.1f}", minutes=minutes)


def converted(source: Path, destination: Path) -> str:
    """What may go now."""
    words = translate(
        "JobWords",
        "{made} is ready and is loaded now. {source} ({size}) is only needed to convert it again: it can be deleted "
        "below.",
    )
    return words.format(made=destination.name, source=source.name, size=gigabytes(shelf.size(source)))
