"""Conversations as the user keeps them: in the real window, and in a real process that is killed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractItemView, QFileDialog, QLineEdit, QMessageBox
from pytestqt.qtbot import QtBot

from app.entry import Entry
from app.history import History
from app.senses import Block, Started
from app.settings import Settings
from app.transcript import Kind, Line, LineState
from app.ui.top_bar import NEW, PRIVATE
from model.protocol import Exchange, Forget, Recall, Said
from tests.app.desk import READY, TIMEOUT, Desk, Sit

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "data" / "history.sqlite"


def test_conversations_are_listed_searched_opened_and_gone_on_with(sit: Sit) -> None:
    desk = sit()
    desk.say("What is a cup?", "A vessel.")
    desk.panel.begin.click()
    assert desk.texts == []
    assert desk.orders == [Forget()]
    desk.say("What is a cat?")
    desk.await_list("What is a cat?", "What is a cup?")
    desk.panel.search.setText("vess")
    desk.await_list("What is a cup?")
    assert "A vessel." in str(desk.panel.entries.index(0).data(Qt.ItemDataRole.AccessibleTextRole))
    desk.open("What is a cup?")
    assert desk.texts == ["What is a cup?", "A vessel."]
    assert desk.window.top.title.text() == "What is a cup?"
    assert desk.orders[-1] == Recall((Exchange("What is a cup?", "A vessel."),))
    desk.panel.search.clear()
    desk.say("And a saucer?")
    desk.panel.begin.click()
    desk.await_list("What is a cup?", "What is a cat?")
    desk.open("What is a cup?")
    assert desk.texts == ["What is a cup?", "A vessel.", "And a saucer?", "So."]


def test_a_model_that_is_loaded_later_is_told_what_was_said(sit: Sit) -> None:
    desk = sit()
    desk.say("Why?", "Because.")
    desk.conversation.model_comes()
    desk.conversation.take_news(READY)
    assert desk.orders == [Recall((Exchange("Why?", "Because."),))]


def test_a_conversation_is_renamed_by_keyboard(qtbot: QtBot, sit: Sit, file: Path) -> None:
    desk = sit()
    desk.say("Why?")
    desk.await_list("Why?")
    desk.choose("Why?")
    desk.panel.rename.click()
    (editor,) = desk.panel.list.findChildren(QLineEdit)
    editor.setText("  Reasons ")
    desk.panel.entries.mark(desk.panel.chosen)  # news of the list, as every line that is written brings them
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    desk.await_list("Reasons")
    assert desk.window.top.title.text() == "Reasons"
    desk.keeping.close()
    base = History(file)
    assert [entry.title for entry in base.entries()] == ["Reasons"]
    base.close()


@pytest.mark.parametrize("answer", [QMessageBox.StandardButton.Yes, QMessageBox.StandardButton.Cancel])
def test_a_conversation_is_deleted_if_that_is_meant(
    sit: Sit, monkeypatch: pytest.MonkeyPatch, answer: QMessageBox.StandardButton
) -> None:
    monkeypatch.setattr(QMessageBox, "question", lambda *_: answer)
    desk = sit()
    desk.say("Why?")
    desk.await_list("Why?")
    desk.choose("Why?")
    desk.panel.delete.click()
    if answer is QMessageBox.StandardButton.Yes:
        desk.await_list()
        assert desk.texts == []
        assert desk.panel.about.isVisible()
    else:
        assert desk.texts == ["Why?", "So."]


# Left in the middle of it


def answer_half(desk: Desk, question: str) -> None:
    desk.conversation.ask(question)
    desk.conversation.take_news(Said(desk.conversation.turn, "It sle"))


def texts(lines: list[Line]) -> list[str]:
    return [line.text for line in lines]


@pytest.mark.parametrize("exchanges", [1, 3])
def test_an_answer_that_gives_way_to_another_conversation_is_cut_in_its_own(sit: Sit, exchanges: int) -> None:
    """The other one is shorter than the row of the answer, or longer."""
    desk = sit()
    for number in range(exchanges):
        desk.say(f"Cup {number}?")
    before = desk.texts
    desk.panel.begin.click()
    desk.say("Cat?")
    answer_half(desk, "And then?")
    desk.await_list("Cat?", "Cup 0?")
    desk.open("Cup 0?")
    assert desk.texts == before
    desk.conversation.ask("Saucer?")
    other, own = desk.close()
    assert texts(own) == ["Cat?", "So.", "And then?", "It sle"]
    assert (own[-1].state, own[-1].heard_text) == (LineState.CUT, "It sle")
    assert texts(other) == [*before, "Saucer?"]


def test_an_answer_that_gives_way_to_a_new_conversation_is_cut_in_its_own(sit: Sit) -> None:
    desk = sit()
    desk.say("Cat?")
    answer_half(desk, "And then?")
    desk.panel.begin.click()
    assert desk.texts == []
    desk.conversation.ask("Saucer?")
    new, own = desk.close()
    assert texts(own) == ["Cat?", "So.", "And then?", "It sle"]
    assert own[-1].state is LineState.CUT
    assert texts(new) == ["Saucer?"]


@pytest.mark.parametrize(
    ("leave", "before"),
    [(lambda desk: desk.panel.begin.click(), []), (lambda desk: desk.open("Cup?"), ["Cup?", "So."])],
)
def test_a_question_that_is_being_heard_stays_in_its_own(
    sit: Sit, leave: Callable[[Desk], None], before: list[str]
) -> None:
    desk = sit()
    desk.say("Cup?")
    desk.panel.begin.click()
    desk.say("Cat?")
    desk.await_list("Cat?", "Cup?")
    desk.conversation.take_speech(Started(Block(np.zeros(16_000, np.float32), 10.0), meant=True))
    leave(desk)
    desk.conversation.ask("Saucer?")
    other, own, *_ = desk.close()
    assert texts(own) == ["Cat?", "So.", ""]
    assert own[-1].state is LineState.CUT
    assert [item.kind for item in own[-1].attachments] == [Kind.SPEECH]
    assert texts(other) == [*before, "Saucer?"]


def test_nothing_is_left_of_a_conversation_that_is_deleted_in_mid_answer(
    sit: Sit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QMessageBox, "question", lambda *_: QMessageBox.StandardButton.Yes)
    desk = sit()
    answer_half(desk, "Why?")
    desk.await_list("Why?")
    desk.choose("Why?")
    desk.panel.delete.click()
    assert desk.texts == []
    assert desk.close() == []


# Into a file


@pytest.mark.parametrize("ending", ["md", "json"])
def test_a_conversation_is_exported(sit: Sit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ending: str) -> None:
    target = tmp_path / f"out.{ending}"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(target), ""))  # the system's own dialog
    desk = sit()
    desk.say("Why?", "Because.")
    desk.await_list("Why?")
    desk.choose("Why?")
    desk.panel.export.click()
    text = target.read_text(encoding="utf-8")
    assert "Because." in text
    if ending == "json":
        assert [line["who"] for line in json.loads(text)["lines"]] == ["user", "model"]
    target.unlink()
    target.mkdir()
    desk.panel.export.click()
    assert "cannot be written" in desk.texts[-1]


@pytest.mark.parametrize("answer", [QMessageBox.StandardButton.Yes, QMessageBox.StandardButton.Cancel])
def test_the_kind_of_file_that_was_chosen_is_written(
    sit: Sit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answer: QMessageBox.StandardButton
) -> None:
    """Under a name that the dialog has not asked about: nothing that is there is replaced unasked."""
    suggested: list[str] = []

    def choose(_window: object, _title: str, name: str, _kinds: str) -> tuple[str, str]:
        suggested.append(name)
        return str(tmp_path / name), "JSON (*.json)"

    monkeypatch.setattr(QFileDialog, "getSaveFileName", choose)  # the system's own dialog
    monkeypatch.setattr(QMessageBox, "question", lambda *_: answer)
    desk = sit()
    desk.say("Why?", "Because.")
    desk.await_list("Why?")
    desk.choose("Why?")
    desk.panel.export.click()
    target = tmp_path / "Why.json"
    assert suggested == ["Why.md"]
    assert json.loads(target.read_text(encoding="utf-8"))["title"] == "Why?"
    target.write_text("mine", encoding="utf-8")
    desk.panel.export.click()
    assert (target.read_text(encoding="utf-8") == "mine") is (answer is QMessageBox.StandardButton.Cancel)
    assert not (tmp_path / "Why.md").exists()


# Private ones


def test_private_is_said_and_nothing_is_listed(sit: Sit, file: Path) -> None:
    desk = sit()
    desk.await_list()
    desk.panel.private.click()
    assert desk.window.top.title.text() == PRIVATE
    desk.say("heliotrope")
    desk.panel.begin.click()
    assert desk.window.top.title.text() == NEW
    assert not desk.panel.private.isChecked()
    desk.say("Why?")
    desk.await_list("Why?")
    desk.keeping.close()
    assert b"heliotrope" not in b"".join(part.read_bytes() for part in file.parent.iterdir())


def test_from_a_private_conversation_private_begins_another_and_each_is_announced(sit: Sit) -> None:
    desk = sit()
    announced: list[str] = []
    desk.window.transcript.announced.connect(announced.append)
    for _ in range(2):
        desk.panel.private.click()
        assert desk.panel.private.isChecked()
        assert desk.window.top.title.text() == PRIVATE
        desk.say("heliotrope")
    desk.panel.begin.click()
    private = "A private conversation was begun: nothing of it is kept."
    assert announced == [private, private, "A new conversation was begun."]
    assert desk.close() == []


def test_every_conversation_is_private_if_that_is_chosen(sit: Sit) -> None:
    desk = sit(Settings(private=True))
    assert desk.panel.private.isChecked()
    desk.panel.begin.click()
    assert desk.panel.private.isChecked()
    desk.keeping.choose(Settings())
    assert not desk.panel.private.isChecked()


def test_the_list_goes_on_when_the_file_is_lost(qtbot: QtBot, sit: Sit, file: Path) -> None:
    desk = sit()
    desk.say("Why?")
    desk.await_list("Why?")
    for part in file.parent.iterdir():
        if not part.name.endswith("-shm"):  # which is shared memory: a process that finds it shorter dies, by design
            part.write_bytes(b"nonsense" * 2000)
    desk.panel.search.setText("why")
    qtbot.waitUntil(lambda: any("could not be read" in text for text in desk.texts), timeout=TIMEOUT)
    desk.await_list("Why?")


def test_a_list_is_as_good_as_its_entries(qtbot: QtBot, sit: Sit) -> None:
    desk = sit()
    desk.await_list()
    desk.panel.show_entries([Entry("a", "Cups", datetime.now()), Entry("b", "", datetime(2025, 6, 1))])
    shown = desk.panel.list.grab().toImage()
    desk.panel.mark("b", private=False)
    assert desk.panel.list.grab().toImage() != shown
    desk.choose("Cups")
    assert desk.panel.chosen == "a"
    desk.panel.show_entries([Entry("b", "Cats", datetime.now()), Entry("a", "Cups", datetime.now())])
    assert desk.panel.chosen == "a"


def test_the_keys_of_the_list_are_the_same_on_every_system(qtbot: QtBot, sit: Sit) -> None:
    """Qt's own would edit on Enter on macOS, and know no F2."""
    desk = sit()
    desk.say("Why?")
    desk.await_list("Why?")
    desk.window.activateWindow()
    qtbot.waitUntil(desk.window.isActiveWindow)
    desk.choose("Why?")
    desk.panel.list.setFocus()
    opened: list[str] = []
    desk.panel.opened.connect(opened.append)
    assert desk.panel.list.editTriggers() == QAbstractItemView.EditTrigger.NoEditTriggers
    keys = [[keys.toString() for keys in action.shortcuts()] for action in desk.panel.list.actions()]
    assert keys == [["Return", "Enter"], ["F2"], [], ["Del"]]
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
        qtbot.keyClick(desk.panel.list, key)
    assert opened == [desk.panel.chosen] * 2
    qtbot.keyClick(desk.panel.list, Qt.Key.Key_F2)
    assert len(desk.panel.list.findChildren(QLineEdit)) == 1


# A whole process


def run(home: Path, *words: str) -> subprocess.Popen[str]:
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "HOME": str(home)}
    command = [sys.executable, "-m", "tests.app.keeper", str(home), *words]
    return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)


def await_word(process: subprocess.Popen[str], word: str, times: int = 1) -> None:
    assert process.stdout is not None
    while times:
        line = process.stdout.readline()
        assert line, "it ended"
        times -= line.strip() == word


def kill(process: subprocess.Popen[str]) -> None:
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert process.stdout is not None
    process.stdout.close()


def test_after_a_kill_what_was_said_five_seconds_before_is_there(qtbot: QtBot, tmp_path: Path) -> None:
    """Its second answer never ends; it is killed as soon as another process can read some of that."""
    process = run(tmp_path, "Why?", "work")
    file = tmp_path / "data" / "history.sqlite"
    try:
        await_word(process, "SPEAKING", 2)

        def read() -> list[str]:
            base = History(file)
            lines = [kept.line.text for entry in base.entries() for kept in base.lines(entry.id)]
            base.close()
            return lines

        qtbot.waitUntil(lambda: len(read()) == 4, timeout=TIMEOUT)
    finally:
        kill(process)
    assert read() == ["Why?", "turn 1Why?", "work", "turn 2workon and on"]


def test_of_a_private_conversation_no_file_of_the_home_knows(tmp_path: Path) -> None:
    process = run(tmp_path, "--private", "heliotrope blossoms")
    try:
        await_word(process, "LISTENING", 2)
    finally:
        kill(process)
    files = [part for part in tmp_path.rglob("*") if part.is_file()]
    assert any(part.name == "history.sqlite" for part in files)
    for part in files:
        assert b"heliotrope" not in part.read_bytes(), part
