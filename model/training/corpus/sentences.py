"""Sentences without end from patterns with slots, each with its translation. Knows no speech and no pictures."""

from __future__ import annotations

import re
import string
import tomllib
from dataclasses import dataclass
from functools import cache
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from model.training.corpus.chance import pick
from model.training.corpus.language import CORPUS, Language, Word, words

Split = Literal["train", "held-out"]
_OPENED_SHARE = 0.3
_FIXED_WEIGHT = 0.4  # a sentence without slots is soon learned


@dataclass(frozen=True, slots=True)
class Pattern:
    """A sentence with slots."""

    topic: str
    english: str
    spanish: str
    held_out: bool

    def slots(self) -> list[str]:
        """Names of the slots: a kind, and a number where there are several of it."""
        fields = (field for _, field, _, _ in string.Formatter().parse(self.english) if field is not None)
        return list(dict.fromkeys(field.partition(".")[0] for field in fields))


@dataclass(frozen=True, slots=True)
class Sentence:
    """What can be said, written and translated."""

    english: str
    spanish: str
    topic: str


def spoken_words(text: str) -> list[str]:
    """The words that are heard, without case and signs: what word errors are counted in."""
    return re.findall(r"[\w']+", text.lower())


@cache
def patterns() -> tuple[Pattern, ...]:
    """Read from the project's own list."""
    with (CORPUS / "patterns.toml").open("rb") as file:
        table = tomllib.load(file)
    return tuple(
        Pattern(topic, english, spanish, held_out)
        for topic, lists in table.items()
        for key, held_out in (("patterns", False), ("held_out", True))
        for english, spanish in lists[key]
    )


@cache
def parts() -> tuple[Pattern, ...]:
    """Of sentences, to be translated: read from the project's own list."""
    with (CORPUS / "parts.toml").open("rb") as file:
        pairs = tomllib.load(file)["parts"]
    return tuple(Pattern("part", english, spanish, held_out=False) for english, spanish in pairs)


def compose_part(rng: np.random.Generator) -> Sentence:
    """Some words that belong together, with a small letter and no sign at the end."""
    part = pick(rng, parts())
    chosen = _chosen(part, rng)
    return Sentence(part.english.format_map(chosen), part.spanish.format_map(chosen), part.topic)


def compose(rng: np.random.Generator, split: Split = "train") -> Sentence:
    """A sentence of this split's patterns."""
    choices, shares = _choices(split)
    return fill(choices[int(rng.choice(len(choices), p=shares))], rng)


@cache
def _choices(split: Split) -> tuple[tuple[Pattern, ...], NDArray[np.float64]]:
    """A split's patterns and how likely each is."""
    choices = tuple(pattern for pattern in patterns() if pattern.held_out == (split == "held-out"))
    weights = np.array([1.0 if pattern.slots() else _FIXED_WEIGHT for pattern in choices])
    return choices, weights / weights.sum()


def splice(rng: np.random.Generator) -> str:
    """The beginning of one sentence with the end of another behind it: what no pattern says."""
    beginning = compose(rng).english
    ending = compose(rng).english.split()
    while len(ending) < 2:
        ending = compose(rng).english.split()
    kept = beginning.rstrip(".?").split()
    kept = kept[: int(rng.integers(1, len(kept) + 1))]
    rest = " ".join(ending[int(rng.integers(1, len(ending))) :]).rstrip(".?")
    return f"{' '.join(kept)} {rest}{beginning[-1]}"


def scatter(rng: np.random.Generator) -> str:
    """The beginning of a sentence, then words and bits of others, as chance has it: each word must be heard itself.

    Rare words come as often as frequent ones.
    """
    opening = compose(rng).english.rstrip(".?").split()
    said = opening[: int(rng.integers(1, 3))]
    for _ in range(int(rng.integers(1, 5))):
        if rng.random() < 0.6:
            said.append(pick(rng, inner_words("english")))
        else:
            inner = compose(rng).english.rstrip(".?").split()[1:]
            start = int(rng.integers(len(inner) + 1))
            said += inner[start : start + int(rng.integers(2, 4))]
    if len(said) == 1:
        said.append(pick(rng, inner_words("english")))
    return f"{' '.join(said)}{pick(rng, '.?')}"


def few(rng: np.random.Generator, language: Language) -> str:
    """One to four words as they are written behind others, a space before each: what each of them sounds like.

    Three times of ten the first is one that sentences begin with.
    """
    inner = "".join(f" {pick(rng, inner_words(language))}" for _ in range(int(rng.integers(1, 5))))
    if rng.random() >= _OPENED_SHARE:
        return f"{inner}."
    sentence = compose(rng)
    opening = (sentence.english if language == "english" else sentence.spanish).split()[0].rstrip(".?")
    return f"{opening}{inner}."


@cache
def inner_words(language: Language) -> tuple[str, ...]:
    """Every word as it is written behind others."""
    rng = np.random.default_rng(0)
    sentences = [
        fill(pattern, rng)
        for pattern in patterns()
        if not pattern.held_out
        for _ in range(100 if pattern.slots() else 1)
    ]
    texts = (sentence.english if language == "english" else sentence.spanish for sentence in sentences)
    return tuple(sorted({word for text in texts for word in text.rstrip(".?").split()[1:]}))


def fill(pattern: Pattern, rng: np.random.Generator) -> Sentence:
    """The pattern with words of chance; two slots of a kind never hold the same."""
    chosen = _chosen(pattern, rng)
    return Sentence(
        _capital(pattern.english.format_map(chosen)), _capital(pattern.spanish.format_map(chosen)), pattern.topic
    )


def _chosen(pattern: Pattern, rng: np.random.Generator) -> dict[str, Word]:
    chosen: dict[str, Word] = {}
    for slot in pattern.slots():
        kind = slot.rstrip(string.digits)
        word = words().draw(kind, rng)
        while word in chosen.values():
            word = words().draw(kind, rng)
        chosen[slot] = word
    return chosen


def _capital(text: str) -> str:
    """The first letter, wherever it stands, is a capital."""
    place = next((index for index, sign in enumerate(text) if sign.isalnum()), 0)
    return text[:place] + text[place].upper() + text[place + 1 :]


@cache
def vocabulary() -> frozenset[str]:
    """All English words that can be heard."""
    rng = np.random.default_rng(0)
    return frozenset(
        word
        for pattern in patterns()
        for _ in range(400 if pattern.slots() else 1)
        for word in spoken_words(fill(pattern, rng).english)
    )
