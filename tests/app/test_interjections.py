"""Words said into an answer, over its own echo: what the whole chain of listening makes of them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from app.spotting import Spotter
from model.protocol import SPEECH_RATE
from tests.app.interjections import Try, story
from tests.helpers.echo import EchoRoom
from tests.helpers.overheard import Outcome, echo_of, say_into
from tests.helpers.rig_voice import Samples, silence, speak


@pytest.fixture(scope="module")
def answer(tmp_path_factory: pytest.TempPathFactory) -> Samples:
    return story(tmp_path_factory.mktemp("story"))


@pytest.fixture
def spotter() -> Spotter:
    """A new one each time: they remember how loud it was."""
    return Spotter.of_stop()


@pytest.mark.parametrize(
    "room", [EchoRoom(hiss=0.0), EchoRoom(delay=0.15, hiss=0.0), EchoRoom(hiss=0.0, has_walls=False)]
)
def test_the_echo_comes_when_it_should(answer: Samples, room: EchoRoom) -> None:
    """Step by step it is what it is of the whole."""
    step = SPEECH_RATE // 100
    out = [answer[begin : begin + step] for begin in range(0, 2 * SPEECH_RATE, step)]
    told = np.concatenate([echo_of(out[: number + 1], number, room.answer()) for number in range(len(out))])
    whole = room.echo(answer[: 2 * SPEECH_RATE])
    assert np.corrcoef(told, whole[: len(told)])[0, 1] > 0.99


@pytest.mark.parametrize("walls", [False, True])
@pytest.mark.parametrize(
    "words", ["stop", "please stop", "stop please", "yeah", "okay", "What can you see on the desk?"]
)
def test_they_become_what_is_meant(
    answer: Samples, spotter: Spotter, tmp_path: Path, words: str, *, walls: bool
) -> None:
    said = speak(words, tmp_path / "said.wav", voice="en-gb+f2")
    outcome = say_into(answer, said, spotter, EchoRoom(gain=0.2, has_walls=walls), at=4.65)
    assert Try(words, outcome).is_right, outcome
    assert outcome.silent is not None
    assert outcome.silent < 0.5


@pytest.mark.parametrize("room", [EchoRoom(), EchoRoom(delay=0.15, gain=0.2)])
def test_an_answer_does_not_interrupt_itself(answer: Samples, spotter: Spotter, room: EchoRoom) -> None:
    outcome = say_into(answer, silence(2.0), spotter, room)
    assert outcome == Outcome((), ended=False, asked=False, silent=None, is_heard=True)


def test_without_a_canceller_it_would(answer: Samples, spotter: Spotter, monkeypatch: pytest.MonkeyPatch) -> None:
    """So that the room is known to give it back."""
    monkeypatch.setattr("app.devices.canceller.Canceller._process", lambda self, _: self._near[-160:])
    monkeypatch.setattr("app.devices.guard.Guard._is_heard", lambda *_: True)
    outcome = say_into(answer, silence(2.0), spotter, EchoRoom(has_walls=False))
    assert outcome.silent is not None or outcome.asked or bool(outcome.words)
