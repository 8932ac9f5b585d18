"""Conversations as the user keeps them: in the real window, and in a real process that is killed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QLineEdit, QMessageBox
from pytestqt.qtbot import QtBot

from app.conversation import Conversation
from app.entry import Entry
from app.history import History, Write
from app.keeping import Keeping
from app.settings import Settings
from app.transcript import Line, Transcript, Who
from app.ui.top_bar import NEW, PRIVATE
from app.ui.window import Window
from model.protocol import Exchange, Forget, Order, Ready, Recall
from tests.app.test_conversation import Mouth

ROOT = Path(__file__).resolve().parents[2]
TIMEOUT = 20_000
READY = Ready("small", "", (), "cpu", 1)


class Desk:
    """Window, conversation and history, with nobody behind them."""

    def __init__(self, file: Path, qtbot: QtBot, settings: Settings) -> None:
        self.file = file
        self.transcript = Transcript()
        self.conversation = Conversation(self.transcript, Mouth())
        self.orders: list[Order] = []
        self.window = Window(self.transcript)
        self.window.show()
        self.keeping = Keeping(file, self.transcript, self.conversation, self.window, settings=settings)
        self.conversation.model_comes()
        self.conversation.take_news(READY)
        self.conversation.order.connect(self.orders.append)
        self.panel = self.window.history
        self._qtbot = qtbot

    def say(self, question: str, answer: str = "So.") -> None:
        for who, text in ((Who.USER, question), (Who.MODEL, answer)):
            self.transcript.add(Line(who, datetime.now(), text))

    @property
    def listed(self) -> list[str]:
        entries = self.panel.entries
        return [str(entries.index(row).data()) for row in range(entries.rowCount())]

    def await_list(self, *titles: str) -> None:
        self._qtbot.waitUntil(lambda: self.listed == list(titles), timeout=TIMEOUT)

    def choose(self, title: str) -> None:
        self.panel.list.setCurrentIndex(self.panel.entries.index(self.listed.index(title)))

    def open(self, title: str) -> None:
        self.choose(title)
        self._qtbot.keyClick(self.panel.list, Qt.Key.Key_Return)

    @property
    def texts(self) -> list[str]:
        return [line.text for line in self.transcript.lines]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "data" / "history.sqlite"


Sit = Callable[..., Desk]


@pytest.fixture
def sit(qtbot: QtBot, file: Path) -> Iterator[Sit]:
    desks: list[Desk] = []

    def seated(settings: Settings | None = None) -> Desk:
        desk = Desk(file, qtbot, settings or Settings())
        desks.append(desk)
        qtbot.addWidget(desk.window)
        desk.keeping.start()
        return desk

    yield seated
    for desk in desks:
        desk.keeping.close()


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


def test_every_conversation_is_private_if_that_is_chosen(sit: Sit) -> None:
    desk = sit(Settings(private=True))
    assert desk.panel.private.isChecked()
    desk.panel.begin.click()
    assert desk.panel.private.isChecked()
    desk.keeping.choose(Settings())
    assert not desk.panel.private.isChecked()


def test_old_conversations_are_deleted_once_that_is_chosen(sit: Sit, file: Path) -> None:
    base = History(file)
    for days in (400, 40, 4):
        moment = datetime.now() - timedelta(days=days)
        base.apply([Write(str(days), 0, Line(Who.USER, moment, f"{days} days ago"))])
    base.close()
    desk = sit(Settings(keep_days=365))
    desk.await_list("4 days ago", "40 days ago")
    desk.keeping.choose(Settings(keep_days=30))
    desk.await_list("4 days ago")


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
