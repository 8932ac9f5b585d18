"""Switches of camera and microphone, and what is said where one is missing."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.ui.camera_view import OFF, OPENING
from app.ui.senses_panel import SensesPanel


@pytest.fixture
def panel(qtbot: QtBot) -> SensesPanel:
    panel = SensesPanel()
    qtbot.addWidget(panel)
    panel.show()
    return panel


def test_camera_is_switched_on_and_off(qtbot: QtBot, panel: SensesPanel) -> None:
    told: list[bool] = []
    panel.camera.toggled.connect(told.append)
    qtbot.keyClick(panel.camera, Qt.Key.Key_Space)
    assert panel.picture.sentence == OPENING
    qtbot.keyClick(panel.camera, Qt.Key.Key_Space)
    assert panel.picture.sentence == OFF
    assert told == [True, False]


def test_missing_camera_is_a_sentence_and_its_switch_is_off(panel: SensesPanel) -> None:
    panel.camera.setChecked(True)
    panel.lose_camera("No camera was found.")
    assert panel.picture.sentence == "No camera was found."
    assert not panel.camera.isChecked()


def test_complaints_come_and_go_each_for_itself(panel: SensesPanel) -> None:
    panel.about_microphone.tell("No microphone was found.")
    panel.about_speaker.tell("No speaker was found.")
    panel.about_microphone.tell("")
    assert not panel.about_microphone.isVisible()
    assert panel.about_speaker.isVisible()
    assert panel.about_speaker.text() == "No speaker was found."
