"""What a line came with, as far as it can be seen: small pictures, and the shape of what was spoken."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPixmap

from app.transcript import Attachment

TILE_WIDTH, TILE_HEIGHT = 144.0, 108.0
WAVE_WIDTH, WAVE_HEIGHT = 180.0, 32.0
GAP = 8.0
RADIUS = 8.0
BAR = 2.0
LOUDEST = 255


class Media:
    """In rows of at most `width`. Pictures are unpacked when they are first painted."""

    def __init__(self, attachments: Sequence[Attachment], width: float) -> None:
        self._pixmaps: dict[int, QPixmap] = {}
        self._places: list[tuple[QRectF, Attachment]] = []
        left = top = below = 0.0
        for item in attachments:
            if not (item.thumbnail or item.levels):
                continue
            wide, high = (TILE_WIDTH, TILE_HEIGHT) if item.thumbnail else (WAVE_WIDTH, WAVE_HEIGHT)
            if left and left + wide > width:
                left, top = 0.0, below + GAP
            self._places.append((QRectF(left, top, min(wide, width), high), item))
            left += wide + GAP
            below = max(below, top + high)
        self.height = below
        self.width = max((place.right() for place, _ in self._places), default=0.0)

    def draw(self, painter: QPainter, at: QPointF, colour: QColor) -> None:
        """The shape of speech in a colour."""
        for number, (place, item) in enumerate(self._places):
            if item.thumbnail:
                self._draw_picture(painter, place.translated(at), number, item.thumbnail)
            else:
                _draw_wave(painter, place.translated(at), item.levels, colour)

    def _draw_picture(self, painter: QPainter, place: QRectF, number: int, packed: bytes) -> None:
        """As much of it as fills its place."""
        if number not in self._pixmaps:
            pixmap = QPixmap()
            pixmap.loadFromData(packed)
            self._pixmaps[number] = pixmap
        pixmap = self._pixmaps[number]
        if pixmap.isNull():
            return
        outline = QPainterPath()
        outline.addRoundedRect(place, RADIUS, RADIUS)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.setClipPath(outline)
        painter.drawPixmap(place, pixmap, _middle(pixmap, place.width() / place.height()))
        painter.restore()


def _middle(pixmap: QPixmap, shape: float) -> QRectF:
    """The largest part of this shape (width over height)."""
    whole = QRectF(pixmap.rect())
    part = QRectF(whole)
    if whole.width() > shape * whole.height():
        part.setWidth(shape * whole.height())
    else:
        part.setHeight(whole.width() / shape)
    part.moveCenter(whole.center())
    return part


def _draw_wave(painter: QPainter, place: QRectF, levels: bytes, colour: QColor) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    step = place.width() / len(levels)
    for number, level in enumerate(levels):
        high = max(BAR, place.height() * (level / LOUDEST) ** 0.5)
        bar = QRectF(place.left() + number * step, place.center().y() - high / 2, min(BAR, step), high)
        painter.drawRoundedRect(bar, BAR / 2, BAR / 2)
