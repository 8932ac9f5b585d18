"""The list of lines: follows its end, can be read line by line and copied. Knows no conversation."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QPoint, QRect, Qt, QTimer, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QAction,
    QGuiApplication,
    QKeySequence,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QListView, QWidget

from app.transcript import Line, Role, Transcript, Who
from app.ui.button import Button
from app.ui.line_actions import LineActions, Offer
from app.ui.line_painter import LinePainter
from app.ui.welcome import Welcome
from app.words import translate

Index = QModelIndex | QPersistentModelIndex
AROUND = 24
"""Points left free beside the words of welcome."""
OVERLAP = 4
"""Points by which the actions stand above their line: beside its head, above its words."""
LEAST_HEIGHT = 48
"""Where a model is asked for in a narrow window with large text, there is hardly room for more."""
NEARLY = 8
"""Points from the end that still count as the end."""


class TranscriptView(QListView):
    """While a line grows only that line is measured again. Signals carry rows."""

    edit_wanted = Signal(int)
    again_wanted = Signal(int)
    replay_wanted = Signal(int)
    announced = Signal(str)

    def __init__(self, transcript: Transcript, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(translate("TranscriptView", "Conversation"))
        self.setAccessibleDescription(
            translate("TranscriptView", "What you and Sightline said, line by line. Arrow keys move between lines.")
        )
        self.can_replay: Callable[[int], bool] = lambda _row: False
        self.actions_bar = LineActions(self)
        self.newest = Button(
            translate("TranscriptView", "Newest"),
            "newest",
            translate("TranscriptView", "Go to the newest message"),
            self,
        )
        self.welcome = Welcome(self)
        self._row = -1
        self._follows = True
        self.painter = LinePainter(transcript, self)
        self.setModel(transcript)
        self.setItemDelegate(self.painter)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        # One that appears takes room: every line would be broken anew.
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setMinimumHeight(LEAST_HEIGHT)
        self.verticalScrollBar().setEnabled(False)
        self.verticalScrollBar().valueChanged.connect(self._notice_place)
        self.verticalScrollBar().rangeChanged.connect(self._follow)
        self.copying = self._add_copying()
        self._join(transcript)

    def announce(self, sentence: str) -> None:
        """A screen reader says it once, wherever the focus is."""
        event = QAccessibleAnnouncementEvent(self, sentence)
        QAccessible.updateAccessibility(event)
        self.announced.emit(sentence)

    def dataChanged(self, top: Index, bottom: Index, roles: Sequence[int] = ()) -> None:  # noqa: N802 -- Qt's name
        """A list view would lay out all of its rows anew, though most new words change no row's height."""
        if top.row() == bottom.row() and not self.painter.changes_height(top, self.font(), self.palette()):
            QAbstractItemView.dataChanged(self, top, bottom, list(roles))
        else:
            super().dataChanged(top, bottom, list(roles))
        if top.row() <= self._row <= bottom.row():
            self._place_actions()

    def currentChanged(self, current: Index, previous: Index) -> None:  # noqa: N802 -- Qt's name
        super().currentChanged(current, previous)
        self._show_actions(current.row())

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 -- Qt's name
        if event.type() is QEvent.Type.FontChange:
            self.painter.forget()
            QTimer.singleShot(0, self, self._place_welcome)  # once its words know
        super().changeEvent(event)

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802 -- Qt's name
        super().leaveEvent(event)
        if not self.actions_bar.underMouse() and not self.actions_bar.has_focus:
            self._show_actions(self.currentIndex().row())

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 -- Qt's name
        super().resizeEvent(event)
        self._place_welcome()
        self._place_newest()
        self._place_actions()

    def _notice_place(self, value: int) -> None:
        self._follows = value >= self.verticalScrollBar().maximum() - NEARLY
        self.newest.setVisible(not self._follows)
        self._place_actions()

    def _follow(self, _least: int, most: int) -> None:
        """Who reads further up is left there. A bar with nowhere to go is disabled, which hides its handle."""
        self.verticalScrollBar().setEnabled(most > 0)
        if self._follows:
            self.verticalScrollBar().setValue(most)

    def _join(self, transcript: Transcript) -> None:
        self.newest.hide()
        self.newest.clicked.connect(self._go_to_newest)
        self.setMouseTracking(True)
        self.entered.connect(self._hover)
        bar = self.actions_bar
        bar.copy.clicked.connect(self._copy_message)
        bar.edit.clicked.connect(lambda: self.edit_wanted.emit(self._row))
        bar.again.clicked.connect(lambda: self.again_wanted.emit(self._row))
        bar.replay.clicked.connect(lambda: self.replay_wanted.emit(self._row))
        transcript.modelReset.connect(self._begin_anew)
        for changed in (transcript.modelReset, transcript.rowsInserted, transcript.rowsRemoved):
            changed.connect(self._place_welcome)
        transcript.rowsRemoved.connect(lambda: self._show_actions(self.currentIndex().row()))
        transcript.rowsInserted.connect(self._place_actions)

    def _begin_anew(self) -> None:
        """Other lines are there, seen from their end."""
        self.painter.forget()
        self._show_actions(-1)
        self._follows = True
        self.newest.hide()

    def _go_to_newest(self) -> None:
        self.scrollToBottom()
        self.setFocus()

    # What can be done with a line

    def _show_actions(self, row: int) -> None:
        self._row = row
        self._place_actions()

    def _hover(self, index: Index) -> None:
        """Who uses the buttons by keyboard keeps them."""
        if not self.actions_bar.has_focus:
            self._show_actions(index.row())

    def _place_actions(self) -> None:
        index = self.model().index(self._row, 0)
        cell = self.visualRect(index) if index.isValid() else QRect()  # which may lay the list out anew
        if not cell.intersects(self.viewport().rect()):
            self.actions_bar.hide()
            return
        self.actions_bar.offer(self._offer(index))
        bubble = self.painter.bubble(index, self.font(), cell, self.palette())
        self.actions_bar.move(self._beside(bubble, on_left=_line(index).who is Who.USER))
        self.actions_bar.show()
        self.actions_bar.raise_()

    def _offer(self, index: Index) -> Offer:
        line, row = _line(index), index.row()
        if line.who is Who.USER:
            return Offer(edit=bool(line.text))
        is_last = row == self.model().rowCount() - 1
        return Offer(again=is_last and line.who is Who.MODEL, replay=self.can_replay(row))

    def _beside(self, bubble: QRect, *, on_left: bool) -> QPoint:
        """Over its corner where there is no room."""
        width = self.actions_bar.width()
        room, offset = self.viewport().width(), self.viewport().pos()
        left = bubble.left() - width if on_left else bubble.right()
        if left < 0 or left + width > room:
            left = bubble.right() - width
        top = min(max(bubble.top() - OVERLAP, 0), self.viewport().height() - self.actions_bar.height())
        return QPoint(left, top) + offset

    def _place_welcome(self) -> None:
        """In the middle, while there is nothing else; where there is no room for all of it, not at all."""
        room = self.viewport().geometry()
        width = min(self.welcome.maximumWidth(), room.width() - 2 * AROUND)
        place = QRect(QPoint(), self.welcome.fit(width, room.height()))
        self.welcome.setVisible(self.model().rowCount() == 0 and place.height() <= room.height())
        place.moveCenter(room.center())
        self.welcome.setGeometry(place)

    def _place_newest(self) -> None:
        self.newest.adjustSize()
        room = self.viewport().geometry()
        self.newest.move(room.center().x() - self.newest.width() // 2, room.bottom() - self.newest.height() - 10)

    def _copy_message(self) -> None:
        QGuiApplication.clipboard().setText(_line(self.model().index(self._row, 0)).heard_text)
        self.announce(translate("TranscriptView", "Copied."))

    def _add_copying(self) -> QAction:
        action = QAction(
            translate("TranscriptView", "Copy"), self, shortcut=QKeySequence(QKeySequence.StandardKey.Copy)
        )
        action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        action.triggered.connect(self._copy)
        self.addAction(action)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        return action

    def _copy(self) -> None:
        rows = sorted(index.row() for index in self.selectedIndexes())
        words = [self.model().index(row, 0).data(Qt.ItemDataRole.AccessibleTextRole) for row in rows]
        QGuiApplication.clipboard().setText("\n".join(words))


def _line(index: Index) -> Line:
    line = index.data(Role.LINE)
    assert isinstance(line, Line)
    return line
