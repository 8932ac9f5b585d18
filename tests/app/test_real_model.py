"""The link with the small checkpoint in a really spawned child."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from multiprocessing import resource_tracker
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from pytestqt.qtbot import QtBot

from app.model_link import LinkState, ModelLink
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
    Read,
    Ready,
    Reply,
    Said,
    See,
    Voiced,
)
from tests.helpers.listener import Connect, Listener, ask, newest_child, open_files

pytestmark = pytest.mark.timeout(300)  # on a busy machine: children that import torch


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
    listener.wait_for(LinkState.READY)
    listener.send(Forget())
    return listener


def small_load(folder: Path) -> Load:
    """Replies of up to 250 tokens; their words are noise, but always the same."""
    return Load(
        folder, voice="Chelsie", threads=1, temperature=0.0, max_tokens=250, max_codes=60, solver="euler", early=True
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


def test_cancel_breaks_off_a_reply(partner: Listener, turns: Iterator[int]) -> None:
    """With no time given it keeps what was said: the beginning of what it says when it is left alone."""
    whole, cut = next(turns), next(turns)
    partner.send(*ask(whole, "Tell me a story."))
    partner.wait(Finished)
    partner.send(Forget(), *ask(cut, "Tell me a story."))
    partner.wait(Said)
    partner.send(Cancel(cut))
    kept = partner.wait(Cut)
    assert isinstance(kept, Cut)
    assert partner.said(whole).startswith(kept.text)
    assert len(kept.text) < len(partner.said(whole))


def test_a_cancelled_reply_leaves_no_trace(partner: Listener, turns: Iterator[int]) -> None:
    """What the model says after a reply of which nothing was heard is what it says where none was begun."""
    cut, plain, after = next(turns), next(turns), next(turns)
    partner.send(*ask(cut, "Tell me a story."))
    partner.wait(Said)
    partner.news.clear()
    partner.send(Cancel(cut, 0.0))
    partner.wait(Cut)
    assert partner.link.state is LinkState.READY
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
    assert not open_files() - before
