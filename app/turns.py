"""Turns and the rows of the transcript that they stand in. Knows neither the model nor what is going on."""

from __future__ import annotations

from dataclasses import dataclass, field

from model.protocol import Given


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

    def __init__(self) -> None:
        self.number = 0
        """The latest turn's."""
        self._latest: Turn | None = None
        self._numbers: dict[int, int] = {}
        self._uncut: dict[int, int] = {}

    def begin(self, question: int) -> Turn:
        """The next one, whose question stands in this row."""
        self.number += 1
        self._latest = Turn(self.number, question)
        self._numbers[question] = self.number
        return self._latest

    def rehearse(self) -> Turn:
        """The next one, of which no line tells."""
        self.number += 1
        return Turn(self.number, None)

    def number_of(self, question: int) -> int | None:
        """By which the model knows the turn of this row; None where it knows its words at most."""
        return self._numbers.get(question)

    def given_in(self, question: int) -> list[Given] | None:
        """What the turn of this row is made of; None if it is not the latest."""
        latest = self._latest
        return latest.given if latest is not None and latest.question == question else None

    def await_cut(self, turn: Turn) -> None:
        """The model will tell how much of the turn's answer it remembers."""
        if turn.answer is not None:
            self._uncut[turn.number] = turn.answer

    def take_cut(self, number: int) -> int | None:
        """Row of the answer that it tells of; None where the line is gone."""
        return self._uncut.pop(number, None)

    def await_nothing(self) -> None:
        """Who should tell is gone."""
        self._uncut.clear()

    def forget_numbers(self) -> None:
        """The model is another one, or a new one."""
        self._numbers.clear()

    def forget_rows(self, row: int) -> None:
        """The lines from this row on are no more, or are to be made anew."""
        self._latest = None
        self._numbers = {known: number for known, number in self._numbers.items() if known < row}
        self._uncut = {number: known for number, known in self._uncut.items() if known < row}
