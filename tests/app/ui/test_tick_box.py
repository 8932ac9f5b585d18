"""A box with a tick: told apart without colour."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from app.ui.theme import read_colours
from app.ui.tick_box import TickBox


def test_the_tick_is_drawn_on_its_ground(qtbot: QtBot) -> None:
    box = TickBox("Begin every conversation as a private one")
    qtbot.addWidget(box)
    box.resize(box.sizeHint())
    box.show()
    qtbot.keyClick(box, Qt.Key.Key_Space)
    assert box.isChecked()
    picture = box.grab().toImage()
    colours = read_colours("light")
    seen = {picture.pixelColor(x, y).name() for x in range(30) for y in range(picture.height())}
    assert QColor(colours["accent"]).name() in seen
    assert QColor(colours["on_accent"]).name() in seen
