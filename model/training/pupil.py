"""What a course needs to know of whom it trains. Knows no weights and no corpus."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from torch import Tensor, nn

from model.training.progress import Progress


@dataclass(frozen=True, slots=True)
class Stage:
    """One stretch of training."""

    name: str
    moving: tuple[str, ...]
    """Beginnings of the names of the weights that are trained."""
    rate: float
    """The highest learning rate."""
    batch: int


@dataclass(frozen=True, slots=True)
class Beginning:
    """Finished models whose weights a new training begins with."""

    folder: Path
    ear: Path | None = None
    """Whose ear is taken instead; None is the same model's."""
    eye: Path | None = None


class Pupil(Protocol):
    """A part of the model in one of its stages."""

    @property
    def stage(self) -> Stage:
        """The one that it is in."""
        ...

    @property
    def order(self) -> Sequence[str]:
        """Names of all its stages, in the order in which they are gone through."""
        ...

    @property
    def module(self) -> nn.Module:
        """All its weights."""
        ...

    def losses(self, progress: Progress) -> dict[str, Tensor]:
        """Of the next batch, by name; counts in `progress` what was shown."""
        ...

    def adopt(self, beginning: Beginning) -> dict[str, int]:
        """Begin with the weights of finished models; SightlineError where one is none of this corpus.

        Gives what counts as shown of each stream, since what was spoken for it lies in the folder already.
        """
        ...

    def save(self, progress: Progress) -> None:
        """Write what can be used of it so far."""
        ...
