"""What is said is on the disk soon, whatever happens to the disk, and of a private conversation nothing is."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app import scribe as scribe_module
from app.history import History, HistoryError, Write
from app.scribe import Scribe
from app.transcript import Line, LineState, Transcript, Who

NOON = datetime(2025, 6, 1, 12, 5)
TIMEOUT = 20_000


class Desk:
    """A transcript, who writes it down, and what is heard of it."""

    def __init__(self, file: Path, qtbot: QtBot) -> None:
        self.file = file
        self.transcript = Transcript()
        self.scribe = Scribe(file, self.transcript)
        self.complaints: list[str] = []
        self.scribe.complained.connect(self.complaints.append)
        self._qtbot = qtbot

    def open(self) -> None:
        with self._qtbot.waitSignal(self.scribe.opened, timeout=TIMEOUT):
            self.scribe.start()

    def say(self, text: str, who: Who = Who.USER, state: LineState = LineState.WHOLE) -> int:
        return self.transcript.add(Line(who, NOON, text, state=state))

    def flush(self) -> None:
        """Waits until nothing is left to be written."""
        self.scribe.flush()
        self._qtbot.waitUntil(lambda: self.scribe.is_idle, timeout=TIMEOUT)

    def written(self, conversation: str | None = None) -> list[str]:
        base = History(self.file)
        lines = base.lines(conversation or self.scribe.conversation)
        base.close()
        return [kept.line.text for kept in lines]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "data" / "history.sqlite"


@pytest.fixture
def desk(qtbot: QtBot, file: Path) -> Iterator[Desk]:
    desk = Desk(file, qtbot)
    yield desk
    desk.scribe.close()


def test_what_is_said_is_written_without_being_asked(qtbot: QtBot, desk: Desk) -> None:
    desk.open()
    desk.say("Why?")
    row = desk.say("Be", Who.MODEL, LineState.OPEN)
    desk.transcript.append(row, "cause")
    qtbot.waitUntil(lambda: desk.written() == ["Why?", "Because"], timeout=TIMEOUT)
    desk.transcript.append(row, " so.")
    desk.transcript.close(row)
    qtbot.waitUntil(lambda: desk.written() == ["Why?", "Because so."], timeout=TIMEOUT)


def test_what_was_said_before_the_file_was_open_is_written_too(desk: Desk) -> None:
    desk.say("Why?")
    desk.open()
    desk.flush()
    assert desk.written() == ["Why?"]


def test_what_the_program_says_itself_is_not_kept(desk: Desk) -> None:
    desk.open()
    desk.say("No camera was found.", Who.NOTICE)
    desk.say("Why?")
    desk.flush()
    assert desk.written() == ["Why?"]


def test_an_old_conversation_goes_on(desk: Desk) -> None:
    desk.open()
    desk.say("Why?")
    desk.say("Notice", Who.NOTICE)
    desk.say("Because.", Who.MODEL)
    desk.flush()
    old = desk.scribe.conversation
    desk.scribe.begin()
    desk.transcript.fill([])
    desk.say("Else?")
    desk.flush()
    base = History(desk.file)
    kept = base.lines(old)
    base.close()
    desk.transcript.fill(line.line for line in kept)
    desk.scribe.go_on(old, kept)
    desk.say("And?")
    desk.flush()
    assert desk.written(old) == ["Why?", "Because.", "And?"]


def test_lines_that_are_taken_off_are_taken_off_the_disk(desk: Desk) -> None:
    desk.open()
    for text in ("Why?", "Because.", "And?"):
        desk.say(text)
    desk.flush()
    desk.transcript.truncate(1)
    desk.say("How?")
    desk.flush()
    assert desk.written() == ["Why?", "How?"]


def test_nothing_of_a_private_conversation_is_written(desk: Desk) -> None:
    desk.open()
    desk.scribe.begin(private=True)
    desk.say("heliotrope")
    desk.transcript.truncate(0)
    desk.say("heliotrope")
    desk.scribe.begin()
    desk.transcript.fill([])
    desk.say("Why?")
    desk.flush()
    assert desk.written() == ["Why?"]
    assert b"heliotrope" not in b"".join(part.read_bytes() for part in desk.file.parent.iterdir())


def test_old_conversations_are_pruned_but_for_the_open_one(desk: Desk) -> None:
    desk.open()
    desk.say("Old")
    desk.flush()
    old = desk.scribe.conversation
    desk.scribe.begin()
    desk.transcript.fill([])
    desk.say("Open")
    desk.scribe.prune(NOON + timedelta(days=1))
    desk.flush()
    assert desk.written(old) == []
    assert desk.written() == ["Open"]


def test_a_deleted_conversation_is_gone(desk: Desk) -> None:
    desk.open()
    desk.say("Why?")
    desk.flush()
    desk.scribe.rename(desk.scribe.conversation, "Reasons")
    desk.say("Because.")
    desk.scribe.delete(desk.scribe.conversation)
    desk.flush()
    assert desk.written() == []


# Trouble


def test_on_a_full_disk_nothing_is_lost_and_one_sentence_is_said(
    qtbot: QtBot, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SQLite's own error for a full disk, brought about by its own limit."""
    monkeypatch.setattr(scribe_module, "RETRY_SECONDS", 0.05)
    limited: list[sqlite3.Connection] = []
    apply = History.apply

    def applied(self: History, changes: list[Write]) -> None:
        if not limited:
            self._base.execute("PRAGMA max_page_count = 20")
            limited.append(self._base)
        apply(self, changes)

    monkeypatch.setattr(History, "apply", applied)
    desk.open()
    with qtbot.waitSignal(desk.scribe.complained, timeout=TIMEOUT):
        for number in range(20):
            desk.say(f"{number} " * 5000)
        desk.scribe.flush()
    desk.say("Why?")
    desk.scribe.flush()
    monkeypatch.setattr(History, "apply", lifting(apply))
    qtbot.waitUntil(lambda: len(desk.written()) == 21, timeout=TIMEOUT)
    assert desk.written()[-1] == "Why?"
    assert len(desk.complaints) == 1
    assert "full" in desk.complaints[0]


def lifting(apply: object) -> object:
    def applied(self: History, changes: list[Write]) -> None:
        self._base.execute("PRAGMA max_page_count = 1000000")
        apply(self, changes)  # type: ignore[operator]

    return applied


@pytest.mark.parametrize("content", [b"no database at all" * 100, b""])
def test_a_file_that_cannot_be_used_is_set_aside_with_a_sentence(desk: Desk, content: bytes) -> None:
    desk.file.parent.mkdir()
    desk.file.write_bytes(content)
    desk.say("Why?")
    desk.open()
    desk.flush()
    assert desk.written() == ["Why?"]
    aside = list(desk.file.parent.glob("*.damaged-*"))
    assert [part.read_bytes() for part in aside] == ([content] if content else [])
    assert len(desk.complaints) == len(aside)
    assert all(str(part) in desk.complaints[0] for part in aside)


def test_a_file_that_is_damaged_meanwhile_is_replaced_by_what_is_known(qtbot: QtBot, desk: Desk) -> None:
    desk.open()
    for number in range(200):
        desk.say(f"{number} " * 300)
    desk.flush()
    with desk.file.open("r+b") as opened:
        opened.write(b"\x55" * 40_000)
    for part in desk.file.parent.glob("*-wal"):
        part.write_bytes(b"")
    desk.scribe.mend()
    qtbot.waitUntil(lambda: bool(desk.complaints), timeout=TIMEOUT)
    qtbot.waitUntil(lambda: len(desk.written()) == 200, timeout=TIMEOUT)


def test_a_history_that_cannot_be_checked_for_a_moment_is_gone_on_with(
    qtbot: QtBot, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.open()
    desk.say("Why?")
    desk.flush()
    with monkeypatch.context() as broken, qtbot.waitSignal(desk.scribe.complained, timeout=TIMEOUT):
        broken.setattr(History, "check", fail)
        desk.scribe.mend()
    desk.say("And how?")
    with qtbot.waitSignal(desk.scribe.opened, timeout=TIMEOUT):
        desk.scribe.flush()
    desk.flush()
    assert desk.written() == ["Why?", "And how?"]
    assert not list(desk.file.parent.glob("*.damaged-*"))


def fail(_history: History) -> None:
    raise HistoryError("disk I/O error")


def test_a_place_that_cannot_be_written_is_told_and_tried_again(
    qtbot: QtBot, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scribe_module, "RETRY_SECONDS", 0.05)
    desk.file.parent.write_text("in the way")
    with qtbot.waitSignal(desk.scribe.complained, timeout=TIMEOUT):
        desk.scribe.start()
    desk.say("Why?")
    desk.scribe.flush()
    with qtbot.waitSignal(desk.scribe.changed, timeout=TIMEOUT):
        desk.file.parent.unlink()
    assert desk.written() == ["Why?"]
    assert len(desk.complaints) == 1
