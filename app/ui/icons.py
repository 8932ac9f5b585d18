"""Pictures for buttons: the Lucide set in any colour, sharp in any size. Knows no widget and no colour of its own."""

from __future__ import annotations

import functools
import tomllib

import lucide
from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from app import paths

OWN = paths.RESOURCES / "icons"
"""What no set has: the application's own sign."""
TABLE = paths.RESOURCES / "style" / "icons.toml"
USUAL_SIZE = 20
SCALES = (1, 2, 3)
"""Pixels for each point of the screens that there are: each has a drawing of its own, so that none is blurred."""
STROKE = "1.8"
MISSING = "lucide-placeholder"


def icon(name: str, colour: QColor, size: int = USUAL_SIZE, gap: int = 0) -> QIcon:
    """By what it means, `size` points wide and high, with a gap behind it. Raises KeyError for what nothing shows."""
    return _drawn(name, colour.name(), size, gap)


@functools.lru_cache(maxsize=512)
def _drawn(name: str, colour: str, size: int, gap: int) -> QIcon:
    """Kept: a button asks for its own with every change of style, a dozen times until a window is there."""
    drawing = source(name).replace("currentColor", colour)
    renderer = QSvgRenderer(QByteArray(drawing.encode()))
    made = QIcon()
    for scale in SCALES:
        made.addPixmap(_draw(renderer, size, gap, scale))
    return made


@functools.cache
def names() -> dict[str, str]:
    """A meaning -> the name of its icon in the set."""
    with TABLE.open("rb") as file:
        return {meaning: str(name) for meaning, name in tomllib.load(file).items()}


@functools.cache
def source(name: str) -> str:
    """The drawing as SVG, whose strokes are in `currentColor`. Raises KeyError."""
    own = OWN / f"{name}.svg"
    if own.is_file():
        return own.read_text(encoding="utf-8")
    drawing: str = lucide.lucide_icon(names().get(name, name), stroke_width=STROKE)
    if MISSING in drawing:
        raise KeyError(name)
    return drawing


def _draw(renderer: QSvgRenderer, size: int, gap: int, scale: int) -> QPixmap:
    picture = QPixmap((size + gap) * scale, size * scale)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    renderer.render(painter, QRectF(0, 0, size * scale, size * scale))
    painter.end()
    picture.setDevicePixelRatio(scale)
    return picture
