"""The meter rises at once and falls slowly."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from app.ui.level_meter import FALL, LevelMeter


def test_rises_at_once_falls_slowly_ends_in_silence(qtbot: QtBot) -> None:
    meter = LevelMeter()
    qtbot.addWidget(meter)
    heights = []
    for level in (0.2, 0.8, 0.1, 0.0):
        meter.show_level(level)
        heights.append(meter.level)
    assert heights == [0.2, 0.8, 0.8 * FALL, 0.0]


def test_is_painted_as_high_as_it_is(qtbot: QtBot) -> None:
    meter = LevelMeter()
    qtbot.addWidget(meter)
    meter.resize(100, 6)
    quiet = meter.grab().toImage()
    meter.show_level(0.5)
    loud = meter.grab().toImage()
    assert loud.pixelColor(25, 3) != quiet.pixelColor(25, 3)
    assert loud.pixelColor(75, 3) == quiet.pixelColor(75, 3)
