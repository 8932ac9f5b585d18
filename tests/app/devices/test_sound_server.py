"""What the rig's sound server has lost is known, whether it was the default or not."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from app.devices.sound_server import SoundServer
from tests.helpers.rig import SoundRig

LONG = 30_000


def test_a_device_that_is_not_the_default_is_missed_and_comes_back(rig: SoundRig, qtbot: QtBot) -> None:
    changes: list[frozenset[str]] = []
    server = SoundServer(lambda: changes.append(server.gone))
    try:
        headset, earphones = rig.plug_in("headset"), rig.plug_in_speaker("earphones")
        qtbot.waitUntil(lambda: {"headset", "earphones"} <= server._seen, timeout=LONG)
        rig.unplug(headset)
        qtbot.waitUntil(lambda: bool(changes) and "headset" in changes[-1], timeout=LONG)
        rig.unplug(earphones)
        qtbot.waitUntil(lambda: "earphones" in changes[-1], timeout=LONG)
        back = rig.plug_in("headset")
        qtbot.waitUntil(lambda: "headset" not in changes[-1], timeout=LONG)
        rig.unplug(back)
    finally:
        server.close()
    assert changes[0] == {"headset"}


def test_without_a_server_nothing_is_missed(monkeypatch: pytest.MonkeyPatch, rig: SoundRig) -> None:
    monkeypatch.setenv("PULSE_SERVER", "unix:/nowhere/native")
    server = SoundServer(lambda: pytest.fail("nothing can have changed"))
    server.close()
    assert server.gone == frozenset()
