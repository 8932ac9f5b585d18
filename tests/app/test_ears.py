"""Who says that somebody speaks: the button, or the endpointer in hands-free mode."""

from __future__ import annotations

import numpy as np
import pytest

from app.ears import Ears
from app.senses import Block, Calmed, Continued, Ended, Started, Stirred


@pytest.fixture
def told() -> list[object]:
    return []


@pytest.fixture
def ears(told: list[object]) -> Ears:
    ears = Ears()
    ears.speech.connect(told.append)
    return ears


def block(time: float) -> Block:
    return Block(np.zeros(512, np.float32), time)


def test_button_makes_speech_of_blocks(ears: Ears, told: list[object]) -> None:
    ears.take_block(block(0.0))
    ears.talk(on=True)
    assert ears.are_open
    for time in (1.0, 2.0, 3.0):
        ears.take_block(block(time))
    ears.talk(on=False)
    ears.take_block(block(4.0))
    assert [type(event) for event in told] == [Started, Continued, Continued, Ended]
    assert told[-1] == Ended(3.0)
    assert not ears.are_open


def test_button_without_sound_says_nothing(ears: Ears, told: list[object]) -> None:
    ears.talk(on=True)
    ears.talk(on=False)
    assert told == []


def test_endpointer_is_heard_only_hands_free(ears: Ears, told: list[object]) -> None:
    ears.take_speech(Stirred(1.0))
    ears.is_hands_free = True
    assert ears.are_open
    ears.take_speech(Stirred(2.0))
    assert told == [Stirred(2.0)]


def test_what_has_begun_is_ended_though_nobody_is_listened_to_any_more(ears: Ears, told: list[object]) -> None:
    """Else a question that hands-free mode was left in would be open for ever, and an answer held."""
    ears.is_hands_free = True
    ears.take_speech(Started(block(1.0)))
    ears.is_hands_free = False
    ears.take_speech(Continued(block(1.5)))
    ears.take_speech(Ended(2.0))
    ears.take_speech(Calmed(2.5))
    assert told[1:] == [Ended(2.0), Calmed(2.5)]


def test_button_goes_before_the_endpointer(ears: Ears, told: list[object]) -> None:
    ears.is_hands_free = True
    ears.talk(on=True)
    ears.take_speech(Started(block(1.0)))
    ears.take_speech(Ended(2.0))
    assert told == []


def test_a_microphone_that_is_only_tried_is_open_and_nobody_is_heard(ears: Ears, told: list[object]) -> None:
    ears.are_tried = True
    assert ears.are_open
    ears.take_block(block(1.0))
    ears.take_speech(Stirred(1.0))
    assert told == []
