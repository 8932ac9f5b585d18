"""What the model takes of a conversation, and what it must find in it: tokens, features, positions, and rows where
something stands, is told or is to be looked for. Knows no corpus but its kinds of changes.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from torch import Tensor

from model.training.corpus.films import CHANGES

KINDS_OF_CHANGE = len(CHANGES)
"""What may have come of something in a film since the second before."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A scene as the vision encoder takes it, and what is to be found where."""

    patches: Tensor
    """[rows × columns × 4, values of a patch]"""
    rows: int
    columns: int
    found: dict[int, list[int]]
    """Tokens of the words that name what stands there, by place in the grid, row by row."""


@dataclass(frozen=True, slots=True)
class Echo:
    """What was said, and a reply that says the same."""

    sound: list[int]
    """Rows of the sound's tokens."""
    told: list[int]
    """Rows that words of the reply are told from."""
    words: list[int]
    """The same words as they sound."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """Where a shape stands in a picture, and which such ones stand before it there."""

    row: int
    """Of the picture's token."""
    before: tuple[int, ...]
    """Rows of the others' tokens."""
    opening: int
    """Row of the marker that the picture, or the clip that it is of, begins with."""

    @property
    def rank(self) -> int:
        """How many stand before it."""
        return len(self.before)


@dataclass(slots=True)
class Example:
    """One conversation behind the system prompt."""

    ids: list[int] = field(default_factory=list)
    labels: list[int] = field(default_factory=list)
    """The token that stands here where it is a reply's, else IGNORED."""
    positions: list[Tensor] = field(default_factory=list)
    sounds: list[Tensor] = field(default_factory=list)
    """Features [bands, frames] of each sound, in order."""
    said: list[str] = field(default_factory=list)
    """What is said in each sound; empty where nobody speaks."""
    called: list[str] = field(default_factory=list)
    """What the ear should find in each sound: words that are said, names of what sounds."""
    pictures: list[Picture] = field(default_factory=list)
    """Of pictures, and of each second of a film."""
    sought: list[tuple[int, list[int]]] = field(default_factory=list)
    """Where a word of a reply is told from, and where it is to be looked for: rows of pictures' tokens."""
    echoed: list[Echo] = field(default_factory=list)
    witnessed: list[tuple[list[int], list[int]]] = field(default_factory=list)
    """Rows of a film's named sounds, each with the rows of what is seen meanwhile."""
    ranked: list[Ranked] = field(default_factory=list)
    """Where shapes stand in pictures."""
    changed: list[tuple[int, int]] = field(default_factory=list)
    """Rows where something stands in a film's shots behind the first, each with the number of what came of it since
    the shot before.
    """
    formerly: list[tuple[int, int]] = field(default_factory=list)
    """The same rows but those of what is new, each with the row where the same stood in the shot before."""
    sounding: dict[str, list[int]] = field(default_factory=dict)
    """Rows of a film's named sounds, by what they are called in a sentence."""
    overheard: list[tuple[range, list[int]]] = field(default_factory=list)
    """Rows of replies about a sound, each with the rows of that sound."""


def tokens_of(frames: int) -> int:
    """How many tokens the audio encoder makes of so many frames."""
    return ((frames + 1) // 2) // 2


def place_in(cell: int, rows: int, columns: int) -> int:
    """Which token of a grid looks at the middle of one of the nine places."""
    row, column = divmod(cell, 3)
    return int((row + 0.5) / 3 * rows) * columns + int((column + 0.5) / 3 * columns)
