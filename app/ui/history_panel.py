"""The conversations that are kept, to be found, opened, renamed, exported, deleted. Knows not where they are kept."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QLineEdit,
    QListView,
    QMessageBox,
    QVBoxLayout,
    QWidget,
)

from app.entry import Entry
from app.ui.button import Button
from app.ui.entry_list import EntryList, EntryPainter
from app.ui.sentence import Sentence
from app.words import QT_TRANSLATE_NOOP, translate

Index = QModelIndex | QPersistentModelIndex
NONE_KEPT = QT_TRANSLATE_NOOP("HistoryPanel", "Nothing has been kept yet.")
NONE_FOUND = QT_TRANSLATE_NOOP("HistoryPanel", "No conversation has these words.")


class PrivateButton(Button):
    """Its mark tells what is open: pressing it begins another conversation, and does not change the mark by itself."""

    def nextCheckState(self) -> None:  # noqa: N802 -- Qt's name
        pass


class HistoryPanel(QWidget):
    """Ids are those of the entries."""

    begun = Signal(bool)
    """A new conversation is wanted; whether a private one."""
    opened = Signal(str)
    renamed = Signal(str, str)
    deleted = Signal(str)
    exported = Signal(str)
    searched = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.begin = Button(
            translate("HistoryPanel", "New"), "new", translate("HistoryPanel", "Begin a new conversation (Ctrl+N)")
        )
        self.private = PrivateButton(
            translate("HistoryPanel", "Private"),
            "private",
            translate("HistoryPanel", "Begin a conversation of which nothing is kept (Ctrl+Shift+N)"),
        )
        self.private.setCheckable(True)
        self.search = QLineEdit(placeholderText=translate("HistoryPanel", "Search conversations"))
        self.search.setAccessibleName(translate("HistoryPanel", "Search conversations"))
        self.search.setAccessibleDescription(
            translate("HistoryPanel", "Shows only conversations with these words (Ctrl+F)")
        )
        self.entries = EntryList()
        self.list = QListView()
        self.about = Sentence(translate("HistoryPanel", "Kept conversations"))
        self.about.setObjectName("quiet")
        self.rename = Button("", "rename", translate("HistoryPanel", "Give the conversation another name (F2)"))
        self.export = Button("", "export", translate("HistoryPanel", "Write the conversation into a file"))
        self.delete = Button("", "delete", translate("HistoryPanel", "Delete the conversation (Delete)"))
        self._name_buttons()
        self._dress_list()
        self._lay_out()
        self._join()
        self._marked = ""
        self.show_entries([])

    def show_entries(self, entries: Sequence[Entry]) -> None:
        """In this order; what was chosen stays chosen."""
        chosen = self.chosen
        if self.list.state() is QAbstractItemView.State.EditingState:
            return
        with QSignalBlocker(self.list.selectionModel()):
            self.entries.show(entries)
        row = self.entries.row_of(chosen)
        self.list.setCurrentIndex(self.entries.index(row) if row is not None else QModelIndex())
        self.about.setText(translate("HistoryPanel", NONE_FOUND if self.search.text().strip() else NONE_KEPT))
        self.about.setVisible(not entries)
        self.list.setVisible(bool(entries))
        self._offer()

    def mark(self, conversation: str, *, private: bool) -> None:
        """This one is open."""
        if conversation != self._marked:
            self._marked = conversation
            row = self.entries.row_of(conversation)
            self.list.setCurrentIndex(self.entries.index(row) if row is not None else QModelIndex())
        self.entries.mark(conversation)
        self.private.setChecked(private)

    @property
    def chosen(self) -> str:
        """The id under the cursor; empty where there is none."""
        entry = self.entries.entry(self.list.currentIndex())
        return "" if entry is None else entry.id

    def _name_buttons(self) -> None:
        self.rename.setAccessibleName(translate("HistoryPanel", "Rename"))
        self.export.setAccessibleName(translate("HistoryPanel", "Export"))
        self.delete.setAccessibleName(translate("HistoryPanel", "Delete"))

    def _dress_list(self) -> None:
        self.list.setAccessibleName(translate("HistoryPanel", "Conversations"))
        self.list.setAccessibleDescription(
            translate("HistoryPanel", "Enter opens a conversation, F2 renames it, Delete deletes it.")
        )
        self.list.setModel(self.entries)
        self.list.setItemDelegate(EntryPainter(self.list))
        self.list.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)  # on macOS they would edit on Enter
        self.list.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setResizeMode(QListView.ResizeMode.Adjust)
        self.list.setUniformItemSizes(True)
        self._add_actions()

    def _add_actions(self) -> None:
        """The same keys on every system, and the same in the menu of the list."""
        keys = Qt.Key
        for words, act, shortcuts in (
            (translate("HistoryPanel", "Open"), self._open_chosen, (keys.Key_Return, keys.Key_Enter)),
            (translate("HistoryPanel", "Rename"), self._rename, (keys.Key_F2,)),
            (translate("HistoryPanel", "Export…"), self._export, ()),
            (translate("HistoryPanel", "Delete"), self._ask_to_delete, (keys.Key_Delete,)),
        ):
            action = QAction(words, self.list)
            action.setShortcuts([QKeySequence(key) for key in shortcuts])
            action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
            action.triggered.connect(act)
            self.list.addAction(action)
        self.list.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self.begin, 1)
        head.addWidget(self.private, 1)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        for button in (self.rename, self.export, self.delete):
            button.setObjectName("small")
            foot.addWidget(button)
        foot.addStretch()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addLayout(head)
        column.addWidget(self.search)
        column.addWidget(self.about)
        column.addWidget(self.list, 1)
        column.addLayout(foot)
        column.addStretch()

    def _join(self) -> None:
        self.begin.clicked.connect(lambda: self.begun.emit(False))  # noqa: FBT003 -- a signal's argument
        self.private.clicked.connect(lambda: self.begun.emit(True))  # noqa: FBT003 -- a signal's argument
        self.search.textChanged.connect(self.searched)
        self.list.activated.connect(self._open)
        self.list.clicked.connect(self._open)
        self.list.selectionModel().currentChanged.connect(self._offer)
        self.entries.renamed.connect(self.renamed)
        self.rename.clicked.connect(self._rename)
        self.export.clicked.connect(self._export)
        self.delete.clicked.connect(self._ask_to_delete)

    def _offer(self) -> None:
        for button in (self.rename, self.export, self.delete):
            button.setVisible(self.entries.rowCount() > 0)
            button.setEnabled(bool(self.chosen))

    def _open(self, index: Index) -> None:
        if (entry := self.entries.entry(index)) is not None:
            self.opened.emit(entry.id)

    def _open_chosen(self) -> None:
        self._open(self.list.currentIndex())

    def _rename(self) -> None:
        if self.chosen:
            self.list.setFocus()
            self.list.edit(self.list.currentIndex())

    def _export(self) -> None:
        if self.chosen:
            self.exported.emit(self.chosen)

    def _ask_to_delete(self) -> None:
        entry = self.entries.entry(self.list.currentIndex())
        if entry is None:
            return
        buttons = QMessageBox.StandardButton
        question = translate("HistoryPanel", "Delete “{title}”? It cannot be brought back.").format(title=entry.title)
        answer = QMessageBox.question(
            self,
            translate("HistoryPanel", "Delete a conversation"),
            question,
            buttons.Yes | buttons.Cancel,
            buttons.Cancel,
        )
        if answer == buttons.Yes:
            self.deleted.emit(entry.id)
