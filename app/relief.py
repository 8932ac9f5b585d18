"""What can be done where memory runs out: the next smaller thing, by what is there. Knows no widget and no model.

From what costs least to what costs most: another model that is here and smaller, this one in 4 bits, a shorter memory
of the conversation.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from app.wares import Stored

WHOLE_CONTEXT = 32_768
"""Tokens that the model keeps in mind where nothing else was chosen."""
LEAST_CONTEXT = 4096
SMALLER = 0.9
"""What a model takes at most of another one's bytes to be a relief."""


@dataclass(frozen=True, slots=True)
class Smaller:
    """Use this model, which is here and takes so many bytes."""

    folder: Path
    words: str


@dataclass(frozen=True, slots=True)
class Fewer:
    """Convert this model, which is as published, to 4 bits."""

    folder: Path


@dataclass(frozen=True, slots=True)
class Shorter:
    """Keep fewer tokens of the conversation in mind."""

    tokens: int


Relief = Smaller | Fewer | Shorter


def relieve(folder: Path, stored: Sequence[Stored], context: int | None) -> Relief | None:
    """For the model in this folder; None where nothing smaller is left."""
    used = next((model for model in stored if model.folder == folder), None)
    if used is not None:
        lighter = [model for model in stored if model.size < SMALLER * used.size]
        if lighter:
            best = max(lighter, key=lambda model: model.size)  # as much as still fits knows most
            return Smaller(best.folder, f"{best.name}, {best.words}")
        if used.plain and used.ours:
            return Fewer(folder)
    tokens = (context or WHOLE_CONTEXT) // 2
    return Shorter(tokens) if tokens >= LEAST_CONTEXT else None
