"""The rig's speaker, and a system's voice that is Qt's own silent one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from app.voice import engine
from app.voice.system_voice import SystemVoice
from tests.app.devices.conftest import ports, rig

__all__ = ["ports", "rig"]


@pytest.fixture
def system(qtbot: QtBot) -> Iterator[SystemVoice]:
    """Qt's mock engine in a real process: it says nothing, at ten words a second."""
    voice = SystemVoice(engine.main_for_tests)
    yield voice
    voice.close()
