"""One of several things: a list that opens, with a sign that it does, in the colours of the rest."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QPointF, QSignalBlocker, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QComboBox

from app.words import translate

INSET = 18
HALF = 4.5


class Choice(QComboBox):
    """A style sheet that rounds a box draws no arrow."""

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 -- Qt's name
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colour = self.palette().color(QPalette.ColorRole.Text)
        painter.setPen(QPen(colour, 1.8, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))
        tip = QPointF(self.width() - INSET, self.height() / 2 + HALF / 2)
        painter.drawPolyline([tip + QPointF(-HALF, -HALF), tip, tip + QPointF(HALF, -HALF)])


def translated(room: str, choices: Mapping[str, object]) -> dict[str, object]:
    """With names in the user's language, which are marked where the table stands."""
    return {translate(room, name): value for name, value in choices.items()}


def fill(box: Choice, choices: Mapping[str, object], chosen: object) -> None:
    """With these names and what they stand for; nothing is told."""
    with QSignalBlocker(box):
        box.clear()
        for name, value in choices.items():
            box.addItem(name, value)
        box.setCurrentIndex(list(choices.values()).index(chosen))
