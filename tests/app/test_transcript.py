"""Lines of the transcript, as a view and a screen reader get them."""

from __future__ import annotations

from datetime import datetime

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester

from app.transcript import Attachment, Kind, Line, LineState, Role, Transcript, Who

NOON = datetime(2025, 6, 1, 12, 5)


@pytest.fixture
def transcript() -> Transcript:
    return Transcript()


def reply(text: str = "Because so.", state: LineState = LineState.OPEN) -> Line:
    return Line(Who.MODEL, NOON, text, state=state)


def test_qt_finds_no_fault_while_a_reply_streams(transcript: Transcript) -> None:
    QAbstractItemModelTester(transcript, QAbstractItemModelTester.FailureReportingMode.Fatal)
    row = transcript.add(reply(""))
    for piece in ("Because ", "so."):
        transcript.append(row, piece)
    transcript.close(row)
    transcript.cut(row, "Because")
    assert transcript.rowCount() == 1
    assert transcript.data(transcript.index(0), Role.LINE) == transcript.line(0)
    assert transcript.data(transcript.index(5)) is None


def test_streaming_changes_one_row_and_resets_nothing(transcript: Transcript) -> None:
    transcript.add(reply("first", LineState.WHOLE))
    row = transcript.add(reply(""))
    changed: list[int] = []
    transcript.dataChanged.connect(lambda top, bottom: changed.extend(range(top.row(), bottom.row() + 1)))
    transcript.modelReset.connect(lambda: changed.append(-1))
    transcript.append(row, "Be")
    transcript.append(row, "cause")
    assert changed == [1, 1]
    assert transcript.data(transcript.index(1)) == "Because"


@pytest.mark.parametrize(
    ("state", "kept", "shown", "after"),
    [
        (LineState.OPEN, "Because", "Because", LineState.CUT),
        (LineState.OPEN, "Because so.", "Because so.", LineState.CUT),
        (LineState.WHOLE, "Because", "Because", LineState.CUT),
        (LineState.WHOLE, "Because so.", "Because so.", LineState.WHOLE),
        (LineState.WHOLE, "", "", LineState.CUT),
        (LineState.WHOLE, "Otherwise", "Otherwise", LineState.CUT),
    ],
)
def test_cut_leaves_what_was_heard(
    transcript: Transcript, state: LineState, kept: str, shown: str, after: LineState
) -> None:
    row = transcript.add(reply(state=state))
    transcript.cut(row, kept)
    assert transcript.data(transcript.index(row)) == shown
    assert transcript.line(row).state is after


def test_what_was_not_heard_is_still_known(transcript: Transcript) -> None:
    row = transcript.add(reply())
    transcript.cut(row, "Because")
    assert transcript.line(row).text == "Because so."


def test_closed_line_stays_as_it_is(transcript: Transcript) -> None:
    row = transcript.add(reply(state=LineState.WHOLE))
    transcript.close(row, LineState.BROKEN)
    assert transcript.line(row).state is LineState.WHOLE


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (Line(Who.USER, NOON, "What is this?"), "You, 12:05: What is this?"),
        (Line(Who.USER, NOON, "", (Attachment(Kind.FILE, "cat.jpg"),)), "You, 12:05. With cat.jpg."),
        (
            Line(Who.USER, NOON, "Look", (Attachment(Kind.CAMERA), Attachment(Kind.SPEECH, "3 s of speech"))),
            "You, 12:05: Look. With camera picture, 3 s of speech.",
        ),
        (Line(Who.MODEL, NOON, "A cat.", state=LineState.OPEN), "Sightline, 12:05: A cat. Still going on."),
        (Line(Who.MODEL, NOON, "A cat.", state=LineState.CUT, heard=2), "Sightline, 12:05: A. Interrupted."),
        (Line(Who.NOTICE, NOON, "No microphone."), "Notice, 12:05: No microphone."),
    ],
)
def test_screen_reader_gets_the_line_in_plain_words(transcript: Transcript, line: Line, words: str) -> None:
    row = transcript.add(line)
    assert transcript.data(transcript.index(row), Qt.ItemDataRole.AccessibleTextRole) == words


def test_attachment_is_added_to_what_is_there(transcript: Transcript) -> None:
    row = transcript.add(Line(Who.USER, NOON, "", state=LineState.OPEN))
    transcript.attach(row, Attachment(Kind.CAMERA))
    transcript.attach(row, Attachment(Kind.SPEECH))
    assert [attachment.kind for attachment in transcript.line(row).attachments] == [Kind.CAMERA, Kind.SPEECH]
