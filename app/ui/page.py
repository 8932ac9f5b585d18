"""A page beside the conversation: its name, a way back, and room for what it is about."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from app.ui.button import Button
from app.ui.column import Column
from app.words import translate


class Page(QWidget):
    """`left` when the user wants to go back."""

    left = Signal()

    def __init__(self, name: str, content: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.back = Button(translate("Page", "Back"), "back", translate("Page", "Back to the conversation"))
        self.back.clicked.connect(self.left)
        self.setFocusProxy(self.back)
        heading = QLabel(name)
        heading.setObjectName("heading")
        heading.setAccessibleDescription(translate("Page", "Page"))
        self.head = QHBoxLayout()
        self.head.setSpacing(12)
        self.head.addWidget(self.back)
        self.head.addWidget(heading, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 16, 20, 16)
        column.setSpacing(16)
        column.addLayout(self.head)
        column.addWidget(Column(content), 1)
