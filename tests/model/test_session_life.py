"""A session's life: interrupted, retracted, cancelled, forgotten, full. Each time it equals one that never knew."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from model.clip import ClipKind
from model.context import Context
from model.decoder import Decoder
from model.errors import Cancelled, ContextFullError
from model.flow import Solver
from model.omni import Omni
from model.protocol import CODE_SAMPLES, Ending, Finished, Said, Voiced
from model.sampling import GREEDY, Sampling
from model.session import Session, SessionSettings
from tests.helpers.recorder import Recorder
from tests.helpers.senses import frames, hear_in, sound

SETTINGS = SessionSettings(
    voice="Chelsie",
    system="Be brief.",
    thinker=GREEDY,
    talker=Sampling(repetition_penalty=1.05),
    max_tokens=20,
    max_codes=60,
    solver=Solver.EULER,
)
SILENT = replace(SETTINGS, voice=None)


@pytest.fixture
def recorder(monkeypatch: pytest.MonkeyPatch) -> Recorder:
    return Recorder(monkeypatch)


class Breaker:
    """A check that gives up once, at its n-th call; None never does."""

    def __init__(self, at: int | None = None) -> None:
        self.at = at
        self.calls = 0

    def __call__(self) -> None:
        self.calls += 1
        if self.calls == self.at:
            raise Cancelled


def tokens_after(session: Session, prompt: int) -> int:
    return session.context_tokens - prompt


# Interruption


@pytest.mark.parametrize("heard_codes", [0, 7, 25, 59, 60])
def test_interrupted_equals_a_reply_that_was_only_so_long(heard_codes: int, omni: Omni, recorder: Recorder) -> None:
    cut = Session(omni, SETTINGS)
    cut.read("Count.")
    events = cut.reply()
    prompt = cut.context_tokens
    said = "".join(event.text for event in events if isinstance(event, Said))
    kept_text = cut.interrupt(heard_codes * 0.02)
    kept = tokens_after(cut, prompt)
    assert said.startswith(kept_text.rstrip("\ufffd"))
    assert 0 <= kept <= SETTINGS.max_tokens
    if heard_codes == 0:
        assert kept_text.strip() == ""
    whole = Session(omni, replace(SETTINGS, max_tokens=kept))
    whole.read("Count.")
    recorder.reply(whole)
    whole.settings = SETTINGS
    for session in (cut, whole):
        session.read("Go on.")
    recorder.reply(cut).assert_equals(recorder.reply(whole))


def test_interrupted_in_mid_sentence(omni: Omni, recorder: Recorder) -> None:
    cut = Session(omni, SETTINGS)
    hear_in(cut, sound(2.2), 1600)
    events = cut.reply()
    prompt = cut.context_tokens
    for event in events:
        if isinstance(event, Said) and tokens_after(cut, prompt) >= 9:
            break
    cut.interrupt()
    kept = tokens_after(cut, prompt)
    assert kept >= 9
    whole = Session(omni, replace(SETTINGS, max_tokens=kept))
    hear_in(whole, sound(2.2), 1600)
    recorder.reply(whole)
    whole.settings = SETTINGS
    for session in (cut, whole):
        session.see(frames(1)[0])
        session.read("And this?")
    recorder.reply(cut).assert_equals(recorder.reply(whole))


def test_more_heard_keeps_no_less(omni: Omni) -> None:
    kept = []
    for heard in np.linspace(0, 1.2, 7):
        session = Session(omni, SETTINGS)
        session.read("Count.")
        for _ in session.reply():
            pass
        kept.append(len(session.interrupt(float(heard))))
    assert kept == sorted(kept)
    assert kept[0] < kept[3] < kept[-1]


# Begun too early


def test_retracted_reply_leaves_the_turn_open(omni: Omni, recorder: Recorder) -> None:
    samples = sound(4.7)
    early, plain = Session(omni, SETTINGS), Session(omni, SETTINGS)
    hear_in(early, samples[:50_000], 512)
    events = early.reply()
    for _ in range(3):
        next(events)
    early.retract()
    hear_in(early, samples[50_000:], 512)
    hear_in(plain, samples, 512)
    assert early.turn == plain.turn == 1
    recorder.reply(early).assert_equals(recorder.reply(plain))


def test_abandoned_turn_was_never_begun(omni: Omni, recorder: Recorder) -> None:
    left, plain = Session(omni, SETTINGS), Session(omni, SETTINGS)
    for session in (left, plain):
        session.read("One.")
        recorder.reply(session)
    left.see(frames(1)[0])
    hear_in(left, sound(2.4), 1600)
    left.abandon()
    for session in (left, plain):
        session.read("Two.")
    recorder.reply(left).assert_equals(recorder.reply(plain))


def test_forgetting_is_a_new_session(omni: Omni, recorder: Recorder) -> None:
    old, new = Session(omni, SETTINGS), Session(omni, SETTINGS)
    old.read("A secret.")
    recorder.reply(old)
    old.forget()
    for session in (old, new):
        session.read("What was it?")
    recorder.reply(old).assert_equals(recorder.reply(new))


@pytest.mark.parametrize("turns", [1, 2, 3])
def test_going_back_unsays_all_that_came_after(turns: int, omni: Omni, recorder: Recorder) -> None:
    long, short = Session(omni, SETTINGS), Session(omni, SETTINGS)
    short.recall("Before.", "Yes.")
    long.recall("Before.", "Yes.")
    place = long.place()
    for number in range(turns):
        long.read(f"Turn {number}.")
        hear_in(long, sound(1.3), 1600)
        recorder.reply(long)
    long.go_back(place)
    for session in (long, short):
        session.read("And now?")
    recorder.reply(long).assert_equals(recorder.reply(short))


def test_going_back_to_the_beginning_is_a_new_session(omni: Omni, recorder: Recorder) -> None:
    old, new = Session(omni, SETTINGS), Session(omni, SETTINGS)
    place = old.place()
    old.read("A secret.")
    recorder.reply(old)
    old.go_back(place)
    for session in (old, new):
        session.read("What was it?")
    recorder.reply(old).assert_equals(recorder.reply(new))


def test_a_place_that_made_room_is_the_beginning(omni: Omni, recorder: Recorder) -> None:
    """Of the turns before it nothing is left either: the oldest are dropped first."""
    settings = replace(SILENT, context=160, max_tokens=10)
    old, new = Session(omni, settings), Session(omni, settings)
    old.read("The first.")
    recorder.reply(old)
    place = old.place()
    for number in range(9):
        old.read(f"Turn number {number}, said at some length.")
        recorder.reply(old)
    old.go_back(place)
    for session in (old, new):
        session.read("And now?")
    recorder.reply(old).assert_equals(recorder.reply(new))


def test_more_than_fits_is_not_recalled(omni: Omni, recorder: Recorder) -> None:
    settings = replace(SILENT, context=160, max_tokens=10)
    full, plain = Session(omni, settings), Session(omni, settings)
    for session in (full, plain):
        session.recall("Short.", "Yes.")
    with pytest.raises(ContextFullError):
        full.recall("long " * 100, "Yes.")
    for session in (full, plain):
        session.read("Again.")
    recorder.reply(full).assert_equals(recorder.reply(plain))


# Given up between two steps


@pytest.mark.parametrize("at", [1, 2, 3, 5, 8, 13, 21, 34, 55])
def test_input_given_up_is_as_if_not_given(at: int, omni: Omni, recorder: Recorder) -> None:
    breaker = Breaker()
    broken, plain = Session(omni, SETTINGS, breaker), Session(omni, SETTINGS)
    for session in (broken, plain):
        session.read("Look.")
    breaker.at = breaker.calls + at
    with pytest.raises(Cancelled):
        while True:
            broken.see(frames(1)[0])
    given = 0
    breaker.at = None
    seen_tokens = 30  # of a 70 × 98 picture and its markers, at most
    while plain.context_tokens + seen_tokens <= broken.context_tokens + seen_tokens and given < 9:
        if plain.context_tokens == broken.context_tokens:
            break
        plain.see(frames(1)[0])
        given += 1
    for session in (broken, plain):
        session.read("What is it?")
    recorder.reply(broken).assert_equals(recorder.reply(plain))


@pytest.mark.parametrize("at", [1, 4, 9, 30, 71, 150, 333])
def test_reply_given_up_ends_there(at: int, omni: Omni, recorder: Recorder) -> None:
    breaker = Breaker()
    broken = Session(omni, SETTINGS, breaker)
    broken.read("Count.")
    before = broken.context_tokens
    breaker.at = breaker.calls + at
    prompt = None
    with pytest.raises(Cancelled):
        events = broken.reply()
        prompt = broken.context_tokens
        for _ in events:
            pass
    breaker.at = None
    if prompt is None:  # before the first token: the turn is still open
        assert broken.context_tokens == before
        plain = Session(omni, SETTINGS)
        plain.read("Count.")
        recorder.reply(broken).assert_equals(recorder.reply(plain))
        return
    kept = tokens_after(broken, prompt)
    whole = Session(omni, replace(SETTINGS, max_tokens=kept))
    whole.read("Count.")
    recorder.reply(whole)
    whole.settings = SETTINGS
    for session in (broken, whole):
        session.read("Go on.")
    recorder.reply(broken).assert_equals(recorder.reply(whole))


# A full context


def test_oldest_turns_make_room_without_being_computed_again(omni: Omni, monkeypatch: pytest.MonkeyPatch) -> None:
    rows: list[int] = []
    run = Decoder.run

    def counted(self: Decoder, x: object, *rest: object) -> object:
        if self is omni.thinker.decoder:
            rows.append(len(x))  # type: ignore[arg-type]
        return run(self, x, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(Decoder, "run", counted)
    session = Session(omni, replace(SILENT, context=160, max_tokens=10))
    system = tuple(omni.vocabulary.encode("Be brief."))
    for number in range(12):
        rows.clear()
        session.read(f"Turn number {number}, said at some length.")
        *_, finished = session.reply()
        assert isinstance(finished, Finished)
        assert finished.timings.text_tokens == 10
        assert session.context_tokens <= 160
        assert sum(rows) < 90, "a turn runs only its own tokens"
        assert int(session._context._placed.max()) < 160
        start = session._context.ids.index(system[0])
        assert session._context.ids[start : start + len(system)] == system, "the system prompt stays"


def test_dropped_turns_leave_the_keys_of_a_conversation_without_them(omni: Omni) -> None:
    """The first layer's keys depend on nothing but tokens and positions: there the outcome has an oracle."""
    long, short = Session(omni, replace(SETTINGS, max_tokens=8)), Session(omni, replace(SETTINGS, max_tokens=8))
    for session, turns in ((long, ("One.", "Two.")), (short, ("Two.",))):
        for turn in turns:
            session.read(turn)
            for _ in session.reply():
                pass
            session.interrupt(0.0)
        session.read("Three.")
        session.close_clip()
        session._manuscript.flush()
        session._manuscript.drain()
    context: Context = long._context
    context._drop_oldest()
    other = short._context
    assert context.ids == other.ids
    np.testing.assert_array_equal(context._placed, other._placed)
    length = other._cache.length
    mine, theirs = (cache._keys[0][:, :length] for cache in (context._cache, other._cache))
    np.testing.assert_allclose(mine, theirs, atol=1e-5)
    assert context.talker is not None
    assert context.talker.length == length


def test_one_turn_too_long_is_refused_and_nothing_is_lost(omni: Omni, recorder: Recorder) -> None:
    tight, plain = Session(omni, replace(SILENT, context=160)), Session(omni, SILENT)
    for session in (tight, plain):
        session.read("Short.")
        recorder.reply(session)
    tight.read("long " * 100)
    with pytest.raises(ContextFullError, match="160 tokens"):
        tight.reply()
    tight.abandon()
    for session in (tight, plain):
        session.read("Again.")
    first, second = recorder.reply(tight), recorder.reply(plain)
    assert first.tokens == second.tokens


# What comes out


def test_sound_comes_before_the_text_is_finished(omni: Omni) -> None:
    session = Session(omni, replace(SETTINGS, system="Be brief, please.", max_tokens=44, max_codes=70))
    session.read("hello")
    events = list(session.reply())
    kinds = [type(event) for event in events]
    assert kinds.index(Voiced) < len(kinds) - 1 - kinds[::-1].index(Said)
    finished = events[-1]
    assert isinstance(finished, Finished)
    waves = [event.wave for event in events if isinstance(event, Voiced)]
    assert sum(map(len, waves)) == finished.timings.codes * CODE_SAMPLES == 70 * CODE_SAMPLES
    assert finished.speech_cut
    assert finished.text == "".join(event.text for event in events if isinstance(event, Said))
    assert finished.timings.first_text is not None
    assert finished.timings.first_audio is not None
    assert 0 < finished.timings.first_text < finished.timings.first_audio < finished.timings.total


def test_stop_string_ends_the_text_before_it(omni: Omni) -> None:
    plain = Session(omni, SILENT)
    plain.read("Count.")
    text = "".join(event.text for event in plain.reply() if isinstance(event, Said))
    stop = text[6:9]
    session = Session(omni, replace(SILENT, stops=("never said", stop)))
    session.read("Count.")
    *_, finished = session.reply()
    assert isinstance(finished, Finished)
    assert finished.ending is Ending.STOPPED
    assert finished.text == text[: text.index(stop)]


def test_own_end_token_ends_the_reply_and_the_speech_goes_on_to_its_own_end(
    omni: Omni, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = Session(omni, SETTINGS)
    monkeypatch.setattr(session, "_ends", lambda: frozenset(range(0, 512, 3)))
    session.read("Count.")
    *_, finished = session.reply()
    assert isinstance(finished, Finished)
    assert finished.ending is Ending.SAID
    assert finished.timings.text_tokens < SETTINGS.max_tokens


@pytest.mark.parametrize("samples", [0, 100, 159])
def test_sound_too_short_to_hear_is_no_content(samples: int, omni: Omni, recorder: Recorder) -> None:
    brief, plain = Session(omni, SILENT), Session(omni, SILENT)
    brief.hear(np.zeros(samples, np.float32))
    for session in (brief, plain):
        session.read("Hello.")
    recorder.reply(brief).assert_equals(recorder.reply(plain))


def test_reply_to_nothing_and_pictures_alone(omni: Omni) -> None:
    session = Session(omni, SILENT)
    assert isinstance(list(session.reply())[-1], Finished)
    session.see(frames(1)[0])
    session.see(frames(1, seed=3)[0])
    session.open_clip(ClipKind.SILENT_VIDEO)
    session.close_clip()
    assert isinstance(list(session.reply())[-1], Finished)
    assert session.turn == 2
