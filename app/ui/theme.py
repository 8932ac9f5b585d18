"""How everything looks: colours and style sheet from resources, light or dark as the system is. Knows no widget."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from PySide6.QtCore import QByteArray, QObject, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QIcon, QPainter, QPalette, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication

from app import paths

STYLE = paths.RESOURCES / "style"
ICONS = paths.RESOURCES / "icons"
ICON_SIZE = 20
ICON_SCALE = 3
"""Pixels of an icon for each of its points, so that it is sharp on every screen."""

Colours = dict[str, str]
_ROLES = {
    QPalette.ColorRole.Window: "page",
    QPalette.ColorRole.WindowText: "text",
    QPalette.ColorRole.Base: "surface",
    QPalette.ColorRole.AlternateBase: "tint",
    QPalette.ColorRole.Text: "text",
    QPalette.ColorRole.PlaceholderText: "quiet",
    QPalette.ColorRole.Button: "surface",
    QPalette.ColorRole.ButtonText: "text",
    QPalette.ColorRole.BrightText: "on_accent",
    QPalette.ColorRole.Highlight: "accent",
    QPalette.ColorRole.HighlightedText: "on_accent",
    QPalette.ColorRole.Link: "accent",
    QPalette.ColorRole.Mid: "edge",
    QPalette.ColorRole.Midlight: "rule",
    QPalette.ColorRole.ToolTipBase: "surface",
    QPalette.ColorRole.ToolTipText: "text",
}


class Theme(QObject):
    """Dresses the application, and anew when the system changes between light and dark."""

    changed = Signal()

    def __init__(self, desktop: QApplication) -> None:
        super().__init__(desktop)
        self._desktop = desktop
        self._sheet = (STYLE / "sightline.qss").read_text(encoding="utf-8")
        desktop.setStyle("Fusion")  # the same on every system, so that the style sheet is all there is to know
        desktop.setWindowIcon(icon("sightline", QColor(read_colours("light")["accent"])))
        desktop.styleHints().colorSchemeChanged.connect(self._dress)
        self._dress(desktop.styleHints().colorScheme())

    def _dress(self, scheme: Qt.ColorScheme) -> None:
        colours = read_colours("dark" if scheme is Qt.ColorScheme.Dark else "light")
        self._desktop.setPalette(palette_of(colours))
        self._desktop.setStyleSheet(fill_in(self._sheet, colours))
        self.changed.emit()


def read_colours(name: str) -> Colours:
    """`light` or `dark`: a colour's name -> its value."""
    with (STYLE / "colours.toml").open("rb") as file:
        return Colours(tomllib.load(file)[name])


def fill_in(sheet: str, colours: Colours) -> str:
    """A style sheet with values in place of names. Raises KeyError for a name that is no colour."""
    return re.sub(r"@(\w+)", lambda found: colours[found[1]], sheet)


def palette_of(colours: Colours) -> QPalette:
    """For what paints itself; disabled text is as readable as any other."""
    palette = QPalette()
    for role, name in _ROLES.items():
        palette.setColor(role, QColor(colours[name]))
    for role in (QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText, QPalette.ColorRole.WindowText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(colours["quiet"]))
    return palette


def icon(name: str, colour: QColor) -> QIcon:
    """One of `resources/icons`, drawn in a colour. Raises FileNotFoundError."""
    return QIcon(_draw(ICONS / f"{name}.svg", colour))


def _draw(file: Path, colour: QColor) -> QPixmap:
    drawing = file.read_text(encoding="utf-8").replace("currentColor", colour.name())
    picture = QPixmap(ICON_SIZE * ICON_SCALE, ICON_SIZE * ICON_SCALE)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    QSvgRenderer(QByteArray(drawing.encode())).render(painter, QRectF(picture.rect()))
    painter.end()
    picture.setDevicePixelRatio(ICON_SCALE)
    return picture
