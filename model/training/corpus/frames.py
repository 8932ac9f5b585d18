"""Sentences put together from parts, each with its translation: many more kinds than a list of patterns has.

From whole patterns a model learns these patterns: it translated no sentence of another one. What is held out stays so.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np

from model.training.corpus.chance import pick
from model.training.corpus.language import CORPUS
from model.training.corpus.sentences import Pattern, Sentence, fill, patterns

_PART = re.compile(r"<(\w+?)(\d*)>")
_SLOT = re.compile(r"\{([a-z]+)(\d*)((?:\.\w+)?)\}")
_FIRST = 10
"""The number of a first part's slots: frames have smaller ones of their own."""


@dataclass(frozen=True, slots=True)
class Frames:
    """What sentences are put together from: pairs of English and Spanish."""

    parts: Mapping[str, tuple[tuple[str, str], ...]]
    frames: tuple[Pattern, ...]


@cache
def known() -> Frames:
    """Read from the project's own list."""
    with (CORPUS / "frames.toml").open("rb") as file:
        table = tomllib.load(file)
    return Frames(
        {kind: tuple((english, spanish) for english, spanish in pairs) for kind, pairs in table["parts"].items()},
        tuple(
            Pattern(topic, english, spanish, held_out=False)
            for topic, pairs in table["frames"].items()
            for english, spanish in pairs
        ),
    )


def combine(rng: np.random.Generator) -> Sentence:
    """A sentence of no pattern that is held out."""
    while True:
        pattern = with_parts(pick(rng, known().frames), rng)
        if not is_held_out(pattern):
            return fill(pattern, rng)


def with_parts(frame: Pattern, rng: np.random.Generator) -> Pattern:
    """The frame with parts of chance in it."""
    english, spanish = frame.english, frame.spanish
    for number, (kind, count) in enumerate(dict.fromkeys(_PART.findall(english)), start=_FIRST):
        chosen = pick(rng, known().parts[kind])
        for_english, for_spanish = (_numbered(text, number) for text in chosen)
        english = english.replace(f"<{kind}{count}>", for_english)
        spanish = spanish.replace(f"<{kind}{count}>", for_spanish)
    return Pattern(frame.topic, english, spanish, held_out=False)


def is_held_out(pattern: Pattern) -> bool:
    """Whether sentences of this pattern are never trained on."""
    return _shape(pattern.english) in _held_out()


def _numbered(part: str, number: int) -> str:
    """Its slots are no other part's."""
    return _SLOT.sub(rf"{{\g<1>{number}\g<2>\g<3>}}", part)


def _shape(english: str) -> str:
    """The same for sentences of the same pattern, however slots are numbered and whatever stands first."""
    return _SLOT.sub(r"{\1\3}", english).lower()


@cache
def _held_out() -> frozenset[str]:
    return frozenset(_shape(pattern.english) for pattern in patterns() if pattern.held_out)
