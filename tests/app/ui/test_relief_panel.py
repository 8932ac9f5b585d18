"""Something smaller, taken or left by keyboard."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.ui.relief_panel import ReliefPanel


@pytest.fixture
def panel(qtbot: QtBot) -> ReliefPanel:
    panel = ReliefPanel()
    qtbot.addWidget(panel)
    return panel


def test_an_offer_is_taken_or_left(qtbot: QtBot, panel: ReliefPanel) -> None:
    assert not panel.isVisible()
    panel.offer("Memory did not suffice.", "Use less")
    assert panel.isVisible()
    assert panel.sentence.text() == "Memory did not suffice."
    assert panel.accept.accessibleName() == panel.accept.text() == "Use less"
    with qtbot.waitSignal(panel.accepted):
        qtbot.keyClick(panel.accept, Qt.Key.Key_Space)
    with qtbot.assertNotEmitted(panel.accepted):
        qtbot.keyClick(panel.leave, Qt.Key.Key_Space)
    assert not panel.isVisible()
