"""Sessions that change their mind at random, against plain ones that were only ever told what counted in the end."""

from __future__ import annotations

import gc
import random
import weakref
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from model.clip import ClipKind
from model.errors import Cancelled, ContextFullError, MediaError
from model.flow import Solver
from model.omni import Omni
from model.protocol import Event, Finished, Said
from model.sampling import GREEDY, Sampling
from model.session import Session, SessionSettings
from tests.helpers.checks import Breaker
from tests.helpers.recorder import Recorder
from tests.helpers.script import Script
from tests.helpers.senses import frames, hear_in, sound

SETTINGS = SessionSettings(
    voice="Chelsie",
    system="Be brief.",
    thinker=GREEDY,
    talker=Sampling(repetition_penalty=1.05),
    max_tokens=14,
    max_codes=6,
    solver=Solver.EULER,
)
SILENT = replace(SETTINGS, voice=None)
Act = Callable[[Session], object]


def answer(session: Session, kept: int) -> None:
    """A reply of so many tokens."""
    session.settings = replace(session.settings, max_tokens=kept)
    list(session.reply())
    session.settings = replace(session.settings, max_tokens=SETTINGS.max_tokens)


@dataclass
class Life:
    """Does things to a session at random and writes down those that count."""

    session: Session
    breaker: Breaker
    dice: random.Random
    counted: list[Act] = field(default_factory=list)
    begun: int = 0
    """Where in `counted` the open turn begins."""
    given_up: int = 0

    def turn(self) -> None:
        for _ in range(self.dice.randint(0, 4)):
            self.tell(self.input())
        match self.dice.choice(["reply", "reply", "retract", "abandon"]):
            case "reply":
                self.reply()
            case "retract":
                self.begin_too_early()
            case "abandon":
                self.session.abandon()
                del self.counted[self.begun :]

    def input(self) -> Act:
        seed = self.dice.randrange(50)
        match self.dice.choice(["read", "hear", "hear", "see", "open", "close"]):
            case "read":
                return lambda session: session.read(f"\nWords {seed} ")
            case "hear":
                samples = sound(self.dice.choice([0.01, 0.7, 2.3]), seed)
                return lambda session: session.hear(samples)
            case "see":
                (frame,) = frames(1, 56, 84, seed)
                return lambda session: session.see(frame)
            case "open":
                kind = self.dice.choice([None, ClipKind.SOUND, ClipKind.SOUNDING_VIDEO])
                return lambda session: session.open_clip(kind)
            case _:
                return Session.close_clip

    def tell(self, act: Act) -> None:
        """Perhaps it is given up on the way: then it does not count."""
        self.breaker.after = self.dice.choice([None, None, self.dice.randrange(12)])
        try:
            act(self.session)
        except Cancelled:
            self.given_up += 1
        else:
            self.counted.append(act)
        self.breaker.after = None

    def reply(self) -> None:
        self.breaker.after = self.dice.choice([None, None, self.dice.randrange(60)])
        prompt = None
        try:
            events = self.session.reply()
            prompt = self.session.context_tokens
            self.listen(events)
        except Cancelled:
            self.given_up += 1
        self.breaker.after = None
        if prompt is not None:
            if self.dice.random() < 0.5:
                self.session.interrupt(self.dice.choice([None, 0.0, self.dice.random()]))
            self.session._settle()
            kept = self.session.context_tokens - prompt
            self.counted.append(lambda session: answer(session, kept))
            self.begun = len(self.counted)

    def listen(self, events: Iterator[Event]) -> None:
        """To the end, or not."""
        steps = self.dice.choice([None, self.dice.randrange(9)])
        for number, _ in enumerate(events):
            if number == steps:
                return

    def begin_too_early(self) -> None:
        self.listen(self.session.reply())
        self.session.retract()


@pytest.mark.parametrize("seed", range(14))
def test_what_was_taken_back_leaves_no_trace(omni: Omni, recorder: Recorder, seed: int) -> None:
    breaker = Breaker()
    life = Life(Session(omni, SETTINGS, breaker), breaker, random.Random(seed))
    for _ in range(6):
        life.turn()
    plain = Session(omni, SETTINGS)
    for act in life.counted:
        act(plain)
    for session in (life.session, plain):
        session.read("And now?")
        session.settings = replace(SETTINGS, max_codes=20)
    recorder.reply(life.session).assert_equals(recorder.reply(plain))
    assert life.session._context.ids == plain._context.ids
    np.testing.assert_array_equal(life.session._context._placed, plain._context._placed)


def test_lives_do_give_up_things(omni: Omni) -> None:
    """Else the test above would prove little."""
    given_up = 0
    for seed in range(5):
        breaker = Breaker()
        life = Life(Session(omni, replace(SETTINGS, voice=None), breaker), breaker, random.Random(seed))
        for _ in range(6):
            life.turn()
        given_up += life.given_up
    assert given_up >= 5


# One by one


@pytest.mark.parametrize("calls", range(9))
def test_hearing_given_up_between_any_layers_was_not_heard(omni: Omni, recorder: Recorder, calls: int) -> None:
    breaker = Breaker()
    broken, plain = Session(omni, SETTINGS, breaker), Session(omni, SETTINGS)
    for session in (broken, plain):
        hear_in(session, sound(1.9), 4000)
    breaker.after = calls
    with pytest.raises(Cancelled):
        broken.hear(sound(2.4, 1))
    for session in (broken, plain):
        hear_in(session, sound(1.5, 2), 1600)
    recorder.reply(broken).assert_equals(recorder.reply(plain))


def test_media_that_cannot_be_used_leave_the_turn_as_it_was(omni: Omni, recorder: Recorder) -> None:
    broken, plain = Session(omni, SETTINGS), Session(omni, SETTINGS)
    for session in (broken, plain):
        hear_in(session, sound(2.6), 1600)
    bad: list[NDArray[Any]] = [np.full(100, np.nan), np.zeros((2, 100)), np.zeros(10, np.complex64)]
    for samples in bad:
        with pytest.raises(MediaError):
            broken.hear(samples)
    with pytest.raises(MediaError):
        broken.see(np.zeros((3, 3), np.uint8))
    for session in (broken, plain):
        session.open_clip(ClipKind.SILENT_VIDEO)
    with pytest.raises(ValueError, match="silent"):
        broken.hear(sound(1))
    for session in (broken, plain):
        session.close_clip()
        hear_in(session, sound(0.5, 3), 1600)
    recorder.reply(broken).assert_equals(recorder.reply(plain))


@pytest.mark.parametrize("meanwhile", ["interrupt", "retract", "forget", "read", "reply"])
def test_a_reply_that_is_over_cannot_be_read_on(omni: Omni, recorder: Recorder, meanwhile: str) -> None:
    """Else it would write into what came after it."""
    session, plain = Session(omni, SETTINGS), Session(omni, SETTINGS)
    session.read("One.")
    events = session.reply()
    for _ in range(4):
        next(events)
    if meanwhile == "read":
        session.read("Two.")
    elif meanwhile == "reply":
        next(session.reply())
    else:
        getattr(session, meanwhile)()
    length = session.context_tokens
    assert list(events) == []
    assert session.context_tokens == length
    session.forget()
    for each in (session, plain):
        each.read("Three.")
    recorder.reply(session).assert_equals(recorder.reply(plain))


def test_a_reply_never_begun_is_an_empty_one(omni: Omni, recorder: Recorder) -> None:
    unread, empty = Session(omni, SETTINGS), Session(omni, SETTINGS)
    for session in (unread, empty):
        session.read("One.")
    unread.reply()
    answer(empty, 0)
    for session in (unread, empty):
        session.read("Two.")
    recorder.reply(unread).assert_equals(recorder.reply(empty))


def test_interrupting_where_nothing_is_said_does_nothing(omni: Omni) -> None:
    session = Session(omni, SILENT)
    session.retract()
    session.abandon()
    assert session.interrupt() == ""
    session.read("One.")
    assert session.interrupt(0.3) == ""
    list(session.reply())
    assert session.interrupt() != ""
    assert session.interrupt() == "", "that reply is over"
    session.retract()
    session.abandon()
    assert session.turn == 1


def test_what_was_heard_of_a_spoken_reply_is_told_and_remembered(omni: Omni, script: Script) -> None:
    session = Session(omni, replace(SETTINGS, max_tokens=99, max_codes=200))
    script.tells("Twelve words, so to speak. And more.")
    script.speaks(120)
    heard = {}
    for seconds in (0.0, 0.6, 1.2, 2.3, 2.4):
        session.read("Go.")
        list(session.reply())
        before = session.context_tokens - len("Twelve words, so to speak. And more.")
        heard[seconds] = session.interrupt(seconds)
        assert session.context_tokens - before == len(heard[seconds])
    assert list(heard.values()) == [
        "",
        "Twelve wor",
        "Twelve words, so to ",
        "Twelve words, so to speak. And more",
        "Twelve words, so to speak. And more.",
    ]


def test_an_interrupted_reply_teaches_the_pace_of_all_of_it(omni: Omni, script: Script) -> None:
    session = Session(omni, replace(SETTINGS, max_tokens=99, max_codes=200))
    script.tells("ten letters")
    script.speaks(50)
    session.read("Go.")
    list(session.reply())
    session.interrupt(0.0)
    assert session._pace.codes_a_letter == pytest.approx(5)


def test_the_length_of_an_unfinished_speech_is_foreseen(omni: Omni, script: Script) -> None:
    """Ten letters take 36 codes, so 9 codes are a quarter of them, though only 11 were made."""
    session = Session(omni, replace(SETTINGS, max_tokens=99, max_codes=200))
    script.tells("abcde fghij", ends=False)
    script.speaks(199)
    session.read("Go.")
    for event in session.reply():
        if isinstance(event, Said) and event.text == "j":
            break
    assert session._reply is not None
    assert session._reply.codes == 10
    assert session.interrupt(0.18) == "ab"


def test_an_abandoned_first_turn_is_followed_by_a_first_turn(
    omni: Omni, monkeypatch: pytest.MonkeyPatch, recorder: Recorder
) -> None:
    """In templates whose later turns begin otherwise, also when a reply had begun and was taken back."""
    form = replace(omni.vocabulary.format, next_turn="<|im_end|>\nLATER<|im_start|>user\n")
    monkeypatch.setattr(omni.vocabulary, "format", form)
    early, plain = Session(omni, SILENT), Session(omni, SILENT)
    early.read("Never mind.")
    next(early.reply())
    early.retract()
    early.abandon()
    for session in (early, plain):
        session.read("First.")
    recorder.reply(early).assert_equals(recorder.reply(plain))
    assert "LATER" not in omni.vocabulary._inner.decode(list(early._context.ids))
    early.read("Second.")
    list(early.reply())
    assert "LATER" in omni.vocabulary._inner.decode(list(early._context.ids))


def test_many_pictures_and_clips_without_a_word(omni: Omni) -> None:
    session = Session(omni, SILENT)
    for seed in range(3):
        session.see(frames(1, seed=seed)[0])
    session.open_clip(ClipKind.SILENT_VIDEO)
    for number, frame in enumerate(frames(5)):
        session.see(frame, number / 2)
    session.open_clip()
    session.hear(sound(0.4))
    session.open_clip()
    session.hear(sound(0.002))
    assert isinstance(list(session.reply())[-1], Finished)
    ids, names = session._context.ids, omni.checkpoint.architecture.thinker
    assert [ids.count(token) for token in (names.vision_start_token_id, names.vision_end_token_id)] == [4, 4]
    assert [ids.count(token) for token in (names.audio_start_token_id, names.audio_end_token_id)] == [1, 1]


def test_reading_ends_what_is_heard(omni: Omni, recorder: Recorder) -> None:
    """So the words stand behind the sound, not inside it or before its last block."""
    implied, told = Session(omni, SETTINGS), Session(omni, SETTINGS)
    for session in (implied, told):
        session.read("Before ")
        hear_in(session, sound(2.6), 1600)
        if session is told:
            session.close_clip()
        session.read("after.")
    recorder.reply(implied).assert_equals(recorder.reply(told))
    ids, names = implied._context.ids, omni.checkpoint.architecture.thinker
    words = omni.vocabulary.encode("after.")
    end = ids.index(names.audio_end_token_id)
    assert list(ids[end + 1 : end + 1 + len(words)]) == words


# Memory


def test_a_voice_does_not_drive_the_conversation_out_of_a_small_context(omni: Omni) -> None:
    """Room for the longest speech is more than this context has; still only half of it is kept free."""
    session = Session(omni, replace(SETTINGS, context=700, max_codes=4096, max_tokens=8))
    for number in range(3):
        session.read(f"Turn {number}.")
        for event in session.reply():
            if isinstance(event, Said):
                break
    assert session._context._drops == []
    assert session._context.make_room(0) > 350


def test_a_long_conversation_with_a_voice_stays_within_its_limit(omni: Omni) -> None:
    session = Session(omni, replace(SETTINGS, context=220, max_codes=8, max_tokens=6))
    sizes = []
    for number in range(14):
        session.read(f"Turn number {number}.")
        hear_in(session, sound(0.5 + number % 3, number), 8000)
        *_, finished = session.reply()
        assert isinstance(finished, Finished)
        assert (finished.timings.text_tokens, finished.timings.codes) == (6, 8)
        session.interrupt(0.05 * number)
        assert session.context_tokens <= 220
        assert int(session._context._placed.max()) < 220
        sizes.append(session.nbytes)
    assert sum(drop.turn for drop in session._context._drops) > 3
    assert max(sizes[7:]) == sizes[7]


def test_a_turn_too_long_is_refused_where_it_becomes_so(omni: Omni) -> None:
    session = Session(omni, replace(SETTINGS, context=300))
    session.read("Short.")
    answer(session, 4)
    with pytest.raises(ContextFullError, match=r"300 tokens.*\.$"):
        hear_in(session, sound(20), 16_000)
    assert [drop.turn for drop in session._context._drops] == [True], "older turns give way while it still fits"
    assert session.context_tokens > 200, "what was heard before is still there"
    session.abandon()
    assert session.context_tokens < 30
    session.read("Again.")
    assert isinstance(list(session.reply())[-1], Finished)


def test_memory_is_freed_with_the_session(omni: Omni) -> None:
    session = Session(omni, SETTINGS)
    hear_in(session, sound(2.5), 1600)
    events = session.reply()
    next(events)
    context = weakref.ref(session._context)
    session.forget()
    gc.collect()
    assert context() is None
    again = weakref.ref(session._context)
    del session, events
    gc.collect()
    assert again() is None
