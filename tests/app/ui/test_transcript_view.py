"""The list of lines: what it costs to stream, where it stands, what can be read and copied."""

from __future__ import annotations

from datetime import datetime
from functools import partial

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QGuiApplication
from PySide6.QtWidgets import QScrollBar
from pytestqt.qtbot import QtBot

from app.transcript import Attachment, Kind, Line, LineState, Transcript, Who
from app.ui.transcript_view import TranscriptView

NOON = datetime(2025, 6, 1, 12, 5)
MANY = 2000
PIECES = 100


@pytest.fixture
def transcript() -> Transcript:
    return Transcript()


@pytest.fixture
def view(qtbot: QtBot, transcript: Transcript) -> TranscriptView:
    view = TranscriptView(transcript)
    qtbot.addWidget(view)
    view.resize(480, 400)
    view.show()
    return view


def say(text: str, state: LineState = LineState.WHOLE, who: Who = Who.MODEL) -> Line:
    return Line(who, NOON, text, state=state)


def is_at_end(view: TranscriptView) -> bool:
    bar = view.verticalScrollBar()
    return bar.maximum() > 0 and bar.value() == bar.maximum()


def is_beyond(bar: QScrollBar, before: int) -> bool:
    return bar.maximum() > before


def test_a_reply_after_2000_lines_streams_without_a_new_list(
    qtbot: QtBot, view: TranscriptView, transcript: Transcript
) -> None:
    for number in range(MANY):
        transcript.add(say(f"line {number}"))
    row = transcript.add(say("", LineState.OPEN))
    qtbot.waitUntil(lambda: is_at_end(view))
    resets: list[int] = []
    transcript.modelReset.connect(lambda: resets.append(1))
    transcript.layoutChanged.connect(lambda: resets.append(1))
    view.painter.measured = 0
    for number in range(PIECES):
        transcript.append(row, f"word{number} ")
        QGuiApplication.processEvents()
    qtbot.waitUntil(lambda: is_at_end(view))
    assert not resets
    assert view.painter.measured <= 2 * PIECES
    assert is_at_end(view)


def test_list_grows_with_a_reply_and_stays_at_its_end(
    qtbot: QtBot, view: TranscriptView, transcript: Transcript
) -> None:
    row = transcript.add(say("", LineState.OPEN))
    bar = view.verticalScrollBar()
    for _ in range(5):
        before = bar.maximum()
        transcript.append(row, "many words " * 200)
        qtbot.waitUntil(partial(is_beyond, bar, before))
    height = view.visualRect(transcript.index(row)).height()
    assert bar.maximum() >= height - view.viewport().height()
    assert is_at_end(view)


def test_who_reads_further_up_is_left_there(qtbot: QtBot, view: TranscriptView, transcript: Transcript) -> None:
    for number in range(50):
        transcript.add(say(f"line {number}"))
    qtbot.waitUntil(lambda: is_at_end(view))
    view.verticalScrollBar().setValue(10)
    before = view.verticalScrollBar().maximum()
    transcript.add(say("news"))
    qtbot.waitUntil(lambda: view.verticalScrollBar().maximum() > before)
    assert view.verticalScrollBar().value() == 10


def test_long_word_is_broken(qtbot: QtBot, view: TranscriptView, transcript: Transcript) -> None:
    short = transcript.add(say("w"))
    long = transcript.add(say("w" * 500))
    sizes = [
        view.painter.size(transcript.index(row), view.font(), view.viewport().width()).height() for row in (short, long)
    ]
    assert sizes[1] > sizes[0]


def test_each_line_is_one_item_for_a_screen_reader(view: TranscriptView, transcript: Transcript) -> None:
    transcript.add(say("What is this?", who=Who.USER))
    transcript.add(say("A cat."))
    table = QAccessible.queryAccessibleInterface(view)
    assert table.text(QAccessible.Text.Name) == "Conversation"
    names = [table.child(row).text(QAccessible.Text.Name) for row in range(table.childCount())]
    assert names == ["You, 12:05: What is this?", "Sightline, 12:05: A cat."]


def test_lines_are_read_with_the_arrow_keys_and_copied(
    qtbot: QtBot, view: TranscriptView, transcript: Transcript
) -> None:
    transcript.add(say("What is this?", who=Who.USER))
    transcript.add(say("A cat."))
    view.setCurrentIndex(transcript.index(0))
    qtbot.keyClick(view, Qt.Key.Key_Down)
    assert view.currentIndex().row() == 1
    view.selectAll()
    view.copying.trigger()
    assert QGuiApplication.clipboard().text() == "You, 12:05: What is this?\nSightline, 12:05: A cat."


def test_tab_leaves_the_list(qtbot: QtBot, view: TranscriptView) -> None:
    assert not view.tabKeyNavigation()
    assert view.focusPolicy() & Qt.FocusPolicy.TabFocus


@pytest.mark.parametrize(
    "line",
    [
        say("A cat.", LineState.CUT),
        say("", LineState.OPEN, Who.USER),
        say("No microphone.", who=Who.NOTICE),
        Line(Who.USER, NOON, "Look", (Attachment(Kind.FILE, "cat.jpg"),)),
    ],
)
def test_every_kind_of_line_is_painted(view: TranscriptView, transcript: Transcript, line: Line) -> None:
    empty = view.grab().toImage()
    transcript.add(line)
    view.selectAll()
    assert view.grab().toImage() != empty
