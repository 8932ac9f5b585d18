"""What is counted in replies, and which share of it is wanted. Knows no model and no media."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from model.training.corpus.sentences import spoken_words

Counted = tuple[int, int]
"""How many right or wrong, of how many."""
Kind = Literal["right", "errors"]


@dataclass(frozen=True, slots=True)
class Score:
    """One row of the table: what is counted in a reply beside the one that was wanted."""

    name: str
    count: Callable[[str, str], Counted]
    bar: float
    """Per cent: at least so many right, or at most so many errors."""
    kind: Kind = "right"


@dataclass(frozen=True, slots=True)
class Result:
    """What came of a score; `wrong` are the replies that were, as wanted and as written."""

    score: Score
    counted: int
    of: int
    wrong: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of_replies(cls, score: Score, replies: list[tuple[str, str]]) -> Result:
        """Count in replies, each as written and as wanted."""
        counts = [score.count(written, wanted) for written, wanted in replies]
        wrong = tuple(
            (wanted, written)
            for (written, wanted), (points, of) in zip(replies, counts, strict=True)
            if points != (0 if score.kind == "errors" else of)
        )
        return cls(score, sum(points for points, _ in counts), sum(of for _, of in counts), wrong)

    @property
    def share(self) -> float:
        """Per cent."""
        return 100 * self.counted / max(1, self.of)

    @property
    def met(self) -> bool:
        """Whether the bar is reached."""
        return self.share >= self.score.bar if self.score.kind == "right" else self.share <= self.score.bar

    def line(self) -> str:
        """For the table."""
        return row(self.score.name, f"{self.share:.1f} % {self.score.kind}", _bar(self.score), met=self.met) + (
            f"  ({self.counted} of {self.of})"
        )


@dataclass(frozen=True, slots=True)
class Gap:
    """How much is lost from one way of asking to another."""

    name: str
    first: Result
    second: Result
    bar: float
    """Points."""
    wanted: bool = False
    """Whether at least so much must be lost, since the second lacks what it takes; else it is at most so much."""
    wrong: tuple[tuple[str, str], ...] = ()

    @property
    def lost(self) -> float:
        """Points."""
        return self.first.share - self.second.share

    @property
    def met(self) -> bool:
        """Whether no more is lost than may be, or as much as must be."""
        return self.lost >= self.bar if self.wanted else self.lost <= self.bar

    def line(self) -> str:
        """For the table."""
        bar = f"{'≥' if self.wanted else '≤'} {self.bar:g}"
        found = f"{self.lost:.1f} points lost"
        return row(self.name, found, bar, met=self.met) + f"  ({self.first.share:.0f} and {self.second.share:.0f} %)"


def row(name: str, found: str, bar: str, *, met: bool) -> str:
    """A line of the table."""
    return f"{name:<50} {found:<24} {bar:>6}  {'met   ' if met else 'missed'}"


def _bar(score: Score) -> str:
    return f"{'≥' if score.kind == 'right' else '≤'} {score.bar:g}"


def word_errors(written: str, wanted: str) -> Counted:
    """Words to change, leave out or put in until both are the same, of the words wanted."""
    found, right = spoken_words(written), spoken_words(wanted)
    line = list(range(len(right) + 1))
    for index, word in enumerate(found, 1):
        previous, line[0] = line[0], index
        for place, other in enumerate(right, 1):
            previous, line[place] = line[place], min(line[place] + 1, line[place - 1] + 1, previous + (word != other))
    return line[-1], len(right)


def exact(written: str, wanted: str) -> Counted:
    """One if it is the same to the last sign."""
    return int(written.strip() == wanted), 1


def inexact(written: str, wanted: str) -> Counted:
    """One if it is not the same to the last sign."""
    return int(written.strip() != wanted), 1


def facts_found(written: str, wanted: str) -> Counted:
    """Of the facts in a description, those that were told."""
    return len(_facts(written) & _facts(wanted)), len(_facts(wanted))


def facts_invented(written: str, wanted: str) -> Counted:
    """Of the facts that were told, those that are not so."""
    return len(_facts(written) - _facts(wanted)), len(_facts(written))


def _facts(description: str) -> set[str]:
    told = description.strip().removeprefix("I see ").removesuffix(".")
    return {fact for fact in re.split(r", | and ", told) if fact}
