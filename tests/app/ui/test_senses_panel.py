"""Switches of camera and microphone, and what is said where one is missing."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.senses import Origin, View
from app.ui.camera_view import OFF, OPENING
from app.ui.senses_panel import CAMERA, SensesPanel


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


def test_what_to_look_at_is_chosen_by_keyboard(qtbot: QtBot, panel: SensesPanel) -> None:
    screen, window = View(Origin.SCREEN, "1 (640 × 480)", "s"), View(Origin.WINDOW, "A letter", "w")
    chosen: list[View] = []
    panel.viewed.connect(chosen.append)
    with qtbot.waitSignal(panel.look_at.about_to_choose):
        QApplication.sendEvent(panel.look_at, QFocusEvent(QEvent.Type.FocusIn, Qt.FocusReason.TabFocusReason))
    panel.show_views((screen, window), CAMERA)
    assert chosen == []
    assert panel.camera.text() == "&Camera"
    qtbot.keyClick(panel.look_at, Qt.Key.Key_Down)
    assert panel.camera.text() == "S&creen"
    assert panel.look_at.currentText() == "Screen 1 (640 × 480)"
    qtbot.keyClick(panel.look_at, Qt.Key.Key_Down)
    assert chosen == [screen, window]
    panel.show_views((screen,), panel.view)
    assert panel.view == window
