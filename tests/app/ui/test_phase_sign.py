"""The sign of what goes on: told apart by shape, moving only while one waits, and only where things may move."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.phase import Phase
from app.settings import Settings
from app.ui import motion
from app.ui.phase_sign import PhaseSign
from app.ui.theme import Theme


@pytest.fixture
def sign(qtbot: QtBot, theme: Theme) -> Iterator[PhaseSign]:
    theme.follow(Settings())
    sign = PhaseSign()
    qtbot.addWidget(sign)
    sign.show()
    yield sign
    theme.follow(Settings())


def shape(sign: PhaseSign, phase: Phase) -> bytes:
    sign.show_phase(phase)
    return bytes(sign.grab().toImage().convertToFormat(QImage.Format.Format_Grayscale8).constBits())


def test_it_moves_while_one_waits(qtbot: QtBot, sign: PhaseSign) -> None:
    moving = set()
    for phase in Phase:
        sign.show_phase(phase)
        if sign.is_moving:
            moving.add(phase)
    assert moving == {Phase.LOADING, Phase.THINKING}
    sign.show_phase(Phase.THINKING)
    first = sign.grab().toImage()
    qtbot.waitUntil(lambda: sign.grab().toImage() != first)


def test_nothing_moves_where_motion_is_reduced(sign: PhaseSign, theme: Theme) -> None:
    theme.follow(Settings(reduce_motion=True))
    assert not motion.is_allowed()
    sign.show_phase(Phase.THINKING)
    assert not sign.is_moving


def test_the_shape_tells_what_goes_on(sign: PhaseSign, theme: Theme) -> None:
    theme.follow(Settings(reduce_motion=True))
    shapes = {shape(sign, phase) for phase in (Phase.STOPPED, Phase.LISTENING, Phase.SPEAKING)}
    assert len(shapes) == 3


def test_the_caret_stands_still_too(sign: PhaseSign, theme: Theme) -> None:
    usual = QApplication.styleHints().cursorFlashTime()
    theme.follow(Settings(reduce_motion=True))
    assert QApplication.styleHints().cursorFlashTime() == 0
    theme.follow(Settings())
    assert QApplication.styleHints().cursorFlashTime() == usual
