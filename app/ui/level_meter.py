"""How loud the microphone hears it. Knows no microphone."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.words import translate

THICKNESS = 6
FALL = 0.85
"""What is left of the height from one block to the next, so that the eye can follow."""
LEAST_STEP = 0.01


class LevelMeter(QWidget):
    """A bar; it says nothing that words do not say too."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(translate("LevelMeter", "Microphone level"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.level = 0.0

    def sizeHint(self) -> QSize:  # noqa: N802 -- Qt's name
        return QSize(120, THICKNESS)

    def show_level(self, level: float) -> None:
        """0 to 1; painted only if it can be seen to move."""
        fallen = max(level, self.level * FALL if level else 0.0)
        if abs(fallen - self.level) >= LEAST_STEP or (self.level and not level):
            self.level = fallen
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, N802 -- Qt's
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        bar = QRectF(self.rect())
        painter.setBrush(self.palette().color(QPalette.ColorRole.Midlight))
        painter.drawRoundedRect(bar, THICKNESS / 2, THICKNESS / 2)
        bar.setWidth(bar.width() * min(self.level, 1.0))
        painter.setBrush(self.palette().color(QPalette.ColorRole.Highlight))
        painter.drawRoundedRect(bar, THICKNESS / 2, THICKNESS / 2)
