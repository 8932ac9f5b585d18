"""How everything looks: colours and style sheet from resources, as the system's or as chosen. Knows no widget."""

from __future__ import annotations

import re
import tomllib

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QPalette
from PySide6.QtWidgets import QApplication

from app import paths
from app.settings import Look, Settings
from app.ui.icons import icon
from app.ui.motion import Motion

STYLE = paths.RESOURCES / "style"
WINDOW_ICON_SIZE = 64
EDGE = 2
"""Points of the edge around what is ticked."""

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
        desktop.setWindowIcon(icon("sightline", QColor(read_colours("light")["accent"]), WINDOW_ICON_SIZE))
        self._hints = desktop.styleHints()  # held, since PySide6 lets go of what belongs to it as soon as nobody does
        self._needs = self._hints.accessibility()
        self._hints.colorSchemeChanged.connect(self._take_scheme)
        self._needs.contrastPreferenceChanged.connect(self._dress)
        self._usual_font = desktop.font()
        self._motion = Motion()
        self._motion.allow(on=True)
        self._look = Look.SYSTEM
        self._is_dark = self._hints.colorScheme() is Qt.ColorScheme.Dark
        self._dress()

    def follow(self, settings: Settings) -> None:
        """In the colours that were chosen, with text so large as compared to the system's, and as lively."""
        self._motion.allow(on=not settings.reduce_motion)
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
        # Replaced while it stands, a sheet ended the process (Qt 6.11.3, in QApplication::setStyleSheet).
        self._desktop.setStyleSheet("")
        self._desktop.setPalette(palette_of(colours))
        self._desktop.setStyleSheet(fill_in(self._sheet, colours | read_sizes(self._desktop.font().pointSizeF())))
        self.changed.emit()


def read_colours(name: str) -> Colours:
    """`light`, `dark` or `contrast`: a colour's name -> its value."""
    with (STYLE / "colours.toml").open("rb") as file:
        return Colours(tomllib.load(file)[name])


def read_sizes(points: float) -> dict[str, str]:
    """Sizes of text and radii by name, as a style sheet wants them; `points` is the size of usual text."""
    with (STYLE / "sizes.toml").open("rb") as file:
        sizes = tomllib.load(file)
    texts = {f"{name}_text": f"{points * share:g}pt" for name, share in sizes["text"].items()}
    sides = {f"{name}_side": f"{round(points * share)}px" for name, share in sizes["side"].items()}
    circle = (round(points * sizes["side"]["tick"]) + 2 * EDGE) // 2  # one point more would make it a square again
    return (
        texts
        | sides
        | {"circle_radius": f"{circle}px"}
        | {f"{name}_radius": f"{radius}px" for name, radius in sizes["radius"].items()}
    )


def fill_in(sheet: str, values: dict[str, str]) -> str:
    """A style sheet with values in place of names. Raises KeyError for a name that is none."""
    return re.sub(r"@(\w+)", lambda found: values[found[1]], sheet)


def palette_of(colours: Colours) -> QPalette:
    """For what paints itself; disabled text is as readable as any other."""
    palette = QPalette()
    for role, name in _ROLES.items():
        palette.setColor(role, QColor(colours[name]))
    for role in (QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText, QPalette.ColorRole.WindowText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(colours["quiet"]))
    return palette
