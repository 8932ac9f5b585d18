"""A page beside the conversation: its name, a way back, and room for what it is about."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from app.ui.button import Button
from app.words import translate

WIDEST = 720
"""Points, at least; more where the text is larger."""
WIDEST_IN_LINES = 48
"""Heights of a line of text."""
NO_LIMIT = 16_777_215
"""Qt's own word for it."""


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
        self._content = content
        self._measure()
        middle = QWidget()
        middle.setObjectName("page")
        row = QHBoxLayout(middle)
        row.setContentsMargins(0, 0, 0, 0)
        row.addStretch()
        row.addWidget(content, 100)
        row.addStretch()
        area = QScrollArea(widgetResizable=True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # Tab brings what it goes to into sight
        area.setWidget(middle)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 16, 20, 16)
        column.setSpacing(16)
        column.addLayout(self.head)
        column.addWidget(area, 1)

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 -- Qt's name
        super().changeEvent(event)
        if event.type() is QEvent.Type.FontChange and self._content.maximumWidth() != NO_LIMIT:
            self._measure()

    def _measure(self) -> None:
        self._content.setMaximumWidth(max(WIDEST, WIDEST_IN_LINES * self.fontMetrics().height()))
