"""A choice on a page that is scrolled, and one that is meant."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from app.ui.choice import Choice, fill

NOTCH = 120


class Page:
    """A choice above more than there is room for."""

    def __init__(self, qtbot: QtBot) -> None:
        self.choice = Choice()
        fill(self.choice, {"Apple": 1, "Pear": 2, "Plum": 3}, 1)
        content = QWidget()
        content.setMinimumHeight(2000)
        column = QVBoxLayout(content)
        column.addWidget(self.choice)
        column.addStretch()
        self.area = QScrollArea(widgetResizable=True)
        self.area.setWidget(content)
        self.area.resize(300, 200)
        qtbot.addWidget(self.area)
        self.area.show()
        self.area.activateWindow()
        qtbot.waitUntil(self.area.isActiveWindow)
        self.area.setFocus()

    def turn_wheel(self) -> None:
        """Down, over the choice."""
        place = self.choice.mapTo(self.area, self.choice.rect().center())
        QTest.wheelEvent(self.area.windowHandle(), place, QPoint(0, -NOTCH))


@pytest.fixture
def page(qtbot: QtBot) -> Page:
    return Page(qtbot)


def test_the_wheel_scrolls_the_page_and_chooses_nothing(qtbot: QtBot, page: Page) -> None:
    page.turn_wheel()
    qtbot.waitUntil(lambda: page.area.verticalScrollBar().value() > 0)
    assert page.choice.currentText() == "Apple"
    assert not page.choice.hasFocus()


def test_with_the_focus_the_wheel_chooses(qtbot: QtBot, page: Page) -> None:
    page.choice.setFocus()
    page.turn_wheel()
    qtbot.waitUntil(lambda: page.choice.currentText() == "Pear")
