"""A small model is made by a child process, once, and can be cancelled."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.small_model import FRESH, NAME, VOICES, SmallModel, _is_left
from model.cli.make_small import FRESH as ENDING

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
    await_writing(qtbot, tmp_path)
    maker.cancel()
    assert not maker.is_busy
    assert told == []
    assert list(tmp_path.iterdir()) == []


def await_writing(qtbot: QtBot, models: Path) -> None:
    """Until something of it is on the disk, and not all."""
    qtbot.waitUntil(lambda: (models / FRESH).is_dir() and any((models / FRESH).iterdir()), timeout=TIMEOUT)


def test_killed_while_it_writes_the_next_try_makes_it(qtbot: QtBot, maker: SmallModel, tmp_path: Path) -> None:
    maker.make(tmp_path)
    await_writing(qtbot, tmp_path)
    with qtbot.waitSignal(maker.failed, timeout=TIMEOUT):
        assert maker._process is not None
        maker._process.kill()
    assert [item.name for item in tmp_path.iterdir()] == [FRESH]
    with qtbot.waitSignal(maker.made, timeout=TIMEOUT):
        maker.make(tmp_path)
    assert [item.name for item in tmp_path.iterdir()] == ["small"]


def test_what_an_older_sightline_left_halfway_is_replaced(qtbot: QtBot, maker: SmallModel, tmp_path: Path) -> None:
    """All that is made is known as ours, and nothing else."""
    folder = tmp_path / "small"
    folder.mkdir()
    for name in ("tokenizer.json", VOICES, "model-00001-of-00001.safetensors"):
        (folder / name).touch()
    with qtbot.waitSignal(maker.made, timeout=TIMEOUT):
        maker.make(tmp_path)
    assert not _is_left(folder)
    (folder / "config.json").unlink()
    assert _is_left(folder)
    (folder / "letter").touch()
    assert not _is_left(folder)
    assert f"{NAME}{ENDING}" == FRESH


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
