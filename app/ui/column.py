"""What a page is about, in the middle and as wide as is good to read; it can be scrolled. Knows not what it is."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QWidget

WIDEST = 720
"""Points, at least; more where the text is larger."""
WIDEST_IN_LINES = 48
"""Heights of a line of text."""
NO_LIMIT = 16_777_215
"""Qt's own word for it."""


class Middle(QWidget):
    """Content that is given a greatest width of its own accord keeps it."""

    def __init__(self, content: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("page")
        self._content = content
        self._measure()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addStretch()
        row.addWidget(content, 100)
        row.addStretch()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 -- Qt's name
        super().changeEvent(event)
        if event.type() is QEvent.Type.FontChange and self._content.maximumWidth() != NO_LIMIT:
            self._measure()

    def _measure(self) -> None:
        self._content.setMaximumWidth(max(WIDEST, WIDEST_IN_LINES * self.fontMetrics().height()))


class Column(QScrollArea):
    """The same, where it may be higher than there is room."""

    def __init__(self, content: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent, widgetResizable=True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # Tab brings what it goes to into sight
        self.setWidget(Middle(content))
