"""What a model is told of a conversation that it did not hold itself: words, and that there was something else."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from app.transcript import Line, Who
from model.protocol import Exchange

MOST_LETTERS = 12_000
"""About 3,000 tokens: reading them again takes a while."""


def recollect(lines: Iterable[Line]) -> tuple[Exchange, ...]:
    """The latest questions that were answered, with what was heard of the answers, oldest first."""
    kept: list[Exchange] = []
    letters = 0
    for exchange in reversed(list(_exchanges(lines))):
        letters += len(exchange.question) + len(exchange.answer)
        if letters > MOST_LETTERS:
            break
        kept.append(exchange)
    return tuple(reversed(kept))


def _exchanges(lines: Iterable[Line]) -> Iterator[Exchange]:
    question: Line | None = None
    for line in lines:
        if line.who in {Who.USER, Who.ITSELF}:
            question = line
        elif line.who is Who.MODEL and question is not None and line.heard_text.strip():
            yield Exchange(_words(question), line.heard_text)
            question = None


def _words(question: Line) -> str:
    if not question.attachments:
        return question.text
    return f"{question.text} ({', '.join(map(str, question.attachments))})".lstrip()
