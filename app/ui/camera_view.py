"""What the camera sees, or a sentence why nothing is seen; and its switch. Knows no camera."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QImage, QPainter, QPainterPath, QPaintEvent, QPalette
from PySide6.QtWidgets import QFrame, QSizePolicy, QWidget

from app.senses import Frame
from app.words import QT_TRANSLATE_NOOP, translate

RADIUS = 11.0
USUAL_SLOPE = 0.3
"""Height over width before there is a picture."""
LEAST_SLOPE, MOST_SLOPE = 0.5, 1.1
OFF = QT_TRANSLATE_NOOP("CameraView", "The camera is off.")
OPENING = QT_TRANSLATE_NOOP("CameraView", "The camera is being opened…")
OPENING_SCREEN = QT_TRANSLATE_NOOP("CameraView", "Waiting for the system to show it…")
HIDDEN = QT_TRANSLATE_NOOP("CameraView", "Camera on, preview hidden.")
HIDDEN_SCREEN = QT_TRANSLATE_NOOP("CameraView", "On, preview hidden.")


class CameraView(QFrame):
    """Shows all of a frame, as large as there is room; `shown` and `told` are for who shows the same."""

    shown = Signal(object)
    told = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("camera")
        self.setAccessibleName(translate("CameraView", "Camera picture"))
        shape = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        shape.setHeightForWidth(True)
        self.setSizePolicy(shape)
        self.setMinimumSize(160, 80)
        self._frame: Frame | None = None
        self._image: QImage | None = None
        self._slope = USUAL_SLOPE
        self.sentence = ""
        self.tell(translate("CameraView", OFF))

    def sizeHint(self) -> QSize:  # noqa: N802 -- Qt's name
        return QSize(320, 240)

    def heightForWidth(self, width: int) -> int:  # noqa: N802 -- Qt's name
        return round(width * self._slope)

    def show_frame(self, frame: Frame) -> None:
        """The newest."""
        height, width, _ = frame.pixels.shape
        self._frame = frame  # QImage only borrows its pixels
        plain = QImage(frame.pixels.data, width, height, 3 * width, QImage.Format.Format_RGB888)
        self._image = plain.convertToFormat(QImage.Format.Format_RGB32)  # which is painted in half the time, with this
        if self.sentence:
            self._describe("")
        self._lean(min(max(height / width, LEAST_SLOPE), MOST_SLOPE))
        self.update()
        self.shown.emit(frame)

    def tell(self, sentence: str) -> None:
        """In place of a picture."""
        self._image = self._frame = None
        self._lean(USUAL_SLOPE)
        self._describe(sentence)
        self.update()
        self.told.emit(sentence)

    def follow(self, other: CameraView) -> None:
        """Show what that one does, from here on."""
        self.tell(other.sentence)
        other.shown.connect(self._show_same)
        other.told.connect(self.tell)

    def _show_same(self, frame: Frame) -> None:
        """Every frame is as good as the next: of those that nobody sees none is painted."""
        if self.isVisible():
            self.show_frame(frame)

    @property
    def is_showing(self) -> bool:
        """Whether there is a picture."""
        return self._image is not None

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 -- Qt's name
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        if self._image is None:
            painter.setPen(self.palette().color(QPalette.ColorRole.PlaceholderText))
            flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(self.rect().adjusted(16, 16, -16, -16), flags, self.sentence)
        else:
            self._paint_image(painter, self._image)

    def _lean(self, slope: float) -> None:
        if slope != self._slope:
            self._slope = slope
            self.updateGeometry()

    def _paint_image(self, painter: QPainter, image: QImage) -> None:
        room = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        scale = min(room.width() / image.width(), room.height() / image.height())
        place = QRectF(0.0, 0.0, image.width() * scale, image.height() * scale)
        place.moveCenter(room.center())
        outline = QPainterPath()
        outline.addRoundedRect(place, RADIUS, RADIUS)
        painter.setClipPath(outline)
        painter.drawImage(place, image)

    def _describe(self, sentence: str) -> None:
        self.sentence = sentence
        self.setAccessibleDescription(sentence or translate("CameraView", "A live picture."))
