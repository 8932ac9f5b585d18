"""A part that is shown in two places stands where it is looked at."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QPushButton, QStackedWidget, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from app.ui.alcove import Alcove


class House:
    """Two rooms, of which one is to be seen, and a part that both have."""

    def __init__(self, qtbot: QtBot) -> None:
        self.part = QPushButton("Part")
        self.rooms = [QWidget(), QWidget()]
        self.alcoves = [Alcove(self.part), Alcove(self.part)]
        self.house = QStackedWidget()
        qtbot.addWidget(self.house)
        for room, alcove in zip(self.rooms, self.alcoves, strict=True):
            QVBoxLayout(room).addWidget(alcove)
            self.house.addWidget(room)

    def enter(self, place: int) -> None:
        self.house.setCurrentWidget(self.rooms[place])

    def is_in(self, place: int) -> bool:
        return self.part.isVisible() and self.rooms[place].isAncestorOf(self.part)


@pytest.fixture
def house(qtbot: QtBot) -> House:
    return House(qtbot)


def test_the_part_is_where_it_is_looked_at(house: House) -> None:
    house.house.show()
    assert house.is_in(0)
    house.enter(1)
    assert house.is_in(1)
    house.enter(0)
    assert house.is_in(0)


def test_a_part_that_is_put_away_takes_no_room_anywhere(qtbot: QtBot, house: House) -> None:
    house.house.show()
    house.part.hide()
    qtbot.waitUntil(lambda: all(alcove.isHidden() for alcove in house.alcoves))
    house.enter(1)
    assert not house.part.isVisible()
    house.part.show()
    assert house.is_in(1)
    house.enter(0)
    assert house.is_in(0)


def test_on_its_way_from_one_place_to_the_other_it_is_not_put_away(qtbot: QtBot, house: House) -> None:
    house.house.show()
    house.enter(1)
    with qtbot.waitSignal(house.part.clicked):
        house.part.click()
    qtbot.wait_until(lambda: not any(alcove.isHidden() for alcove in house.alcoves))
    assert house.is_in(1)


def test_one_that_was_put_away_before_stays_so(qtbot: QtBot) -> None:
    part = QPushButton("Part")
    part.hide()
    alcove = Alcove(part)
    qtbot.addWidget(alcove)
    assert alcove.isHidden()
    part.show()
    assert not alcove.isHidden()
