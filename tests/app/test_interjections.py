"""Words said into an answer, over its own echo: what the whole chain of listening makes of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.spotting import Spotter
from tests.app.interjections import Try, story
from tests.helpers.overheard import Outcome, Place, say_into
from tests.helpers.rig_voice import Samples, silence, speak


@pytest.fixture(scope="module")
def answer(tmp_path_factory: pytest.TempPathFactory) -> Samples:
    return story(tmp_path_factory.mktemp("story"))


@pytest.fixture(scope="module")
def spotter() -> Spotter:
    return Spotter.of_stop()


@pytest.mark.parametrize("walls", [False, True])
@pytest.mark.parametrize(
    "words", ["stop", "please stop", "stop please", "yeah", "okay", "What can you see on the desk?"]
)
def test_they_become_what_is_meant(
    answer: Samples, spotter: Spotter, tmp_path: Path, words: str, *, walls: bool
) -> None:
    said = speak(words, tmp_path / "said.wav", voice="en-gb+f2")
    outcome = say_into(answer, said, spotter, Place(walls=walls), at=4.65)
    assert Try(words, outcome).is_right, outcome
    assert outcome.silent is not None
    assert outcome.silent < 0.5


@pytest.mark.parametrize("place", [Place(), Place(delay=0.15, walls=True)])
def test_an_answer_does_not_interrupt_itself(answer: Samples, spotter: Spotter, place: Place) -> None:
    outcome = say_into(answer, silence(2.0), spotter, place)
    assert outcome == Outcome((), ended=False, asked=False, silent=None)


def test_without_a_canceller_it_would(answer: Samples, spotter: Spotter, monkeypatch: pytest.MonkeyPatch) -> None:
    """So that the room is known to give it back."""
    monkeypatch.setattr("app.devices.canceller.Canceller._process", lambda self, _: self._near[-160:])
    monkeypatch.setattr("app.devices.guard.Guard._is_heard", lambda *_: True)
    outcome = say_into(answer, silence(2.0), spotter, Place())
    assert outcome.silent is not None or outcome.asked or bool(outcome.words)
