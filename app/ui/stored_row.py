"""A model that lies on this computer, and what can be done with it. Knows no disk."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QMessageBox, QVBoxLayout, QWidget

from app.ui.button import Button
from app.ui.sentence import Sentence
from app.wares import Stored, gigabytes
from app.words import QT_TRANSLATE_NOOP, translate

COLUMNS = 2
ABOUT = {
    (True, False): QT_TRANSLATE_NOOP("StoredRow", "{name}: {words}"),
    (True, True): QT_TRANSLATE_NOOP("StoredRow", "{name}: {words}, in use"),
    (False, False): QT_TRANSLATE_NOOP("StoredRow", "{name}: {words}, in {folder}"),
    (False, True): QT_TRANSLATE_NOOP("StoredRow", "{name}: {words}, in {folder}, in use"),
}
"""By whether it is ours, and in use."""


class StoredRow(QFrame):
    """Each signal carries the folder; `converted` the bits too."""

    used = Signal(Path)
    converted = Signal(Path, int)
    checked = Signal(Path)
    mended = Signal(Path)
    deleted = Signal(Path)

    def __init__(self, stored: Stored, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._stored = stored
        name = stored.name
        self.about = Sentence(translate("StoredRow", "Model on this computer"))
        self.use = self._new(
            translate("StoredRow", "Use"), "spark", translate("StoredRow", "Load {name}").format(name=name)
        )
        self.to_four = self._new(
            translate("StoredRow", "Convert to 4 bits"),
            "settings",
            translate("StoredRow", "Make a smaller, faster copy of {name}").format(name=name),
        )
        self.to_eight = self._new(
            translate("StoredRow", "Convert to 8 bits"),
            "settings",
            translate("StoredRow", "Make a smaller, more exact copy of {name}").format(name=name),
        )
        self.check = self._new(
            translate("StoredRow", "Check"),
            "list",
            translate("StoredRow", "Compare the files and results of {name} with what they should be").format(
                name=name
            ),
        )
        self.mend = self._new(
            translate("StoredRow", "Repair"),
            "again",
            translate("StoredRow", "Fetch damaged files of {name} again, and no others").format(name=name),
        )
        self.delete = self._new(
            translate("StoredRow", "Delete…"),
            "delete",
            translate("StoredRow", "Delete {name} from this computer").format(name=name),
        )
        self._grid = QGridLayout()
        self._lay_out()
        self._join()
        self.show_stored(stored, is_free=True)

    def show_stored(self, stored: Stored, *, is_free: bool) -> None:
        """`is_free`: nothing else is being done with model folders."""
        self._stored = stored
        about = translate("StoredRow", ABOUT[stored.ours, stored.in_use])
        self.about.setText(about.format(name=stored.name, words=stored.words, folder=stored.folder))
        self.use.setVisible(not stored.in_use)
        for button in (self.to_four, self.to_eight):
            button.setVisible(stored.plain)
        self.mend.setVisible(stored.compared)
        self.delete.setVisible(stored.ours)
        for button in (self.to_four, self.to_eight, self.check, self.mend, self.delete):
            button.setEnabled(is_free)
        self._place()

    def _new(self, text: str, picture: str, explanation: str) -> Button:
        button = Button(text, picture, explanation, self)
        button.setObjectName("small")
        button.setAccessibleName(f"{text.rstrip('…')}: {self._stored.name}")
        return button

    def _join(self) -> None:
        self.use.clicked.connect(lambda: self.used.emit(self._stored.folder))
        self.to_four.clicked.connect(lambda: self.converted.emit(self._stored.folder, 4))
        self.to_eight.clicked.connect(lambda: self.converted.emit(self._stored.folder, 8))
        self.check.clicked.connect(lambda: self.checked.emit(self._stored.folder))
        self.mend.clicked.connect(lambda: self.mended.emit(self._stored.folder))
        self.delete.clicked.connect(self._ask_to_delete)

    def _ask_to_delete(self) -> None:
        buttons = QMessageBox.StandardButton
        stored = self._stored
        words = translate("StoredRow", "Delete {name}? That frees {size} of disk and cannot be brought back.")
        question = words.format(name=stored.name, size=gigabytes(stored.size))
        answer = QMessageBox.question(
            self, translate("StoredRow", "Delete a model"), question, buttons.Yes | buttons.Cancel, buttons.Cancel
        )
        if answer == buttons.Yes:
            self.deleted.emit(stored.folder)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 8)
        column.setSpacing(8)
        column.addWidget(self.about)
        self._grid.setSpacing(8)
        column.addLayout(self._grid)

    def _place(self) -> None:
        """Without gaps where a button is not there."""
        buttons = (self.use, self.check, self.mend, self.to_four, self.to_eight, self.delete)
        for button in buttons:
            self._grid.removeWidget(button)
        for place, button in enumerate(button for button in buttons if not button.isHidden()):
            self._grid.addWidget(button, place // COLUMNS, place % COLUMNS)
