"""Fixtures that only the runner's tests want."""

from __future__ import annotations

import pytest

from model.omni import Omni
from tests.helpers.checkpoints import omni, placement, reference, small_checkpoint
from tests.helpers.recorder import Recorder
from tests.helpers.script import Script
from tests.helpers.voices import speaking

__all__ = ["omni", "placement", "reference", "small_checkpoint", "speaking"]


@pytest.fixture
def recorder(monkeypatch: pytest.MonkeyPatch) -> Recorder:
    return Recorder(monkeypatch)


@pytest.fixture
def script(omni: Omni, monkeypatch: pytest.MonkeyPatch) -> Script:
    return Script(omni, monkeypatch)
