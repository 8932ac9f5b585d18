"""Icons: each meaning has its own, in its colour, sharp where text is larger and on every screen."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication

from app import paths
from app.ui.icons import OWN, icon, names, source

MEANINGS = [*names(), *(file.stem for file in OWN.glob("*.svg"))]
MENTIONED = re.compile(r'(?:Button|_new_button)\(\s*(?:"[^"]*",\s*)?"([a-z-]+)",\s')


def drawn(picture: QImage) -> list[QColor]:
    spots = ((x, y) for x in range(picture.width()) for y in range(picture.height()))
    return [colour for spot in spots if (colour := picture.pixelColor(*spot)).alpha() == 255]


@pytest.mark.parametrize("meaning", MEANINGS)
def test_icons_are_drawn_in_their_colour(qapp: QApplication, meaning: str) -> None:
    colours = drawn(icon(meaning, QColor("#ff0000"), 40).pixmap(40).toImage())
    assert colours
    assert all(colour.red() > 200 and colour.green() < 60 for colour in colours)


@pytest.mark.parametrize("ratio", [1, 2, 3])
def test_every_screen_has_a_drawing_of_its_own(qapp: QApplication, ratio: int) -> None:
    """Asked for more pixels than were drawn, an icon gives what it has, or blurs it."""
    assert icon("send", QColor("black"), 32).pixmap(QSize(32, 32), float(ratio)).size() == QSize(32, 32) * ratio


def test_a_gap_stays_free(qapp: QApplication) -> None:
    picture = icon("stop", QColor("black"), 20, gap=6).pixmap(QSize(26, 20), 1.0).toImage()
    assert picture.width() == 26
    assert all(picture.pixelColor(x, y).alpha() == 0 for x in range(20, 26) for y in range(20))


def test_what_nothing_shows_is_an_error(qapp: QApplication) -> None:
    with pytest.raises(KeyError):
        source("no-such-meaning")


def test_no_two_meanings_look_alike() -> None:
    assert len(set(names().values())) == len(names())


def test_every_icon_that_is_asked_for_is_there() -> None:
    asked = {
        name for file in Path(paths.ROOT / "app" / "ui").glob("*.py") for name in MENTIONED.findall(file.read_text())
    }
    assert len(asked) > 5
    for name in asked:
        assert source(name)
