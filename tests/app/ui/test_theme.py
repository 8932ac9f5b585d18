"""Colours can be told apart, in light and in dark, and the style sheet knows no others."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.settings import Look, Settings
from app.ui.theme import STYLE, Theme, fill_in, read_colours, read_sizes
from tests.helpers.looks import contrast

SCHEMES = ["light", "dark", "contrast"]
TEXTS = [
    ("text", "page"),
    ("text", "surface"),
    ("text", "tint"),
    ("quiet", "page"),
    ("quiet", "surface"),
    ("quiet", "tint"),
    ("accent", "page"),
    ("on_accent", "accent"),
]
EDGES = [("edge", "page"), ("edge", "surface"), ("accent", "page"), ("accent", "surface")]


def test_contrast_is_as_defined() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21.0)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize(("text", "ground"), TEXTS)
def test_text_can_be_read(scheme: str, text: str, ground: str) -> None:
    colours = read_colours(scheme)
    assert contrast(colours[text], colours[ground]) >= 7.0


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize(("edge", "ground"), EDGES)
def test_edges_can_be_seen(scheme: str, edge: str, ground: str) -> None:
    colours = read_colours(scheme)
    assert contrast(colours[edge], colours[ground]) >= 3.0


def test_both_schemes_know_the_same_colours() -> None:
    assert read_colours("light").keys() == read_colours("dark").keys() == read_colours("contrast").keys()


def test_style_sheet_is_filled_in() -> None:
    sheet = (STYLE / "sightline.qss").read_text(encoding="utf-8")
    rules = sheet.split("*/", maxsplit=1)[1]
    assert "@" not in fill_in(rules, read_colours("light") | read_sizes(10.0))
    with pytest.raises(KeyError):
        fill_in("color: @nonsense", read_colours("light"))


def test_system_s_choice_is_followed(qapp: QApplication, qtbot: QtBot, theme: Theme) -> None:
    """Told as the system would tell it: drawing into memory has no system to ask."""
    for scheme, name in ((Qt.ColorScheme.Dark, "dark"), (Qt.ColorScheme.Light, "light")):
        with qtbot.waitSignal(theme.changed):
            qapp.styleHints().colorSchemeChanged.emit(scheme)
        assert qapp.palette().window().color() == QColor(read_colours(name)["page"])
        assert read_colours(name)["page"] in qapp.styleSheet()


def test_what_was_chosen_goes_before_the_system(qapp: QApplication, theme: Theme) -> None:
    usual = qapp.font().pointSizeF()
    theme.follow(Settings(look=Look.CONTRAST, text_percent=150))
    assert qapp.palette().window().color() == QColor(read_colours("contrast")["page"])
    assert qapp.font().pointSizeF() == pytest.approx(1.5 * usual)
    qapp.styleHints().colorSchemeChanged.emit(Qt.ColorScheme.Dark)
    assert qapp.palette().window().color() == QColor(read_colours("contrast")["page"])
    qapp.styleHints().colorSchemeChanged.emit(Qt.ColorScheme.Light)
    theme.follow(Settings())
    assert qapp.palette().window().color() == QColor(read_colours("light")["page"])
    assert qapp.font().pointSizeF() == usual
