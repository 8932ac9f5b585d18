"""The tray tells by picture and in words what is on, and its menu does what it says."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QSystemTrayIcon, QWidget
from pytestqt.qtbot import QtBot

from app.senses import Origin
from app.ui.tray import Tray


@pytest.fixture
def tray(qtbot: QtBot) -> Iterator[Tray]:
    holder = QWidget()
    qtbot.addWidget(holder)
    yield Tray(holder)
    assert holder.isHidden()  # it lives as long as the tray


def picture(tray: Tray) -> bytes:
    image = tray.icon().pixmap(64).toImage().convertToFormat(QImage.Format.Format_RGBA8888)
    return bytes(image.constBits())


def test_each_state_has_its_words_and_its_picture(tray: Tray) -> None:
    seen: dict[bytes, str] = {}
    for microphone in (False, True):
        for origin in (None, Origin.CAMERA, Origin.SCREEN, Origin.WINDOW):
            tray.show_senses(microphone=microphone, origin=origin)
            seen[picture(tray)] = tray.state.text()
            assert tray.state.text() in tray.toolTip()
            assert tray.off.isEnabled() is (microphone or origin is not None)
    assert len(seen) == 8
    assert len(set(seen.values())) == 8
    assert "the microphone is on, the camera is off" in seen.values()


def test_the_menu_says_what_is_wanted(qtbot: QtBot, tray: Tray) -> None:
    assert not tray.state.isEnabled()
    tray.show_senses(microphone=True, origin=None)
    for action, signal in ((tray.open, tray.wanted), (tray.off, tray.off_wanted), (tray.end, tray.end_wanted)):
        with qtbot.waitSignal(signal):
            action.trigger()
    with qtbot.waitSignal(tray.wanted):
        tray.activated.emit(QSystemTrayIcon.ActivationReason.Trigger)
