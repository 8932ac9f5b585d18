"""The list of lines: follows its end, can be read line by line and copied. Knows no conversation."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QAction,
    QGuiApplication,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QPalette,
)
from PySide6.QtWidgets import QAbstractItemView, QListView, QWidget

from app.transcript import Transcript
from app.ui.line_painter import LinePainter

Index = QModelIndex | QPersistentModelIndex
INVITATION = "Ask something: type it, say it, or attach a picture, a sound or a video."
NEARLY = 8
"""Points from the end that still count as the end."""


class TranscriptView(QListView):
    """While a line grows only that line is measured again."""

    def __init__(self, transcript: Transcript, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Conversation")
        self.setAccessibleDescription("What you and Sightline said, line by line. Arrow keys move between lines.")
        self.setModel(transcript)
        self.painter = LinePainter(self)
        self.setItemDelegate(self.painter)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        # One that appears takes room: every line would be broken anew.
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setMinimumHeight(120)
        self._follows = True
        self.verticalScrollBar().setEnabled(False)
        self.verticalScrollBar().valueChanged.connect(self._notice_place)
        self.verticalScrollBar().rangeChanged.connect(self._follow)
        self.copying = self._add_copying()

    def announce(self, sentence: str) -> None:
        """A screen reader says it once, wherever the focus is."""
        event = QAccessibleAnnouncementEvent(self, sentence)
        QAccessible.updateAccessibility(event)

    def dataChanged(self, top: Index, bottom: Index, roles: Sequence[int] = ()) -> None:  # noqa: N802 -- Qt's name
        """A list view would lay out all of its rows anew, though most new words change no row's height."""
        if top.row() == bottom.row() and not self.painter.changes_height(top):
            QAbstractItemView.dataChanged(self, top, bottom, list(roles))
        else:
            super().dataChanged(top, bottom, list(roles))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 -- Qt's name
        super().paintEvent(event)
        if self.model().rowCount() == 0:
            painter = QPainter(self.viewport())
            painter.setPen(self.palette().color(QPalette.ColorRole.PlaceholderText))
            room = self.viewport().rect().adjusted(40, 40, -40, -40)
            painter.drawText(room, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, INVITATION)

    def _notice_place(self, value: int) -> None:
        self._follows = value >= self.verticalScrollBar().maximum() - NEARLY

    def _follow(self, _least: int, most: int) -> None:
        """Who reads further up is left there. A bar with nowhere to go is disabled, which hides its handle."""
        self.verticalScrollBar().setEnabled(most > 0)
        if self._follows:
            self.verticalScrollBar().setValue(most)

    def _add_copying(self) -> QAction:
        action = QAction("Copy", self, shortcut=QKeySequence(QKeySequence.StandardKey.Copy))
        action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        action.triggered.connect(self._copy)
        self.addAction(action)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        return action

    def _copy(self) -> None:
        rows = sorted(index.row() for index in self.selectedIndexes())
        words = [self.model().index(row, 0).data(Qt.ItemDataRole.AccessibleTextRole) for row in rows]
        QGuiApplication.clipboard().setText("\n".join(words))
