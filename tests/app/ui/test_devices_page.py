"""Devices are chosen by what they are, and a missing one is told of."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QComboBox, QWidget
from pytestqt.qtbot import QtBot

from app.senses import Permission, Size
from app.settings import Settings
from app.ui.devices_page import MISSING, USUAL, DevicesPage, Listed

CAMERAS = [Listed("usb-1", "Webcam"), Listed("usb-2", "Webcam")]
SIZES = [Size(640, 480), Size(1280, 720)]


class Choices:
    def __init__(self, qtbot: QtBot) -> None:
        self.page = DevicesPage()
        qtbot.addWidget(self.page)
        self.page.resize(700, 600)
        self.page.show()
        self.taken: list[Settings] = []
        self.page.chosen.connect(self.taken.append)


@pytest.fixture
def choices(qtbot: QtBot) -> Choices:
    return Choices(qtbot)


def items(box: QComboBox) -> list[str]:
    return [box.itemText(place) for place in range(box.count())]


def test_showing_devices_chooses_nothing(choices: Choices) -> None:
    page = choices.page
    page.show_settings(Settings(camera="usb-2", mirror=True, remarks=True, camera_size=Size(800, 600)))
    page.show_cameras(CAMERAS, SIZES)
    page.show_microphones([Listed("mic", "Headset")])
    assert choices.taken == []
    assert items(page.camera) == [USUAL, "Webcam (1)", "Webcam (2)"]
    assert page.camera.currentText() == "Webcam (2)"
    assert page.picture_size.currentText() == "800 × 600"
    assert items(page.microphone) == [USUAL, "Headset"]
    assert page.mirror.isChecked()
    assert page.preview.isChecked()
    assert page.remarks.isChecked()


def test_each_choice_is_taken_at_once(qtbot: QtBot, choices: Choices) -> None:
    page = choices.page
    page.show_cameras(CAMERAS, SIZES)
    page.show_microphones([Listed("mic", "Headset")])
    page.show_speakers([Listed("box", "Loudspeaker")])
    for box in (page.camera, page.picture_size, page.microphone, page.speaker):
        qtbot.keyClick(box, Qt.Key.Key_Down)
    for switch in (page.mirror, page.preview, page.remarks):
        qtbot.keyClick(switch, Qt.Key.Key_Space)
    assert choices.taken[-1] == Settings(
        camera="usb-1",
        camera_size=Size(640, 480),
        microphone="mic",
        speaker="box",
        mirror=True,
        preview=False,
        remarks=True,
    )


def test_one_that_is_not_plugged_in_stays_the_choice_and_is_told_of(choices: Choices) -> None:
    page = choices.page
    page.show_settings(Settings(speaker="gone"))
    page.show_speakers([Listed("box", "Loudspeaker")])
    assert page.speaker.currentText() == MISSING
    assert "is used until it is" in page.about[page.speaker].text()
    page.show_speakers([Listed("box", "Loudspeaker"), Listed("gone", "Headphones")])
    assert page.speaker.currentText() == "Headphones"
    assert page.about[page.speaker].isHidden()
    page.show_speakers([])
    assert "No speaker was found" in page.about[page.speaker].text()


def test_the_microphone_is_tried_while_the_page_is_seen(qtbot: QtBot, choices: Choices) -> None:
    tried: list[bool] = []
    choices.page.trying.connect(tried.append)
    qtbot.keyClick(choices.page.listen, Qt.Key.Key_Space)
    choices.page.hide()
    assert tried == [True, False]


def test_a_permission_is_told_with_what_can_be_done(qtbot: QtBot, choices: Choices) -> None:
    row = choices.page.camera_permission
    assert row.isHidden()
    row.show_permission(Permission.BLOCKED)
    assert "keeps the camera from Sightline" in row.words.text()
    assert (row.ask.isVisible(), row.open.isVisible(), row.look.isVisible()) == (False, True, True)
    with qtbot.waitSignal(row.page_wanted):
        row.open.click()
    row.show_permission(Permission.ASK)
    with qtbot.waitSignal(row.asked):
        row.ask.click()
    row.show_permission(Permission.ALLOWED)
    assert not row.look.isVisible()


def test_every_control_says_what_it_is(choices: Choices) -> None:
    kinds = (QComboBox, QAbstractButton)
    controls = [child for child in choices.page.findChildren(QWidget) if isinstance(child, kinds)]
    assert len(controls) == 17
    for control in controls:
        assert control.accessibleDescription()
        assert control.accessibleName() or isinstance(control, QAbstractButton)
