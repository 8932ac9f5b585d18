"""A button with words and an icon that follows the colours. Knows nothing of what it is for."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QPushButton, QWidget

from app.ui.icons import USUAL_SIZE, icon

GAP = 6
"""Points between the icon and the words, which stand too near each other without."""
ICON_SHARE = 1.1
"""Of the height of the text: icons grow with it."""


class Button(QPushButton):
    """`explanation` is its tooltip and what a screen reader adds to its name."""

    def __init__(self, text: str, picture: str, explanation: str, parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self._picture = picture
        self.setAccessibleDescription(explanation)
        self.setToolTip(explanation)
        self.toggled.connect(self._draw)
        self._draw()

    def emphasise(self) -> None:
        """The one that is meant to be pressed."""
        self.setObjectName("primary")
        self._draw()

    def show_picture(self, picture: str) -> None:
        """Another icon."""
        self._picture = picture
        self._draw()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 -- Qt's name
        super().changeEvent(event)
        changes = QEvent.Type
        if event.type() in {changes.PaletteChange, changes.EnabledChange, changes.StyleChange, changes.FontChange}:
            self._draw()

    def _draw(self) -> None:
        lit = self.isChecked() and self.objectName() != "quietly"
        filled = self.isEnabled() and (lit or self.objectName() == "primary")
        role = QPalette.ColorRole.HighlightedText if filled else QPalette.ColorRole.Text
        size = max(USUAL_SIZE, round(ICON_SHARE * self.fontMetrics().height()))
        gap = GAP if self.text() else 0
        self.setIconSize(QSize(size + gap, size))
        self.setIcon(icon(self._picture, self.palette().color(role), size, gap))
