"""Who is listened to before and after the phrase was said."""

from __future__ import annotations

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from app.phase import Phase
from app.senses import Block, Continued, Ended, Paused, Resumed, SpeechEvent, Started, Stirred, Word
from app.vigil import BEFORE, LEAST, Vigil
from model.protocol import HEARING_RATE

BLOCK = 512
SECONDS = BLOCK / HEARING_RATE


class Sleeper:
    """A vigil with a phrase, and all that came through."""

    def __init__(self) -> None:
        self.vigil = Vigil()
        self.heard: list[SpeechEvent] = []
        self.vigil.speech.connect(self.heard.append)
        self.vigil.use(phrase=True)
        self._now = 0.0

    def say(self, blocks: int) -> None:
        """More of an utterance."""
        for _ in range(blocks):
            self.vigil.take_speech(Continued(Block(np.full(BLOCK, 0.1, np.float32), self._now)))
            self._now += SECONDS

    def start(self) -> None:
        self.vigil.take_speech(Stirred(self._now))
        self.vigil.take_speech(Started(Block(np.zeros(BLOCK, np.float32), self._now)))

    def end(self) -> None:
        self.vigil.take_speech(Paused(self._now))
        self.say(10)
        self.vigil.take_speech(Ended(self._now))


@pytest.fixture
def sleeper(qtbot: QtBot) -> Sleeper:
    return Sleeper()


def test_nothing_is_heard_before_the_phrase(sleeper: Sleeper) -> None:
    sleeper.start()
    sleeper.say(60)
    sleeper.end()
    assert sleeper.heard == []
    assert sleeper.vigil.is_asleep


def test_what_follows_the_phrase_in_one_breath_is_the_question(sleeper: Sleeper) -> None:
    sleeper.start()
    sleeper.say(30)
    sleeper.vigil.take_word(Word.WAKE)
    sleeper.say(40)
    first = sleeper.heard[0]
    assert isinstance(first, Started)
    assert first.meant
    assert len(first.block.samples) / HEARING_RATE == pytest.approx(BEFORE + LEAST, abs=2 * SECONDS)
    assert len(sleeper.heard) == 1 + 40 - round(LEAST / SECONDS + 0.5)


def test_the_phrase_alone_is_no_question_and_the_next_utterance_is(sleeper: Sleeper) -> None:
    sleeper.start()
    sleeper.say(30)
    sleeper.vigil.take_word(Word.WAKE)
    sleeper.say(6)
    sleeper.end()
    assert sleeper.heard == []
    assert not sleeper.vigil.is_asleep
    sleeper.start()
    assert [type(event) for event in sleeper.heard] == [Stirred, Started]


def test_a_question_after_a_short_rest_begins_where_the_voice_came_back(sleeper: Sleeper) -> None:
    sleeper.start()
    sleeper.say(30)
    sleeper.vigil.take_word(Word.WAKE)
    sleeper.say(6)
    sleeper.vigil.take_speech(Paused(0.0))
    sleeper.say(20)
    assert sleeper.heard == []
    sleeper.vigil.take_speech(Resumed(0.0))
    sleeper.say(20)
    assert isinstance(sleeper.heard[0], Started)


def test_it_falls_asleep_some_time_after_an_answer(sleeper: Sleeper, qtbot: QtBot) -> None:
    sleeper.vigil._timer.setInterval(1)
    for phase in (Phase.THINKING, Phase.SPEAKING):  # of a question that was typed
        sleeper.vigil.follow(phase)
    assert not sleeper.vigil.is_asleep
    with qtbot.waitSignal(sleeper.vigil.changed, timeout=10_000):
        sleeper.vigil.follow(Phase.LISTENING)
    assert sleeper.vigil.is_asleep


def test_while_an_answer_is_given_everything_is_heard(sleeper: Sleeper) -> None:
    sleeper.vigil.follow(Phase.SPEAKING)
    assert not sleeper.vigil._timer.isActive()
    sleeper.start()
    assert len(sleeper.heard) == 2


def test_the_button_needs_no_phrase(sleeper: Sleeper) -> None:
    sleeper.vigil.take_speech(Started(Block(np.zeros(BLOCK, np.float32), 0.0), meant=True))
    assert len(sleeper.heard) == 1


def test_without_a_phrase_everything_is_heard(sleeper: Sleeper) -> None:
    sleeper.vigil.use(phrase=False)
    sleeper.start()
    sleeper.vigil.take_word(Word.WAKE)
    assert len(sleeper.heard) == 2
