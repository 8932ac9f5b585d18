"""Conversations go after the time that was chosen, and no sooner than the user has agreed to it."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtWidgets import QMessageBox
from pytestqt.qtbot import QtBot

from app import keeping
from app.history import History, Write
from app.settings import Settings
from app.transcript import Line, Who
from tests.app.desk import TIMEOUT, Sit

BUTTONS = QMessageBox.StandardButton


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """With conversations of 400, 40 and 4 days ago."""
    file = tmp_path / "data" / "history.sqlite"
    for days in (400, 40, 4):
        say(file, days)
    return file


def say(file: Path, days: int) -> None:
    """So many days ago."""
    base = History(file)
    moment = datetime.now() - timedelta(days=days)
    base.apply([Write(str(days), 0, Line(Who.USER, moment, f"{days} days ago"))])
    base.close()


class Asked:
    """What was asked, each time with the same answer."""

    def __init__(self, answer: QMessageBox.StandardButton, monkeypatch: pytest.MonkeyPatch) -> None:
        self.questions: list[str] = []
        self.defaults: list[object] = []
        self._answer = answer
        monkeypatch.setattr(QMessageBox, "question", self._take)

    def _take(self, *given: object) -> QMessageBox.StandardButton:
        self.questions.append(str(given[2]))
        self.defaults.append(given[4])
        return self._answer


def test_old_conversations_are_deleted_once_that_is_chosen(file: Path, sit: Sit) -> None:
    desk = sit(Settings(keep_days=365))
    desk.await_list("4 days ago", "40 days ago")
    desk.keeping.choose(Settings(keep_days=30))
    desk.await_list("4 days ago")


def test_who_is_asked_is_told_how_many_and_may_keep_them(file: Path, sit: Sit, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = Asked(BUTTONS.Cancel, monkeypatch)
    desk = sit()
    desk.await_list("4 days ago", "40 days ago", "400 days ago")
    assert desk.keeping.confirm(Settings(keep_days=30, private=True)) == Settings(private=True)
    assert "(2)" in asked.questions[0]
    assert asked.defaults == [BUTTONS.Cancel]
    assert len(desk.close()) == 3


def test_what_was_agreed_to_is_chosen(file: Path, sit: Sit, monkeypatch: pytest.MonkeyPatch) -> None:
    Asked(BUTTONS.Yes, monkeypatch)
    desk = sit(Settings(keep_days=365))
    desk.await_list("4 days ago", "40 days ago")
    assert desk.keeping.confirm(Settings(keep_days=30)) == Settings(keep_days=30)


def test_the_conversation_that_is_open_is_asked_about_too(
    file: Path, sit: Sit, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It goes once another one is opened."""
    asked = Asked(BUTTONS.Cancel, monkeypatch)
    desk = sit(Settings(keep_days=365))
    desk.await_list("4 days ago", "40 days ago")
    desk.open("40 days ago")
    desk.keeping.confirm(Settings(keep_days=30, private=True))
    assert "(1)" in asked.questions[0]


@pytest.mark.parametrize("days", [None, 400, 365, 90])
def test_nothing_is_asked_where_nothing_goes(
    file: Path, sit: Sit, monkeypatch: pytest.MonkeyPatch, days: int | None
) -> None:
    asked = Asked(BUTTONS.Cancel, monkeypatch)
    desk = sit(Settings(keep_days=365))
    desk.await_list("4 days ago", "40 days ago")
    assert desk.keeping.confirm(Settings(keep_days=days)) == Settings(keep_days=days)
    assert asked.questions == []


def test_where_nobody_can_tell_how_many_it_is_asked_all_the_same(
    file: Path, sit: Sit, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = Asked(BUTTONS.Cancel, monkeypatch)
    desk = sit()  # its file is opened on a thread, which is told in the event loop
    assert desk.keeping.confirm(Settings(keep_days=30)) == Settings()
    assert "for so long?" in asked.questions[0]


def test_what_grows_old_while_sightline_runs_goes_too(
    qtbot: QtBot, sit: Sit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping, "PRUNE_MILLISECONDS", 20)
    desk = sit(Settings(keep_days=30))
    base = History(desk.file)
    for days in (40, 50):  # the first may be found when the file is opened
        say(desk.file, days)
        qtbot.waitUntil(lambda: not base.entries(), timeout=TIMEOUT)
    base.close()
