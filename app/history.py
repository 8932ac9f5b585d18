"""Conversations in one SQLite file: written, found, read, deleted. Knows no thread, no Qt, and not who is talking.

What is deleted is overwritten in the file. A file that cannot be read as ours is set aside, never changed.
"""

from __future__ import annotations

import os
import re
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from threading import Lock
from typing import Any, assert_never

from app import paths
from app.entry import Entry
from app.transcript import Attachment, Kind, Line, LineState, Who
from app.words import QT_TRANSLATE_NOOP, translate
from model.errors import SightlineError

MIGRATIONS = paths.RESOURCES / "history"
MOST_ENTRIES = 1000
"""In one list; older ones are found by searching."""
TITLE_LETTERS = 60
_PREPARING = Lock()
"""Held by who makes a file or brings it up to date: two threads of ours may open a new one at once."""
SECONDS_TO_WAIT = 5.0
"""For another connection of ours to be done."""
BESIDE = ("", "-wal", "-shm")
"""What SQLite adds to a file's name."""
FIRST_UNSPACED = "\u2e80"
"""From here on are scripts that put no space between words."""
_DAMAGES = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
_CODE = re.compile(r"error code=(\d+)")
UNKEPT = QT_TRANSLATE_NOOP("History", "Your conversations cannot be kept in {file} ({reason}).")


class HistoryError(SightlineError):
    """The history cannot be used; its file is as it was."""


class DamagedError(HistoryError):
    """The file is none of ours, was damaged, or belongs to a newer Sightline."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A line and its place in the conversation."""

    place: int
    line: Line


@dataclass(frozen=True, slots=True)
class Write:
    """A line as it is now, new or changed."""

    conversation: str
    place: int
    line: Line


@dataclass(frozen=True, slots=True)
class Remove:
    """A conversation's lines from this place on."""

    conversation: str
    place: int


@dataclass(frozen=True, slots=True)
class Rename:
    """For good: no title is made from what is said any more."""

    conversation: str
    title: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Delete:
    """A conversation and all of its lines."""

    conversation: str


@dataclass(frozen=True, slots=True)
class Prune:
    """All conversations that nothing was said in since `before`, but one."""

    before: datetime
    spared: str


Change = Write | Remove | Rename | Delete | Prune


class History:
    """One connection to the file, for one thread. Every method raises sqlite3.Error."""

    def __init__(self, file: Path) -> None:
        """Makes the file where there is none, brings an older one up to date. Raises HistoryError."""
        self._file = file
        try:
            _make_private(file)
            self._base = sqlite3.connect(file, isolation_level=None, timeout=SECONDS_TO_WAIT)
        except (OSError, sqlite3.Error) as error:
            raise _unkept(file, error) from error
        try:
            with _PREPARING:
                self._prepare()
        except sqlite3.Error as error:
            self._base.close()
            raise _told(error, file) from error
        except DamagedError:
            self._base.close()
            raise

    def close(self) -> None:
        """The file is whole by itself then, if this was the last connection."""
        self._base.close()

    def check(self) -> None:
        """Reads all of the file. Raises DamagedError, or HistoryError where the disk did not let it."""
        try:
            (told,) = self._base.execute("PRAGMA quick_check(1)").fetchone()
        except sqlite3.Error as error:
            raise _told(error, self._file) from error
        if told == "ok":
            return
        if _is_passing(str(told)):
            raise _unkept(self._file, told)
        raise DamagedError(str(told))

    # Writing

    def apply(self, changes: Iterable[Change]) -> None:
        """All of them or, where it raises, none."""
        is_deleted = False
        with self._transaction():
            for change in changes:
                self._apply(change)
                is_deleted |= not isinstance(change, Write | Rename)
            if is_deleted:
                self._base.execute("INSERT INTO found (found) VALUES ('optimize')")  # drops deleted words for good
        if is_deleted:
            self._base.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def _apply(self, change: Change) -> None:
        run = self._base.execute
        match change:
            case Write():
                self._write(change)
            case Remove(conversation, place):
                run("DELETE FROM lines WHERE conversation = ? AND place >= ?", (conversation, place))
                run(_FORGET_EMPTY, {"id": conversation})
            case Rename(conversation, title):
                run("UPDATE conversations SET title = ?, is_named = 1 WHERE id = ?", (title, conversation))
            case Delete(conversation):
                run("DELETE FROM conversations WHERE id = ?", (conversation,))
            case Prune(before, spared):
                run("DELETE FROM conversations WHERE changed < ? AND id != ?", (before.timestamp(), spared))
            case _:
                assert_never(change)

    def _write(self, write: Write) -> None:
        line, run = write.line, self._base.execute
        moment = line.when.timestamp()
        run(
            "INSERT INTO conversations (id, changed) VALUES (?, ?)"
            " ON CONFLICT (id) DO UPDATE SET changed = max(changed, excluded.changed)",
            (write.conversation, moment),
        )
        (number,) = run(
            "INSERT INTO lines (conversation, place, who, moment, words, heard, state) VALUES (?, ?, ?, ?, ?, ?, ?)"
            " ON CONFLICT (conversation, place) DO UPDATE SET who = excluded.who, moment = excluded.moment,"
            " words = excluded.words, heard = excluded.heard, state = excluded.state RETURNING number",
            (write.conversation, write.place, line.who.name, moment, line.text, line.heard, line.state.name),
        ).fetchone()
        run("DELETE FROM attachments WHERE line = ?", (number,))
        for place, item in enumerate(line.attachments):
            path = None if item.path is None else str(item.path)
            run(
                "INSERT INTO attachments (line, place, kind, name, path, thumbnail, levels)"
                " VALUES (?, ?, ?, ?, ?, ?, ?)",
                (number, place, item.kind.name, item.name, path, item.thumbnail, item.levels),
            )
        if line.text and line.state is not LineState.OPEN and line.who is not Who.ITSELF:
            title = make_title(line.text)
            run("UPDATE conversations SET title = ? WHERE id = ? AND title = ''", (title, write.conversation))

    # Reading

    def entries(self, words: str = "") -> list[Entry]:
        """The newest first; those with all of the words, or beginnings of words, if any are asked for."""
        if not words.split():
            rows = self._base.execute(
                "SELECT id, title, changed, '' FROM conversations ORDER BY changed DESC LIMIT ?", (MOST_ENTRIES,)
            )
        elif any(letter >= FIRST_UNSPACED for letter in words):
            rows = self._base.execute(_SEARCH_ANYWHERE, {"part": _anywhere(words), "most": MOST_ENTRIES})
        else:
            facts = {"query": _query(words), "part": _anywhere(words), "most": MOST_ENTRIES}
            rows = self._base.execute(_SEARCH, facts)
        return [Entry(id_, title, datetime.fromtimestamp(changed), excerpt) for id_, title, changed, excerpt in rows]

    def count_older(self, before: datetime) -> int:
        """In how many conversations nothing was said since then: the one that Prune spares is among them."""
        found = self._base.execute("SELECT count(*) FROM conversations WHERE changed < ?", (before.timestamp(),))
        return int(found.fetchone()[0])

    def lines(self, conversation: str) -> list[Kept]:
        """In their order; one that was never finished was broken off."""
        found = self._base.execute(
            "SELECT number, place, who, moment, words, heard, state FROM lines WHERE conversation = ? ORDER BY place",
            (conversation,),
        ).fetchall()
        return [Kept(place, self._line(number, *facts)) for number, place, *facts in found]

    def _line(self, number: int, *facts: Any) -> Line:  # noqa: ANN401 -- of whatever types its columns are
        who, moment, words, heard, state = facts
        ended = LineState.BROKEN if state == LineState.OPEN.name else LineState[state]
        when = datetime.fromtimestamp(moment)
        return Line(Who[who], when, words, self._attachments(number), ended, heard)

    def _attachments(self, line: int) -> tuple[Attachment, ...]:
        rows = self._base.execute(
            "SELECT kind, name, path, thumbnail, levels FROM attachments WHERE line = ? ORDER BY place", (line,)
        )
        return tuple(
            Attachment(Kind[kind], name, None if path is None else Path(path), thumbnail, levels)
            for kind, name, path, thumbnail, levels in rows
        )

    # How it is kept

    def _prepare(self) -> None:
        run = self._base.execute
        (version,) = run("PRAGMA user_version").fetchone()
        scripts = migrations()
        if version > len(scripts):
            raise DamagedError(translate("History", "it belongs to a newer Sightline"))
        run("PRAGMA journal_mode = WAL")
        run("PRAGMA synchronous = NORMAL")
        run("PRAGMA secure_delete = ON")
        run("PRAGMA foreign_keys = ON")
        for number, script in enumerate(scripts[version:], start=version + 1):
            self._base.executescript(f"BEGIN IMMEDIATE; {script} PRAGMA user_version = {number}; COMMIT;")
        run("SELECT count(*) FROM conversations, lines, attachments, found WHERE false")

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._base.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._base.execute("COMMIT")
        except BaseException:
            if self._base.in_transaction:
                self._base.execute("ROLLBACK")
            raise


def migrations() -> Sequence[str]:
    """What leads from each version of the file to the next."""
    files = sorted(MIGRATIONS.glob("*.sql"), key=lambda file: int(file.stem))
    return [file.read_text(encoding="utf-8") for file in files]


def set_aside(file: Path) -> Path:
    """Gives a file that cannot be used another name; returns it. Raises OSError."""
    aside = file.with_name(f"{file.stem}.damaged-{datetime.now():%Y%m%d-%H%M%S-%f}{file.suffix}")
    for ending in BESIDE:
        part = file.with_name(file.name + ending)
        if part.exists():
            part.replace(aside.with_name(aside.name + ending))
    return aside


def is_damage(error: sqlite3.Error) -> bool:
    """Whether the file itself is wrong, and not just in use, or the disk full."""
    code = getattr(error, "sqlite_errorcode", None)
    return code is not None and code & 0xFF in _DAMAGES


def _is_passing(told: str) -> bool:
    """Whether a check of the file only tells that a page could not be read, which SQLite calls an error of its own."""
    code = _CODE.search(told)
    return code is not None and int(code[1]) & 0xFF not in _DAMAGES


def make_title(text: str) -> str:
    """The beginning, cut between words."""
    words = " ".join(text.split())
    if len(words) <= TITLE_LETTERS:
        return words
    head = words[:TITLE_LETTERS]
    return f"{head[: head.rfind(' ')] if ' ' in head else head}…"


_FORGET_EMPTY = """
    DELETE FROM conversations WHERE id = :id AND NOT is_named
    AND NOT EXISTS (SELECT 1 FROM lines WHERE conversation = :id)
"""
_SEARCH = """
    WITH hits AS MATERIALIZED (
        SELECT rowid AS line, snippet(found, 0, '', '', '…', 12) AS excerpt FROM found WHERE found MATCH :query
    )
    SELECT id, title, changed, coalesce(min(excerpt), '')
    FROM conversations LEFT JOIN (
        SELECT conversation, excerpt FROM hits JOIN lines ON lines.number = hits.line
    ) ON conversation = id
    WHERE excerpt IS NOT NULL OR title LIKE :part ESCAPE '\\'
    GROUP BY id ORDER BY changed DESC LIMIT :most
"""
_SEARCH_ANYWHERE = """
    SELECT id, title, changed, coalesce(min(words), '')
    FROM conversations LEFT JOIN lines ON conversation = id AND words LIKE :part ESCAPE '\\'
    WHERE words IS NOT NULL OR title LIKE :part ESCAPE '\\'
    GROUP BY id ORDER BY changed DESC LIMIT :most
"""


def _query(words: str) -> str:
    """Every word, or a beginning of it; signs of the query language mean nothing."""
    return " ".join('"' + word.replace('"', '""') + '"*' for word in words.split())


def _anywhere(words: str) -> str:
    escaped = words.strip().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"


def _make_private(file: Path) -> None:
    """SQLite gives what it adds beside the file the same mode.

    A file that is there is never opened here: closing it would drop this process's locks on it, SQLite's among them.
    """
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    file.parent.chmod(0o700)
    with suppress(FileExistsError):
        os.close(os.open(file, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
    file.chmod(0o600)


def _told(error: sqlite3.Error, file: Path) -> HistoryError:
    if is_damage(error) or "no such" in str(error):
        return DamagedError(str(error))
    return _unkept(file, error)


def _unkept(file: Path, reason: object) -> HistoryError:
    return HistoryError(translate("History", UNKEPT).format(file=file, reason=reason))
