"""How everything looks: colours and style sheet from resources, as the system's or as chosen. Knows no widget."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from PySide6.QtCore import QByteArray, QObject, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFont, QIcon, QPainter, QPalette, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication

from app import paths
from app.settings import Look, Settings

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
    """Dresses the application, and anew when the system changes its colours, unless the user chose some."""

    changed = Signal()

    def __init__(self, desktop: QApplication) -> None:
        super().__init__(desktop)
        self._desktop = desktop
        self._sheet = (STYLE / "sightline.qss").read_text(encoding="utf-8")
        desktop.setStyle("Fusion")  # the same on every system, so that the style sheet is all there is to know
        desktop.setWindowIcon(icon("sightline", QColor(read_colours("light")["accent"])))
        self._hints = desktop.styleHints()  # held, since PySide6 lets go of what belongs to it as soon as nobody does
        self._needs = self._hints.accessibility()
        self._hints.colorSchemeChanged.connect(self._take_scheme)
        self._needs.contrastPreferenceChanged.connect(self._dress)
        self._usual_font = desktop.font()
        self._look = Look.SYSTEM
        self._is_dark = self._hints.colorScheme() is Qt.ColorScheme.Dark
        self._dress()

    def follow(self, settings: Settings) -> None:
        """In the colours that were chosen, with text so large as compared to the system's."""
        font = QFont(self._usual_font)
        font.setPointSizeF(self._usual_font.pointSizeF() * settings.text_percent / 100)
        if font != self._desktop.font() or settings.look is not self._look:
            self._look = settings.look
            self._desktop.setStyleSheet("")  # under which no font would reach a widget
            self._desktop.setFont(font)
            self._dress()

    def _take_scheme(self, scheme: Qt.ColorScheme) -> None:
        self._is_dark = scheme is Qt.ColorScheme.Dark
        self._dress()

    def _scheme(self) -> str:
        if self._look is not Look.SYSTEM:
            return self._look.value
        if self._needs.contrastPreference() is Qt.ContrastPreference.HighContrast:
            return "contrast"
        return "dark" if self._is_dark else "light"

    def _dress(self) -> None:
        colours = read_colours(self._scheme())
        self._desktop.setPalette(palette_of(colours))
        self._desktop.setStyleSheet(fill_in(self._sheet, colours))
        self.changed.emit()


def read_colours(name: str) -> Colours:
    """`light`, `dark` or `contrast`: a colour's name -> its value."""
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
