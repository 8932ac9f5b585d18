"""Fixtures that only the runner's tests want."""

from __future__ import annotations

import pytest

from tests.helpers.recorder import Recorder


@pytest.fixture
def recorder(monkeypatch: pytest.MonkeyPatch) -> Recorder:
    return Recorder(monkeypatch)
