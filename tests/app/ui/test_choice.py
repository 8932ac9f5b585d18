"""A choice or a level on a page that is scrolled, and one that is meant."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from app.ui.choice import Choice, fill
from app.ui.level import Level

NOTCH = 120


class Page:
    """A choice and a level above more than there is room for."""

    def __init__(self, qtbot: QtBot) -> None:
        self.choice = Choice()
        fill(self.choice, {"Apple": 1, "Pear": 2, "Plum": 3}, 1)
        self.level = Level()
        self.level.setValue(60)
        content = QWidget()
        content.setMinimumHeight(2000)
        column = QVBoxLayout(content)
        column.addWidget(self.choice)
        column.addWidget(self.level)
        column.addStretch()
        self.area = QScrollArea(widgetResizable=True)
        self.area.setWidget(content)
        self.area.resize(300, 200)
        qtbot.addWidget(self.area)
        self.area.show()
        self.area.activateWindow()
        qtbot.waitUntil(self.area.isActiveWindow)
        self.area.setFocus()

    def turn_wheel(self, over: QWidget) -> None:
        """Down."""
        place = over.mapTo(self.area, over.rect().center())
        QTest.wheelEvent(self.area.windowHandle(), place, QPoint(0, -NOTCH))


@pytest.fixture
def page(qtbot: QtBot) -> Page:
    return Page(qtbot)


def test_the_wheel_scrolls_the_page_and_chooses_nothing(qtbot: QtBot, page: Page) -> None:
    page.turn_wheel(page.choice)
    qtbot.waitUntil(lambda: page.area.verticalScrollBar().value() > 0)
    assert page.choice.currentText() == "Apple"
    assert not page.choice.hasFocus()


def test_with_the_focus_the_wheel_chooses(qtbot: QtBot, page: Page) -> None:
    page.choice.setFocus()
    page.turn_wheel(page.choice)
    qtbot.waitUntil(lambda: page.choice.currentText() == "Pear")


def test_the_wheel_moves_a_level_only_with_the_focus(qtbot: QtBot, page: Page) -> None:
    page.turn_wheel(page.level)
    qtbot.waitUntil(lambda: page.area.verticalScrollBar().value() > 0)
    assert page.level.value() == 60
    assert not page.level.hasFocus()
    page.area.verticalScrollBar().setValue(0)
    page.level.setFocus()
    page.turn_wheel(page.level)
    qtbot.waitUntil(lambda: page.level.value() < 60)
