"""One of several things: a list that opens, with a sign that it does, in the colours of the rest."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QPointF, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QFocusEvent, QPainter, QPaintEvent, QPalette, QPen, QWheelEvent
from PySide6.QtWidgets import QComboBox, QWidget

from app.words import translate

INSET = 18
HALF = 4.5


class Choice(QComboBox):
    """A style sheet that rounds a box draws no arrow. `about_to_choose` when it is opened or reached by keyboard."""

    about_to_choose = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)  # the wheel would bring the focus, and then choose

    def showPopup(self) -> None:  # noqa: N802 -- Qt's name
        self.about_to_choose.emit()
        super().showPopup()

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802 -- Qt's name
        if event.reason() is not Qt.FocusReason.PopupFocusReason:
            self.about_to_choose.emit()
        super().focusInEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802 -- Qt's name
        """Whoever scrolls the page past it chooses nothing."""
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()

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
