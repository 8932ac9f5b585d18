"""What a model is told of an earlier conversation."""

from __future__ import annotations

from datetime import datetime

from app.recollection import MOST_LETTERS, recollect
from app.transcript import Attachment, Kind, Line, LineState, Who
from model.protocol import Exchange

NOON = datetime(2025, 6, 1, 12, 5)


def ask(text: str, *attachments: Attachment) -> Line:
    return Line(Who.USER, NOON, text, attachments)


def answer(text: str, heard: int | None = None) -> Line:
    return Line(Who.MODEL, NOON, text, state=LineState.WHOLE if heard is None else LineState.CUT, heard=heard)


def test_questions_and_what_was_heard_of_their_answers() -> None:
    lines = [ask("Why?"), answer("Because so."), ask("And?"), answer("Therefore it is.", 9)]
    assert recollect(lines) == (Exchange("Why?", "Because so."), Exchange("And?", "Therefore"))


def test_what_was_not_answered_is_left_out() -> None:
    lines = [
        ask("Why?"),
        ask("And?"),
        Line(Who.NOTICE, NOON, "No camera."),
        answer("So."),
        ask("Else?"),
        answer("x", 0),
    ]
    assert recollect(lines) == (Exchange("And?", "So."),)


def test_what_was_more_than_words_is_told_in_words() -> None:
    seen, said = Attachment(Kind.CAMERA), Attachment(Kind.SPEECH, "3 s of speech")
    lines = [ask("Look", seen), answer("A cat."), ask("", seen, said), answer("Two.")]
    assert [exchange.question for exchange in recollect(lines)] == [
        "Look (camera picture)",
        "(camera picture, 3 s of speech)",
    ]


def test_the_latest_are_kept_where_there_are_many() -> None:
    lines = [line for number in range(100) for line in (ask(str(number)), answer("w" * 1000))]
    kept = recollect(lines)
    assert kept[-1].question == "99"
    assert sum(len(exchange.question) + len(exchange.answer) for exchange in kept) <= MOST_LETTERS
    assert len(kept) == 11
