"""Putting a turn together by keyboard: type, attach, drop, talk, stop, send."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtGui import QColor, QGuiApplication, QImage
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from app.phase import Phase
from app.senses import Frame, Origin
from app.ui.button import Button
from app.ui.composer import Composer

Asked = list[tuple[str, tuple[Path | Frame, ...]]]


@pytest.fixture
def composer(qtbot: QtBot) -> Composer:
    composer = Composer()
    qtbot.addWidget(composer)
    composer.show()
    composer.show_phase(Phase.LISTENING)
    composer.edit.setFocus()
    return composer


@pytest.fixture
def asked(composer: Composer) -> Asked:
    asked: Asked = []
    composer.asked.connect(lambda text, files: asked.append((text, files)))
    return asked


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    file = tmp_path / "a cat & a dog.jpg"
    file.write_bytes(b"jpg")
    return file


def test_enter_sends_and_empties(qtbot: QtBot, composer: Composer, asked: Asked) -> None:
    qtbot.keyClicks(composer.edit, "Why? ")
    qtbot.keyClick(composer.edit, Qt.Key.Key_Return)
    assert asked == [("Why?", ())]
    assert composer.edit.toPlainText() == ""


def test_shift_enter_begins_a_new_line_and_the_box_grows(qtbot: QtBot, composer: Composer, asked: Asked) -> None:
    before = composer.edit.sizeHint().height()
    qtbot.keyClicks(composer.edit, "one")
    qtbot.keyClick(composer.edit, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    qtbot.keyClicks(composer.edit, "two")
    assert asked == []
    assert composer.edit.toPlainText() == "one\ntwo"
    assert composer.edit.sizeHint().height() > before


@pytest.mark.parametrize("phase", [Phase.LOADING, Phase.STOPPED])
def test_without_a_model_the_text_is_kept(qtbot: QtBot, composer: Composer, asked: Asked, phase: Phase) -> None:
    composer.show_phase(phase)
    qtbot.keyClicks(composer.edit, "Why?")
    qtbot.keyClick(composer.edit, Qt.Key.Key_Return)
    assert asked == []
    assert composer.edit.toPlainText() == "Why?"
    assert not composer.send.isEnabled()
    composer.show_phase(Phase.LISTENING)
    qtbot.keyClick(composer.send, Qt.Key.Key_Space)
    assert asked == [("Why?", ())]


@pytest.mark.parametrize("text", ["", "   \n"])
def test_nothing_cannot_be_sent(qtbot: QtBot, composer: Composer, asked: Asked, text: str) -> None:
    composer.edit.setPlainText(text)
    qtbot.keyClick(composer.edit, Qt.Key.Key_Return)
    assert asked == []
    assert not composer.send.isEnabled()


def test_files_are_chosen_sent_and_gone(
    qtbot: QtBot, composer: Composer, asked: Asked, picture: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_: ([str(picture)], ""))  # the system's own dialog
    qtbot.keyClick(composer.attach, Qt.Key.Key_Space)
    assert composer.attachments.isVisible()
    qtbot.keyClick(composer.edit, Qt.Key.Key_Return)
    assert asked == [("", (picture,))]
    assert composer.attachments.files == ()
    assert not composer.attachments.isVisible()


def test_a_file_is_taken_off_by_keyboard(qtbot: QtBot, composer: Composer, picture: Path) -> None:
    composer.add_files([picture, picture])
    (button,) = composer.attachments.findChildren(type(composer.attach))
    assert button.accessibleName() == "Attached: a cat & a dog.jpg"
    assert button.text() == "a cat && a dog.jpg"
    button.setFocus()
    qtbot.keyClick(button, Qt.Key.Key_Space)
    assert composer.attachments.files == ()
    assert not composer.send.isEnabled()


def test_files_are_dropped_or_pasted_text_is_text(composer: Composer, picture: Path) -> None:
    given = QMimeData()
    given.setUrls([QUrl.fromLocalFile(str(picture)), QUrl(f"https://example.org{picture}")])
    assert composer.edit.canInsertFromMimeData(given)
    composer.edit.insertFromMimeData(given)
    assert composer.attachments.files == (picture,)
    QGuiApplication.clipboard().setText("words")
    composer.edit.paste()
    assert composer.edit.toPlainText() == "words"


@pytest.mark.parametrize(
    ("phase", "stop", "talk"),
    [
        (Phase.STOPPED, False, False),
        (Phase.LOADING, False, False),
        (Phase.LISTENING, False, True),
        (Phase.HEARING, True, True),
        (Phase.THINKING, True, True),
        (Phase.SPEAKING, True, True),
    ],
)
def test_what_can_be_done_can_be_pressed(composer: Composer, phase: Phase, *, stop: bool, talk: bool) -> None:
    composer.show_phase(phase)
    assert composer.stop.isEnabled() == stop
    assert composer.talk.isEnabled() == talk


def test_focus_is_not_lost_with_the_stop_button(qtbot: QtBot, composer: Composer) -> None:
    composer.show_phase(Phase.SPEAKING)
    composer.edit.setPlainText("Next question")
    composer.stop.setFocus()
    composer.show_phase(Phase.LISTENING)
    assert composer.edit.hasFocus()


def test_talk_ends_when_the_model_goes(composer: Composer) -> None:
    told: list[bool] = []
    composer.talk.talking.connect(told.append)
    composer.talk.begin()
    composer.show_phase(Phase.STOPPED)
    assert told == [True, False]


@pytest.mark.parametrize("after", [Phase.LISTENING, Phase.THINKING])
def test_talk_ends_with_the_question_that_was_spoken(composer: Composer, after: Phase) -> None:
    """By Stop, or by a question that was typed: else the button would stay down and nobody would be heard."""
    told: list[bool] = []
    composer.show_phase(Phase.SPEAKING)
    composer.talk.talking.connect(told.append)
    composer.talk.begin()
    composer.show_phase(Phase.HEARING)
    assert told == [True]
    composer.show_phase(after)
    assert told == [True, False]


def test_an_old_question_is_changed_and_sent(qtbot: QtBot, composer: Composer, asked: Asked, picture: Path) -> None:
    again: list[tuple[int, str, tuple[Path, ...]]] = []
    composer.asked_again.connect(lambda row, text, files: again.append((row, text, files)))
    composer.change(4, "Why", [picture])
    assert composer.keep.isVisible()
    qtbot.keyClicks(composer.edit, " not?")
    qtbot.keyClick(composer.edit, Qt.Key.Key_Return)
    assert again == [(4, "Why not?", (picture,))]
    assert not composer.keep.isVisible()
    qtbot.keyClicks(composer.edit, "And?")
    qtbot.keyClick(composer.edit, Qt.Key.Key_Return)
    assert asked == [("And?", ())]


def test_an_old_question_can_be_left_as_it_is(qtbot: QtBot, composer: Composer, asked: Asked, picture: Path) -> None:
    composer.change(4, "Why", [picture])
    qtbot.keyClick(composer.keep, Qt.Key.Key_Space)
    assert composer.edit.toPlainText() == ""
    assert composer.attachments.files == ()
    qtbot.keyClicks(composer.edit, "And?")
    composer.leave_question()
    qtbot.keyClick(composer.edit, Qt.Key.Key_Return)
    assert asked == [("And?", ())]


def picture_data() -> QMimeData:
    image = QImage(4, 3, QImage.Format.Format_RGB32)
    image.fill(QColor(200, 10, 20))
    data = QMimeData()
    data.setImageData(image)
    return data


def test_a_pasted_picture_stays_in_memory_and_goes_along(qtbot: QtBot, composer: Composer, asked: Asked) -> None:
    composer.edit.insertFromMimeData(picture_data())
    composer.edit.insertFromMimeData(picture_data())
    names = [button.accessibleName() for button in composer.attachments.findChildren(Button)]
    assert names == ["Attached: Pasted picture 1", "Attached: Pasted picture 2"]
    qtbot.keyClick(composer.edit, Qt.Key.Key_Return)
    ((text, shown),) = asked
    assert text == ""
    assert [type(item) for item in shown] == [Frame, Frame]
    frame = shown[0]
    assert isinstance(frame, Frame)
    assert frame.pixels.shape == (3, 4, 3)
    assert frame.pixels[2, 3].tolist() == [200, 10, 20]
    assert frame.origin is Origin.CLIPBOARD


def test_words_that_come_with_a_picture_are_pasted_as_words(composer: Composer) -> None:
    data = picture_data()
    data.setText("a table")
    composer.edit.insertFromMimeData(data)
    assert composer.edit.toPlainText() == "a table"
    assert composer.attachments.files == ()
