"""The child at the other end of a pipe, with a stand-in for the model: what is obeyed, dropped and broken off."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from multiprocessing.connection import wait
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import psutil
import pytest

from model.protocol import (
    Attach,
    Begin,
    Cancel,
    Command,
    Cut,
    Exchange,
    Exit,
    Failed,
    Finished,
    Forget,
    Hear,
    Load,
    Loading,
    Logged,
    Read,
    Ready,
    Recall,
    Reply,
    Report,
    Retract,
    Retracted,
    Said,
    See,
    Seen,
    Stop,
    Tried,
    Try,
    Unload,
    Unloaded,
    Voiced,
    Working,
)
from tests.helpers import stand_in
from tests.helpers.stand_in import GOOD, REFUSAL, SPEED

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.context import SpawnProcess

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 20.0
FRAME = np.full((2, 2, 3), 9, dtype=np.uint8)


class Child:
    """The stand-in and its pipe."""

    def __init__(self) -> None:
        context = multiprocessing.get_context("spawn")
        self.pipe: Connection[Command, Report]
        self.pipe, theirs = context.Pipe()
        self.process: SpawnProcess = context.Process(target=stand_in.main, args=(theirs,))
        self.process.start()
        theirs.close()

    def send(self, *commands: Command) -> None:
        for command in commands:
            self.pipe.send(command)

    def next(self) -> Report:
        """The next report, but for signs of life."""
        while True:
            assert self.pipe.poll(PATIENCE)
            report = self.pipe.recv()
            if not isinstance(report, Working):
                return report

    def until(self, last: Callable[[Report], bool]) -> list[Report]:
        """All reports up to the first that `last` is true of."""
        reports = [self.next()]
        while not last(reports[-1]):
            reports.append(self.next())
        return reports

    def end(self) -> int | None:
        """The exit status, once it has ended by itself."""
        self.process.join(PATIENCE)
        return self.process.exitcode


@pytest.fixture
def child() -> Iterator[Child]:
    child = Child()
    yield child
    child.process.kill()
    child.process.join()
    child.process.close()
    child.pipe.close()


@pytest.fixture
def ready(child: Child) -> Child:
    child.send(GOOD)
    assert child.until(is_a(Ready)) == [Unloaded(), Ready("good", "", ("Chelsie",), "cpu", 0)]
    return child


def is_a(*kinds: type) -> Callable[[Report], bool]:
    return lambda report: isinstance(report, kinds)


def said(reports: list[Report]) -> list[tuple[int, str]]:
    return [(report.turn, report.text) for report in reports if isinstance(report, Said)]


def ask(turn: int, text: str) -> list[Command]:
    return [Begin(turn), Read(turn, text), Reply(turn)]


def test_commands_are_obeyed_in_order(ready: Child) -> None:
    samples = np.ones(4, dtype=np.float32)
    ready.send(Begin(1), Hear(1, samples), See(1, FRAME, 0.5), Read(1, "a"), Hear(1, 2 * samples))
    ready.send(Attach(1, Path("b.wav")), Reply(1))
    reports = ready.until(is_a(Finished))
    assert reports[0] == Seen(1)
    given = ["turn 1", "heard 4", "saw 9 at 0.5", "a", "heard 8", "read b.wav"]
    assert reports[1:-2] == [Said(1, text) for text in given]
    assert isinstance(reports[-2], Voiced)
    assert reports[-2].wave.tolist() == [0, 1, 2]
    ready.send(*ask(2, "c"))
    assert said(ready.until(is_a(Finished))) == [(2, "turn 2"), (2, "c")]


def test_a_cancelled_turn_is_dropped_where_it_stands(ready: Child) -> None:
    """The turn waits behind a load when it is cancelled: nothing of it is begun, and the next one is answered."""
    ready.send(Load(Path("slow")))
    ready.until(is_a(Loading))
    ready.send(*ask(1, "a"), See(1, FRAME), Cancel(1, 0.5))
    assert ready.until(is_a(Cut)) == [Ready("slow", "", ("Chelsie",), "cpu", 0), Seen(1), Cut(1, " until 0.5")]
    ready.send(*ask(2, "b"))
    assert said(ready.until(is_a(Finished))) == [(2, "turn 2"), (2, "b")]


def test_cancel_breaks_off_a_reply_and_frees_the_child(ready: Child) -> None:
    ready.send(*ask(1, "work"))
    ready.until(lambda report: report == Said(1, "on and on"))
    ready.send(Cancel(1, 1.5))
    assert ready.until(is_a(Cut)) == [Said(1, "too late"), Cut(1, "turn 1 work until 1.5")]
    ready.send(*ask(2, "b"))
    assert said(ready.until(is_a(Finished))) == [(2, "turn 2"), (2, "b")]


def test_speed_is_tried_and_gives_way_to_a_turn(ready: Child) -> None:
    ready.send(Try())
    assert ready.next() == Tried(SPEED)
    ready.send(Begin(1), Read(1, "work"), Try())
    assert ready.next() == Said(0, "on and on")
    ready.send(Begin(2), Read(2, "hello"), Reply(2))
    assert [ready.next() for _ in range(3)] == [Said(0, "too late"), Tried(None), Said(2, "turn 2")]


@pytest.mark.parametrize("breaking", [Begin(2), Forget(), Recall(()), Unload(), GOOD])
def test_what_makes_a_turn_pointless_breaks_it_off(ready: Child, breaking: Command) -> None:
    ready.send(*ask(1, "work"))
    ready.until(lambda report: report == Said(1, "on and on"))
    ready.send(breaking)
    assert ready.next() == Said(1, "too late")
    ready.send(Begin(3), Reply(3))
    assert said(ready.until(is_a(Finished))) == [(3, "turn 3")]


@pytest.mark.parametrize("breaking", [Unload(), GOOD])
def test_a_load_is_broken_off_by_what_replaces_it(child: Child, breaking: Command) -> None:
    child.send(Load(Path("load")))
    child.until(is_a(Loading))
    child.send(breaking)
    assert child.next() == Unloaded()
    if breaking is GOOD:
        assert child.next() == Ready("good", "", ("Chelsie",), "cpu", 0)


def test_neither_a_turn_nor_its_end_disturbs_a_load(child: Child) -> None:
    child.send(Load(Path("slow")))
    child.until(is_a(Loading))
    child.send(Begin(1), Cancel(1), Forget(), Recall(()))
    assert child.until(is_a(Cut)) == [Ready("slow", "", ("Chelsie",), "cpu", 0), Cut(1, " until None")]


@pytest.mark.parametrize("breaking", [Forget(), Recall((Exchange("", "b"),))])
def test_another_beginning_breaks_off_one_that_takes_long(ready: Child, breaking: Command) -> None:
    ready.send(Recall((Exchange("", "work"),)))
    ready.until(lambda report: report == Said(0, "on and on"))
    ready.send(breaking)
    assert ready.next() == Said(0, "too late")
    ready.send(*ask(1, "a"))
    assert said(ready.until(is_a(Finished))) == [(1, "turn 1"), (1, "a")]


def test_a_turn_takes_nothing_after_its_reply(ready: Child) -> None:
    ready.send(*ask(1, "a"), Read(1, "b"), Reply(1), Hear(2, np.ones(1)))
    ready.until(is_a(Finished))
    ready.send(Cancel(1))
    assert ready.next() == Cut(1, "turn 1 a until None")


def test_a_retracted_reply_is_broken_off_and_the_turn_goes_on(ready: Child) -> None:
    ready.send(*ask(1, "work"))
    ready.until(lambda report: report == Said(1, "on and on"))
    ready.send(Retract(1), Read(1, "b"), Reply(1))
    reports = ready.until(is_a(Finished))
    assert reports[:2] == [Said(1, "too late"), Retracted(1)]
    assert said(reports[2:]) == [(1, text) for text in ("turn 1", "work", "retracted", "b")]


def test_a_reply_that_is_over_is_retracted_and_asked_for_again(ready: Child) -> None:
    ready.send(*ask(1, "a"), Read(1, "too late"))
    ready.until(is_a(Finished))
    ready.send(Retract(1), Read(1, "b"), Reply(1))
    assert ready.next() == Retracted(1)
    assert [text for _, text in said(ready.until(is_a(Finished)))] == ["turn 1", "a", "retracted", "b"]


def test_a_cancelled_turn_is_retracted_first(ready: Child) -> None:
    """Else what was cut would be a reply that nobody has heard of."""
    ready.send(*ask(1, "work"))
    ready.until(lambda report: report == Said(1, "on and on"))
    ready.send(Retract(1), Cancel(1))
    assert ready.until(is_a(Cut))[1:] == [Retracted(1), Cut(1, "turn 1 work retracted until None")]


def test_a_turn_that_failed_is_not_opened_again(ready: Child) -> None:
    ready.send(*ask(1, "stumble"))
    ready.until(is_a(Failed))
    ready.send(Retract(1), Read(1, "b"), Reply(1), *ask(2, "c"))
    assert ready.next() == Retracted(1)
    assert [turn for turn, _ in said(ready.until(is_a(Finished)))] == [2, 2]


def test_a_known_error_ends_the_turn_with_its_sentence(ready: Child) -> None:
    ready.send(Begin(1), Read(1, "unreadable"), Read(1, "b"), Reply(1))
    assert ready.next() == Failed(1, REFUSAL)
    ready.send(Cancel(1), *ask(2, "c"))
    assert ready.next() == Cut(1, "turn 1 unreadable until None")
    assert said(ready.until(is_a(Finished))) == [(2, "turn 2"), (2, "c")]


def test_an_unforeseen_error_is_logged_told_and_survived(ready: Child) -> None:
    ready.send(*ask(1, "stumble"))
    logged, failed = ready.until(is_a(Failed))[-2:]
    assert isinstance(logged, Logged)
    assert logged.name == "sightline.model"
    assert "LookupError: a stone" in logged.text
    assert "stand_in.py" in logged.text
    assert isinstance(failed, Failed)
    assert failed.turn == 1
    assert "(LookupError)" in failed.sentence
    assert "stone" not in failed.sentence
    ready.send(*ask(2, "b"))
    assert said(ready.until(is_a(Finished))) == [(2, "turn 2"), (2, "b")]


def test_a_model_that_cannot_be_loaded_is_told_of(child: Child) -> None:
    child.send(Load(Path("refuse")), GOOD)
    assert child.until(is_a(Ready)) in (
        [Unloaded(), Failed(None, REFUSAL), Unloaded(), Ready("good", "", ("Chelsie",), "cpu", 0)],
        [Unloaded(), Unloaded(), Ready("good", "", ("Chelsie",), "cpu", 0)],  # it broke in before the first failed
    )


@pytest.mark.parametrize(("fault", "status"), [("exhaust", Exit.OUT_OF_MEMORY), ("lose the card", Exit.DEVICE_LOST)])
def test_of_what_fails_in_the_middle_nothing_is_believed_any_more(ready: Child, fault: str, status: Exit) -> None:
    ready.send(*ask(1, fault))
    assert ready.end() == status


def test_a_load_that_does_not_fit_is_told_of_and_survived(child: Child) -> None:
    child.send(Load(Path("exhaust")))
    failed = child.until(is_a(Failed))[-1]
    assert failed == Failed(None, REFUSAL, lacks_memory=True)
    child.send(GOOD)
    child.until(is_a(Ready))


def test_every_frame_is_answered_for(ready: Child) -> None:
    ready.send(See(1, FRAME), Begin(2), See(2, FRAME), Read(2, "unreadable"), See(2, FRAME))
    assert [ready.next() for _ in range(4)] == [Seen(1), Seen(2), Failed(2, REFUSAL), Seen(2)]


def test_logs_come_home(ready: Child) -> None:
    ready.send(*ask(1, "log"))
    lines = [report for report in ready.until(is_a(Finished)) if isinstance(report, Logged)]
    assert [line.name for line in lines] == ["sightline.stand_in", "library", "py.warnings"]
    assert [line.text for line in lines[:2]] == ["our own line", "warning of a library"]
    assert "warning of Python" in lines[2].text


def test_long_work_shows_signs_of_life(child: Child) -> None:
    child.send(Load(Path("long")))
    signs = 0
    while not isinstance(child.pipe.recv() if child.pipe.poll(PATIENCE) else None, Loading):
        pass
    while isinstance(child.pipe.recv() if child.pipe.poll(PATIENCE) else None, Working):
        signs += 1
    assert signs >= 2


def test_a_turn_that_cannot_be_cut_ends_it_with_a_word(ready: Child) -> None:
    """What the model would remember of it, nobody knows."""
    ready.send(Begin(1), Read(1, "uncuttable"), See(1, FRAME))
    assert ready.next() == Seen(1)
    ready.send(Cancel(1))
    first, last = ready.next(), ready.next()
    assert isinstance(first, Logged)
    assert isinstance(last, Logged)
    assert "Cancel failed." in first.text
    assert "loop broke" in last.text
    assert ready.end() == 1


@pytest.mark.parametrize("doing", [GOOD, Load(Path("load"))])
def test_stop_ends_it_politely(child: Child, doing: Load) -> None:
    child.send(doing)
    child.until(is_a(Ready, Loading))
    child.send(Stop())
    assert child.end() == 0


@pytest.mark.parametrize("doing", [GOOD, Load(Path("load")), Load(Path("hang"))])
def test_without_the_desktop_it_ends_at_once(child: Child, doing: Load) -> None:
    child.send(doing)
    child.until(is_a(Unloaded))
    child.pipe.close()
    assert child.end() == 1


def test_it_ends_when_the_desktop_is_killed() -> None:
    """The desktop as a process of its own, so that it can die without a word."""
    desktop = subprocess.Popen([sys.executable, "-c", DESKTOP], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert desktop.stdout is not None
    with desktop.stdout as output:
        child = psutil.Process(int(output.readline()))
        desktop.kill()
        desktop.wait()
        child.wait(PATIENCE)  # raises if it lives on


DESKTOP = """
import sys
from model.protocol import Load
from tests.model.test_process import Child, Path

if __name__ == "__main__":
    child = Child()
    child.send(Load(Path("load")))
    child.next(), child.next()
    sys.stdout.write(f"{child.process.pid}\\n")
    sys.stdout.flush()
    child.pipe.recv()
"""


def test_interrupting_the_desktop_does_not_interrupt_the_child(ready: Child) -> None:
    os.kill(ready.process.pid or 0, signal.SIGINT)
    ready.send(*ask(1, "a"))
    assert said(ready.until(is_a(Finished))) == [(1, "turn 1"), (1, "a")]


def test_what_cannot_be_understood_ends_it_with_a_word(ready: Child) -> None:
    ready.pipe.send_bytes(b"garbage")
    logged = ready.next()
    assert isinstance(logged, Logged)
    assert "could not be understood" in logged.text
    assert wait([ready.process.sentinel], PATIENCE)
