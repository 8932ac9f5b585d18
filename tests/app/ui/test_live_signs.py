"""What is live is told by icon and word."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from app.senses import Origin
from app.ui.live_signs import LiveSigns
from app.ui.top_bar import TopBar


@pytest.fixture
def bar(qtbot: QtBot) -> TopBar:
    bar = TopBar()
    qtbot.addWidget(bar)
    bar.resize(1000, 60)
    bar.show()
    return bar


@pytest.fixture
def signs(bar: TopBar) -> LiveSigns:
    return bar.live


def test_signs_come_and_go_each_for_itself(signs: LiveSigns) -> None:
    assert not signs.isVisible()
    signs.show_microphone(on=True)
    assert signs.microphone.words.text() == "Microphone on"
    assert not signs.microphone._icon.pixmap().isNull()
    assert not signs.sight.isVisible()
    signs.show_sight(Origin.SCREEN)
    assert signs.sight.words.text() == "Screen watched"
    signs.show_microphone(on=False)
    assert signs.isVisible()
    assert not signs.microphone.isVisible()
    signs.show_sight(None)
    assert not signs.isVisible()


def test_one_button_ends_all_and_says_so(signs: LiveSigns) -> None:
    signs.show_sight(Origin.CAMERA)
    assert signs.off.isVisible()
    assert "Ctrl+Shift+X" in signs.off.accessibleDescription()


def test_signs_stand_below_where_there_is_no_room_beside_the_title(bar: TopBar) -> None:
    bar.live.show_microphone(on=True)
    bar.live.show_sight(Origin.CAMERA)
    beside = bar.height()
    assert bar.live.y() < beside / 2
    bar.resize(420, 60)
    assert bar._row.indexOf(bar.live) < 0
    bar.resize(1000, 60)
    assert bar._row.indexOf(bar.live) >= 0
