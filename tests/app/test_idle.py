"""Time without a question is told of once, and only where it was asked for."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QTimer
from pytestqt.qtbot import QtBot

from app import idle
from app.idle import Idle
from app.phase import Phase


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch, qtbot: QtBot) -> None:
    monkeypatch.setattr(idle, "MILLISECONDS_A_MINUTE", 10)


def timer(watched: Idle) -> QTimer:
    (found,) = watched.findChildren(QTimer)
    return found


@pytest.mark.usefixtures("hasty")
def test_told_after_the_time(qtbot: QtBot) -> None:
    watched = Idle(1)
    with qtbot.waitSignal(watched.passed):
        watched.enter(Phase.LISTENING)
    assert not timer(watched).isActive()


@pytest.mark.parametrize("phase", [phase for phase in Phase if phase is not Phase.LISTENING])
def test_a_turn_ends_the_wait(phase: Phase) -> None:
    watched = Idle(1)
    watched.enter(Phase.LISTENING)
    assert timer(watched).isActive()
    watched.enter(phase)
    assert not timer(watched).isActive()


def test_never_is_never_and_can_be_changed() -> None:
    watched = Idle(None)
    watched.enter(Phase.LISTENING)
    assert not timer(watched).isActive()
    watched.wait(5)
    assert timer(watched).interval() == 5 * idle.MILLISECONDS_A_MINUTE
    assert timer(watched).isActive()
    watched.wait(None)
    assert not timer(watched).isActive()
