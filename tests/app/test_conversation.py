"""The conversation as a table: in this phase, on this, these commands go out and that phase follows."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from app import spoken_question
from app.conversation import Conversation
from app.phase import Phase
from app.senses import Block, Calmed, Continued, Ended, Frame, Origin, Paused, Resumed, Started, Stirred, Word
from app.transcript import Attachment, Kind, Line, LineState, Transcript, Who
from model.protocol import (
    Attach,
    Begin,
    Cancel,
    Cut,
    Ending,
    Exchange,
    Failed,
    Finished,
    Forget,
    Loading,
    Noticed,
    Order,
    Read,
    Ready,
    Recall,
    Reply,
    Rewind,
    Said,
    See,
    Timings,
    Unload,
    Voiced,
)

LOADING, LISTENING, HEARING, THINKING, SPEAKING, STOPPED = Phase
READY = Ready("small", "random weights", ("Chelsie",), "cpu", 1)
TIMINGS = Timings(0, 0, 0, None, None, 0.0, 0.0, 0.0, 0.0)
PICTURE = np.zeros((2, 2, 3), np.uint8)
WAVE = np.zeros(480, np.float32)
HEARD = 1.25
NOON = datetime(2025, 6, 1, 12, 5)


@dataclass
class Mouth:
    """Remembers what it was told; of every reply 1.25 s are heard."""

    done: list[str] = field(default_factory=list)
    is_audible: bool = True
    takes_waves: bool = True
    has_words: bool = False
    heard_text: int | None = None
    said: str = ""

    def begin(self, *, waves: bool) -> None:
        self.done.append("begin" if waves else "begin without waves")

    def repeat(self) -> None:
        self.done.append("repeat")

    def stand_by(self) -> None:
        self.done.append("stand by")

    def go_on(self, second: float, place: int) -> None:
        self.done.append(f"go on {second:.1f} {place}")

    def say(self, text: str) -> None:
        self.said += text

    def play(self, wave: NDArray[np.float32]) -> None:
        self.done.append(f"play {len(wave)}")

    def finish(self) -> None:
        self.done.append("finish")

    def duck(self, *, on: bool) -> None:
        self.done.append("duck" if on else "rise")

    def hush(self) -> float:
        self.done.append("hush")
        return HEARD


class Talk:
    """A conversation and everything that comes out of it."""

    def __init__(self) -> None:
        self.transcript = Transcript()
        self.mouth = Mouth()
        self.conversation = Conversation(self.transcript, self.mouth)
        self.orders: list[Order] = []
        self.phases: list[Phase] = []
        self.announced: list[str] = []
        self.conversation.order.connect(self.orders.append)
        self.conversation.phase_changed.connect(self.phases.append)
        self.conversation.announced.connect(self.announced.append)

    @property
    def notices(self) -> list[str]:
        return [line.text for line in self.lines if line.who is Who.NOTICE]

    @property
    def lines(self) -> list[Line]:
        return [self.transcript.line(row) for row in range(self.transcript.rowCount())]

    def bring(self, phase: Phase) -> None:
        """To a phase as a user would get there, in turn 1 where there is one; what came out is forgotten."""
        if phase is not STOPPED:
            self.conversation.model_comes()
        if phase not in {STOPPED, LOADING}:
            self.conversation.take_news(READY)
        if phase is HEARING:
            start(self)
        if phase in {THINKING, SPEAKING}:
            self.conversation.ask("Why?")
        if phase is SPEAKING:
            self.conversation.take_news(Said(1, "Because "))
        self.orders.clear()
        self.phases.clear()
        self.mouth.done.clear()


@pytest.fixture
def talk() -> Talk:
    return Talk()


def block(samples: int = 16_000, time: float = 10.0) -> Block:
    return Block(np.zeros(samples, np.float32), time)


def start(talk: Talk) -> None:
    talk.conversation.take_speech(Started(block(), meant=True))


def ask(talk: Talk) -> None:
    talk.conversation.ask("Why?")


def news(item: object) -> Callable[[Talk], None]:
    return lambda talk: talk.conversation.take_news(item)  # type: ignore[arg-type]


def speech(event: object) -> Callable[[Talk], None]:
    return lambda talk: talk.conversation.take_speech(event)  # type: ignore[arg-type]


def finished(turn: int = 1) -> Finished:
    return Finished(turn, Ending.SAID, "Because so.", TIMINGS)


def words(orders: list[Order]) -> list[str]:
    """Orders in short: arrays cannot be compared."""
    return [word(order) for order in orders]


def word(order: Order) -> str:
    fields = [getattr(order, name) for name in type(order).__match_args__]
    told = [str(len(field)) if isinstance(field, np.ndarray) else str(field) for field in fields]
    return " ".join([type(order).__name__, *told])


def stop(talk: Talk) -> None:
    talk.conversation.stop()


def model_comes(talk: Talk) -> None:
    talk.conversation.model_comes()


def model_goes(talk: Talk) -> None:
    talk.conversation.model_goes()


def drained(talk: Talk) -> None:
    talk.conversation.drained()


def frame(talk: Talk) -> None:
    talk.conversation.take_frame(Frame(PICTURE, 10.5))


ASKED = ["Begin 1", "Read 1 Why?", "Reply 1"]
ASKED_AGAIN = ["Begin 2", "Read 2 Why?", "Reply 2"]
SPOKEN = ["Begin 1", "Hear 1 16000"]
SPOKEN_AGAIN = ["Begin 2", "Hear 2 16000"]
GAVE_WAY = [f"Cancel 1 {HEARD}"]
NOTHING: list[str] = []

TABLE = [
    # the model on its way
    (STOPPED, model_comes, NOTHING, LOADING),
    (LOADING, news(READY), NOTHING, LISTENING),
    (LOADING, news(Loading("thinker", 1, 2)), NOTHING, LOADING),
    (LOADING, model_goes, NOTHING, STOPPED),
    (LOADING, stop, ["Unload"], LOADING),
    (LOADING, news(Failed(None, "No.")), NOTHING, LOADING),
    # nobody to talk to
    (STOPPED, ask, NOTHING, STOPPED),
    (LOADING, ask, NOTHING, LOADING),
    (STOPPED, start, NOTHING, STOPPED),
    (LOADING, start, NOTHING, LOADING),
    (STOPPED, stop, NOTHING, STOPPED),
    # a turn begins
    (LISTENING, ask, ASKED, THINKING),
    (LISTENING, start, SPOKEN, HEARING),
    (LISTENING, stop, NOTHING, LISTENING),
    (LISTENING, frame, NOTHING, LISTENING),
    (LISTENING, speech(Continued(block())), NOTHING, LISTENING),
    (LISTENING, speech(Ended(11.0)), NOTHING, LISTENING),
    # the user speaks
    (HEARING, speech(Continued(block(512))), ["Hear 1 512"], HEARING),
    (HEARING, speech(Continued(block(0))), NOTHING, HEARING),
    (HEARING, speech(Paused(11.0)), ["Reply 1"], HEARING),
    (HEARING, speech(Resumed(11.0)), NOTHING, HEARING),
    (HEARING, frame, ["See 1 2 0.5"], HEARING),
    (HEARING, speech(Ended(11.0)), ["Reply 1"], THINKING),
    (HEARING, stop, ["Cancel 1 None"], LISTENING),
    (HEARING, ask, ["Cancel 1 None", *ASKED_AGAIN], THINKING),
    (HEARING, news(Failed(1, "No.")), NOTHING, LISTENING),
    # the model thinks
    (THINKING, news(Said(1, "Be")), NOTHING, SPEAKING),
    (THINKING, news(Voiced(1, WAVE)), NOTHING, SPEAKING),
    (THINKING, news(Said(7, "Be")), NOTHING, THINKING),
    (THINKING, news(finished()), NOTHING, LISTENING),
    (THINKING, news(finished(7)), NOTHING, THINKING),
    (THINKING, news(Noticed(1, "A damaged file.")), NOTHING, THINKING),
    (THINKING, news(Failed(1, "No.")), NOTHING, LISTENING),
    (THINKING, news(Failed(7, "No.")), NOTHING, THINKING),
    (THINKING, frame, NOTHING, THINKING),
    (THINKING, stop, GAVE_WAY, LISTENING),
    (THINKING, start, [*GAVE_WAY, *SPOKEN_AGAIN], HEARING),
    (THINKING, model_comes, NOTHING, LOADING),
    # the model answers
    (SPEAKING, news(Said(1, "so.")), NOTHING, SPEAKING),
    (SPEAKING, news(Voiced(1, WAVE)), NOTHING, SPEAKING),
    (SPEAKING, news(finished()), NOTHING, LISTENING),
    (SPEAKING, drained, NOTHING, SPEAKING),
    (SPEAKING, stop, GAVE_WAY, LISTENING),
    (SPEAKING, start, [*GAVE_WAY, *SPOKEN_AGAIN], HEARING),
    (SPEAKING, ask, [*GAVE_WAY, *ASKED_AGAIN], THINKING),
    (SPEAKING, speech(Stirred(11.0)), NOTHING, SPEAKING),
    (SPEAKING, news(Failed(1, "No.")), NOTHING, LISTENING),
    (SPEAKING, model_comes, NOTHING, LOADING),
    (SPEAKING, model_goes, NOTHING, STOPPED),
]


def name_of(value: object) -> str | None:
    return value.name if isinstance(value, Phase) else getattr(value, "__name__", None)


@pytest.mark.parametrize(("phase", "happens", "orders", "follows"), TABLE, ids=name_of)
def test_table(talk: Talk, phase: Phase, happens: Callable[[Talk], None], orders: list[str], follows: Phase) -> None:
    talk.bring(phase)
    happens(talk)
    assert words(talk.orders) == orders
    assert talk.conversation.phase is follows
    assert (talk.phases[-1:] or [phase]) == [follows]


def test_typed_turn_from_question_to_silence(talk: Talk) -> None:
    talk.bring(LISTENING)
    talk.conversation.ask("Why?")
    for item in (Said(1, "Because "), Voiced(1, WAVE), Said(1, "so."), finished()):
        talk.conversation.take_news(item)
    assert talk.conversation.phase is SPEAKING
    talk.conversation.drained()
    assert talk.phases == [THINKING, SPEAKING, LISTENING]
    assert talk.mouth.done == ["begin", "play 480", "finish"]
    question, answer = talk.transcript.line(0), talk.transcript.line(1)
    assert (question.who, question.text, question.state) == (Who.USER, "Why?", LineState.WHOLE)
    assert (answer.who, answer.text, answer.state) == (Who.MODEL, "Because so.", LineState.WHOLE)


def test_a_reply_is_announced_only_where_no_voice_speaks_it(talk: Talk) -> None:
    talk.bring(SPEAKING)
    talk.conversation.take_news(finished())
    assert talk.announced == ["Because so."]
    assert talk.mouth.done == ["hush"]  # lets go of the speaker
    talk.announced.clear()
    talk.conversation.ask("And?")
    talk.conversation.take_news(Voiced(2, WAVE))
    talk.conversation.take_news(finished(2))
    assert talk.announced == []


def test_spoken_turn_carries_sound_and_frames(talk: Talk) -> None:
    talk.bring(LISTENING)
    talk.conversation.take_frame(Frame(PICTURE, 9.0))
    for event in (Stirred(10.2), Started(block()), Continued(block(512, 11.0))):
        talk.conversation.take_speech(event)
    for seconds in (10.25, 10.5, 10.75, 11.25):
        talk.conversation.take_frame(Frame(PICTURE, seconds))
    talk.conversation.take_speech(Ended(12.0))
    given = words(talk.orders)
    assert given == [
        *SPOKEN, "See 1 2 0.0", "Hear 1 512", "See 1 2 0.5", "See 1 2 1.25", "Reply 1",
    ]  # fmt: skip
    line = talk.transcript.line(0)
    assert [attachment.kind for attachment in line.attachments] == [Kind.CAMERA, Kind.SPEECH]
    assert line.describe().endswith("With camera picture, 1 s of speech.")
    assert line.state is LineState.WHOLE


def test_frame_before_any_sound_waits(talk: Talk) -> None:
    talk.bring(LISTENING)
    talk.conversation.take_frame(Frame(PICTURE, 9.9))
    talk.conversation.take_speech(Started(block(0), meant=True))
    talk.conversation.take_frame(Frame(PICTURE, 10.1))
    assert words(talk.orders) == ["Begin 1"]


@pytest.mark.parametrize("files", [(), (Path("cat.jpg"), Path("song.mp3"))])
def test_typed_turn_takes_its_files_or_else_the_camera(talk: Talk, files: tuple[Path, ...]) -> None:
    talk.bring(LISTENING)
    talk.conversation.take_frame(Frame(PICTURE, 9.0))
    talk.conversation.ask("What is this?", files)
    given = ["Attach 1 cat.jpg", "Attach 1 song.mp3"] if files else ["See 1 2 None"]
    assert words(talk.orders) == ["Begin 1", *given, "Read 1 What is this?", "Reply 1"]
    names = [str(attachment) for attachment in talk.transcript.line(0).attachments]
    assert names == (["cat.jpg", "song.mp3"] if files else ["camera picture"])


def test_a_camera_that_is_off_shows_nothing_old(talk: Talk) -> None:
    talk.bring(LISTENING)
    talk.conversation.take_frame(Frame(PICTURE, 9.0))
    talk.conversation.take_frame(None)
    talk.conversation.ask("What is this?")
    assert words(talk.orders) == ["Begin 1", "Read 1 What is this?", "Reply 1"]


def test_files_alone_are_a_turn(talk: Talk) -> None:
    talk.bring(LISTENING)
    talk.conversation.ask("", [Path("cat.jpg")])
    assert words(talk.orders) == ["Begin 1", "Attach 1 cat.jpg", "Reply 1"]


def test_barge_in_hushes_and_cuts_to_what_was_heard(talk: Talk) -> None:
    talk.bring(SPEAKING)
    for item in (Said(1, "so. And "), Voiced(1, WAVE)):
        talk.conversation.take_news(item)
    start(talk)
    assert talk.mouth.done == ["play 480", "hush"]
    talk.conversation.take_news(Said(1, "too late"))
    talk.conversation.take_news(Voiced(1, WAVE))
    talk.conversation.take_news(Cut(1, "Because so."))
    answer = talk.transcript.line(1)
    assert (answer.text, answer.heard_text) == ("Because so. And ", "Because so.")
    assert answer.state is LineState.CUT
    assert talk.mouth.done == ["play 480", "hush"]
    assert talk.conversation.phase is HEARING


def test_barge_in_while_the_rest_is_still_being_spoken(talk: Talk) -> None:
    talk.bring(SPEAKING)
    for item in (Voiced(1, WAVE), finished()):
        talk.conversation.take_news(item)
    start(talk)
    assert words(talk.orders) == [*GAVE_WAY, *SPOKEN_AGAIN]
    talk.conversation.take_news(Cut(1, "Be"))
    assert talk.transcript.line(1).heard_text == "Be"
    assert talk.transcript.line(1).state is LineState.CUT


def test_stop_where_no_sound_can_be_heard_keeps_the_text(talk: Talk) -> None:
    talk.mouth.is_audible = False
    talk.bring(SPEAKING)
    talk.conversation.stop()
    assert words(talk.orders) == ["Cancel 1 None"]
    talk.conversation.take_news(Cut(1, "Because "))
    assert talk.transcript.line(1).heard_text == "Because "


def test_what_was_no_speech_only_lowers_the_voice_for_a_moment(talk: Talk) -> None:
    talk.bring(SPEAKING)
    talk.conversation.take_speech(Stirred(11.0))
    talk.conversation.take_speech(Calmed(11.1))
    assert talk.mouth.done == ["duck", "rise"]
    assert talk.conversation.phase is SPEAKING


def utter(talk: Talk, voiced: int, silent: int = 0, time: float = 20.0) -> None:
    """As the endpointer tells it, in blocks of 100 ms of which no two sound alike."""
    dice = np.random.default_rng(0)
    talk.conversation.take_speech(Stirred(time))
    for number in range(voiced + silent):
        tone = np.sin(dice.uniform(0.1, 2.0) * np.arange(1600)).astype(np.float32)
        here = Block(tone, time + number / 10)
        if number == voiced:
            talk.conversation.take_speech(Paused(here.time))
        talk.conversation.take_speech(Started(here) if number == 0 else Continued(here))


def test_what_is_recognised_decides_how_long_a_voice_may_be(talk: Talk) -> None:
    talk.bring(SPEAKING)
    utter(talk, 6)
    talk.conversation.take_word(Word.NOD, 21.0)
    dice = np.random.default_rng(2)
    for number in range(3):
        tone = np.sin(dice.uniform(0.1, 2.0) * np.arange(1600)).astype(np.float32)
        talk.conversation.take_speech(Continued(Block(tone, 20.6 + number / 10)))
    assert talk.orders == []
    talk.conversation.take_word(Word.OTHER, 21.0)
    talk.conversation.take_speech(Continued(Block(tone, 20.9)))
    assert words(talk.orders)[:2] == [*GAVE_WAY, "Begin 2"]
    talk.conversation.take_word(Word.STOP, 21.0)
    assert talk.conversation.phase is HEARING


def test_speech_that_lasts_ends_the_answer_and_nothing_of_it_is_lost(talk: Talk) -> None:
    talk.bring(SPEAKING)
    utter(talk, 5)
    assert talk.orders == []
    assert talk.mouth.done == ["duck", "hush", "stand by"]
    utter(talk, 9)
    assert words(talk.orders) == [*GAVE_WAY, "Begin 2", "Hear 2 11200", "Hear 2 1600", "Hear 2 1600"]
    assert talk.conversation.phase is HEARING


def test_a_nod_leaves_the_answer_as_it_was(talk: Talk) -> None:
    talk.bring(SPEAKING)
    talk.conversation.take_news(Voiced(1, WAVE))
    utter(talk, 4, silent=4)
    talk.conversation.take_news(Voiced(1, WAVE))
    talk.conversation.take_speech(Ended(21.0))
    assert talk.orders == []
    assert talk.conversation.phase is SPEAKING
    assert talk.mouth.done[:5] == ["play 480", "duck", "hush", "stand by", "go on 1.2 0"]
    assert talk.mouth.done[-1] == "play 480"


def test_a_voice_at_the_end_of_an_answer_is_heard_once_that_is_over(talk: Talk) -> None:
    talk.bring(SPEAKING)
    for item in (Voiced(1, WAVE), finished()):
        talk.conversation.take_news(item)
    utter(talk, 1)
    talk.conversation.drained()
    assert talk.orders == []
    talk.conversation.take_speech(Continued(block(1600)))
    assert words(talk.orders) == ["Begin 2", "Hear 2 3200"]


@pytest.mark.parametrize("late", [0, 6])
def test_stop_wins_whenever_it_is_recognised(talk: Talk, late: int) -> None:
    talk.bring(SPEAKING)
    utter(talk, 4, silent=late)
    talk.conversation.take_stop(math.inf)
    assert [type(order) for order in talk.orders] == [Cancel]
    assert talk.conversation.phase is LISTENING
    talk.conversation.take_speech(Ended(22.0))
    assert talk.conversation.phase is LISTENING
    assert [line.who for line in talk.lines] == [Who.USER, Who.MODEL]


def test_what_is_said_after_stop_is_a_question(talk: Talk) -> None:
    talk.bring(SPEAKING)
    utter(talk, 4)
    talk.conversation.take_stop(math.inf)
    dice = np.random.default_rng(1)
    for number in range(10):
        assert words(talk.orders) == ["Cancel 1 1.25"] or number == 9, "it may still be “please”"
        tone = np.sin(dice.uniform(0.1, 2.0) * np.arange(1600)).astype(np.float32)
        talk.conversation.take_speech(Continued(Block(tone, 20.4 + number / 10)))
    assert words(talk.orders)[:3] == [*GAVE_WAY, "Begin 2", "Hear 2 22400"]


@pytest.mark.parametrize(("more", "follows"), [(2, LISTENING), (9, THINKING)])
def test_stop_recognised_after_the_answer_gave_way_is_no_question(talk: Talk, more: int, follows: Phase) -> None:
    talk.bring(SPEAKING)
    utter(talk, 9)
    talk.conversation.take_stop(math.inf)
    for _ in range(more):
        talk.conversation.take_speech(Continued(block(1600)))
    talk.conversation.take_speech(Ended(22.0))
    assert talk.conversation.phase is follows
    assert ("Cancel 2 None" in words(talk.orders)) is (follows is LISTENING)
    asked = [Who.USER] if follows is THINKING else []
    assert [line.who for line in talk.lines] == [Who.USER, Who.MODEL, *asked]


def test_after_a_stop_that_was_a_question_for_a_moment_the_next_one_is_asked_as_ever(talk: Talk) -> None:
    talk.bring(SPEAKING)
    utter(talk, 9)
    talk.conversation.take_stop(math.inf)
    talk.conversation.take_speech(Ended(22.0))
    talk.conversation.take_news(Cut(1, "It is"))
    talk.conversation.ask("What is it?")
    assert [(line.who, line.text) for line in talk.lines][1:] == [(Who.MODEL, "It is"), (Who.USER, "What is it?")]
    assert words(talk.orders)[-2:] == ["Read 3 What is it?", "Reply 3"]


def test_what_is_noticed_while_a_stop_is_said_stays(talk: Talk) -> None:
    talk.bring(SPEAKING)
    utter(talk, 9)
    talk.conversation.take_stop(math.inf)
    talk.conversation.take_news(Noticed(2, "The disk is full."))
    talk.conversation.take_speech(Ended(22.0))
    assert [line.who for line in talk.lines] == [Who.USER, Who.MODEL, Who.NOTICE]


def test_after_a_late_stop_the_question_before_is_answered_again_as_it_was_asked(talk: Talk) -> None:
    talk.bring(LISTENING)
    talk.conversation.take_frame(Frame(PICTURE, 10.0))
    start(talk)
    talk.conversation.take_speech(Ended(11.0))
    talk.conversation.take_news(Said(1, "Because "))
    asked = [order for order in words(talk.orders) if order.startswith(("Hear", "See"))]
    utter(talk, 9)
    talk.conversation.take_stop(math.inf)
    talk.conversation.take_speech(Ended(22.0))
    talk.orders.clear()
    talk.conversation.answer_again()
    again = [order.replace(" 3", " 1", 1) for order in words(talk.orders) if order.startswith(("Hear", "See"))]
    assert again == asked


def test_stop_is_a_word_like_others_where_nothing_is_answered(talk: Talk) -> None:
    talk.bring(HEARING)
    talk.conversation.take_stop(math.inf)
    talk.conversation.take_speech(Ended(22.0))
    assert talk.conversation.phase is THINKING
    talk.bring(LISTENING)
    talk.conversation.take_stop(math.inf)
    assert talk.orders == []


def test_a_stop_that_is_recognised_late_does_not_end_the_next_answer(talk: Talk) -> None:
    talk.bring(HEARING)
    talk.conversation.take_stop(9.0)
    talk.conversation.take_speech(Ended(12.0))
    assert talk.conversation.phase is THINKING
    talk.conversation.take_stop(11.0)
    assert talk.conversation.phase is THINKING
    talk.conversation.take_stop(12.5)
    assert talk.conversation.phase is LISTENING


def test_who_speaks_an_answer_is_chosen_when_it_is_asked_for(talk: Talk) -> None:
    """Early, and perhaps another voice is in force by the time that the question is over."""
    talk.bring(HEARING)
    talk.conversation.take_speech(Paused(11.0))
    assert [order.voiced for order in talk.orders if isinstance(order, Reply)] == [True]
    talk.mouth.takes_waves = False
    talk.mouth.done.clear()
    talk.conversation.take_speech(Ended(12.0))
    assert talk.mouth.done == ["begin"]


def test_an_early_reply_is_kept_back_until_the_question_is_over(talk: Talk) -> None:
    talk.bring(HEARING)
    talk.conversation.take_speech(Paused(11.0))
    for item in (Said(1, "Because "), Voiced(1, WAVE), Continued(block(512))):
        if isinstance(item, Continued):
            talk.conversation.take_speech(item)
        else:
            talk.conversation.take_news(item)
    assert words(talk.orders) == ["Reply 1"]
    assert (talk.conversation.phase, len(talk.lines), talk.mouth.done) == (HEARING, 1, [])
    talk.conversation.take_speech(Ended(11.0))
    assert words(talk.orders) == ["Reply 1"]
    assert (talk.conversation.phase, talk.lines[-1].text) == (SPEAKING, "Because ")
    assert talk.mouth.done == ["begin", "play 480"]
    talk.conversation.take_news(Said(1, "so."))
    assert talk.lines[-1].text == "Because so."


def test_an_early_reply_is_thrown_away_if_speech_goes_on(talk: Talk) -> None:
    talk.bring(HEARING)
    for event in (Paused(11.0), Continued(block(512)), Continued(block(512)), Resumed(11.1), Continued(block(100))):
        talk.conversation.take_speech(event)
        talk.conversation.take_news(Said(1, "Too early."))
    assert words(talk.orders) == ["Reply 1", "Retract 1", "Hear 1 512", "Hear 1 512", "Hear 1 100"]
    assert len(talk.lines) == 1
    talk.orders.clear()
    talk.conversation.take_speech(Ended(12.0))
    assert words(talk.orders) == ["Reply 1"]
    talk.orders.clear()
    talk.conversation.stop()
    talk.conversation.answer_again()
    given = [order for order in words(talk.orders) if order.startswith("Hear")]
    assert given == ["Hear 2 16000", "Hear 2 512", "Hear 2 512", "Hear 2 100"]


def test_a_question_that_is_given_up_leaves_no_early_reply(talk: Talk) -> None:
    talk.bring(HEARING)
    talk.conversation.take_speech(Paused(11.0))
    talk.conversation.stop()
    assert words(talk.orders) == ["Reply 1", "Retract 1", "Cancel 1 None"]


def test_model_that_dies_in_mid_answer_is_told_and_the_text_stays(talk: Talk) -> None:
    talk.bring(SPEAKING)
    talk.conversation.take_news(Failed(1, "The model's process stopped: it is being started again."))
    talk.conversation.model_comes()
    assert talk.mouth.done == ["hush"]
    assert [line.text for line in talk.lines] == ["Why?", "Because ", talk.notices[0]]
    assert talk.transcript.line(1).state is LineState.BROKEN
    assert "started again" in talk.notices[0]
    talk.conversation.take_news(READY)
    talk.orders.clear()
    ask(talk)
    assert words(talk.orders) == ASKED_AGAIN


def test_model_that_fails_while_somebody_speaks_closes_the_line(talk: Talk) -> None:
    talk.bring(HEARING)
    talk.conversation.take_news(Failed(1, "No."))
    assert talk.transcript.line(0).state is LineState.BROKEN
    assert talk.notices == ["No."]


def test_empty_reply_is_told(talk: Talk) -> None:
    talk.bring(THINKING)
    talk.conversation.take_news(finished())
    assert talk.notices == ["The model gave no answer: ask again, or in other words."]


def test_without_a_model_a_question_is_refused_in_words(talk: Talk) -> None:
    ask(talk)
    assert talk.notices == ["There is no model to ask yet."]
    assert talk.announced == talk.notices


def test_numbers_of_turns_only_grow(talk: Talk) -> None:
    talk.bring(LISTENING)
    for expected in (1, 2, 3):
        ask(talk)
        assert talk.conversation.turn == expected
    assert Unload() not in talk.orders


# Lines that are done with again


def answer(talk: Talk, turn: int, *items: object) -> None:
    for item in (Said(turn, "So."), *items, finished(turn)):
        talk.conversation.take_news(item)  # type: ignore[arg-type]


def test_an_answer_is_heard_once_more_and_can_be_stopped(talk: Talk) -> None:
    talk.bring(LISTENING)
    ask(talk)
    answer(talk, 1, Voiced(1, WAVE), Voiced(1, WAVE))
    assert not talk.conversation.can_replay(0)
    talk.conversation.replay(1)  # not while it is still being said
    talk.conversation.drained()
    talk.mouth.done.clear()
    talk.conversation.replay(1)
    assert talk.mouth.done == ["repeat", "play 480", "play 480", "finish"]
    assert talk.conversation.phase is SPEAKING
    talk.conversation.drained()
    assert talk.conversation.phase is LISTENING
    talk.conversation.replay(1)
    talk.orders.clear()
    talk.conversation.stop()
    assert talk.mouth.done[-1] == "hush"
    assert talk.conversation.phase is LISTENING
    assert talk.orders == []


def test_a_question_is_asked_in_other_words_in_its_place(talk: Talk) -> None:
    talk.bring(LISTENING)
    for number in (1, 2):
        ask(talk)
        answer(talk, number)
    talk.orders.clear()
    talk.conversation.ask_again(0, "How?")
    assert words(talk.orders) == ["Rewind 1", "Begin 3", "Read 3 How?", "Reply 3"]
    assert [line.text for line in talk.lines] == ["How?"]
    talk.conversation.ask_again(0, "")
    assert [line.text for line in talk.lines] == ["How?"]


def test_a_question_of_an_old_conversation_is_asked_in_other_words(talk: Talk) -> None:
    talk.bring(LISTENING)
    old = [Line(Who.USER, NOON, "One?"), Line(Who.MODEL, NOON, "1."), Line(Who.USER, NOON, "Two?")]
    talk.conversation.open(old)
    talk.orders.clear()
    talk.conversation.ask_again(2, "Three?")
    said = Recall((Exchange("One?", "1."),))
    assert talk.orders[0] == said
    assert words(talk.orders[1:]) == ["Begin 1", "Read 1 Three?", "Reply 1"]
    talk.conversation.take_news(Failed(1, "No."))
    talk.conversation.ask_again(0, "Four?")
    assert Forget() in talk.orders


def test_an_answer_is_given_again_to_all_that_was_heard_and_seen(talk: Talk) -> None:
    talk.bring(LISTENING)
    talk.conversation.take_frame(Frame(PICTURE, 10.0))
    start(talk)
    talk.conversation.take_speech(Ended(11.0))
    answer(talk, 1)
    first = words(talk.orders)
    talk.orders.clear()
    talk.conversation.answer_again()
    again = [order.replace(" 2", " 1", 1) for order in words(talk.orders)]
    assert again == ["Rewind 1", *first]
    assert [order.again for order in talk.orders if isinstance(order, See)] == [True]
    assert [line.who for line in talk.lines] == [Who.USER]
    talk.conversation.take_news(Said(2, "Otherwise."))
    assert talk.lines[-1].text == "Otherwise."


def test_of_a_long_question_small_frames_are_kept_and_not_too_many(talk: Talk, monkeypatch: pytest.MonkeyPatch) -> None:
    """A camera's own are megabytes each, and a television beside a microphone talks for hours."""
    monkeypatch.setattr(spoken_question, "MOST_FRAMES", 3)
    talk.bring(LISTENING)
    start(talk)
    for second in range(5):
        talk.conversation.take_frame(Frame(np.full((720, 1280, 3), second, np.uint8), 10.0 + second))
    seen = [order for order in talk.orders if isinstance(order, See)]
    assert {order.frame.shape for order in seen} == {(360, 640, 3)}
    assert [int(order.frame.max()) for order in seen] == [0, 1, 2, 3, 4]
    talk.conversation.take_speech(Ended(16.0))
    answer(talk, 1)
    talk.orders.clear()
    talk.conversation.answer_again()
    again = [order for order in talk.orders if isinstance(order, See)]
    assert [int(order.frame.max()) for order in again] == [2, 3, 4]


def test_an_old_answer_is_given_again_to_its_words_and_files(talk: Talk) -> None:
    talk.bring(LISTENING)
    talk.conversation.answer_again()
    assert talk.orders == []
    file = Attachment(Kind.FILE, "cat.jpg", Path("cat.jpg"))
    talk.conversation.open([Line(Who.USER, NOON, "One?", (file,)), Line(Who.MODEL, NOON, "1.")])
    talk.orders.clear()
    talk.conversation.answer_again()
    assert words(talk.orders) == ["Forget", "Begin 1", "Attach 1 cat.jpg", "Read 1 One?", "Reply 1"]


SPEECH = Attachment(Kind.SPEECH, "3 s of speech")
SOUND_IS_GONE = "This question was spoken, and its sound is not kept: ask it again."
PICTURES_ARE_GONE = "The pictures that this answer is about are not kept: show them again."


@pytest.mark.parametrize(
    ("question", "notice"),
    [
        (Line(Who.USER, NOON, "", (SPEECH,)), SOUND_IS_GONE),
        (Line(Who.USER, NOON, "", (Attachment(Kind.CAMERA), SPEECH)), SOUND_IS_GONE),
        (Line(Who.USER, NOON, "", (Attachment(Kind.PASTED),)), PICTURES_ARE_GONE),
        (Line(Who.ITSELF, NOON, "The picture has changed.", (Attachment(Kind.CAMERA),)), PICTURES_ARE_GONE),
    ],
)
def test_what_cannot_be_put_again_stays_and_is_told(talk: Talk, question: Line, notice: str) -> None:
    talk.bring(LISTENING)
    old = [question, Line(Who.MODEL, NOON, "1.")]
    talk.conversation.open(old)
    talk.orders.clear()
    talk.conversation.answer_again()
    assert talk.orders == []
    assert talk.lines[:-1] == old
    assert talk.notices == talk.announced == [notice]


def test_without_a_model_nothing_is_taken_back(talk: Talk) -> None:
    talk.conversation.open([Line(Who.USER, NOON, "One?"), Line(Who.MODEL, NOON, "1.")])
    talk.conversation.ask_again(0, "Two?")
    assert [line.text for line in talk.lines][:2] == ["One?", "1."]
    assert talk.notices == ["There is no model to ask yet."]


def test_a_model_that_is_new_is_told_what_was_said(talk: Talk) -> None:
    talk.bring(LISTENING)
    ask(talk)
    answer(talk, 1)
    talk.conversation.model_comes()
    talk.orders.clear()
    talk.conversation.take_news(READY)
    assert talk.orders == [Recall((Exchange("Why?", "So."),))]
    talk.orders.clear()
    talk.conversation.ask_again(0, "How?")
    assert words(talk.orders)[0] == "Forget"  # the new one has no turn to go back to


def test_words_go_to_the_mouth_as_soon_as_they_can_be_read_and_not_before(talk: Talk) -> None:
    talk.bring(LISTENING)
    ask(talk)
    for text in ("Because ", "so. ", "Or not."):
        talk.conversation.take_news(Said(1, text))
        assert talk.mouth.said == talk.lines[-1].text


def test_a_mouth_that_speaks_itself_is_waited_for_and_tells_what_was_heard(talk: Talk) -> None:
    talk.mouth.takes_waves, talk.mouth.has_words, talk.mouth.heard_text = False, True, 8
    talk.bring(LISTENING)
    ask(talk)
    assert [order.voiced for order in talk.orders if isinstance(order, Reply)] == [False]
    answer(talk, 1)
    assert talk.conversation.phase is SPEAKING
    assert talk.mouth.done[-1] == "finish"
    assert talk.announced == []  # by one voice only
    ask(talk)
    assert [order.heard_text for order in talk.orders if isinstance(order, Cancel)] == [8]


def test_a_voice_is_tried_out_and_nothing_is_left_of_it(talk: Talk) -> None:
    talk.bring(LISTENING)
    talk.conversation.preview("So I sound.")
    assert words(talk.orders) == ["Begin 1", "Read 1 So I sound.", "Reply 1"]
    assert [order.words for order in talk.orders if isinstance(order, Reply)] == ["So I sound."]
    talk.conversation.preview("Not twice at once.")
    for item in (Said(1, "So I sound."), Voiced(1, WAVE), finished()):
        talk.conversation.take_news(item)
    assert words(talk.orders)[3:] == ["Rewind 1"]
    talk.conversation.drained()
    assert (talk.conversation.phase, talk.lines) == (LISTENING, [])
    talk.orders.clear()
    talk.conversation.preview("So I sound.")
    ask(talk)
    assert words(talk.orders)[3:5] == [f"Cancel 2 {HEARD}", "Rewind 2"]


def test_a_voice_whose_trial_is_broken_off_was_taken_back_once_already(talk: Talk) -> None:
    """A second time the model would find no place to go back to, and forget the whole conversation."""
    talk.bring(LISTENING)
    talk.conversation.preview("So I sound.")
    for item in (Said(1, "So I sound."), Voiced(1, WAVE), finished()):
        talk.conversation.take_news(item)
    talk.conversation.stop()
    assert words(talk.orders).count("Rewind 1") == 1


def test_a_voice_that_is_not_the_model_s_is_tried_out_without_the_model(talk: Talk) -> None:
    talk.mouth.takes_waves = False
    talk.bring(LISTENING)
    talk.conversation.preview("So I sound.")
    assert (talk.orders, talk.mouth.said, talk.mouth.done) == ([], "So I sound.", ["begin without waves", "finish"])
    talk.conversation.drained()
    assert talk.conversation.phase is LISTENING


def pasted(light: int) -> Frame:
    return Frame(np.full((2, 2, 3), light, np.uint8), 0.0, Origin.CLIPBOARD)


def test_a_second_picture_and_a_follow_up_leave_the_first_where_it_is() -> None:
    """Three turns of one conversation: nothing is forgotten, rewound or shown again in between."""
    talk = Talk()
    talk.bring(LISTENING)
    first, second = pasted(10), Path("second.png")
    for text, shown in (("What is it?", [first]), ("And its colour?", []), ("Is this one larger?", [second])):
        talk.conversation.ask(text, shown)
        talk.conversation.take_news(Said(talk.conversation.turn, "An answer."))
        talk.conversation.take_news(Finished(talk.conversation.turn, Ending.SAID, "An answer.", TIMINGS))
    given = [order for order in talk.orders if isinstance(order, Begin | See | Read | Attach)]
    assert [type(order) for order in given] == [Begin, See, Read, Begin, Read, Begin, Attach, Read]
    assert {type(order) for order in talk.orders} == {Begin, See, Read, Attach, Reply}
    questions = [line for line in talk.lines if line.who is Who.USER]
    assert [[str(item) for item in line.attachments] for line in questions] == [["pasted picture"], [], ["second.png"]]
    assert questions[0].attachments[0].thumbnail
    assert questions[0].attachments[0].shown is first


@pytest.mark.parametrize(
    ("origin", "kind"), [(Origin.CAMERA, Kind.CAMERA), (Origin.SCREEN, Kind.SCREEN), (Origin.WINDOW, Kind.SCREEN)]
)
def test_a_turn_shows_what_was_looked_at(origin: Origin, kind: Kind) -> None:
    talk = Talk()
    talk.bring(LISTENING)
    talk.conversation.take_frame(Frame(PICTURE, 0.0, origin))
    talk.conversation.ask("What is that?")
    (seen,) = talk.lines[-1].attachments
    assert seen.kind is kind
    assert seen.thumbnail
    assert seen.picture is None


@pytest.mark.parametrize("phase", [LOADING, HEARING, THINKING, SPEAKING, STOPPED])
def test_a_remark_never_interrupts(phase: Phase) -> None:
    talk = Talk()
    talk.bring(phase)
    talk.conversation.remark(pasted(0), pasted(200), "What has changed?")
    assert talk.orders == []
    assert talk.conversation.phase is phase


def test_a_remark_is_asked_for_again_as_it_was() -> None:
    talk = Talk()
    talk.bring(LISTENING)
    before, after = pasted(0), pasted(200)
    talk.conversation.remark(before, after, "What has changed?")
    talk.conversation.take_news(Said(1, "A cup."))
    talk.conversation.take_news(Finished(1, Ending.SAID, "A cup.", TIMINGS))
    assert [line.who for line in talk.lines] == [Who.ITSELF, Who.MODEL]
    talk.orders.clear()
    talk.conversation.answer_again()
    assert [type(order) for order in talk.orders] == [Rewind, Begin, See, See, Read, Reply]
