"""The conversation as a list of lines: who said what, when, and how far it was heard. Knows no model and no view."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import Enum, IntEnum, unique
from pathlib import Path

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from app.senses import Frame
from app.words import QT_TRANSLATE_NOOP, translate

Index = QModelIndex | QPersistentModelIndex
ROOT = QModelIndex()


class Who(Enum):
    """Whose line it is."""

    USER = QT_TRANSLATE_NOOP("Transcript", "You")
    MODEL = "Sightline"
    ITSELF = QT_TRANSLATE_NOOP("Transcript", "Noticed by itself")
    """What the program saw without being asked, and asks the model about."""
    NOTICE = QT_TRANSLATE_NOOP("Transcript", "Notice")
    """What the program itself has to say."""

    @property
    def words(self) -> str:
        """In the user's language."""
        return translate("Transcript", self.value)


class Kind(Enum):
    """What a line came with."""

    FILE = QT_TRANSLATE_NOOP("Transcript", "file")
    SPEECH = QT_TRANSLATE_NOOP("Transcript", "speech")
    CAMERA = QT_TRANSLATE_NOOP("Transcript", "camera picture")
    SCREEN = QT_TRANSLATE_NOOP("Transcript", "screen picture")
    PASTED = QT_TRANSLATE_NOOP("Transcript", "pasted picture")

    @property
    def words(self) -> str:
        """In the user's language."""
        return translate("Transcript", self.value)


@dataclass(frozen=True, slots=True)
class Attachment:
    """`name` is what the user knows it by, empty where there is none; `thumbnail` a small picture as PNG or JPEG.

    `levels` are the loudness of speech from its beginning to its end, a byte each; `picture` is what has no file.
    """

    kind: Kind
    name: str = ""
    path: Path | None = None
    thumbnail: bytes = field(default=b"", repr=False)
    levels: bytes = field(default=b"", repr=False)
    picture: Frame | None = field(default=None, repr=False, compare=False)

    def __str__(self) -> str:
        return self.name or self.kind.words

    @property
    def shown(self) -> Path | Frame | None:
        """What can be shown once more."""
        return self.path or self.picture


class LineState(Enum):
    """How far a line is."""

    OPEN = QT_TRANSLATE_NOOP("Transcript", "still going on")
    WHOLE = ""
    CUT = QT_TRANSLATE_NOOP("Transcript", "interrupted")
    """What follows was not heard, and the model does not remember it."""
    BROKEN = QT_TRANSLATE_NOOP("Transcript", "broken off")
    """By an error."""

    @property
    def words(self) -> str:
        """In the user's language."""
        return self.value and translate("Transcript", self.value)


@dataclass(frozen=True, slots=True)
class Line:
    """One entry; `heard` of its characters were heard, None for all there are."""

    who: Who
    when: datetime
    text: str
    attachments: tuple[Attachment, ...] = ()
    state: LineState = LineState.WHOLE
    heard: int | None = None

    @property
    def heard_text(self) -> str:
        """What of it counts."""
        return self.text if self.heard is None else self.text[: self.heard]

    def describe(self) -> str:
        """For a screen reader: all of the line in plain words."""
        head = f"{self.who.words}, {self.when:%H:%M}"
        parts = [f"{head}: {self.heard_text}" if self.heard_text else head]
        if self.attachments:
            parts.append(translate("Transcript", "With {what}").format(what=", ".join(map(str, self.attachments))))
        if self.state is not LineState.WHOLE:
            parts.append(self.state.words.capitalize())
        return " ".join(map(_sentence, parts))


@unique
class Role(IntEnum):
    """Under what a view asks for more than text."""

    LINE = Qt.ItemDataRole.UserRole


def _sentence(words: str) -> str:
    words = words.rstrip()
    return words if words.endswith((".", "!", "?", "…")) else f"{words}."


class Transcript(QAbstractListModel):
    """Lines are added and taken off at the end only; while it is there, a row is a line's name."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lines: list[Line] = []

    def add(self, line: Line) -> int:
        """Returns the row."""
        row = len(self._lines)
        self.beginInsertRows(ROOT, row, row)
        self._lines.append(line)
        self.endInsertRows()
        return row

    def fill(self, lines: Iterable[Line]) -> None:
        """Another conversation, in place of this one."""
        self.beginResetModel()
        self._lines = list(lines)
        self.endResetModel()

    def truncate(self, row: int) -> None:
        """Takes off this line and all after it."""
        if row < len(self._lines):
            self.beginRemoveRows(ROOT, row, len(self._lines) - 1)
            del self._lines[row:]
            self.endRemoveRows()

    def append(self, row: int, piece: str) -> None:
        """More text at the end of an open line."""
        line = self._lines[row]
        self.put(row, replace(line, text=line.text + piece))

    def attach(self, row: int, attachment: Attachment) -> None:
        """One thing more that the line came with."""
        line = self._lines[row]
        self.put(row, replace(line, attachments=(*line.attachments, attachment)))

    def close(self, row: int, state: LineState = LineState.WHOLE) -> None:
        """Nothing more follows; a line that is closed stays as it is."""
        line = self._lines[row]
        if line.state is LineState.OPEN:
            self.put(row, replace(line, state=state))

    def cut(self, row: int, kept: str) -> None:
        """Only `kept` was heard. A closed line that was heard to its end stays as it is."""
        line = self._lines[row]
        if not line.text.startswith(kept):
            self.put(row, replace(line, text=kept, heard=None, state=LineState.CUT))
        elif len(kept) < len(line.text) or line.state is LineState.OPEN:
            self.put(row, replace(line, heard=len(kept), state=LineState.CUT))

    @property
    def lines(self) -> tuple[Line, ...]:
        """All there are."""
        return tuple(self._lines)

    def line(self, row: int) -> Line:
        """Raises IndexError."""
        return self._lines[row]

    def put(self, row: int, line: Line) -> None:
        """In the place of a line."""
        self._lines[row] = line
        changed = self.index(row)
        self.dataChanged.emit(changed, changed)

    # What a view asks

    def rowCount(self, parent: Index = ROOT) -> int:  # noqa: N802 -- Qt's name
        return 0 if parent.isValid() else len(self._lines)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        line = self._lines[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return line.heard_text
            case Qt.ItemDataRole.AccessibleTextRole:
                return line.describe()
            case Role.LINE:
                return line
            case _:
                return None
