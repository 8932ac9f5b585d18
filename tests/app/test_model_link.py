"""The link with really spawned children: a stand-in that crashes, hangs and babbles."""

from __future__ import annotations

import logging
import tempfile
import threading
from dataclasses import replace
from multiprocessing import resource_tracker
from pathlib import Path
from time import monotonic

import numpy as np
import pytest
from PySide6.QtCore import QCoreApplication, Qt
from pytestqt.qtbot import QtBot

from app.model_link import RESTARTS, LinkState, ModelLink, Patience
from app.model_words import of_model
from model import process
from model.protocol import (
    NO_MODEL,
    Begin,
    Cancel,
    Cut,
    Exchange,
    Failed,
    Finished,
    Hear,
    Load,
    Loading,
    Order,
    Read,
    Ready,
    Recall,
    Reply,
    Said,
    See,
    Seen,
    Unload,
    Voiced,
)
from tests.helpers import stand_in
from tests.helpers.listener import TIMEOUT, Connect, Listener, ask, newest_child, open_files
from tests.helpers.stand_in import GOOD, REFUSAL, finished

OFF, STARTING, LOADING, READY, BUSY, FAILED = LinkState
UP = [STARTING, LOADING, READY]
HASTY = Patience(loading=20.0, working=1.0, letting_go=1.0)
LARGE = np.zeros((480, 640, 3), dtype=np.uint8)


@pytest.fixture
def ready(connect: Connect) -> Listener:
    listener = connect(ModelLink(stand_in.main))
    listener.send(GOOD)
    listener.wait(Ready)
    return listener


def test_a_turn_from_load_to_end(connect: Connect) -> None:
    listener = connect(ModelLink(stand_in.main))
    threads: set[str] = set()
    listener.link.news.connect(lambda _: threads.add(threading.current_thread().name))
    assert listener.link.state is OFF
    listener.send(GOOD, Begin(1), Hear(1, np.ones(4)), Read(1, "a"), Reply(1))
    listener.wait(Finished)
    ready, *said, voiced, end = listener.news
    assert ready == Ready("good", "", ("Chelsie",), "cpu", 0)
    assert said == [Said(1, text) for text in ("turn 1", "heard 4", "a")]
    assert isinstance(voiced, Voiced)
    assert voiced.wave.tolist() == [0, 1, 2]
    assert end == finished(1, "turn 1 heard 4 a")
    assert listener.states == [STARTING, LOADING, BUSY, READY]
    assert threads == {threading.main_thread().name}


def test_frames_come_one_at_a_time_and_sound_in_full(ready: Listener) -> None:
    """While the first frame is on its way nine more are offered: of these only the last is seen."""
    ready.send(Begin(1))
    for number in range(10):
        ready.send(See(1, np.full((480, 640, 3), number, dtype=np.uint8), number), Hear(1, np.full(2, number)))
    ready.send(Reply(1))
    ready.wait(Finished)
    heard = [f"heard {2 * number}" for number in range(10)]
    assert [news.text for news in ready.news if isinstance(news, Said)] == [
        "turn 1",
        "saw 0 at 0",
        *heard,
        "saw 9 at 9",
    ]


def test_a_frame_that_waited_follows_by_itself(ready: Listener, qtbot: QtBot) -> None:
    reports: list[object] = []
    ready.link._arrived.connect(lambda _, report: reports.append(report))
    ready.send(Begin(1), *(See(1, np.full((2, 2, 3), number, dtype=np.uint8), float(number)) for number in range(3)))
    qtbot.waitUntil(lambda: sum(isinstance(report, Seen) for report in reports) == 2, timeout=TIMEOUT)
    ready.send(Reply(1))
    assert ready.wait(Finished) == finished(1, "turn 1 saw 0 at 0.0 saw 2 at 2.0")


def test_nothing_of_a_cancelled_turn_is_delivered(ready: Listener) -> None:
    """The stand-in says one thing more when it is broken off."""
    ready.send(*ask(1, "work"))
    while ready.wait(Said) != Said(1, "on and on"):
        pass
    ready.news.clear()
    ready.send(Cancel(1, 0.5))
    assert ready.link.state is BUSY
    ready.wait(Cut)
    assert ready.link.state is READY
    ready.send(*ask(2, "b"))
    ready.wait(Finished)
    assert [news for news in ready.news if not isinstance(news, Voiced)] == [
        Cut(1, "turn 1 work until 0.5"),
        Said(2, "turn 2"),
        Said(2, "b"),
        finished(2, "turn 2 b"),
    ]


def test_only_the_last_load_is_told_of(connect: Connect) -> None:
    """The first would never end by itself, and has told of its progress when the second breaks it off."""
    listener = connect(ModelLink(stand_in.main))
    listener.send(Load(Path("load")))
    listener.wait(Loading)
    listener.news.clear()
    listener.send(Load(Path("refuse")), GOOD)
    listener.wait(Ready)
    assert listener.news == [Ready("good", "", ("Chelsie",), "cpu", 0)]
    assert listener.states == UP


def test_unload_breaks_off_a_load(connect: Connect) -> None:
    listener = connect(ModelLink(stand_in.main))
    listener.send(Load(Path("load")))
    listener.wait(Loading)
    listener.send(Unload(), Begin(1))
    assert listener.link.state is OFF
    assert listener.news[-1] == Failed(1, NO_MODEL)
    listener.send(GOOD)
    listener.wait(Ready)
    assert listener.states == [STARTING, LOADING, OFF, LOADING, READY]


def test_a_model_that_cannot_be_loaded(connect: Connect) -> None:
    listener = connect(ModelLink(stand_in.main))
    listener.send(Load(Path("refuse")))
    assert listener.wait(Failed) == Failed(None, REFUSAL)
    assert listener.link.state is FAILED
    listener.send(*ask(1, "a"))
    assert listener.news[-1] == Failed(1, NO_MODEL)
    listener.send(GOOD)
    listener.wait(Ready)
    assert listener.states == [STARTING, LOADING, FAILED, LOADING, READY]


def test_what_the_child_says_is_told_in_the_users_language(connect: Connect, spanish: None) -> None:
    listener = connect(ModelLink(stand_in.main))
    listener.send(Load(Path("refuse")))
    assert listener.wait(Failed) == Failed(None, of_model(REFUSAL))
    assert of_model(REFUSAL) != REFUSAL


@pytest.mark.parametrize(
    ("way", "told"),
    [
        ("crash", "exit status 7"),
        ("kill", "it was killed, perhaps because memory ran out"),
        ("garble", "it sent what cannot be understood"),
        ("stray", "it sent what cannot be understood"),
    ],
)
def test_a_child_that_breaks_is_started_again(ready: Listener, way: str, told: str) -> None:
    ready.send(*ask(1, way))
    failed = ready.wait(Failed)
    assert isinstance(failed, Failed)
    assert failed.turn == 1
    assert told in failed.sentence
    ready.wait_for(READY)
    assert ready.states == [*UP, BUSY, *UP]
    ready.send(*ask(2, "b"))
    assert ready.wait(Finished, Failed) == finished(2, "turn 2 b")


def test_a_child_that_breaks_between_turns(ready: Listener) -> None:
    newest_child().kill()
    failed = ready.wait(Failed)
    assert isinstance(failed, Failed)
    assert failed.turn is None
    ready.wait_for(READY)


def test_a_child_that_breaks_at_once_each_time_is_left_alone(
    connect: Connect, caplog: pytest.LogCaptureFixture
) -> None:
    listener = connect(ModelLink(stand_in.main))
    listener.send(Load(Path("crash")))
    listener.wait_for(FAILED)
    assert listener.states == [*(RESTARTS + 1) * [STARTING, LOADING], FAILED]
    sentences = [news.sentence for news in listener.news if isinstance(news, Failed)]
    assert len(sentences) == RESTARTS + 1
    assert "again and again" in sentences[-1]
    assert caplog.messages[-1] == f"The model's process stopped, time {RESTARTS + 1} in a row: exit status 7."
    listener.send(GOOD)
    listener.wait(Ready)


def test_a_reply_that_came_to_its_end_makes_up_for_a_crash(ready: Listener) -> None:
    for turn in range(1, 2 * RESTARTS + 3, 2):
        ready.send(*ask(turn, "crash"))
        ready.wait(Failed)
        ready.send(*ask(turn + 1, "a"))
        assert ready.wait(Finished, Failed) == finished(turn + 1, f"turn {turn + 1} a")


def test_a_reply_that_hangs_is_given_up(connect: Connect) -> None:
    listener = connect(ModelLink(stand_in.main, HASTY))
    listener.send(GOOD, *ask(1, "hang"))
    failed = listener.wait(Failed)
    assert isinstance(failed, Failed)
    assert failed.turn == 1
    assert "it gave no sign of work for too long" in failed.sentence
    listener.wait_for(READY)
    listener.send(*ask(2, "b"))
    listener.wait(Finished)


def test_a_load_that_hangs_is_given_up(connect: Connect) -> None:
    listener = connect(ModelLink(stand_in.main, Patience(loading=3.0)))
    listener.send(Load(Path("hang")))
    failed = listener.wait(Failed)
    assert isinstance(failed, Failed)
    assert failed.turn is None
    assert "it gave no sign of work for too long" in failed.sentence


@pytest.mark.parametrize("breaking", [Unload(), GOOD])
def test_a_child_that_hangs_can_be_unloaded_and_loaded(connect: Connect, qtbot: QtBot, breaking: Order) -> None:
    listener = connect(ModelLink(stand_in.main, HASTY))
    listener.send(Load(Path("hang")))
    listener.wait(Loading)
    listener.news.clear()
    with qtbot.waitSignal(listener.link._ended, timeout=TIMEOUT):
        listener.send(breaking)
    listener.send(GOOD)
    listener.wait(Ready)
    assert [type(news) for news in listener.news] == ([Ready] if breaking == Unload() else [Failed, Ready])


@pytest.mark.parametrize(
    ("fault", "said", "lacks_memory", "device"),
    [
        ("exhaust", "the computer's memory ran out", True, None),
        ("kill", "perhaps because memory ran out", True, None),
        ("crash", "exit status 7", False, None),
        ("lose the card", "started again on the processor, which is slower", False, "cpu"),
    ],
)
def test_a_child_that_fails_is_started_anew_as_its_end_asks_for(
    ready: Listener, fault: str, said: str, *, lacks_memory: bool, device: str | None
) -> None:
    ready.send(*ask(1, fault))
    failed = ready.wait(Failed)
    assert isinstance(failed, Failed)
    assert said in failed.sentence
    assert failed.lacks_memory is lacks_memory
    ready.wait_for(READY)
    assert ready.link._load is not None
    assert ready.link._load.device == device
    ready.send(*ask(2, "b"))
    ready.wait(Finished)


def test_a_child_that_will_not_let_go_is_given_up(connect: Connect) -> None:
    """It goes on telling of the cancelled turn, so it is by no means silent."""
    listener = connect(ModelLink(stand_in.main, HASTY))
    listener.send(GOOD, *ask(1, "babble"))
    while listener.wait(Said) != Said(1, "1"):
        pass
    listener.news.clear()
    listener.send(Cancel(1))
    failed = listener.wait(Failed)
    assert isinstance(failed, Failed)
    assert failed.turn is None
    assert "did not let go" in failed.sentence
    assert listener.news == [failed]
    listener.wait_for(READY)


def test_a_cancel_behind_a_long_recall_is_waited_for(connect: Connect) -> None:
    """Reading an old conversation takes minutes on a slow computer: the child is at work, and not to be killed."""
    listener = connect(ModelLink(stand_in.main, replace(HASTY, working=20.0, letting_go=0.5)))
    listener.send(GOOD)
    listener.wait(Ready)
    listener.send(Recall((Exchange("What was it?", "slow"),)), *ask(1, "a"), Cancel(1))
    assert isinstance(listener.wait(Cut), Cut)
    assert not any(isinstance(news, Failed) for news in listener.news)
    listener.send(*ask(2, "babble"))
    while listener.wait(Said) != Said(2, "1"):
        pass
    listener.send(Cancel(2))
    assert isinstance(listener.wait(Failed), Failed)


def test_a_child_that_hangs_in_a_recall_is_given_up_once_somebody_waits(connect: Connect) -> None:
    listener = connect(ModelLink(stand_in.main, HASTY))
    listener.send(GOOD)
    listener.wait(Ready)
    listener.send(Recall((Exchange("What was it?", "hang"),)), *ask(1, "a"), Cancel(1))
    failed = listener.wait(Failed)
    assert isinstance(failed, Failed)
    assert "it gave no sign of work for too long" in failed.sentence


def test_a_stopped_child_holds_nobody_up(connect: Connect) -> None:
    """Far more is sent than a pipe holds, to a process that does not run."""
    listener = connect(ModelLink(stand_in.main, HASTY))
    listener.send(GOOD)
    listener.wait(Ready)
    newest_child().suspend()
    began = monotonic()
    listener.send(Begin(1), *(Hear(1, np.zeros(100_000)) for _ in range(50)), See(1, LARGE), Reply(1))
    assert monotonic() - began < HASTY.working
    failed = listener.wait(Failed)
    assert isinstance(failed, Failed)
    assert failed.turn == 1
    listener.wait_for(READY)
    listener.send(*ask(2, "b"))
    listener.wait(Finished)


def test_work_that_shows_signs_of_life_may_take_long(connect: Connect) -> None:
    """Longer than there is patience with work that shows none."""
    patience = Patience(loading=stand_in.LONG_SECONDS - 0.5)
    assert patience.loading > process.PULSE_SECONDS
    listener = connect(ModelLink(stand_in.main, patience))
    listener.send(Load(Path("long")))
    assert isinstance(listener.wait(Ready, Failed), Ready)


def test_the_childs_log_comes_home(ready: Listener, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "sightline")
    ready.send(*ask(1, "log"))
    ready.wait(Finished)
    ready.send(*ask(2, "stumble"))
    ready.wait(Failed)
    assert [record.name for record in caplog.records] == [
        "sightline.stand_in",
        "sightline.model.library",
        "sightline.model.py.warnings",
        "sightline.model",
    ]
    assert [record.levelname for record in caplog.records] == ["INFO", "WARNING", "WARNING", "ERROR"]
    assert "LookupError: a stone" in caplog.messages[-1]


@pytest.mark.parametrize("doing", ["good", "load", "hang", "answering"])
def test_stop_leaves_nothing_behind(
    connect: Connect, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, doing: str
) -> None:
    """Processes and threads are counted after every test; here files too, open or not."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", None)
    resource_tracker.ensure_running()  # the one thing of multiprocessing that stays
    before = open_files()
    listener = connect(ModelLink(stand_in.main, HASTY))
    match doing:
        case "answering":
            listener.send(GOOD, *ask(1, "work"))
            listener.wait(Said)
        case _:
            listener.send(Load(Path(doing)))
            listener.wait_for(LOADING)
    listener.news.clear()
    listener.link.stop()
    assert listener.link.state is OFF
    assert not open_files() - before
    assert not list(tmp_path.iterdir())
    assert not listener.news


def test_stop_is_polite_to_a_child_that_is_idle(ready: Listener) -> None:
    """It ends of itself, long before patience does."""
    child = newest_child()
    began = monotonic()
    ready.link.stop()
    assert monotonic() - began < Patience().stopping
    assert not child.is_running()


def test_what_was_on_its_way_when_it_was_stopped_is_not_told(connect: Connect) -> None:
    listener = connect(ModelLink(stand_in.main))
    arrived = threading.Event()
    direct = Qt.ConnectionType.DirectConnection  # on the reader thread, while this one waits
    listener.link._arrived.connect(lambda _, report: arrived.set() if isinstance(report, Ready) else None, direct)
    listener.send(GOOD)
    assert arrived.wait(TIMEOUT / 1000)
    listener.link.stop()
    QCoreApplication.sendPostedEvents(listener.link)
    assert listener.news == []
    assert listener.states == [STARTING, OFF]


def test_a_link_that_was_stopped_can_load_again(ready: Listener) -> None:
    ready.link.stop()
    ready.send(Begin(1))
    assert ready.news[-1] == Failed(1, NO_MODEL)
    ready.send(GOOD, *ask(2, "b"))
    ready.wait(Finished)
    ready.link.stop()
    assert ready.states == [*UP, OFF, STARTING, LOADING, BUSY, READY, OFF]
