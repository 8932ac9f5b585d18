"""Kept conversations as a list of names and dates, and how one of them is painted. Knows not where they are kept."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import (
    QAbstractListModel,
    QDate,
    QLocale,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPalette
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from app.entry import Entry
from app.words import QT_TRANSLATE_NOOP, translate

Index = QModelIndex | QPersistentModelIndex
ROOT = QModelIndex()
UNTITLED = QT_TRANSLATE_NOOP("EntryList", "Without words")
PADDING = 10
RADIUS = 8
SMALLER = 0.9
MARK_WIDTH = 3
FILLED = "filled"


class EntryList(QAbstractListModel):
    """`renamed` carries an id and a new title."""

    renamed = Signal(str, str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._entries: list[Entry] = []
        self._open = ""

    def show(self, entries: Sequence[Entry]) -> None:
        """These and no others."""
        self.beginResetModel()
        self._entries = list(entries)
        self.endResetModel()

    def mark(self, conversation: str) -> None:
        """Which of them is open, if it is among them."""
        self._open = conversation
        if self._entries:
            self.dataChanged.emit(self.index(0), self.index(len(self._entries) - 1))

    def is_open(self, index: Index) -> bool:
        """Whether it is the one that is open."""
        entry = self.entry(index)
        return entry is not None and entry.id == self._open

    def entry(self, index: Index) -> Entry | None:
        """None where there is none."""
        return self._entries[index.row()] if index.isValid() else None

    def row_of(self, conversation: str) -> int | None:
        """None if it is not among them."""
        return next((row for row, entry in enumerate(self._entries) if entry.id == conversation), None)

    def rowCount(self, parent: Index = ROOT) -> int:  # noqa: N802 -- Qt's name
        return 0 if parent.isValid() else len(self._entries)

    def flags(self, index: Index) -> Qt.ItemFlag:
        return super().flags(index) | Qt.ItemFlag.ItemIsEditable

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        entry = self.entry(index)
        if entry is None:
            return None
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.EditRole:
                return entry.title or translate("EntryList", UNTITLED)
            case Qt.ItemDataRole.ToolTipRole:
                return entry.excerpt or entry.title
            case Qt.ItemDataRole.AccessibleTextRole:
                return self._describe(index, entry)
            case _:
                return None

    def setData(self, index: Index, value: object, role: int = Qt.ItemDataRole.EditRole) -> bool:  # noqa: N802 -- Qt's
        entry, title = self.entry(index), " ".join(str(value).split())
        if entry is None or role != Qt.ItemDataRole.EditRole or not title or title == entry.title:
            return False
        self._entries[index.row()] = Entry(entry.id, title, entry.changed, entry.excerpt)
        self.dataChanged.emit(index, index)
        self.renamed.emit(entry.id, title)
        return True

    def _describe(self, index: Index, entry: Entry) -> str:
        parts = [
            entry.title or translate("EntryList", UNTITLED),
            f"{_date(entry.changed)}, {entry.changed:%H:%M}",
            entry.excerpt,
        ]
        return ". ".join([part for part in parts if part] + [translate("EntryList", "Open")] * self.is_open(index))


class EntryPainter(QStyledItemDelegate):
    """Two lines: its name; when something was last said in it, or where the words were found."""

    def sizeHint(self, option: QStyleOptionViewItem, _index: Index) -> QSize:  # noqa: N802 -- Qt's name
        height = QFontMetrics(option.font).height() + QFontMetrics(_small(option.font)).height()
        return QSize(0, height + 2 * PADDING)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        model = index.model()
        entry = model.entry(index) if isinstance(model, EntryList) else None
        if entry is None or not isinstance(model, EntryList):
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_ground(painter, option, is_open=model.is_open(index))
        self._paint_words(painter, option, entry)
        painter.restore()

    def setEditorData(self, editor: QWidget, index: Index) -> None:  # noqa: N802 -- Qt's name
        """Once: what is being typed outlives all that happens to the list meanwhile."""
        if not editor.property(FILLED):
            editor.setProperty(FILLED, True)  # noqa: FBT003 -- a property's value
            super().setEditorData(editor, index)

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, _index: Index) -> None:  # noqa: N802 -- Qt's
        room = QRect(option.rect)
        room.setHeight(max(editor.sizeHint().height(), room.height() - PADDING))
        editor.setGeometry(room)

    def _paint_ground(self, painter: QPainter, option: QStyleOptionViewItem, *, is_open: bool) -> None:
        room, palette = QRectF(option.rect).adjusted(1, 1, -1, -1), option.palette
        painter.setPen(Qt.PenStyle.NoPen)
        if is_open or option.state & QStyle.StateFlag.State_MouseOver:
            painter.setBrush(palette.alternateBase())
            painter.drawRoundedRect(room, RADIUS, RADIUS)
        if is_open:
            painter.setBrush(palette.highlight())
            bar = QRectF(room.left(), room.top() + PADDING, MARK_WIDTH, room.height() - 2 * PADDING)
            painter.drawRoundedRect(bar, MARK_WIDTH / 2, MARK_WIDTH / 2)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(palette.color(QPalette.ColorRole.Highlight))
            painter.drawRoundedRect(room.adjusted(0.5, 0.5, -0.5, -0.5), RADIUS, RADIUS)

    def _paint_words(self, painter: QPainter, option: QStyleOptionViewItem, entry: Entry) -> None:
        room = option.rect.adjusted(PADDING + MARK_WIDTH, PADDING, -PADDING, -PADDING)
        below = entry.excerpt or when(entry.changed)
        small = _small(option.font)
        elide = Qt.TextElideMode.ElideRight
        painter.setFont(option.font)
        painter.setPen(option.palette.color(QPalette.ColorRole.Text))
        title = QFontMetrics(option.font).elidedText(
            entry.title or translate("EntryList", UNTITLED), elide, room.width()
        )
        painter.drawText(room, Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft, title)
        painter.setFont(small)
        painter.setPen(option.palette.color(QPalette.ColorRole.PlaceholderText))
        words = QFontMetrics(small).elidedText(" ".join(below.split()), elide, room.width())
        painter.drawText(room, Qt.AlignmentFlag.AlignBottom | Qt.AlignmentFlag.AlignLeft, words)


def when(moment: datetime) -> str:
    """The time of today, else the date."""
    return f"{moment:%H:%M}" if moment.date() == datetime.now().date() else _date(moment)


def _date(moment: datetime) -> str:
    """As it is written in the user's language."""
    return QLocale().toString(QDate(moment.year, moment.month, moment.day), translate("EntryList", "d MMMM yyyy"))


def _small(font: QFont) -> QFont:
    small = QFont(font)
    small.setPointSizeF(font.pointSizeF() * SMALLER)
    return small
