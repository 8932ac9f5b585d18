"""A small model is made by a child process, once, and can be cancelled."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.small_model import SmallModel

TIMEOUT = 100_000


@pytest.fixture
def maker() -> SmallModel:
    return SmallModel()


def test_is_made_and_then_taken_as_it_is(qtbot: QtBot, maker: SmallModel, tmp_path: Path) -> None:
    with qtbot.waitSignal(maker.made, timeout=TIMEOUT) as made:
        maker.make(tmp_path)
        assert maker.is_busy
    assert made.args == [tmp_path / "small"]
    assert not maker.is_busy
    stamp = (tmp_path / "small" / "config.json").stat().st_mtime_ns
    with qtbot.waitSignal(maker.made, timeout=0):
        maker.make(tmp_path)
    assert (tmp_path / "small" / "config.json").stat().st_mtime_ns == stamp


def test_cancelled_leaves_no_process(qtbot: QtBot, maker: SmallModel, tmp_path: Path) -> None:
    told: list[object] = []
    maker.made.connect(told.append)
    maker.failed.connect(told.append)
    maker.make(tmp_path)
    maker.cancel()
    assert not maker.is_busy
    assert told == []


def test_failure_is_told_with_its_reason(qtbot: QtBot, maker: SmallModel, tmp_path: Path) -> None:
    (tmp_path / "small").write_text("in the way")
    with qtbot.waitSignal(maker.failed, timeout=TIMEOUT) as failed:
        maker.make(tmp_path)
    assert failed.args is not None
    assert "small is not an empty folder" in failed.args[0]


def test_runner_that_cannot_be_started_is_told(
    qtbot: QtBot, maker: SmallModel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.executable", str(tmp_path / "nothing"))
    with qtbot.waitSignal(maker.failed, timeout=TIMEOUT) as failed:
        maker.make(tmp_path)
    assert failed.args is not None
    assert "could not be made" in failed.args[0]
