"""Jobs run in real children; whatever becomes of those, the last word is one of the ends."""

from __future__ import annotations

import os
from collections.abc import Iterator
from multiprocessing.connection import Connection
from pathlib import Path
from threading import Event

import pytest
from pytestqt.qtbot import QtBot

from app.workbench import Workbench
from model.jobs import Advanced, Broken, Done, Ended, Halt, Halted, Job, JobReport, Remove
from tests.helpers.listener import TIMEOUT, newest_child


def stubborn(pipe: Connection[JobReport, Job | Halt]) -> None:
    """Works, and never looks whether it shall stop."""
    pipe.recv()
    pipe.send(Advanced("working", 1, 2))
    Event().wait()


def babbling(pipe: Connection[JobReport, Job | Halt]) -> None:
    """Says what nobody understands."""
    pipe.recv()
    pipe.send("nonsense")  # type: ignore[arg-type]  # that is the point
    Event().wait()


class Bench:
    """A workbench and what it told."""

    def __init__(self, qtbot: QtBot, bench: Workbench) -> None:
        self.bench = bench
        self.told: list[JobReport] = []
        self._qtbot = qtbot
        bench.told.connect(self.told.append)

    def await_end(self) -> Ended:
        self._qtbot.waitUntil(lambda: bool(self.told) and isinstance(self.told[-1], Ended), timeout=TIMEOUT)
        assert not self.bench.is_busy
        assert isinstance(self.told[-1], Ended)
        return self.told[-1]

    def await_progress(self) -> None:
        self._qtbot.waitUntil(lambda: any(isinstance(told, Advanced) for told in self.told), timeout=TIMEOUT)


@pytest.fixture
def bench(qtbot: QtBot) -> Iterator[Bench]:
    made = Bench(qtbot, Workbench())
    yield made
    made.bench.close()


@pytest.fixture
def stubborn_bench(qtbot: QtBot) -> Iterator[Bench]:
    made = Bench(qtbot, Workbench(main=stubborn))
    yield made
    made.bench.close()


def test_one_job_after_the_other(bench: Bench, tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        bench.told.clear()
        bench.bench.start(Remove((tmp_path / name,)))
        assert bench.bench.is_busy
        with pytest.raises(ValueError, match="one job"):
            bench.bench.start(Remove((tmp_path,)))
        assert isinstance(bench.await_end(), Done)
        assert not (tmp_path / name).exists()


def test_what_does_not_stop_is_killed(stubborn_bench: Bench, tmp_path: Path) -> None:
    stubborn_bench.bench.start(Remove((tmp_path,)))
    stubborn_bench.await_progress()
    stubborn_bench.bench.halt()
    assert stubborn_bench.await_end() == Halted()


def test_killed_job_is_a_sentence(stubborn_bench: Bench, tmp_path: Path) -> None:
    stubborn_bench.bench.start(Remove((tmp_path,)))
    stubborn_bench.await_progress()
    newest_child().kill()
    end = stubborn_bench.await_end()
    assert isinstance(end, Broken)
    assert "killed" in end.sentence
    assert "try again" in end.sentence


def test_nonsense_is_a_sentence(qtbot: QtBot, tmp_path: Path) -> None:
    made = Bench(qtbot, Workbench(main=babbling))
    made.bench.start(Remove((tmp_path,)))
    qtbot.waitUntil(lambda: not made.bench.is_busy, timeout=TIMEOUT)
    end = made.await_end()
    assert isinstance(end, Broken)
    assert "cannot be understood" in end.sentence


def test_closed_leaves_no_process(stubborn_bench: Bench, tmp_path: Path) -> None:
    stubborn_bench.bench.start(Remove((tmp_path,)))
    stubborn_bench.await_progress()
    child = newest_child().pid
    stubborn_bench.bench.close()
    with pytest.raises(ProcessLookupError):
        os.kill(child, 0)
