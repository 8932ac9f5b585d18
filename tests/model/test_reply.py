"""What a reply tells while it is made: text, sound, how it ended and how long it took."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from model.flow import Solver
from model.omni import Omni
from model.protocol import CODE_SAMPLES, Ending, Event, Finished, Said, Voiced
from model.reply import StopWatch
from model.sampling import GREEDY
from model.session import Session, SessionSettings
from tests.helpers.script import Script

SETTINGS = SessionSettings(
    voice="Chelsie", system="S", thinker=GREEDY, max_tokens=60, max_codes=200, solver=Solver.EULER
)
SILENT = replace(SETTINGS, voice=None)


def told(session: Session) -> tuple[list[str], list[Voiced], Finished]:
    """Text, sound and the end of a reply; every event of this turn, the end last."""
    *events, finished = session.reply()
    assert isinstance(finished, Finished)
    assert {event.turn for event in [*events, finished]} == {session.turn}
    said = [event.text for event in events if isinstance(event, Said)]
    voiced = [event for event in events if isinstance(event, Voiced)]
    assert len(said) + len(voiced) == len(events)
    assert all(said), "no empty text"
    assert finished.text == "".join(said)
    return said, voiced, finished


def reply_tokens(session: Session, finished: Finished) -> list[int]:
    ids = session._context.ids
    return list(ids[len(ids) - finished.timings.text_tokens :])


# Stop strings


def first_stop(text: str, stops: Sequence[str]) -> int:
    """Where the text ends for one who reads it letter by letter."""
    for end in range(1, len(text) + 1):
        found = [text[:end].find(stop) for stop in stops if stop in text[:end]]
        if found:
            return min(found)
    return len(text)


@pytest.mark.parametrize("seed", range(60))
def test_a_watch_lets_through_what_comes_before_the_stop_and_never_a_part_of_it(seed: int) -> None:
    dice = random.Random(seed)
    text = "".join(dice.choices("ab<", k=dice.randint(0, 30)))
    stops = ["".join(dice.choices("ab<", k=dice.randint(1, 5))) for _ in range(dice.randint(0, 3))]
    watch, let_through, ends = StopWatch(stops), "", first_stop(text, stops)
    for letter in text:
        let_through += watch.push(letter)
        assert text[:ends].startswith(let_through)
        if watch.hit:
            break
    assert watch.hit == (ends < len(text) or any(text.endswith(stop) for stop in stops))
    assert let_through + watch.flush() == text[:ends]
    assert watch.flush() == ""


def test_a_watch_holds_back_no_more_than_it_must() -> None:
    watch = StopWatch(["<end>", "", "stop"])
    assert [watch.push(piece) for piece in ("a <", "e", "x", "st", "o", "re s", "tops")] == [
        "a ", "", "<ex", "", "", "store ", ""
    ]  # fmt: skip
    assert watch.hit


@pytest.mark.parametrize("piece", ["one <stop> two", "<stop>", "x<stop>"])
def test_a_stop_within_one_piece(piece: str) -> None:
    watch = StopWatch(["<stop>"])
    assert watch.push(piece) == piece[: piece.index("<stop>")]
    assert watch.hit


def test_of_several_stops_in_one_piece_the_first_counts() -> None:
    assert StopWatch(["cd", "bcd", "d"]).push("abcd") == "a"


@pytest.mark.parametrize("stop", ["<stop>", "p> more", "🙂<", "t", "🙂", "é!"])
def test_a_stop_ends_text_and_context_before_it(omni: Omni, script: Script, stop: str) -> None:
    text = "Hé 🙂<stop> more é!"
    session = Session(omni, replace(SILENT, stops=("never", stop)))
    session.read("Go.")
    script.tells(text)
    said, _, finished = told(session)
    kept = text[: text.index(stop)]
    assert finished.ending is Ending.STOPPED
    assert finished.text == kept
    assert not any("\ufffd" in piece for piece in said)
    assert session.interrupt() == kept
    assert reply_tokens(session, finished) == omni.vocabulary.encode(kept), "no half of a character is remembered"


def test_after_a_stop_the_turn_was_only_what_was_said(omni: Omni, script: Script) -> None:
    stopped, plain = Session(omni, replace(SILENT, stops=("🙂",))), Session(omni, SILENT)
    for session, text in ((stopped, "Well 🙂 no"), (plain, "Well ")):
        session.read("Go.")
        script.tells(text)
        told(session)
        session.read("On.")
    for session in (stopped, plain):
        session._manuscript.flush()
        session._manuscript.drain()
    assert stopped._context.ids == plain._context.ids
    np.testing.assert_array_equal(stopped._context._placed, plain._context._placed)


def test_what_was_held_back_is_said_when_no_stop_follows(omni: Omni, script: Script) -> None:
    session = Session(omni, replace(SILENT, stops=("<stop>",)))
    session.read("Go.")
    script.tells("a <sto")
    said, _, finished = told(session)
    assert said[-1] == "<sto"
    assert finished.text == "a <sto"
    assert finished.ending is Ending.SAID


# Caps and ends


@pytest.mark.parametrize("cap", [0, 1, 5, 11, 12])
def test_a_cap_on_tokens_ends_the_reply(omni: Omni, script: Script, cap: int) -> None:
    session = Session(omni, replace(SILENT, max_tokens=cap))
    session.read("Go.")
    tokens = script.tells("hello world")
    _, _, finished = told(session)
    assert finished.timings.text_tokens == min(cap, 11)
    assert reply_tokens(session, finished) == tokens[:cap]
    assert finished.ending is (Ending.LENGTH if cap < 11 else Ending.SAID)


def test_half_a_character_at_the_cap_is_not_said(omni: Omni, script: Script) -> None:
    session = Session(omni, replace(SILENT, max_tokens=4))
    session.read("Go.")
    script.tells("ab🙂")
    said, _, _ = told(session)
    assert said == ["a", "b"]


@pytest.mark.parametrize("codes", [1, 11, 12, 23, 24, 25, 61])
def test_the_wave_has_480_samples_a_code_also_of_the_last_block(omni: Omni, script: Script, codes: int) -> None:
    session = Session(omni, SETTINGS)
    session.read("Go.")
    script.tells("hello")
    script.speaks(codes)
    _, voiced, finished = told(session)
    assert finished.timings.codes == codes
    assert not finished.speech_cut
    assert sum(len(event.wave) for event in voiced) == codes * CODE_SAMPLES
    for event in voiced:
        assert event.wave.dtype == np.float32
        assert np.abs(event.wave).max() <= 1


@pytest.mark.parametrize("cap", [1, 12, 30])
def test_a_cap_on_codes_cuts_the_speech_and_says_so(omni: Omni, script: Script, cap: int) -> None:
    session = Session(omni, replace(SETTINGS, max_codes=cap))
    session.read("Go.")
    script.tells("a longer text than its speech, by far")
    script.speaks(100)
    _, voiced, finished = told(session)
    assert finished.timings.codes == cap
    assert finished.speech_cut
    assert sum(len(event.wave) for event in voiced) == cap * CODE_SAMPLES
    assert finished.text == "a longer text than its speech, by far", "the text goes on"
    assert finished.ending is Ending.SAID


def test_speech_that_ends_before_its_text_lets_the_text_go_on(omni: Omni, script: Script) -> None:
    session = Session(omni, SETTINGS)
    session.read("Go.")
    script.tells("twenty letters of it")
    script.speaks(5)
    _, voiced, finished = told(session)
    assert (finished.timings.text_tokens, finished.timings.codes) == (20, 5)
    assert sum(len(event.wave) for event in voiced) == 5 * CODE_SAMPLES
    assert not finished.speech_cut


def test_no_room_for_codes_is_silence_not_speech_without_end(omni: Omni, script: Script) -> None:
    session = Session(omni, replace(SETTINGS, max_codes=0))
    session.read("Go.")
    script.tells("hello")
    script.speaks(50)
    _, voiced, finished = told(session)
    assert (voiced, finished.timings.codes) == ([], 0)


@pytest.mark.parametrize("settings", [SETTINGS, SILENT])
def test_an_empty_reply_is_finished_and_not_spoken(omni: Omni, script: Script, settings: SessionSettings) -> None:
    session = Session(omni, settings)
    session.read("Go.")
    script.tells("")
    script.speaks(50)
    said, voiced, finished = told(session)
    assert (said, voiced, finished.text, finished.ending) == ([], [], "", Ending.SAID)
    assert finished.timings.first_text is None
    assert finished.timings.first_audio is None
    session.read("Again.")
    script.tells("yes")
    assert told(session)[2].text == "yes"


# Order and time


def test_sound_comes_while_the_text_is_still_made(omni: Omni, script: Script) -> None:
    session = Session(omni, SETTINGS)
    session.read("Go.")
    text = "forty letters and a few more of them, all said"
    script.tells(text)
    script.speaks(90)
    kinds, letters = [], 0
    for event in session.reply():
        kinds.append(type(event))
        letters += len(event.text) if isinstance(event, Said) else 0
        if isinstance(event, Voiced) and kinds.count(Voiced) == 1:
            assert 36 <= letters < len(text), "three blocks of twelve codes, one a token"
    assert kinds[-1] is Finished
    assert kinds.index(Voiced) < len(kinds) - 1 - kinds[::-1].index(Said)


@pytest.mark.parametrize("settings", [SETTINGS, SILENT])
def test_times_are_sane(omni: Omni, script: Script, settings: SessionSettings) -> None:
    session = Session(omni, settings)
    session.read("Go.")
    script.tells("hello")
    script.speaks(40)
    before = session.context_tokens
    _, voiced, finished = told(session)
    times = finished.timings
    assert times.prompt_tokens == session.context_tokens - times.text_tokens > before
    assert times.text_tokens == 5
    assert times.first_text is not None
    assert 0 < times.first_text < times.total
    assert 0 < times.thinker <= times.total
    assert times.thinker + times.talker + times.voice <= times.total
    if settings is SETTINGS:
        assert voiced
        assert times.first_audio is not None
        assert times.first_text < times.first_audio <= times.total
        assert min(times.talker, times.voice) > 0
    else:
        assert (times.talker, times.voice, times.codes, times.first_audio) == (0, 0, 0, None)


def test_events_of_later_turns_carry_later_numbers(omni: Omni, script: Script) -> None:
    session = Session(omni, SILENT)
    script.tells("hello")
    turns: list[Event] = []
    for _ in range(3):
        session.read("Go.")
        turns += session.reply()
    assert sorted({event.turn for event in turns}) == [1, 2, 3]
