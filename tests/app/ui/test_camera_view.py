"""The picture of the camera, or why there is none."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from app.senses import Frame
from app.ui.camera_view import OFF, CameraView


@pytest.fixture
def view(qtbot: QtBot) -> CameraView:
    view = CameraView()
    qtbot.addWidget(view)
    view.resize(320, 240)
    view.show()
    return view


def frame(height: int, width: int, colour: tuple[int, int, int] = (255, 0, 0)) -> Frame:
    return Frame(np.full((height, width, 3), colour, np.uint8), 0.0)


def test_says_that_it_is_off(view: CameraView) -> None:
    assert view.sentence == OFF
    assert view.accessibleDescription() == OFF
    assert view.accessibleName()


@pytest.mark.parametrize("size", [(48, 64), (64, 48), (49, 63)])
def test_whole_frame_is_shown_in_its_colours(view: CameraView, size: tuple[int, int]) -> None:
    view.show_frame(frame(*size))
    shown = view.grab().toImage()
    assert shown.pixelColor(shown.rect().center()) == QColor(255, 0, 0)
    assert view.is_showing
    assert view.accessibleDescription() == "A live picture."


def test_place_has_the_shape_of_the_picture(view: CameraView) -> None:
    view.show_frame(frame(90, 160))
    assert view.heightForWidth(320) == 180
    view.show_frame(frame(1000, 10))
    assert view.heightForWidth(320) == 352


def test_sentence_takes_the_picture_s_place(view: CameraView) -> None:
    view.show_frame(frame(48, 64))
    view.tell("The camera is gone.")
    assert not view.is_showing
    assert view.accessibleDescription() == "The camera is gone."
    shown = view.grab().toImage()
    assert shown.pixelColor(5, 120) != QColor(255, 0, 0)


def test_another_view_shows_the_same_while_it_is_seen(qtbot: QtBot, view: CameraView) -> None:
    same = CameraView()
    qtbot.addWidget(same)
    view.tell("The camera is being opened.")
    same.follow(view)
    assert same.sentence == "The camera is being opened."
    view.show_frame(frame(48, 64))
    assert not same.is_showing  # nobody sees it
    same.show()
    view.show_frame(frame(48, 64))
    assert same.is_showing
    view.tell("The camera is off.")
    assert same.sentence == "The camera is off."
