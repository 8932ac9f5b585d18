"""The link with really spawned children: a stand-in that crashes, hangs and babbles, and the small checkpoint."""

from __future__ import annotations

import logging
import os
import tempfile
import threading
from collections.abc import Callable, Iterator
from itertools import count
from multiprocessing import resource_tracker
from pathlib import Path
from time import monotonic

import numpy as np
import psutil
import pytest
from PIL import Image
from pytestqt.qtbot import QtBot

from app.model_link import NO_MODEL, RESTARTS, LinkState, ModelLink, Patience
from model import process
from model.protocol import (
    CODE_SAMPLES,
    Attach,
    Begin,
    Cancel,
    Cut,
    Failed,
    Finished,
    Forget,
    Hear,
    Load,
    Loading,
    News,
    Order,
    Read,
    Ready,
    Reply,
    Said,
    See,
    Unload,
    Voiced,
)
from tests.helpers import stand_in
from tests.helpers.stand_in import GOOD, REFUSAL, finished

TIMEOUT = 30_000
OFF, STARTING, LOADING, READY, BUSY, FAILED = LinkState
UP = [STARTING, LOADING, READY]
HASTY = Patience(loading=20.0, working=1.0, letting_go=1.0)
LARGE = np.zeros((480, 640, 3), dtype=np.uint8)


class Listener:
    """All that a link told, in order."""

    def __init__(self, link: ModelLink, qtbot: QtBot) -> None:
        self.link = link
        self.news: list[News] = []
        self.states: list[LinkState] = []
        self._qtbot = qtbot
        link.news.connect(self.news.append)
        link.state_changed.connect(self.states.append)

    def send(self, *orders: Order) -> None:
        for order in orders:
            self.link.send(order)

    def wait(self, *kinds: type) -> News:
        """The next news of one of these kinds."""
        with self._qtbot.waitSignal(
            self.link.news, timeout=TIMEOUT, check_params_cb=lambda news: isinstance(news, kinds)
        ):
            pass
        return next(news for news in reversed(self.news) if isinstance(news, kinds))

    def wait_for(self, state: LinkState) -> None:
        if self.link.state is not state:
            with self._qtbot.waitSignal(
                self.link.state_changed, timeout=TIMEOUT, check_params_cb=lambda now: now is state
            ):
                pass

    def said(self, turn: int) -> str:
        return "".join(news.text for news in self.news if isinstance(news, Said) and news.turn == turn)


Connect = Callable[[ModelLink], Listener]


@pytest.fixture
def connect(qtbot: QtBot) -> Iterator[Connect]:
    """Listens to a link, and stops it in the end."""
    links: list[ModelLink] = []

    def connected(link: ModelLink) -> Listener:
        links.append(link)
        return Listener(link, qtbot)

    yield connected
    for link in links:
        link.stop()


@pytest.fixture
def ready(connect: Connect) -> Listener:
    listener = connect(ModelLink(stand_in.main))
    listener.send(GOOD)
    listener.wait(Ready)
    return listener


def ask(turn: int, text: str) -> list[Order]:
    return [Begin(turn), Read(turn, text), Reply(turn)]


def newest_child() -> psutil.Process:
    """The youngest, multiprocessing's tracker left aside."""
    children = [child for child in psutil.Process().children() if "spawn_main" in " ".join(child.cmdline())]
    return max(children, key=lambda child: child.create_time())


# A stand-in for the model


def test_a_turn_from_load_to_end(connect: Connect) -> None:
    listener = connect(ModelLink(stand_in.main))
    threads: set[str] = set()
    listener.link.news.connect(lambda _: threads.add(threading.current_thread().name))
    assert listener.link.state is OFF
    listener.send(GOOD, Begin(1), Hear(1, np.ones(4)), Read(1, "a"), Reply(1))
    listener.wait(Finished)
    ready, *said, voiced, end = listener.news
    assert ready == Ready("good", "", (), "cpu", 0)
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
    assert listener.news == [Ready("good", "", (), "cpu", 0)]
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
    assert open_files() == before
    assert not list(tmp_path.iterdir())
    assert not listener.news


def open_files() -> list[str]:
    """What this process has open, sorted; on systems without /proc only how many."""
    folder = Path("/proc/self/fd")
    if not folder.is_dir():
        return [str(psutil.Process().num_fds())]
    links = [os.readlink(link) for link in os.scandir(folder)]  # noqa: PTH115 -- what it names is no path
    return sorted(link for link in links if not link.startswith("/proc/"))  # the listing itself


def test_stop_is_polite_to_a_child_that_is_idle(ready: Listener) -> None:
    """It ends of itself, long before patience does."""
    child = newest_child()
    began = monotonic()
    ready.link.stop()
    assert monotonic() - began < Patience().stopping
    assert not child.is_running()


def test_a_link_that_was_stopped_can_load_again(ready: Listener) -> None:
    ready.link.stop()
    ready.send(Begin(1))
    assert ready.news[-1] == Failed(1, NO_MODEL)
    ready.send(GOOD, *ask(2, "b"))
    ready.wait(Finished)
    ready.link.stop()
    assert ready.states == [*UP, OFF, STARTING, LOADING, BUSY, READY, OFF]


# The small checkpoint


@pytest.fixture(scope="module")
def small(request: pytest.FixtureRequest, small_folder: Path) -> Iterator[ModelLink]:
    """A real child that is shared, since it costs seconds to start."""
    request.getfixturevalue("qapp")
    link = ModelLink()
    link.send(small_load(small_folder))
    yield link
    link.stop()


@pytest.fixture(scope="module")
def turns(small: ModelLink) -> Iterator[int]:
    """Numbers of turns that the shared child has not seen yet."""
    return count(1)


@pytest.fixture
def partner(small: ModelLink, qtbot: QtBot) -> Listener:
    """The shared child, with a conversation that begins anew."""
    listener = Listener(small, qtbot)
    listener.wait_for(READY)
    listener.send(Forget())
    return listener


def small_load(folder: Path) -> Load:
    """Replies of up to 150 tokens; their words are noise, but always the same."""
    return Load(
        folder, voice="Chelsie", threads=1, temperature=0.0, max_tokens=150, max_codes=60, solver="euler", early=True
    )


def test_the_small_checkpoint_answers_in_text_and_sound(partner: Listener, turns: Iterator[int]) -> None:
    turn = next(turns)
    partner.send(*ask(turn, "What is on the table?"))
    end = partner.wait(Finished, Failed)
    assert isinstance(end, Finished)
    assert end.turn == turn
    assert end.text == partner.said(turn)
    assert end.timings.text_tokens > 40
    waves = [news.wave for news in partner.news if isinstance(news, Voiced)]
    assert sum(map(len, waves)) == end.timings.codes * CODE_SAMPLES
    assert {wave.dtype for wave in waves} == {np.dtype(np.float32)}
    assert max(float(np.abs(wave).max()) for wave in waves) > 0
    first_sound = next(place for place, news in enumerate(partner.news) if isinstance(news, Voiced))
    assert any(isinstance(news, Said) for news in partner.news[first_sound:])  # it spoke before it was done thinking


def test_the_small_checkpoint_hears_and_sees(partner: Listener, turns: Iterator[int], tmp_path: Path) -> None:
    turn = next(turns)
    noise = np.random.default_rng(0)
    picture = tmp_path / "picture.png"
    Image.fromarray(noise.integers(0, 255, (56, 56, 3), dtype=np.uint8)).save(picture)
    partner.send(Begin(turn))
    for _ in range(25):
        partner.send(Hear(turn, noise.normal(0, 0.1, 1600).astype(np.float32)))
        partner.send(See(turn, noise.integers(0, 255, (48, 64, 3), dtype=np.uint8)))
    partner.send(Attach(turn, picture), Reply(turn))
    end = partner.wait(Finished, Failed)
    assert isinstance(end, Finished)
    assert end.timings.prompt_tokens > 80  # 62 of the sound alone


def test_a_cancelled_reply_leaves_no_trace(partner: Listener, turns: Iterator[int]) -> None:
    """What the model says after a reply of which nothing was heard is what it says where none was begun."""
    cut, plain, after = next(turns), next(turns), next(turns)
    partner.send(*ask(cut, "Tell me a story."))
    partner.wait(Said)
    partner.news.clear()
    partner.send(Cancel(cut, 0.0))
    partner.wait(Cut)
    assert partner.link.state is READY
    assert partner.news == [Cut(cut, "")]
    partner.send(Begin(plain), Read(plain, "A question that is never put."), Cancel(plain))
    partner.wait(Cut)
    partner.news.clear()
    partner.send(*ask(after, "And now?"))
    partner.wait(Finished)
    assert {news.turn for news in partner.news if isinstance(news, Said | Voiced | Finished | Cut)} == {after}


def test_a_reply_is_cut_to_what_was_heard(partner: Listener, turns: Iterator[int]) -> None:
    turn = next(turns)
    partner.send(*ask(turn, "What is on the table?"))
    end = partner.wait(Finished)
    partner.send(Cancel(turn, 0.4))
    cut = partner.wait(Cut)
    assert isinstance(end, Finished)
    assert isinstance(cut, Cut)
    assert end.text.startswith(cut.text)
    assert 0 < len(cut.text) < len(end.text)


def test_a_file_that_is_no_media_ends_the_turn_in_a_sentence(
    partner: Listener, turns: Iterator[int], tmp_path: Path
) -> None:
    turn, following = next(turns), next(turns)
    file = tmp_path / "notes.txt"
    file.write_text("no media")
    partner.send(Begin(turn), Attach(turn, file), Reply(turn))
    failed = partner.wait(Failed)
    assert isinstance(failed, Failed)
    assert failed.turn == turn
    assert str(file) in failed.sentence
    partner.send(*ask(following, "And now?"))
    assert isinstance(partner.wait(Finished, Failed), Finished)


def test_a_model_that_is_killed_in_mid_answer_comes_back(connect: Connect, small_folder: Path) -> None:
    """And when it is stopped in mid-answer nothing of it is left."""
    resource_tracker.ensure_running()
    before = open_files()
    listener = connect(ModelLink())
    listener.send(small_load(small_folder), *ask(1, "What is on the table?"))
    listener.wait(Said)
    newest_child().kill()
    failed = listener.wait(Failed)
    assert isinstance(failed, Failed)
    assert failed.turn == 1
    assert "it was killed" in failed.sentence
    assert isinstance(listener.wait(Ready), Ready)
    listener.send(*ask(2, "What is on the table?"))
    assert isinstance(listener.wait(Finished, Failed), Finished)
    assert listener.said(2).startswith(listener.said(1))
    listener.send(*ask(3, "And now?"))
    listener.wait(Said)
    listener.link.stop()
    assert open_files() == before
