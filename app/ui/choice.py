"""One of several things: a list that opens, with a sign that it does, in the colours of the rest."""

from __future__ import annotations

from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtGui import QFocusEvent, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QComboBox

INSET = 18
HALF = 4.5


class Choice(QComboBox):
    """A style sheet that rounds a box draws no arrow. `about_to_choose` when it is opened or reached by keyboard."""

    about_to_choose = Signal()

    def showPopup(self) -> None:  # noqa: N802 -- Qt's name
        self.about_to_choose.emit()
        super().showPopup()

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802 -- Qt's name
        if event.reason() is not Qt.FocusReason.PopupFocusReason:
            self.about_to_choose.emit()
        super().focusInEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 -- Qt's name
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colour = self.palette().color(QPalette.ColorRole.Text)
        painter.setPen(QPen(colour, 1.8, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))
        tip = QPointF(self.width() - INSET, self.height() / 2 + HALF / 2)
        painter.drawPolyline([tip + QPointF(-HALF, -HALF), tip, tip + QPointF(HALF, -HALF)])
