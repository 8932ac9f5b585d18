"""Messages between the desktop and a child that does one job on model folders. Nothing but data."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from model.catalogue import HUB, Hardware

# What is asked for: one job a child.


@dataclass(frozen=True, slots=True)
class Fetch:
    """Download a repository to `folder`, which appears when it is whole; what was fetched before is kept."""

    repository: str
    folder: Path
    revision: str = "main"
    endpoint: str = HUB


@dataclass(frozen=True, slots=True)
class Convert:
    """Write `source` in few bits to `destination`."""

    source: Path
    destination: Path
    bits: Literal[4, 8]


@dataclass(frozen=True, slots=True)
class Inspect:
    """Compare every file of a downloaded folder with its hash, then results with the reference's if memory allows."""

    folder: Path


@dataclass(frozen=True, slots=True)
class Mend:
    """Fetch again those files of a downloaded folder that are not what they should be, and no others."""

    folder: Path
    endpoint: str = HUB


@dataclass(frozen=True, slots=True)
class Move:
    """Take everything in one folder to another one, perhaps on another disk."""

    source: Path
    destination: Path


@dataclass(frozen=True, slots=True)
class Remove:
    """Delete folders with all that is in them."""

    folders: tuple[Path, ...]


@dataclass(frozen=True, slots=True)
class Measure:
    """What this computer has, beside the disk on which `folder` would lie."""

    folder: Path


Job = Fetch | Convert | Inspect | Mend | Move | Remove | Measure


@dataclass(frozen=True, slots=True)
class Halt:
    """Stop between two steps, keeping what can be kept."""


# What is told.


@dataclass(frozen=True, slots=True)
class Advanced:
    """`done` of `total` bytes; `step` says in words what is being done, `rate` in bytes a second where known."""

    step: str
    done: int
    total: int
    rate: float | None = None


@dataclass(frozen=True, slots=True)
class Hindered:
    """Work goes on by itself after what the sentence says."""

    sentence: str


@dataclass(frozen=True, slots=True)
class Measured:
    """The computer."""

    hardware: Hardware


@dataclass(frozen=True, slots=True)
class Done:
    """The job is done; `sentence` says with what result."""

    sentence: str


@dataclass(frozen=True, slots=True)
class Halted:
    """It was stopped as asked."""


@dataclass(frozen=True, slots=True)
class Damaged:
    """Files of the inspected folder that are not what they should be."""

    files: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Broken:
    """The job cannot be done: in one sentence what is wrong and what to do."""

    sentence: str


Ended = Done | Halted | Damaged | Broken
"""The last that a job tells."""
JobReport = Advanced | Hindered | Measured | Ended
