"""What breaks into an answer, event by event, and what becomes of the answer."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from numpy.typing import NDArray

from app.interruption import BEFORE, MEANT, Interruption, Verdict
from app.senses import Block, Calmed, Continued, Ended, Paused, Resumed, SpeechEvent, Started, Stirred
from app.steadiness import is_steady
from model.protocol import HEARING_RATE

BLOCK = 512
SECONDS = BLOCK / HEARING_RATE
SIGNS = {
    Verdict.NOTHING: ".",
    Verdict.LOWER: "v",
    Verdict.HOLD: "-",
    Verdict.RISE: "^",
    Verdict.RESUME: "<",
    Verdict.GIVE_WAY: "!",
}


def words(seconds: float) -> NDArray[np.float32]:
    """Something whose spectrum changes, as that of words does."""
    times = np.arange(round(seconds * HEARING_RATE)) / HEARING_RATE
    sound = np.sin(2 * np.pi * (300 + 2500 * (times % 0.2)) * times) + np.sin(2 * np.pi * 150 * times)
    return np.asarray(0.2 * sound, np.float32)


def hum(seconds: float) -> NDArray[np.float32]:
    times = np.arange(round(seconds * HEARING_RATE)) / HEARING_RATE
    return np.asarray(0.3 * np.sin(2 * np.pi * 140 * times), np.float32)


def events(sound: NDArray[np.float32], voiced: str) -> Iterator[SpeechEvent]:
    """As an endpointer tells them: a v for a block of voice, a dot for one of silence."""
    yield Stirred(0.0)
    yield Started(Block(sound[: 3 * BLOCK], 0.0))
    before = "v"
    for number, sign in enumerate(voiced, 3):
        block = Block(sound[number * BLOCK : (number + 1) * BLOCK], number * SECONDS)
        if sign != before:
            yield Paused(block.time) if sign == "." else Resumed(block.time)
        before = sign
        yield Continued(block)


def verdicts(events: Iterator[SpeechEvent], *, answering: bool = True) -> str:
    interruption, told = Interruption(0.0), ""
    for event in events:
        told += SIGNS[interruption.take(event, answering=answering)]
    return told


def test_words_hold_the_answer_and_then_end_it() -> None:
    told = verdicts(events(words(2.0), "v" * 30))
    assert told.startswith("v.")
    assert told.index("-") == 1 + 6 - 3  # with the sixth block: first comes Stirred, then three at once
    assert told.index("!") == pytest.approx(2 + (MEANT - 3 * SECONDS) / SECONDS, abs=1)


def test_a_click_only_lowers_it() -> None:
    interruption = Interruption(0.0)
    assert interruption.take(Stirred(0.0), answering=True) is Verdict.LOWER
    assert interruption.take(Calmed(0.1), answering=True) is Verdict.RISE


@pytest.mark.parametrize(("voiced", "held"), [(1, False), (5, True), (14, True)])
def test_a_nod_is_followed_by_the_answer(voiced: int, held: bool) -> None:  # noqa: FBT001 -- a case
    told = verdicts(events(words(2.0), "v" * voiced + "." * 20))
    assert ("-" in told) is held
    assert told.count("^") == 1
    assert "!" not in told


def test_gaps_between_words_do_not_bring_the_answer_back() -> None:
    told = verdicts(events(words(2.0), "vvvvvv......vvvvvvvvvvvvvvvvv"))
    assert "^" not in told
    assert "!" in told


@pytest.mark.parametrize(("then", "is_asked"), [("v" * 20, False), ("v" * 5 + "." * 12 + "v", True), ("v" * 40, True)])
def test_what_follows_a_stop_in_one_breath_belongs_to_it(then: str, *, is_asked: bool) -> None:
    interruption, told = Interruption(0.0), ""
    for number, event in enumerate(events(words(3.0), "v" * 6 + then)):
        if number == 8:
            interruption.stop()
        told += SIGNS[interruption.take(event, answering=number < 8)]
    assert ("!" in told) is is_asked


def test_a_hum_only_lowers_the_answer_however_long() -> None:
    told = verdicts(events(hum(3.0), "v" * 50 + "." * 12))
    assert "!" not in told
    assert "-" not in told
    assert told.count("<") == 1
    assert is_steady(hum(1.0))
    assert not is_steady(words(1.0))
    assert not is_steady(words(0.1))


@pytest.mark.parametrize(("voiced", "silent"), [(14, 6), (28, 6)])
def test_what_is_recognised_as_a_nod_may_be_longer_and_is_over_sooner(voiced: int, silent: int) -> None:
    interruption, told = Interruption(0.0), ""
    for event in events(words(3.0), "v" * voiced + "." * silent):
        interruption.nod(on=True)
        told += SIGNS[interruption.take(event, answering=True)]
    assert told.count("^") + told.count("<") == 1
    assert "!" not in told


def test_a_nod_that_becomes_a_sentence_is_heard() -> None:
    interruption = Interruption(0.0)
    told = []
    for number, event in enumerate(events(words(3.0), "v" * 40)):
        interruption.nod(on=number < 25)
        told.append(interruption.take(event, answering=True))
    assert told.index(Verdict.GIVE_WAY) == 25


def test_a_voice_that_comes_back_after_a_nod_is_heard_from_a_little_before() -> None:
    interruption = Interruption(0.0)
    sound = words(4.0)
    told = [interruption.take(e, answering=True) for e in events(sound, "vvvv" + "." * 40 + "v" * 25)]
    assert told.count(Verdict.RISE) == 1
    assert told[-1] is Verdict.GIVE_WAY
    first = (3 + 4 + 40) * SECONDS
    assert interruption.block.time == pytest.approx(first - BEFORE, abs=2 * SECONDS)


def test_where_no_answer_is_given_a_voice_is_heard_at_once() -> None:
    assert verdicts(events(words(1.0), "v"), answering=False)[:2] == "v!"


@pytest.mark.parametrize(("after", "heard"), [("v" * 8 + "." * 20, False), ("v" * 30, True)])
def test_after_a_word_that_stops_only_a_sentence_is_heard(after: str, heard: bool) -> None:  # noqa: FBT001 -- a case
    interruption = Interruption(0.0)
    told = list(events(words(3.0), "v" * 9 + after))
    for event in told[:11]:
        interruption.take(event, answering=True)
    interruption.stop()
    assert (Verdict.GIVE_WAY in [interruption.take(event, answering=False) for event in told[11:]]) is heard


def test_the_end_of_the_sound_settles_it() -> None:
    interruption = Interruption(0.0)
    for event in events(words(1.0), "vvv"):
        interruption.take(event, answering=True)
    assert interruption.take(Ended(1.0), answering=True) is Verdict.RISE
    assert interruption.take(Ended(1.0), answering=True) is Verdict.NOTHING
