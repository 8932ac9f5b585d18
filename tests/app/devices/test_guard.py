"""What of a voice is let through while the speaker plays, in each mode: probabilities in, probabilities out."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from app.devices.canceller import Canceller
from app.devices.far_end import FarEnd
from app.devices.guard import FADING_BLOCKS, MORE, NOTHING, Guard
from app.duplex import Duplex

LOUD, FAINT = 0.1, 0.003
"""As of a voice near the microphone, and of what is left of an echo."""
SURE, PERHAPS, NOT = 0.95, 0.6, 0.05


class Heard:
    """A canceller that knows what it is told of the speaker."""

    def __init__(self) -> None:
        self.canceller = Canceller(FarEnd())
        self.play(-90.0)

    def play(self, level: float, seconds: float = 0.0) -> None:
        self.canceller._far_levels.clear()
        self.canceller._far_levels.append(level)
        self.canceller.sounding = seconds


class Told:
    """A detector that is told what to tell."""

    def __init__(self) -> None:
        self.says = NOT
        self.resets = 0

    def probability(self, samples: NDArray[np.float32]) -> float:
        assert len(samples) == 512
        return self.says

    def reset(self) -> None:
        self.resets += 1


class Ear:
    def __init__(self, duplex: Duplex) -> None:
        self.heard, self.told = Heard(), Told()
        self.guard = Guard(self.told, self.heard.canceller)
        self.guard.duplex, self.guard.returned, self.guard.left = duplex, -20.0, -50.0

    def hear(self, probability: float, level: float, blocks: int = 1) -> list[float]:
        self.told.says = probability
        samples = np.full(512, level, np.float32)
        return [self.guard.probability(samples) for _ in range(blocks)]


@pytest.mark.parametrize("duplex", Duplex)
def test_while_nothing_is_played_all_is_let_through(duplex: Duplex) -> None:
    ear = Ear(duplex)
    assert ear.hear(PERHAPS, FAINT, 3) == [PERHAPS] * 3
    assert ear.hear(NOT, LOUD) == [NOT]


def test_push_lets_nothing_through_while_it_plays() -> None:
    ear = Ear(Duplex.PUSH)
    ear.heard.play(-20.0, 5.0)
    assert ear.hear(SURE, LOUD, 100) == [0.0] * 100
    ear.heard.play(-90.0)
    assert ear.hear(SURE, LOUD) == [SURE]


def test_of_headphones_nothing_has_to_settle() -> None:
    """Where nothing comes back a voice is let through as soon as the speaker has begun, faint as it may be."""
    ear = Ear(Duplex.FULL)
    ear.guard.returned = ear.guard.left = NOTHING - 20.0
    ear.heard.play(-20.0)
    assert ear.hear(PERHAPS, FAINT, 4)[-1] == PERHAPS


def test_full_lets_a_voice_through_at_once_but_not_what_is_left_of_the_echo() -> None:
    ear = Ear(Duplex.FULL)
    ear.heard.play(-20.0, 5.0)
    assert ear.hear(PERHAPS, 0.0001, 100) == [0.0] * 100
    assert ear.hear(PERHAPS, LOUD, 4) == [0.0, 0.0, PERHAPS, PERHAPS]


@pytest.mark.parametrize("duplex", [Duplex.FULL, Duplex.GUARDED])
def test_while_the_canceller_finds_its_way_more_is_asked(duplex: Duplex) -> None:
    ear = Ear(duplex)
    ear.heard.play(-20.0, 0.2)
    assert ear.hear(SURE, FAINT, 20) == [0.0] * 20
    assert ear.hear(SURE, LOUD, 8) == [0.0] * (MORE.blocks - 1) + [SURE] * 2


def test_guarded_asks_for_more_strength_and_for_longer() -> None:
    ear = Ear(Duplex.GUARDED)
    ear.guard.left = -20.0
    ear.heard.play(-20.0, 5.0)
    assert ear.hear(PERHAPS, LOUD, 100) == [0.0] * 100
    assert ear.hear(SURE, FAINT, 100) == [0.0] * 100
    assert ear.hear(SURE, LOUD, 8) == [0.0] * (MORE.blocks - 1) + [SURE] * 2


def test_who_has_come_through_may_speak_softly_and_pause_for_a_moment() -> None:
    ear = Ear(Duplex.GUARDED)
    ear.heard.play(-20.0, 5.0)
    ear.hear(SURE, LOUD, 20)
    assert ear.hear(PERHAPS, FAINT, 5) == [PERHAPS] * 5
    assert ear.hear(NOT, FAINT, 4) == [NOT] * 4
    assert ear.hear(PERHAPS, FAINT) == [PERHAPS]
    assert ear.hear(NOT, FAINT, 10)[-1] == 0.0
    assert ear.hear(SURE, LOUD) == [0.0]


def test_who_speaks_before_it_plays_may_go_on() -> None:
    ear = Ear(Duplex.GUARDED)
    ear.hear(SURE, LOUD, 20)
    ear.heard.play(-20.0, 0.1)
    assert ear.hear(PERHAPS, FAINT, 3) == [PERHAPS] * 3


def test_without_a_canceller_nothing_is_let_through(monkeypatch: pytest.MonkeyPatch) -> None:
    ear = Ear(Duplex.FULL)
    ear.heard.canceller._is_missing = True
    ear.heard.play(-20.0, 5.0)
    assert ear.hear(SURE, LOUD, 100) == [0.0] * 100


def test_forgetting_reaches_the_detector() -> None:
    ear = Ear(Duplex.GUARDED)
    ear.heard.play(-20.0, 5.0)
    ear.hear(SURE, LOUD, 20)
    ear.guard.reset()
    assert ear.told.resets == 1
    assert ear.hear(SURE, LOUD) == [0.0]


def test_nothing_is_told_while_something_sounds_that_the_canceller_is_not_given_nor_until_it_has_faded() -> None:
    ear = Ear(Duplex.FULL)
    ear.guard.is_deaf = True
    assert ear.hear(SURE, LOUD, 100) == [0.0] * 100
    ear.guard.is_deaf = False
    heard = ear.hear(SURE, LOUD, FADING_BLOCKS)
    assert (heard[0], heard[-1]) == (0.0, SURE)
