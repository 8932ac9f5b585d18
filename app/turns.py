"""Turns, their rows of the transcript, and what the model is told of them. Knows not what is going on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from app.recollection import recollect
from app.senses import Frame
from app.transcript import Line
from model.protocol import Attach, Begin, Cancel, Forget, Given, Order, Read, Recall, Reply, Rewind, See


@dataclass(slots=True)
class Turn:
    """A question and its answer, and what the transcript has of it."""

    number: int
    question: int | None
    """Row of what the user gave; None where the voice is only tried out, and nothing is written."""
    answer: int | None = None
    """Row of the reply."""
    sound_began: float = 0.0
    samples: int = 0
    last_frame: float | None = None
    spoken: bool = False
    """Whether any of the reply was given to the mouth."""
    complete: bool = False
    """Whether the model has given all of the reply."""
    peaks: list[float] = field(default_factory=list)
    """How loud each block of it was."""
    given: list[Given] = field(default_factory=list)
    """What it is made of."""


class Turns:
    """All that were begun; their numbers grow for ever, their rows go where lines are taken back."""

    def __init__(self, order: Callable[[Order], None]) -> None:
        """`order` takes Orders for the model."""
        self.number = 0
        """The latest turn's."""
        self._order = order
        self._latest: Turn | None = None
        self._before: Turn | None = None
        """The one before the latest."""
        self._numbers: dict[int, int] = {}
        self._uncut: dict[int, int] = {}

    def begin(self, question: int) -> Turn:
        """The next one, whose question stands in this row."""
        self.number += 1
        self._before, self._latest = self._latest, Turn(self.number, question)
        self._numbers[question] = self.number
        self._order(Begin(self.number))
        return self._latest

    def give(self, turn: Turn, given: Given) -> None:
        """Something that the turn is made of."""
        turn.given.append(given)
        self._order(given)

    def give_again(self, turn: Turn, given: Iterable[Given]) -> None:
        """What an earlier turn was made of, all of it."""
        for item in given:
            now = replace(item, turn=turn.number)
            self.give(turn, replace(now, again=True) if isinstance(now, See) else now)

    def show(self, turn: Turn, shown: Sequence[Path | Frame], text: str) -> None:
        """Files and pictures, then words."""
        for item in shown:
            number = turn.number
            self.give(turn, Attach(number, item) if isinstance(item, Path) else See(number, item.pixels))
        if text:
            self.give(turn, Read(turn.number, text))

    def take_back(self, question: int) -> None:
        """The latest, cancelled while it was still asked: the one before is the latest again."""
        self._latest, self._before = self._before, None
        del self._numbers[question]

    def rehearse(self, words: str) -> Turn:
        """The next one, of which no line tells: the model says these words."""
        self.number += 1
        for order in (Begin(self.number), Read(self.number, words), Reply(self.number, words=words)):
            self._order(order)
        return Turn(self.number, None)

    def cancel(self, turn: Turn, seconds: float | None = None, text: int | None = None) -> None:
        """It ends here; of its answer so much was heard, which the model will tell in words."""
        if turn.answer is not None:
            self._uncut[turn.number] = turn.answer
        self._order(Cancel(turn.number, seconds, heard_text=text))

    def unsay(self, turn: Turn) -> None:
        """The model forgets it."""
        self._order(Rewind(turn.number))

    def go_back(self, row: int, before: Iterable[Line]) -> None:
        """Row and all after it were never said; a model that does not know the turn is told what was `before`."""
        number = self._numbers.get(row)
        self.forget_rows(row)
        if number is not None:
            self._order(Rewind(number))
        else:
            self.open(before)

    def open(self, lines: Iterable[Line]) -> None:
        """The model has another conversation in place of this one: an old one, or a new one."""
        self._order(_recall(lines) or Forget())

    def meet(self, lines: Iterable[Line]) -> None:
        """The model is another one, or a new one, and knows nothing of the conversation."""
        self._numbers.clear()
        if (recall := _recall(lines)) is not None:
            self._order(recall)

    def given_in(self, question: int) -> list[Given] | None:
        """What the turn of this row is made of; None if it is not the latest."""
        latest = self._latest
        return latest.given if latest is not None and latest.question == question else None

    def take_cut(self, number: int) -> int | None:
        """Row of the answer that it tells of; None where the line is gone."""
        return self._uncut.pop(number, None)

    def await_nothing(self) -> None:
        """Who should tell is gone."""
        self._uncut.clear()

    def forget_rows(self, row: int) -> None:
        """The lines from this row on are no more, or are to be made anew."""
        self._latest = self._before = None
        self._numbers = {known: number for known, number in self._numbers.items() if known < row}
        self._uncut = {number: known for number, known in self._uncut.items() if known < row}


def _recall(lines: Iterable[Line]) -> Recall | None:
    exchanges = recollect(lines)
    return Recall(exchanges) if exchanges else None
