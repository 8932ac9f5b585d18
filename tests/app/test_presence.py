"""Closed or only hidden, started by itself or not: as was chosen, and as the desktop allows."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication
from pytestqt.qtbot import QtBot

from app.autostart import Entry
from app.presence import Presence
from app.senses import Origin
from app.settings import Settings
from app.transcript import Transcript
from app.ui.window import Window

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", "systemTrayWindowChanged")  # drawing into memory


class Desktop:
    """A window and what is around it."""

    def __init__(self, folder: Path, *, has_tray: bool) -> None:
        self.entry = Entry(folder / "autostart" / "entry", b"start")
        self.window = Window(Transcript())
        self.presence = Presence(self.window, self.entry, lambda: has_tray)
        self.complaints: list[str] = []
        self.presence.complained.connect(self.complaints.append)
        self.window.show()


@pytest.fixture
def desktop(qtbot: QtBot, tmp_path: Path) -> Desktop:
    desktop = Desktop(tmp_path, has_tray=True)
    qtbot.addWidget(desktop.window, before_close_func=lambda _: desktop.window.leave())
    return desktop


def test_a_window_that_is_closed_is_closed(desktop: Desktop) -> None:
    desktop.presence.choose(Settings())
    assert not desktop.presence.can_stay
    assert desktop.window.close()


def test_with_the_tray_it_is_only_hidden_and_comes_back(desktop: Desktop) -> None:
    desktop.presence.choose(Settings(tray=True))
    assert desktop.presence.can_stay
    assert not desktop.window.close()
    assert not desktop.window.isVisible()
    desktop.presence.tray.wanted.emit()
    assert desktop.window.isVisible()
    desktop.presence.choose(Settings())
    assert desktop.window.close()


def test_quit_in_the_tray_is_for_good(desktop: Desktop, monkeypatch: pytest.MonkeyPatch) -> None:
    ended: list[bool] = []
    monkeypatch.setattr(QCoreApplication, "quit", lambda: ended.append(True))  # which would end the tests
    desktop.presence.choose(Settings(tray=True))
    desktop.window.close()
    desktop.presence.tray.end.trigger()
    assert ended == [True]
    assert not desktop.window.stays()


def test_where_there_is_no_tray_the_window_is_closed_and_it_is_said(qtbot: QtBot, tmp_path: Path) -> None:
    desktop = Desktop(tmp_path, has_tray=False)
    qtbot.addWidget(desktop.window)
    desktop.presence.choose(Settings(tray=True))
    desktop.presence.choose(Settings(tray=True, patience=2.0))
    (sentence,) = desktop.complaints
    assert "no tray" in sentence
    assert desktop.window.close()


def test_switching_off_from_the_tray_presses_what_switches_off_in_the_window(qtbot: QtBot, desktop: Desktop) -> None:
    desktop.presence.show_senses(microphone=True, origin=Origin.CAMERA)
    with qtbot.waitSignal(desktop.window.top.live.off.clicked):
        desktop.presence.tray.off.trigger()


def test_the_window_switches_all_of_it_off(desktop: Desktop) -> None:
    senses = desktop.window.senses
    senses.camera.click()
    senses.hands_free.click()
    desktop.window.composer.talk.begin()
    desktop.window.senses_off()
    assert not senses.camera.isChecked()
    assert not senses.hands_free.isChecked()
    assert not desktop.window.composer.talk.is_talking


def test_starting_by_itself_follows_the_choice(desktop: Desktop) -> None:
    assert not desktop.presence.starts_by_itself
    desktop.presence.choose(Settings(autostart=True))
    assert desktop.entry.is_on
    assert desktop.presence.starts_by_itself
    desktop.presence.choose(Settings())
    assert not desktop.entry.is_on


def test_a_system_that_refuses_is_told(desktop: Desktop, tmp_path: Path) -> None:
    (tmp_path / "autostart").write_text("in the way")
    desktop.presence.choose(Settings(autostart=True))
    (sentence,) = desktop.complaints
    assert "what starts by itself" in sentence
