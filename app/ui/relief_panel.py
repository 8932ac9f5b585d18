"""Offers something smaller where memory ran out: what it is, and a button that does it. Knows no model."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from app.ui.button import Button
from app.ui.flow import Flow
from app.ui.sentence import Sentence
from app.words import translate


class ReliefPanel(QFrame):
    """Hidden while there is nothing to offer."""

    accepted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("model")
        self.sentence = Sentence(translate("ReliefPanel", "Memory"))
        self.accept = Button(
            translate("ReliefPanel", "Take less memory"), "model", translate("ReliefPanel", "The conversation stays")
        )
        self.accept.emphasise()
        self.leave = Button(
            translate("ReliefPanel", "Leave it as it is"),
            "remove",
            translate("ReliefPanel", "Go on with the same model and settings; memory may run out again"),
        )
        buttons = Flow()
        buttons.addWidget(self.accept)
        buttons.addWidget(self.leave)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(12)
        column.addWidget(self.sentence)
        column.addLayout(buttons)
        self.accept.clicked.connect(self.accepted)
        self.leave.clicked.connect(self.hide)
        self.hide()

    def offer(self, sentence: str, action: str) -> None:
        """Why, and what the button does."""
        self.sentence.setText(sentence)
        self.accept.setText(action)
        self.accept.setAccessibleName(action)
        self.show()
