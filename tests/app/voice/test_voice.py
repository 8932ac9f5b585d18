"""Who speaks, through a conversation with a real speaker: by choice, by measurement, and where speech is too short."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial

import pytest
from pytestqt.qtbot import QtBot

from app.conversation import Conversation
from app.devices.device import Device
from app.devices.ports import SoundPorts
from app.devices.speaker import Speaker
from app.interruption import Verdict
from app.phase import Phase
from app.settings import Settings, Speech
from app.transcript import Transcript
from app.voice.system_voice import SystemVoice, There
from app.voice.voice import (
    HALTING_AND_NONE,
    HALTING_LEAD,
    NO_MODEL_VOICE,
    NO_SYSTEM_VOICE,
    NO_VOICE,
    TOO_SLOW,
    TOO_SLOW_AND_NONE,
    Force,
    Voice,
)
from model.protocol import SPEECH_RATE, Cancel, Cut, Ending, Finished, Order, Ready, Reply, Said, Timings, Voiced
from tests.helpers.clips import tone
from tests.helpers.rig import SoundRig
from tests.helpers.voiceless import voiceless

LONG = 60_000
TEXT = "There is a green cup on the table, and a small plant stands behind it in the sun."
WHOLE_SECONDS = 4.8
FAST = Timings(1, 20, 100, 0.1, 0.2, 0.2, 0.4, 0.4, 1.0)
SLOW = Timings(1, 20, 100, 0.1, 0.2, 0.5, 1.4, 1.4, 4.0)
UNBEARABLE = Timings(1, 20, 100, 0.1, 0.2, 0.5, 3.0, 3.0, 8.0)


@dataclass
class Talk:
    """A conversation whose mouth is the voice under test."""

    voice: Voice
    speaker: Speaker
    conversation: Conversation
    transcript: Transcript
    orders: list[Order]
    told: list[str]

    @property
    def last_reply(self) -> Reply:
        return [order for order in self.orders if isinstance(order, Reply)][-1]

    @property
    def answer(self) -> str:
        return self.transcript.line(self.transcript.rowCount() - 1).text

    def say(self, *texts: str) -> None:
        for text in texts:
            self.conversation.take_news(Said(self.conversation.turn, text))

    def sound(self, seconds: float) -> None:
        """Waves of this length from the model."""
        wave = tone(seconds, SPEECH_RATE, level=0.2)
        for place in range(0, len(wave), 4800):
            self.conversation.take_news(Voiced(self.conversation.turn, wave[place : place + 4800]))

    def finish(self, timings: Timings = FAST) -> None:
        self.conversation.take_news(Finished(self.conversation.turn, Ending.SAID, self.answer, timings))
        self.voice.judge(timings)

    def drained(self) -> bool:
        return self.conversation.phase is Phase.LISTENING


@pytest.fixture
def talk(qtbot: QtBot, ports: SoundPorts, rig: SoundRig, system: SystemVoice) -> Iterator[Talk]:
    with talking(ports, system) as talk:
        yield talk


@pytest.fixture
def lonely_talk(qtbot: QtBot, ports: SoundPorts, rig: SoundRig) -> Iterator[Talk]:
    """On a system that has no voice."""
    with talking(ports, SystemVoice(voiceless)) as talk:
        yield talk


@contextmanager
def talking(ports: SoundPorts, system: SystemVoice) -> Iterator[Talk]:
    speaker = Speaker(ports)
    speaker.use(Device("speaker", "Rig speaker", is_default=True))
    voice = Voice(speaker, system)
    speaker.drained.connect(voice.take_drained)
    transcript = Transcript()
    conversation = Conversation(transcript, voice)
    voice.drained.connect(conversation.drained)
    talk = Talk(voice, speaker, conversation, transcript, [], [])
    conversation.order.connect(talk.orders.append)
    voice.told.connect(talk.told.append)
    conversation.take_news(Ready("small", "", ("Chelsie",), "cpu", 1))
    voice.take_model("small", ("Chelsie",))
    yield talk
    voice.close()
    speaker.close()


def choose(talk: Talk, speech: Speech, speed: float = 1.0) -> None:
    talk.voice.choose(Settings(speech=speech, speed=speed))


def ready(talk: Talk, qtbot: QtBot) -> None:
    """The system has told its voices."""
    talk.voice.system.ask()
    qtbot.waitUntil(lambda: talk.voice.system.there is There.READY, timeout=LONG)


def test_whole_speech_is_not_mended(talk: Talk, qtbot: QtBot) -> None:
    choose(talk, Speech.MODEL, speed=2.0)
    talk.conversation.ask("Why?")
    assert talk.last_reply.voiced
    talk.say(TEXT)
    talk.sound(WHOLE_SECONDS)
    talk.finish()
    qtbot.waitUntil(talk.drained, timeout=LONG)
    assert talk.speaker.heard() == pytest.approx(WHOLE_SECONDS / 2.0, abs=0.05)
    assert talk.voice.system.there is There.UNASKED


def test_what_short_speech_left_out_the_system_says(talk: Talk, qtbot: QtBot) -> None:
    ready(talk, qtbot)
    talk.conversation.ask("Why?")
    talk.say(TEXT)
    talk.sound(1.2)
    talk.finish()
    qtbot.waitUntil(lambda: talk.voice.system.heard() > len(TEXT) // 2, timeout=LONG)
    assert talk.speaker.heard() == pytest.approx(1.2, abs=0.05)
    assert talk.conversation.phase is Phase.SPEAKING
    talk.conversation.stop()
    (cancel,) = [order for order in talk.orders if isinstance(order, Cancel)]
    assert cancel.heard_text is not None
    assert TEXT[: cancel.heard_text].endswith(" ")
    assert len(TEXT) // 2 < cancel.heard_text < len(TEXT)


@pytest.mark.parametrize("seconds", [0.0, 1.2])
def test_mended_speech_ends_the_reply_once(talk: Talk, qtbot: QtBot, seconds: float) -> None:
    """The first word that the system says is the first one that the model's speech did not reach."""
    ready(talk, qtbot)
    talk.conversation.ask("Why?")
    talk.say(TEXT)
    talk.sound(seconds)
    talk.finish()
    phases: list[Phase] = []
    talk.conversation.phase_changed.connect(phases.append)
    places: list[int] = []
    talk.speaker.drained.connect(lambda: places.append(talk.voice.system.heard()))
    qtbot.waitUntil(talk.drained, timeout=LONG)
    assert phases == [Phase.LISTENING]
    assert [TEXT[:place] for place in places] == ["There is a green cup " if seconds else ""]
    assert talk.voice.system.heard() == len(TEXT)


def test_a_slow_model_is_relieved_by_the_system_and_it_is_said_once(talk: Talk, qtbot: QtBot) -> None:
    for _ in range(2):
        talk.conversation.ask("Why?")
        talk.say("Because.")
        talk.sound(0.3)
        talk.finish(SLOW)
        qtbot.waitUntil(talk.drained, timeout=LONG)
        qtbot.waitUntil(lambda: talk.voice.in_force is Force.SYSTEM, timeout=LONG)
    assert talk.told == [TOO_SLOW]
    assert talk.voice.sentence == TOO_SLOW
    talk.conversation.ask("Why?")
    assert not talk.last_reply.voiced
    choose(talk, Speech.MODEL)
    assert talk.voice.in_force is Force.MODEL  # who wants it all the same can have it


def test_a_fast_model_speaks_on(talk: Talk) -> None:
    talk.conversation.ask("Why?")
    talk.say("Because.")
    talk.finish(FAST)
    assert talk.voice.in_force is Force.MODEL
    assert talk.told == []


def test_another_model_is_measured_anew(talk: Talk, qtbot: QtBot) -> None:
    ready(talk, qtbot)
    talk.conversation.ask("Why?")
    talk.say("Because.")
    talk.finish(SLOW)
    forces = [talk.voice.in_force]
    for name in ("small", "smaller"):
        talk.voice.take_model(name, ("Chelsie",))
        forces.append(talk.voice.in_force)
    assert forces == [Force.SYSTEM, Force.SYSTEM, Force.MODEL]


def test_a_model_without_a_voice_is_spoken_for(talk: Talk, qtbot: QtBot) -> None:
    ready(talk, qtbot)
    talk.voice.take_model("mute", ())
    forces = [talk.voice.in_force]
    assert talk.told == [NO_MODEL_VOICE]
    choose(talk, Speech.MODEL)
    assert [*forces, talk.voice.in_force] == [Force.SYSTEM, Force.NOBODY]
    assert talk.told == [NO_MODEL_VOICE, NO_VOICE]
    choose(talk, Speech.AUTOMATIC)
    talk.voice.system.there = There.NONE
    assert talk.voice.in_force is Force.NOBODY
    assert talk.voice.sentence == NO_VOICE


def test_without_a_system_voice_a_slow_model_goes_on_and_waits_for_more_before_it_begins(
    lonely_talk: Talk, rig: SoundRig, qtbot: QtBot
) -> None:
    talk = lonely_talk
    talk.conversation.ask("Why?")
    talk.say(TEXT)
    talk.finish(SLOW)
    qtbot.waitUntil(lambda: talk.told == [HALTING_AND_NONE], timeout=LONG)
    assert talk.voice.sentence == HALTING_AND_NONE
    talk.conversation.ask("Why?")
    assert talk.last_reply.voiced
    talk.say(TEXT)
    with rig.recording() as recording:
        talk.sound(HALTING_LEAD - 0.1)
        before = recording.seconds
        qtbot.waitUntil(lambda: recording.seconds > before + 0.5, timeout=LONG)
        assert talk.speaker.heard() == 0.0
    talk.sound(0.2)
    qtbot.waitUntil(lambda: talk.speaker.heard() > 0.2, timeout=LONG)
    assert talk.told == [HALTING_AND_NONE]


def test_without_a_system_voice_it_is_said_and_only_written(lonely_talk: Talk, qtbot: QtBot) -> None:
    talk = lonely_talk
    for reason in (HALTING_AND_NONE, TOO_SLOW_AND_NONE):
        talk.conversation.ask("Why?")
        talk.say(TEXT)
        talk.finish(UNBEARABLE)
        qtbot.waitUntil(partial(said_last, talk, reason), timeout=LONG)
    choose(talk, Speech.SYSTEM)
    qtbot.waitUntil(lambda: talk.told[2:] == [NO_SYSTEM_VOICE], timeout=LONG)
    assert talk.voice.in_force is Force.NOBODY
    announced: list[str] = []
    talk.conversation.announced.connect(announced.append)
    talk.conversation.ask("Why?")
    assert not talk.last_reply.voiced
    talk.say("So.")
    talk.finish()
    qtbot.waitUntil(talk.drained, timeout=LONG)
    assert announced == ["So."]


def said_last(talk: Talk, reason: str) -> bool:
    return talk.told[-1:] == [reason]


def test_the_system_speaks_behind_its_text_and_is_cut_to_what_was_heard(talk: Talk, qtbot: QtBot) -> None:
    """Speech never leads its text, and what the model is told was heard is what the system had come to."""
    choose(talk, Speech.SYSTEM)
    talk.conversation.ask("Why?")
    assert not talk.last_reply.voiced
    for piece in ("One two three four", " five. Six seven", " eight nine ten eleven twelve", " thirteen. "):
        talk.say(piece)
        assert talk.voice.system.heard() <= len(talk.answer)
    talk.say("And more")
    qtbot.waitUntil(lambda: talk.voice.system.heard() > len("One two three four five. "), timeout=LONG)
    assert talk.conversation.phase is Phase.SPEAKING
    heard = talk.voice.system.heard()
    talk.conversation.stop()
    (cancel,) = [order for order in talk.orders if isinstance(order, Cancel)]
    assert cancel.heard_text is not None
    assert (
        heard <= cancel.heard_text < len("One two three four five. Six seven eight nine ten eleven twelve thirteen. ")
    )
    talk.conversation.take_news(Cut(cancel.turn, talk.answer[: cancel.heard_text]))
    assert talk.transcript.line(1).heard_text == talk.answer[: cancel.heard_text]


def test_the_system_goes_on_with_the_clause_it_was_held_in_and_says_what_came_meanwhile(
    talk: Talk, qtbot: QtBot
) -> None:
    choose(talk, Speech.SYSTEM)
    ready(talk, qtbot)
    talk.conversation.ask("Why?")
    first, rest = "Yes. There is a green cup on the table and a small plant. It", " stands behind."
    talk.say(first)
    qtbot.waitUntil(lambda: talk.voice.system.heard() > len("Yes. There is "), timeout=LONG)
    answers = talk.conversation._answers
    answers.give_way(Verdict.HOLD)
    talk.say(rest)
    talk.finish()
    assert not talk.drained()
    answers.give_way(Verdict.RESUME)
    assert talk.voice.system.heard() == len("Yes. ")
    qtbot.waitUntil(talk.drained, timeout=LONG)
    assert talk.voice.system.heard() == len(first + rest)


def test_the_model_goes_on_where_it_was_held_and_nothing_is_counted_twice(talk: Talk, qtbot: QtBot) -> None:
    choose(talk, Speech.MODEL)
    talk.conversation.ask("Why?")
    talk.say(TEXT)
    talk.sound(WHOLE_SECONDS - 1.0)
    qtbot.waitUntil(lambda: talk.speaker.heard() > 1.0, timeout=LONG)
    answers = talk.conversation._answers
    answers.give_way(Verdict.HOLD)
    talk.sound(1.0)
    talk.finish()
    answers.give_way(Verdict.RISE)
    qtbot.waitUntil(talk.drained, timeout=LONG)
    assert talk.voice._reply.seconds == pytest.approx(WHOLE_SECONDS, abs=0.05)
    assert talk.speaker.heard() < WHOLE_SECONDS - 0.9
    assert talk.voice.system.there is There.UNASKED


def test_speed_changes_what_is_played_and_not_what_was_heard(talk: Talk, qtbot: QtBot) -> None:
    choose(talk, Speech.MODEL, speed=2.0)
    talk.conversation.ask("Why?")
    talk.say("Because.")
    talk.sound(6.0)
    qtbot.waitUntil(lambda: talk.speaker.heard() > 0.5, timeout=LONG)
    talk.conversation.stop()
    (cancel,) = [order for order in talk.orders if isinstance(order, Cancel)]
    assert cancel.heard_up_to == pytest.approx(2 * talk.speaker.heard())


def test_an_old_answer_is_heard_again_whoever_speaks_now(talk: Talk, qtbot: QtBot) -> None:
    talk.conversation.ask("Why?")
    talk.say("Because.")
    talk.sound(0.4)
    talk.finish()
    qtbot.waitUntil(talk.drained, timeout=LONG)
    choose(talk, Speech.NOBODY)
    talk.conversation.replay(1)
    qtbot.waitUntil(talk.drained, timeout=LONG)
    assert talk.speaker.heard() == pytest.approx(0.4, abs=0.03)


def test_what_the_system_reads_beside_does_not_end_the_model_s_speech(talk: Talk, qtbot: QtBot) -> None:
    """Somebody who has pages read aloud tries the model's voice while the button's name is being said."""
    ready(talk, qtbot)
    choose(talk, Speech.MODEL)
    talk.voice.system.begin()
    talk.voice.system.say("Hear it.")
    talk.voice.system.finish()
    with qtbot.waitSignal(talk.voice.drained, timeout=LONG):
        talk.conversation.ask("Why?")
        talk.say("Because.")
        talk.sound(3.0)
        talk.finish()
    assert talk.speaker.heard() == pytest.approx(3.0, abs=0.05)


def test_words_tell_who_speaks(talk: Talk) -> None:
    told = {}
    for speech in (Speech.MODEL, Speech.SYSTEM, Speech.NOBODY):
        choose(talk, speech)
        told[talk.voice.words] = talk.voice.sentence
    assert told == {
        "model's voice": "The model's voice speaks (Chelsie).",
        "system's voice": "The system's voice speaks (the usual one).",
        "no voice": "Nobody speaks: answers are only written.",
    }
