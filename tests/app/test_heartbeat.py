"""The window's own stalls, told phase by phase."""

from __future__ import annotations

import logging
import re
import time

import pytest
from pytestqt.qtbot import QtBot

from app.heartbeat import Heartbeat
from app.phase import Phase


def test_a_stall_is_told_with_the_phase_that_it_was_in(qtbot: QtBot, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "sightline.window")
    heartbeat = Heartbeat()
    heartbeat.enter(Phase.THINKING)
    beats: list[None] = []
    heartbeat._timer.timeout.connect(lambda: beats.append(None))
    qtbot.waitUntil(lambda: len(beats) > 2)
    end = time.monotonic() + 0.2
    while time.monotonic() < end:
        pass  # the window's thread is kept busy
    count = len(beats)
    qtbot.waitUntil(lambda: len(beats) > count)
    heartbeat.enter(Phase.LISTENING)
    stalled = re.search(r"Thinking: event loop .* worst (\d+)", caplog.text)
    assert stalled is not None
    assert int(stalled[1]) >= 150


def test_it_rests_while_nothing_goes_on(qtbot: QtBot, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "sightline.window")
    heartbeat = Heartbeat()
    for phase in (Phase.LOADING, Phase.LISTENING, Phase.STOPPED):
        heartbeat.enter(phase)
    assert not heartbeat._timer.isActive()
    assert "Ready: event loop" not in caplog.text
    assert [record.message for record in caplog.records][-2:] == ["Ready.", "No model."]
