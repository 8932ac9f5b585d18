"""What can be chosen, by keyboard, and what is shown of it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QComboBox, QSlider, QWidget
from pytestqt.qtbot import QtBot

from app.settings import Look, Settings
from app.ui.settings_page import SILENT, SettingsPage


class Choices:
    def __init__(self, qtbot: QtBot) -> None:
        self.page = SettingsPage()
        qtbot.addWidget(self.page)
        self.page.resize(700, 600)
        self.page.show()
        self.taken: list[Settings] = []
        self.page.chosen.connect(self.taken.append)


@pytest.fixture
def choices(qtbot: QtBot) -> Choices:
    return Choices(qtbot)


def test_showing_settings_chooses_nothing(choices: Choices) -> None:
    shown = Settings(None, None, None, look=Look.DARK, text_percent=110, keep_days=45, private=True, volume=0.5)
    choices.page.show_settings(shown, ("Chelsie", "Ethan"))
    assert choices.taken == []
    assert choices.page.look.currentText() == "Dark"
    assert choices.page.text_size.currentText() == "110 %"
    assert choices.page.voice.currentText() == SILENT
    assert choices.page.times.currentText() == "For 45 days"
    assert choices.page.volume.value() == 50
    assert choices.page.private.isChecked()
    assert choices.page.patience.currentText() == "1.6 s"


def test_each_choice_is_taken_at_once(qtbot: QtBot, choices: Choices) -> None:
    page = choices.page
    page.show_settings(Settings(), ("Chelsie", "Ethan"))
    for box in (page.look, page.text_size, page.voice, page.times, page.patience):
        qtbot.keyClick(box, Qt.Key.Key_Down)
    qtbot.keyClick(page.volume, Qt.Key.Key_Left)
    qtbot.keyClick(page.private, Qt.Key.Key_Space)
    assert choices.taken[-1] == Settings(
        voice="Ethan",
        look=Look.LIGHT,
        text_percent=125,
        keep_days=365,
        volume=0.95,
        patience=1.0,
        private=True,
    )


def test_a_voice_that_no_model_has_now_is_still_the_choice(choices: Choices) -> None:
    choices.page.show_settings(Settings(voice="Chelsie"), ())
    assert choices.page.voice.currentText() == "Chelsie"


def test_every_control_says_what_it_is(choices: Choices) -> None:
    kinds = (QComboBox, QSlider, QCheckBox)
    controls = [child for child in choices.page.findChildren(QWidget) if isinstance(child, kinds)]
    assert len(controls) == 7
    for control in controls:
        assert control.accessibleName() or isinstance(control, QCheckBox)
        assert control.accessibleDescription()


def test_the_way_back_is_a_button(qtbot: QtBot, choices: Choices) -> None:
    with qtbot.waitSignal(choices.page.left):
        qtbot.keyClick(choices.page.back, Qt.Key.Key_Space)
