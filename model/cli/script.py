"""What is asked, in the order of the command line: turns of items. Knows neither files nor the model."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from pathlib import Path

from model.cli.arguments import UsageError, text

_TURN = "--turn"


class Medium(StrEnum):
    """As what an item is given."""

    TEXT = "text"
    AUDIO = "audio"
    IMAGE = "image"
    VIDEO = "video"


@dataclass(frozen=True, slots=True)
class Item:
    """A text, or the name of a file."""

    medium: Medium
    value: str

    @property
    def path(self) -> Path:
        """The file."""
        return Path(self.value)


@dataclass(frozen=True, slots=True)
class Script:
    """The turns of a conversation, each with at least one item."""

    turns: tuple[tuple[Item, ...], ...]

    @classmethod
    def of(cls, given: Iterable[Item | str] | None) -> Script:
        """Items, with a mark between turns, as `declare_script` collects them. UsageError for an empty turn."""
        turns: list[list[Item]] = [[]]
        for entry in given or ():
            if isinstance(entry, Item):
                turns[-1].append(entry)
            else:
                turns.append([])
        if turns == [[]]:
            raise UsageError("Nothing is asked: give --text, --audio, --image or --video.")
        if [] in turns:
            raise UsageError(f"Turn {turns.index([]) + 1} is empty: give something on both sides of {_TURN}.")
        return cls(tuple(map(tuple, turns)))

    @property
    def files(self) -> tuple[Item, ...]:
        """Every file, in order."""
        return tuple(item for turn in self.turns for item in turn if item.medium is not Medium.TEXT)


def declare_script(parser: argparse.ArgumentParser) -> None:
    """The options that make a script; they may be repeated, and their order is that in which the model gets them."""
    group = parser.add_argument_group("what is asked", "Repeat and mix these: their order is kept.")
    for medium, meaning in (
        (Medium.TEXT, "what is written"),
        (Medium.AUDIO, "a file that is heard; of a video its sound"),
        (Medium.IMAGE, "a picture"),
        (Medium.VIDEO, "a video, seen and, where it has sound, heard"),
    ):
        reads = _written if medium is Medium.TEXT else partial(Item, medium)
        metavar = "TEXT" if medium is Medium.TEXT else "FILE"
        group.add_argument(f"--{medium}", dest="script", action="append", type=reads, metavar=metavar, help=meaning)
    group.add_argument(_TURN, dest="script", action="append_const", const=_TURN, help="the answer; then what follows")


def _written(value: str) -> Item:
    return Item(Medium.TEXT, text(value))
