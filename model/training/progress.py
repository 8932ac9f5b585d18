"""How far training has come, on disk: weights, optimiser, counters, and a journal of losses. Knows no corpus.

A checkpoint is replaced as a whole: whoever is killed while writing finds the one before.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from pickle import UnpicklingError
from typing import Any

import torch

from model.errors import SightlineError

CHECKPOINT = "checkpoint.pt"
JOURNAL = "journal.jsonl"


@dataclass(slots=True)
class Progress:
    """Counters of a training; `finished` names the stages that are over."""

    seed: int
    finished: list[str] = field(default_factory=list)
    stage: str = ""
    """The one that is under way, or empty."""
    step: int = 0
    """Of this stage."""
    seconds: float = 0.0
    """Of computing that this stage has taken; waiting for other programs does not count."""
    shown: dict[str, int] = field(default_factory=dict)
    """Presentations of each stream so far, in all stages."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the journal: mean losses since the line before."""

    stage: str
    step: int
    seconds: float
    rate: float
    losses: dict[str, float]
    examples_a_second: float


class Ledger:
    """The folder of a training."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    def begun(self) -> bool:
        """Whether there is something to go on from."""
        return (self.folder / CHECKPOINT).is_file()

    def save(self, progress: Progress, model: dict[str, Any], optimiser: dict[str, Any] | None) -> None:
        """Replace the checkpoint."""
        self.folder.mkdir(parents=True, exist_ok=True)
        draft = self.folder / f"{CHECKPOINT}.part"
        torch.save({"progress": asdict(progress), "model": model, "optimiser": optimiser}, draft)
        draft.replace(self.folder / CHECKPOINT)

    def load(self) -> tuple[Progress, dict[str, Any], dict[str, Any] | None]:
        """Raises SightlineError where the checkpoint is damaged."""
        file = self.folder / CHECKPOINT
        try:
            stored = torch.load(file, map_location="cpu", weights_only=True)
            return Progress(**stored["progress"]), stored["model"], stored["optimiser"]
        except (OSError, EOFError, RuntimeError, KeyError, TypeError, UnpicklingError) as error:
            raise SightlineError(f"{file} is damaged: delete it to begin anew.") from error

    def note(self, entry: Entry) -> None:
        """A line for the journal."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / JOURNAL).open("a", encoding="utf-8") as file:
            file.write(json.dumps(asdict(entry)) + "\n")

    def entries(self) -> list[Entry]:
        """The journal so far; a line that a kill cut short is left out."""
        file = self.folder / JOURNAL
        if not file.is_file():
            return []
        lines = file.read_text(encoding="utf-8").split("\n")
        return [Entry(**json.loads(line)) for line in lines if line.endswith("}")]
