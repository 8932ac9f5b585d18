"""Conversations in a real file: what is written is found and read again, what is deleted is nowhere."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from app import history
from app.history import (
    DamagedError,
    Delete,
    History,
    HistoryError,
    Prune,
    Remove,
    Rename,
    Write,
    is_damage,
    make_title,
    set_aside,
)
from app.transcript import Attachment, Kind, Line, LineState, Who

NOON = datetime(2025, 6, 1, 12, 5)
PICTURE = b"\x89PNG thumbnail"
SPEECH = Attachment(Kind.SPEECH, "3 s of speech", levels=bytes(range(60)))
FILE = Attachment(Kind.FILE, "cat.jpg", Path("photos") / "cat.jpg", PICTURE)
QUESTION = Line(Who.USER, NOON, "What is on the table?", (FILE, SPEECH))
ANSWER = Line(Who.MODEL, NOON, "A cup, and a saucer.", (), LineState.CUT, 5)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "data" / "history.sqlite"


def say(text: str, who: Who = Who.USER, when: datetime = NOON) -> Line:
    return Line(who, when, text)


def opened(file: Path, *changes: history.Change) -> History:
    base = History(file)
    base.apply(changes)
    return base


def titles(base: History, words: str = "") -> list[str]:
    return [entry.title for entry in base.entries(words)]


def all_bytes(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in sorted(folder.rglob("*")) if file.is_file())


def test_a_conversation_comes_back_as_it_was(file: Path) -> None:
    opened(file, Write("a", 0, QUESTION), Write("a", 1, ANSWER)).close()
    base = History(file)
    assert [kept.line for kept in base.lines("a")] == [QUESTION, ANSWER]
    assert [kept.place for kept in base.lines("a")] == [0, 1]
    (entry,) = base.entries()
    assert (entry.id, entry.title, entry.changed) == ("a", "What is on the table?", NOON)
    base.close()


def test_the_latest_form_of_a_line_is_kept(file: Path) -> None:
    growing = Line(Who.MODEL, NOON, "A c", state=LineState.OPEN)
    base = opened(file, Write("a", 0, QUESTION), Write("a", 1, growing), Write("a", 1, ANSWER))
    assert [kept.line for kept in base.lines("a")] == [QUESTION, ANSWER]
    assert base.entries("saucer")
    base.apply([Write("a", 1, say("Nothing."))])
    assert not base.entries("saucer")
    base.close()


def test_a_line_that_was_never_finished_was_broken_off(file: Path) -> None:
    base = opened(file, Write("a", 0, Line(Who.MODEL, NOON, "A c", state=LineState.OPEN)))
    assert base.lines("a")[0].line.state is LineState.BROKEN
    base.close()


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("", ["Third", "Second", "First"]),
        ("cafe", ["First"]),
        ("CAF", ["First"]),
        ("saucer table", []),
        ("blue table", ["Second"]),
        ("third", ["Third"]),
        ("100%", []),
        ('"', []),
        ("NOT table OR *", []),
        ("蓝色", ["Third"]),
    ],
)
def test_words_and_their_beginnings_are_found(file: Path, words: str, found: list[str]) -> None:
    base = opened(
        file,
        Write("a", 0, say("First", when=NOON)),
        Write("a", 1, say("We sat in a café.", Who.MODEL)),
        Write("b", 0, say("Second", when=NOON + timedelta(hours=1))),
        Write("b", 1, say("The table is blue.", Who.MODEL)),
        Write("c", 0, say("Third", when=NOON + timedelta(hours=2))),
        Write("c", 1, say("那张桌子是蓝色的", Who.MODEL)),
    )
    assert titles(base, words) == found
    base.close()


def test_where_the_words_were_found_is_told(file: Path) -> None:
    base = opened(file, Write("a", 0, say("First")), Write("a", 1, say("The table is blue.", Who.MODEL)))
    assert base.entries("blue")[0].excerpt == "The table is blue."
    assert base.entries("first")[0].excerpt == "First"
    base.close()


def test_a_name_that_was_given_stays(file: Path) -> None:
    base = opened(file, Write("a", 0, QUESTION), Rename("a", "Cups"), Write("a", 1, ANSWER))
    assert titles(base) == ["Cups"]
    assert titles(base, "cup") == ["Cups"]
    base.close()


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Why?", "Why?"),
        ("Two\n  lines", "Two lines"),
        ("word " * 20, "word " * 11 + "word…"),
        ("w" * 80, "w" * 60 + "…"),
    ],
)
def test_a_title_is_the_beginning(text: str, title: str) -> None:
    assert make_title(text) == title


def test_another_first_question_is_another_title_but_a_given_name_stays(file: Path) -> None:
    base = opened(file, Write("a", 0, QUESTION), Remove("a", 0), Write("a", 0, say("What else?")))
    assert titles(base) == ["What else?"]
    base.apply([Rename("a", "Cups"), Remove("a", 0), Write("a", 0, QUESTION)])
    assert titles(base) == ["Cups"]
    base.apply([Write("b", 0, QUESTION), Remove("b", 0)])
    assert titles(base) == ["Cups"], "what has no line is no conversation"
    base.close()


def test_deleted_words_are_nowhere_on_the_disk(file: Path) -> None:
    secret = "unmistakable heliotrope"
    base = opened(file, *(Write("a", place, say(f"{secret} {place}")) for place in range(50)), Write("b", 0, say("x")))
    assert b"heliotrope" in all_bytes(file.parent)
    base.apply([Delete("a")])
    assert b"heliotrope" not in all_bytes(file.parent)
    assert not base.lines("a")
    assert not base.entries("heliotrope")
    base.close()


def test_lines_are_taken_off_the_end(file: Path) -> None:
    base = opened(file, *(Write("a", place, say(f"heliotrope{place}")) for place in range(4)), Remove("a", 2))
    assert [kept.line.text for kept in base.lines("a")] == ["heliotrope0", "heliotrope1"]
    assert not base.entries("heliotrope2")
    assert b"heliotrope2" not in all_bytes(file.parent)
    base.close()


def test_old_conversations_are_deleted_but_for_the_open_one(file: Path) -> None:
    old = NOON - timedelta(days=40)
    base = opened(
        file,
        Write("old", 0, say("old", when=old)),
        Write("open", 0, say("open", when=old)),
        Write("revived", 0, say("revived", when=old)),
        Write("revived", 1, say("again")),
        Prune(NOON - timedelta(days=30), "open"),
    )
    assert sorted(titles(base)) == ["open", "revived"]
    base.close()


def test_all_changes_are_made_or_none(file: Path) -> None:
    base = opened(file, Write("a", 0, QUESTION))
    wrong = Line(Who.USER, NOON, "x", heard="many")  # type: ignore[arg-type]
    with pytest.raises(sqlite3.Error):
        base.apply([Delete("a"), Write("b", 0, wrong)])
    assert titles(base) == ["What is on the table?"]
    base.close()


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps no such modes")
def test_nobody_else_can_read_it(file: Path) -> None:
    file.parent.mkdir(mode=0o755)
    base = opened(file, Write("a", 0, QUESTION))
    beside = list(file.parent.iterdir())
    assert len(beside) == 3  # with the write-ahead log and its index
    assert {part.stat().st_mode & 0o777 for part in beside} == {0o600}
    assert file.parent.stat().st_mode & 0o777 == 0o700
    base.close()


# Versions and damage


def test_an_older_file_is_brought_up_to_date(file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As a later version would: one script more."""
    opened(file, Write("a", 0, QUESTION)).close()
    scripts = history.migrations()
    later = [*scripts, "ALTER TABLE conversations ADD COLUMN place TEXT;"]
    monkeypatch.setattr(history, "migrations", lambda: later)
    base = History(file)
    assert [kept.line for kept in base.lines("a")] == [QUESTION]
    assert base._base.execute("PRAGMA user_version").fetchone() == (len(later),)
    assert base._base.execute("SELECT place FROM conversations").fetchall() == [(None,)]
    base.close()
    monkeypatch.setattr(history, "migrations", lambda: scripts)
    with pytest.raises(DamagedError, match="newer Sightline"):
        History(file)


def test_a_file_of_the_first_version_is_brought_up_to_date(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file.parent.mkdir()
    with sqlite3.connect(file) as base:
        base.executescript(history.migrations()[0])
        base.execute("INSERT INTO conversations VALUES ('a', 'Old', 0, 1.0)")
        base.execute("INSERT INTO lines VALUES (1, 'a', 0, 'USER', 1.0, 'Old words', NULL, 'WHOLE')")
        base.execute("INSERT INTO attachments VALUES (1, 0, 'SPEECH', '3 s', NULL, x'')")
        base.execute("PRAGMA user_version = 1")
    base.close()
    found = History(file)
    (kept,) = found.lines("a")
    assert kept.line.attachments == (Attachment(Kind.SPEECH, "3 s"),)
    assert titles(found, "words") == ["Old"]
    found.close()


def test_a_script_that_fails_changes_nothing(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened(file, Write("a", 0, QUESTION)).close()
    scripts = history.migrations()
    monkeypatch.setattr(history, "migrations", lambda: [*scripts, "DELETE FROM lines; CREATE TABLE lines (a);"])
    with pytest.raises(HistoryError):
        History(file)
    monkeypatch.setattr(history, "migrations", lambda: scripts)
    base = History(file)
    assert [kept.line for kept in base.lines("a")] == [QUESTION]
    base.close()


@pytest.mark.parametrize("content", [b"no database at all" * 100, b"SQLite format 3\x00" + b"\xff" * 4000])
def test_a_file_that_is_no_history_is_told_apart(file: Path, content: bytes) -> None:
    file.parent.mkdir()
    file.write_bytes(content)
    with pytest.raises(DamagedError):
        History(file)
    assert file.read_bytes() == content


def test_damage_inside_is_found(file: Path) -> None:
    opened(file, *(Write("a", place, say(f"{place} " * 300)) for place in range(100))).close()
    content = bytearray(file.read_bytes())
    middle = len(content) // 2
    content[middle : middle + 20_000] = b"\x55" * 20_000
    file.write_bytes(content)
    base = History(file)
    with pytest.raises(DamagedError):
        base.check()
    base.close()


@contextmanager
def failing(file: Path) -> Iterator[None]:
    """Whatever is open of the file cannot be read: its number leads to what is only written."""
    links = [link for link in Path("/proc/self/fd").iterdir() if link.exists() and link.resolve() == file.resolve()]
    kept = {int(link.name): os.dup(int(link.name)) for link in links}
    other = os.open(shutil.copy(file, file.with_name("other")), os.O_WRONLY)
    try:
        for number in kept:
            os.dup2(other, number)
        yield
    finally:
        for number, before in kept.items():
            os.dup2(before, number)
            os.close(before)
        os.close(other)


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="a disk is made to fail by Linux's list of open files")
def test_a_disk_that_fails_for_a_moment_is_no_damage(file: Path) -> None:
    opened(file, *(Write("a", place, say(f"{place} " * 300)) for place in range(100))).close()
    base = History(file)
    with failing(file), pytest.raises(HistoryError) as raised:
        base.check()
    assert not isinstance(raised.value, DamagedError)
    base.check()
    assert len(base.lines("a")) == 100
    base.close()


def test_a_check_that_is_broken_off_is_no_damage(file: Path) -> None:
    base = opened(file, Write("a", 0, QUESTION))
    base._base.set_progress_handler(lambda: 1, 1)
    with pytest.raises(HistoryError, match="interrupted") as raised:
        base.check()
    assert not isinstance(raised.value, DamagedError)
    base.close()


@pytest.mark.parametrize(("code", "passes"), [(266, True), (11, False), (267, False)])
def test_a_page_that_the_disk_did_not_give_is_told_from_a_damaged_one(code: int, *, passes: bool) -> None:
    told = f"Tree 5 page 7 cell 2: unable to get the page. error code={code}"
    assert history._is_passing(told) is passes
    assert not history._is_passing("Tree 5 page 7: btreeInitPage() returns error")


def test_a_database_of_somebody_else_is_no_history(file: Path) -> None:
    file.parent.mkdir()
    with sqlite3.connect(file) as base:
        base.execute("CREATE TABLE sheep (name)")
        base.execute("PRAGMA user_version = 1")
    base.close()
    with pytest.raises(DamagedError):
        History(file)


def test_what_is_set_aside_is_kept(file: Path) -> None:
    opened(file, Write("a", 0, QUESTION)).close()
    before = file.read_bytes()
    aside = set_aside(file)
    assert not file.exists()
    assert aside.read_bytes() == before
    other = opened(file)
    assert not other.entries()
    assert set_aside(file) != aside
    other.close()


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(HistoryError, match="cannot be kept"):
        History(tmp_path / "file" / "history.sqlite")


def test_a_full_disk_is_no_damage(file: Path) -> None:
    base = opened(file)
    base._base.execute("PRAGMA max_page_count = 1")
    with pytest.raises(sqlite3.Error) as raised:
        base.apply([Write("a", place, say("word " * 1000)) for place in range(20)])
    assert not is_damage(raised.value)
    base._base.execute("PRAGMA max_page_count = 100000")
    base.apply([Write("a", 0, QUESTION)])
    assert titles(base) == ["What is on the table?"]
    base.close()


def test_a_new_file_may_be_opened_by_several_at_once(tmp_path: Path) -> None:
    """The window and the scribe do, each on a thread of its own."""
    for number in range(30):
        file = tmp_path / f"{number}.sqlite"
        with ThreadPoolExecutor(4) as pool:
            for opened in pool.map(lambda file: History(file).close(), [file] * 4):
                assert opened is None
