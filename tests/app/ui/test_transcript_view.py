"""The list of lines: what it costs to stream, where it stands, what can be read and copied."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QAccessible, QColor, QGuiApplication, QImage, QPainter, QPalette, QTextFormat
from PySide6.QtWidgets import QScrollBar
from pytestqt.qtbot import QtBot

from app import thumbnails
from app.transcript import Attachment, Kind, Line, LineState, Transcript, Who
from app.ui.paragraphs import Markdown, Paragraph, lay_out
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
        view.painter.size(transcript.index(row), view.font(), view.viewport().width(), view.palette()).height()
        for row in (short, long)
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


MARKED = """# Toast

1. **Bread**

```python
butter = "a very long line of code that is broken where the list ends, and not beyond it, whatever is in it"
```
"""


def test_markdown_is_laid_out_within_the_width(view: TranscriptView, transcript: Transcript) -> None:
    font, palette = view.font(), view.palette()
    laid = lay_out(MARKED, font, 300, palette)
    assert isinstance(laid, Markdown)
    assert laid.width <= 300
    assert "Toast" in laid._document.toPlainText()
    assert "#" not in laid._document.toPlainText()
    assert laid.height > lay_out("Toast", font, 300, palette).height * 5
    assert isinstance(lay_out("Just words, and more.", font, 300, palette), Paragraph)


def test_code_stands_in_a_box(view: TranscriptView) -> None:
    laid = Markdown(MARKED, view.font(), 300, view.palette())
    block = laid._document.findBlock(laid._document.toPlainText().index("butter"))
    assert block.blockFormat().background().color() == view.palette().alternateBase().color()
    before = laid._document.findBlock(laid._document.toPlainText().index("Bread"))
    assert not before.blockFormat().hasProperty(QTextFormat.Property.BackgroundBrush)
    assert laid.width == 300


def test_what_a_model_writes_opens_no_file(view: TranscriptView, tmp_path: Path) -> None:
    picture = tmp_path / "wide.png"
    image = QImage(200, 200, QImage.Format.Format_RGB32)
    image.fill(QColor("red"))
    assert image.save(str(picture))
    laid = Markdown(f"![secret](file://{picture}) <img src='file://{picture}'>", view.font(), 300, view.palette())
    assert laid.height < 150
    ground = QImage(300, 200, QImage.Format.Format_RGB32)
    ground.fill(QColor("white"))
    painter = QPainter(ground)
    laid.draw(painter, QPointF(0, 0), QColor("black"))
    painter.end()
    assert QColor("red") not in [ground.pixelColor(x, y) for x in range(0, 300, 5) for y in range(0, 200, 5)]


def test_pictures_and_speech_are_painted(view: TranscriptView, transcript: Transcript) -> None:
    red = np.zeros((60, 120, 3), np.uint8)
    red[:, :, 0] = 255
    given = (
        Attachment(Kind.CAMERA, thumbnail=thumbnails.of_frame(red)),
        Attachment(Kind.SPEECH, "3 s", levels=thumbnails.of_sound([0.1, 1.0] * 20)),
    )
    transcript.add(Line(Who.USER, NOON, "Look", given))
    shown = view.grab().toImage()
    colours = [shown.pixelColor(x, y) for x in range(0, shown.width(), 4) for y in range(0, shown.height(), 4)]
    assert sum(colour.red() > 230 and colour.green() < 30 for colour in colours) > 300
    accent = view.palette().color(QPalette.ColorRole.Link)
    assert any(shown.pixelColor(x, y) == accent for x in range(shown.width()) for y in range(shown.height()))


def test_a_picture_that_is_damaged_leaves_its_place_empty(view: TranscriptView, transcript: Transcript) -> None:
    def painted(thumbnail: bytes) -> QImage:
        transcript.truncate(0)
        transcript.add(Line(Who.USER, NOON, "Look", (Attachment(Kind.CAMERA, thumbnail=thumbnail),)))
        return view.grab().toImage()

    clear = BytesIO()
    Image.new("RGBA", (12, 9)).save(clear, "PNG")
    empty = painted(clear.getvalue())
    assert painted(b"nonsense") == empty
    assert painted(thumbnails.of_frame(np.zeros((60, 120, 3), np.uint8))) != empty


# What can be done with a line


def offered(view: TranscriptView) -> list[str]:
    bar = view.actions_bar
    buttons = (bar.copy, bar.edit, bar.again, bar.replay)
    return [button.accessibleName() for button in buttons if button.isVisible()]


def test_each_line_offers_what_can_be_done_with_it(view: TranscriptView, transcript: Transcript) -> None:
    for who, text in ((Who.USER, "Why?"), (Who.MODEL, "So."), (Who.USER, ""), (Who.MODEL, "Yes.")):
        transcript.add(say(text, who=who))
    view.can_replay = lambda row: row == 1
    found = []
    for row in range(4):
        view.setCurrentIndex(transcript.index(row))
        found.append(offered(view))
    copy = "Copy message"
    assert found == [[copy, "Edit and ask again"], [copy, "Speak again"], [copy], [copy, "Answer again"]]


def test_actions_tell_their_row_and_copy(qtbot: QtBot, view: TranscriptView, transcript: Transcript) -> None:
    transcript.add(say("Why?", who=Who.USER))
    transcript.add(say("**So**."))
    view.can_replay = lambda _row: True
    told: list[tuple[str, int]] = []
    view.edit_wanted.connect(lambda row: told.append(("edit", row)))
    view.again_wanted.connect(lambda row: told.append(("again", row)))
    view.replay_wanted.connect(lambda row: told.append(("replay", row)))
    bar = view.actions_bar
    view.setCurrentIndex(transcript.index(0))
    qtbot.keyClick(bar.edit, Qt.Key.Key_Space)
    view.setCurrentIndex(transcript.index(1))
    bar.again.click()
    bar.replay.click()
    bar.copy.click()
    assert told == [("edit", 0), ("again", 1), ("replay", 1)]
    assert QGuiApplication.clipboard().text() == "**So**."
    transcript.truncate(0)
    assert not bar.isVisible()


def test_the_mouse_brings_the_actions_and_takes_them_away(
    qtbot: QtBot, view: TranscriptView, transcript: Transcript
) -> None:
    transcript.add(say("Why?", who=Who.USER))
    place = view.visualRect(transcript.index(0)).center()
    qtbot.mouseMove(view.viewport(), place)
    qtbot.waitUntil(view.actions_bar.isVisible)
    view.leaveEvent(QEvent(QEvent.Type.Leave))
    assert not view.actions_bar.isVisible()


def test_newest_goes_to_the_end(qtbot: QtBot, view: TranscriptView, transcript: Transcript) -> None:
    for number in range(50):
        transcript.add(say(f"line {number}"))
    qtbot.waitUntil(lambda: is_at_end(view))
    assert not view.newest.isVisible()
    view.verticalScrollBar().setValue(10)
    assert view.newest.isVisible()
    view.newest.click()
    assert is_at_end(view)
    assert not view.newest.isVisible()
    view.verticalScrollBar().setValue(10)
    transcript.fill([say("another")])
    assert not view.newest.isVisible()
