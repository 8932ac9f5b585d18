"""The words of the small world, in English and Spanish, and how they agree. Knows no sentences."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

import numpy as np

from model.training.corpus.chance import pick

Language = Literal["english", "spanish"]
CORPUS = Path(__file__).parents[3] / "resources" / "corpus"
LETTERS = tuple("ABCDEFGHIJKLMNOPQRSTUVWXYZ")


@dataclass(frozen=True, slots=True)
class Phrase:
    """What is said as one."""

    english: str
    es: str

    def __str__(self) -> str:
        return self.english


@dataclass(frozen=True, slots=True)
class Colour:
    """An adjective of colour; in Spanish masculine, feminine and their plurals."""

    english: str
    forms: tuple[str, str, str, str]

    def __str__(self) -> str:
        return self.english

    @property
    def es(self) -> str:
        return self.forms[0]

    @property
    def feminine(self) -> str:
        return self.forms[1]

    def agreeing(self, noun: Noun, *, plural: bool) -> str:
        return self.forms[noun.feminine + 2 * plural]


@dataclass(frozen=True, slots=True)
class Noun:
    """A noun with whatever describes it: "small red circle"."""

    english: str
    plural: str
    es: str
    es_plural: str
    feminine: bool

    def __str__(self) -> str:
        return self.english

    @property
    def an(self) -> str:
        return f"{'an' if self.english[0] in 'aeiou' else 'a'} {self.english}"

    @property
    def el(self) -> str:
        return f"{'la' if self.feminine else 'el'} {self.es}"

    @property
    def un(self) -> str:
        return f"{'una' if self.feminine else 'un'} {self.es}"

    @property
    def del_(self) -> str:
        return f"{'de la' if self.feminine else 'del'} {self.es}"

    @property
    def al(self) -> str:
        return f"{'a la' if self.feminine else 'al'} {self.es}"

    @property
    def how_many(self) -> str:
        return "cuántas" if self.feminine else "cuántos"

    @property
    def smaller(self) -> str:
        return "pequeña" if self.feminine else "pequeño"

    def coloured(self, colour: Colour) -> Noun:
        return Noun(
            f"{colour} {self.english}",
            f"{colour} {self.plural}",
            f"{self.es} {colour.agreeing(self, plural=False)}",
            f"{self.es_plural} {colour.agreeing(self, plural=True)}",
            self.feminine,
        )

    def sized(self, size: Size) -> Noun:
        """The size stands before the colour in English, behind it in Spanish."""
        form = size.feminine if self.feminine else size.masculine
        english = f"{size.english} {self.english}"
        return Noun(
            english, f"{size.english} {self.plural}", f"{self.es} {form}", f"{self.es_plural} {form}s", self.feminine
        )


@dataclass(frozen=True, slots=True)
class Size:
    """An adjective of size."""

    english: str
    masculine: str
    feminine: str


@dataclass(frozen=True, slots=True)
class Group:
    """Several things: "three red circles"."""

    number: Phrase
    kind: Noun

    def __str__(self) -> str:
        return f"{self.number} {self.kind.plural}"

    @property
    def es(self) -> str:
        return f"{self.number.es} {self.kind.es_plural}"

    @property
    def things(self) -> str:
        return self.kind.plural

    @property
    def es_things(self) -> str:
        return self.kind.es_plural

    @property
    def how_many(self) -> str:
        return self.kind.how_many


Word = Phrase | Colour | Noun | Group | str


@dataclass(frozen=True, slots=True)
class Words:
    """Everything that can be spoken of, by kind."""

    nouns: dict[str, tuple[Noun, ...]]
    phrases: dict[str, tuple[Phrase, ...]]
    colours: tuple[Colour, ...]
    sizes: tuple[Size, ...]

    @property
    def shapes(self) -> tuple[Noun, ...]:
        return self.nouns["shape"]

    def draw(self, kind: str, rng: np.random.Generator) -> Word:
        """A word of this kind; KeyError for a kind that does not exist."""
        if kind in self.nouns:
            return pick(rng, self.nouns[kind])
        if kind in self.phrases:
            return pick(rng, self.phrases[kind])
        own = {"colour": self._colour, "letter": self._letter, "thing": self._thing, "group": self._group}
        return own[kind](rng)

    def _colour(self, rng: np.random.Generator) -> Word:
        return pick(rng, self.colours)

    def _letter(self, rng: np.random.Generator) -> Word:
        return pick(rng, LETTERS)

    def _thing(self, rng: np.random.Generator) -> Word:
        """A shape with its colour, its size, both or neither."""
        noun = pick(rng, self.shapes)
        if rng.random() < 0.8:
            noun = noun.coloured(pick(rng, self.colours))
        return noun.sized(pick(rng, self.sizes)) if rng.random() < 0.3 else noun

    def _group(self, rng: np.random.Generator) -> Word:
        noun = pick(rng, self.shapes)
        if rng.random() < 0.7:
            noun = noun.coloured(pick(rng, self.colours))
        return Group(pick(rng, self.phrases["number"][:8]), noun)


@cache
def words() -> Words:
    """Read from the project's own list."""
    with (CORPUS / "words.toml").open("rb") as file:
        return _read(tomllib.load(file))


def _read(table: dict[str, Any]) -> Words:
    return Words(
        nouns={kind: tuple(_noun(*item) for item in entries.items()) for kind, entries in table["noun"].items()},
        phrases={kind: tuple(Phrase(*item) for item in entries.items()) for kind, entries in table["phrase"].items()},
        colours=tuple(_coloured(*item) for item in table["colour"].items()),
        sizes=tuple(Size(english, *forms.split()) for english, forms in table["size"].items()),
    )


def _noun(english: str, rest: str) -> Noun:
    plural, es, es_plural, gender = rest.split()
    return Noun(english, plural, es, es_plural, gender == "f")


def _coloured(english: str, rest: str) -> Colour:
    masculine, feminine, masculines, feminines = rest.split()
    return Colour(english, (masculine, feminine, masculines, feminines))
