"""A choice on a page that is scrolled, and one that is meant."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QScrollArea, QVBoxLayout, QWidget
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

    def turn_wheel(self) -> None:
        """Down, over the choice."""
        place = self.choice.rect().center()
        event = QWheelEvent(
            QPointF(place),
            QPointF(self.choice.mapToGlobal(place)),
            QPoint(),
            QPoint(0, -NOTCH),
            Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier,
            Qt.ScrollPhase.NoScrollPhase,
            False,  # noqa: FBT003 -- Qt's own order: not inverted
        )
        QApplication.sendEvent(self.choice, event)


@pytest.fixture
def page(qtbot: QtBot) -> Page:
    return Page(qtbot)


def test_the_wheel_scrolls_the_page_and_chooses_nothing(page: Page) -> None:
    page.area.setFocus()
    page.turn_wheel()
    assert page.choice.currentText() == "Apple"
    assert page.area.verticalScrollBar().value() > 0


def test_the_wheel_does_not_bring_the_focus(page: Page) -> None:
    """Qt gives it on a real wheel's event only, by this policy."""
    assert page.choice.focusPolicy() == Qt.FocusPolicy.StrongFocus


def test_with_the_focus_the_wheel_chooses(page: Page) -> None:
    page.choice.setFocus()
    page.turn_wheel()
    assert page.choice.currentText() == "Pear"
