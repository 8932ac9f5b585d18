"""A small sign of what goes on, by shape and filling; it breathes while one waits. The words beside it say the same."""

from __future__ import annotations

from PySide6.QtCore import QEasingCurve, QPointF, QRectF, QSize, Qt, QVariantAnimation
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QWidget

from app.phase import Phase
from app.ui.motion import is_allowed

BREATH_MILLISECONDS = 1600
FAINTEST = 0.35
THICKNESS = 2.0
SHARE = 0.7
"""Of the height of the text."""
BUSY = {Phase.LOADING, Phase.THINKING}
FILLED = {Phase.HEARING, Phase.THINKING, Phase.SPEAKING}


class PhaseSign(QWidget):
    """A ring while ready or loading, a disc while something is going on, a bar where there is no model."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._phase = Phase.STOPPED
        self._breath = QVariantAnimation(self, duration=BREATH_MILLISECONDS)
        self._breath.setLoopCount(-1)
        self._breath.setKeyValues([(0.0, 1.0), (0.5, FAINTEST), (1.0, 1.0)])
        self._breath.setEasingCurve(QEasingCurve.Type.InOutSine)
        self._breath.valueChanged.connect(self.update)

    @property
    def is_moving(self) -> bool:
        """Whether it breathes."""
        return self._breath.state() is QVariantAnimation.State.Running

    def sizeHint(self) -> QSize:  # noqa: N802 -- Qt's name
        side = round(self.fontMetrics().height() * SHARE)
        return QSize(side, side)

    def show_phase(self, phase: Phase) -> None:
        """It moves only while somebody waits, and only where things may."""
        self._phase = phase
        if phase in BUSY and is_allowed():
            self._breath.start()
        else:
            self._breath.stop()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, N802 -- Qt's
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colour = QColor(self.palette().color(QPalette.ColorRole.Link))
        colour.setAlphaF(self._breath.currentValue() if self.is_moving else 1.0)
        side = self.sizeHint().width() - THICKNESS
        room = QRectF(0.0, 0.0, side, side)
        room.moveCenter(QRectF(self.rect()).center())
        painter.setPen(QPen(colour, THICKNESS, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        if self._phase in FILLED:
            painter.setBrush(colour)
        if self._phase is Phase.STOPPED:
            middle = room.center().y()
            painter.drawLine(QPointF(room.left(), middle), QPointF(room.right(), middle))
        else:
            painter.drawEllipse(room)
