"""An answer that is lowered, held, taken up again: what the mouth is told, and how much counts as heard."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from app.clauses import find_start, find_words
from app.saying import Saying
from model.protocol import SPEECH_RATE


class Mouth:
    """Of whatever it is given, so many seconds are heard."""

    is_audible = True

    takes_waves = True
    has_words = False

    def __init__(self) -> None:
        self.done: list[str] = []
        self.heard = 1.0
        self.heard_text: int | None = None

    def begin(self, *, waves: bool) -> None:
        self.done.append("begin" if waves else "begin without waves")

    def repeat(self) -> None:
        self.done.append("repeat")

    def stand_by(self) -> None:
        self.done.append("stand by")

    def go_on(self, second: float, place: int) -> None:
        self.done.append(f"go on {second:.1f} {place}")

    def say(self, text: str) -> None:
        self.done.append(f"say {text}")

    def play(self, wave: NDArray[np.float32]) -> None:
        self.done.append(f"play {len(wave) / SPEECH_RATE:.1f}")

    def finish(self) -> None:
        self.done.append("finish")

    def duck(self, *, on: bool) -> None:
        self.done.append("duck" if on else "rise")

    def hush(self) -> float:
        self.done.append("hush")
        return self.heard


def voice(*parts: float) -> NDArray[np.float32]:
    """So many seconds of voice, of silence where a part is negative."""
    sound = [np.full(round(abs(part) * SPEECH_RATE), 0.3 if part > 0 else 0.0, np.float32) for part in parts]
    return np.concatenate(sound)


@pytest.fixture
def mouth() -> Mouth:
    return Mouth()


@pytest.fixture
def saying(mouth: Mouth) -> Saying:
    saying = Saying(mouth)
    saying.begin(waves=True)
    return saying


def test_what_is_only_lowered_rises_again(saying: Saying, mouth: Mouth) -> None:
    saying.play(voice(2.0))
    saying.duck()
    saying.rise()
    assert mouth.done == ["begin", "play 2.0", "duck", "rise"]


def test_what_was_held_goes_on_with_the_word_it_was_held_in(saying: Saying, mouth: Mouth) -> None:
    saying.play(voice(0.3, -0.2, 0.2, -0.06, 1.24))
    saying.hold()
    saying.duck()
    saying.play(voice(1.0))
    saying.finish()
    saying.rise()
    assert mouth.done == ["begin", "play 2.0", "hush", "stand by", "go on 0.8 0", "play 2.2", "finish"]
    assert saying.hush() == pytest.approx(1.76)


def test_where_there_is_no_gap_it_goes_on_where_it_was_held(saying: Saying, mouth: Mouth) -> None:
    saying.play(voice(3.0))
    saying.hold()
    saying.rise()
    assert mouth.done[-1] == "play 2.0"


def test_after_a_longer_while_the_clause_is_begun_anew(saying: Saying, mouth: Mouth) -> None:
    saying.play(voice(0.3, -0.2, 0.2, -0.06, 1.24))
    saying.hold()
    saying.resume()
    assert mouth.done[-1] == "play 1.5"
    assert saying.hush() == pytest.approx(1.5)


def test_held_and_given_up_counts_what_was_heard_before(saying: Saying, mouth: Mouth) -> None:
    saying.play(voice(3.0))
    saying.hold()
    saying.play(voice(3.0))
    assert saying.hush() == 1.0
    saying.rise()
    saying.play(voice(1.0))
    assert mouth.done == ["begin", "play 3.0", "hush", "stand by", "hush"]


def test_held_before_it_began_it_begins_then(saying: Saying, mouth: Mouth) -> None:
    mouth.heard = 0.0
    saying.hold()
    saying.play(voice(1.0))
    saying.rise()
    assert mouth.done == ["begin", "hush", "stand by", "go on 0.0 0", "play 1.0"]


def test_the_start_of_a_clause_is_after_the_latest_long_silence() -> None:
    sound = voice(1.0, -0.2, 1.0, -0.3, 1.0, -0.05, 1.0)
    assert find_start(sound, 4.5, furthest=6.0, gap=0.15) == pytest.approx(2.5, abs=0.03)
    assert find_start(sound, 4.5, furthest=6.0, gap=0.04) == pytest.approx(3.55, abs=0.03)
    assert find_start(sound, 4.5, furthest=1.5, gap=0.15) is None
    assert find_start(sound, 0.8, furthest=6.0, gap=0.15) == 0.0


def test_a_voice_that_is_told_words_goes_on_with_the_word_or_the_clause_it_was_held_in(
    saying: Saying, mouth: Mouth
) -> None:
    mouth.heard, mouth.heard_text = 0.0, len("First, the cup ")
    saying.say("First, the cup is ")
    saying.hold()
    saying.say("green.")
    saying.finish()
    saying.rise()
    assert mouth.done[1:] == ["say First, the cup is ", "hush", "stand by", "say green.", "go on 0.0 15", "finish"]
    saying.hold()
    saying.resume()
    assert mouth.done[-2:] == ["go on 0.0 7", "finish"]


@pytest.mark.parametrize(("heard", "place"), [(0, 0), (4, 0), (9, 6), (15, 6), (17, 17), (22, 17)])
def test_the_start_of_a_clause_in_a_text_is_after_its_latest_mark(heard: int, place: int) -> None:
    assert find_words("Well, it is 3.5. Or is it?", heard) == place
