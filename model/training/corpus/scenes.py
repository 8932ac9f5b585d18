"""What a picture shows: shapes in places, perhaps something to read; some layouts are held out. Knows no pixels."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from model.training.corpus.chance import pick, sample
from model.training.corpus.language import Colour, Noun, Phrase, Size, words
from model.training.corpus.sentences import Split

CELLS = 9
"""Places, row by row; `words().phrases["place"]` names them."""
MOST_ITEMS = 4
WRITINGS = ("STOP", "YES", "NO", "HELLO", "ON", "OFF", "HELP", "OPEN")
_HELD_OUT_OF = 8  # one layout in so many


@dataclass(frozen=True, slots=True)
class Item:
    """A coloured shape in its place."""

    shape: Noun
    colour: Colour
    size: Size | None
    """None is of middling size, which nobody mentions."""
    cell: int

    @property
    def coloured(self) -> Noun:
        return self.shape.coloured(self.colour)

    @property
    def full(self) -> Noun:
        return self.coloured if self.size is None else self.coloured.sized(self.size)

    @property
    def place(self) -> Phrase:
        return words().phrases["place"][self.cell]


@dataclass(frozen=True, slots=True)
class Writing:
    """A word in capitals or a number, to be read."""

    shown: str
    spoken: str
    cell: int

    @property
    def place(self) -> Phrase:
        return words().phrases["place"][self.cell]


@dataclass(frozen=True, slots=True)
class Scene:
    """Items in the order of their places, and perhaps something to read."""

    items: tuple[Item, ...]
    writing: Writing | None = None

    @property
    def held_out(self) -> bool:
        """Whether this layout, which shape stands where, is never trained on."""
        layout = repr([(item.cell, item.shape.english) for item in self.items]).encode()
        return hashlib.blake2b(layout, digest_size=8).digest()[0] % _HELD_OUT_OF == 0

    def at(self, cell: int) -> Item | None:
        return next((item for item in self.items if item.cell == cell), None)

    def describe(self) -> str:
        """Everything there is, in one sentence."""
        facts = [f"{item.full.an} {item.place}" for item in self.items]
        if self.writing is not None:
            facts.append(f"{_called(self.writing)} {self.writing.place}")
        listed = facts[0] if len(facts) == 1 else f"{', '.join(facts[:-1])} and {facts[-1]}"
        return f"I see {listed}."


def scene(rng: np.random.Generator, split: Split = "train", *, least: int = 1, most: int = MOST_ITEMS) -> Scene:
    """A scene of this split; two in five have something to read."""
    while True:
        made = _any_scene(rng, int(rng.integers(least, most + 1)))
        if made.held_out == (split == "held-out"):
            return made


def crowded(rng: np.random.Generator) -> Scene:
    """Something in every place: much to learn from at the cost of one picture."""
    while True:
        made = _any_scene(rng, CELLS - 1, written=1.0)
        if not made.held_out:
            return made


def repeated(rng: np.random.Generator) -> Scene:
    """Of two shapes only, so that most are there more than once: to be counted."""
    while True:
        made = _any_scene(rng, int(rng.integers(2, MOST_ITEMS + 1)), shapes=sample(rng, words().shapes, 2))
        if not made.held_out:
            return made


def _any_scene(
    rng: np.random.Generator, count: int, written: float = 0.4, shapes: Sequence[Noun] | None = None
) -> Scene:
    cells = sample(rng, range(CELLS), count + 1)
    items = [_item(rng, cell, shapes or words().shapes) for cell in sorted(cells[:count])]
    return Scene(tuple(items), _writing(rng, cells[count]) if rng.random() < written else None)


def _item(rng: np.random.Generator, cell: int, shapes: Sequence[Noun]) -> Item:
    size = pick(rng, (None, *words().sizes))
    return Item(pick(rng, shapes), pick(rng, words().colours), size, cell)


def _writing(rng: np.random.Generator, cell: int) -> Writing:
    if rng.random() < 0.5:
        word = pick(rng, WRITINGS)
        return Writing(word, word, cell)
    number = int(rng.integers(10))
    return Writing(str(number), words().phrases["digit"][number].english, cell)


def _called(writing: Writing) -> str:
    return f"the {'word' if writing.shown.isalpha() else 'number'} {writing.spoken}"
