"""The key of one action: shown, chosen, taken away, and what is wrong with it. Knows no other row."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.ui.button import Button
from app.ui.key_button import KeyButton
from app.ui.sentence import Sentence
from app.words import translate

GAP = 8


class HotkeyRow(QWidget):
    """`cleared` when there is to be none."""

    cleared = Signal()

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.name = name
        self.keys = ""
        self.key = KeyButton(name)
        self.clear = Button("", "remove", translate("HotkeyRow", "This is done by the window alone from then on"))
        self.clear.setAccessibleName(translate("HotkeyRow", "Clear the key: {action}").format(action=name))
        self.trouble = Sentence(translate("HotkeyRow", "What to know of this key"))
        self.trouble.hide()
        self.clear.clicked.connect(self.cleared)
        self._lay_out()
        self.show_keys("")

    def show_keys(self, keys: str) -> None:
        """In Qt's portable text; empty where there is none."""
        if self.clear.hasFocus() and not keys:
            self.key.setFocus()
        self.keys = keys
        self.key.show_keys(keys)
        self.clear.setEnabled(bool(keys))

    def tell(self, sentence: str) -> None:
        """Empty while all is well."""
        self.trouble.setText(sentence)
        self.trouble.setVisible(bool(sentence))

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        buttons.setSpacing(GAP)
        buttons.addWidget(self.key, 1)
        buttons.addWidget(self.clear)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP)
        column.addLayout(buttons)
        column.addWidget(self.trouble)
        self.setFocusProxy(self.key)
