"""Whether speech is made as fast as it is heard, told by what replies took."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.voice.speed import Pace, Speed, slowness
from model.protocol import Timings

TOOK = Timings(100, 20, 100, 0.1, 0.4, thinker=0.2, talker=0.6, voice=0.8, total=5.0)
"""Two seconds of speech."""


def test_text_codes_and_sound_count_and_waiting_does_not() -> None:
    assert slowness(TOOK) == pytest.approx(0.8)


def found(*replies: tuple[float, int]) -> Speed:
    """After replies, each with seconds of work for its two seconds of speech, and its gaps."""
    pace = Pace()
    for work, gaps in replies:
        pace.judge(replace(TOOK, voice=work - TOOK.thinker - TOOK.talker), gaps)
    return pace.speed


@pytest.mark.parametrize(
    ("work", "gaps", "speed"),
    [(1.6, 0, Speed.ENOUGH), (1.6, 1, Speed.ENOUGH), (1.6, 2, Speed.HALTING), (3.2, 0, Speed.HALTING)],
)
def test_slower_than_it_is_heard_or_with_gaps(work: float, gaps: int, speed: Speed) -> None:
    assert found((work, gaps)) is speed


def test_one_slow_reply_can_be_chance_and_two_in_a_row_cannot() -> None:
    slow, quick = (2.1, 0), (1.6, 0)
    assert found(slow, quick, slow) is Speed.ENOUGH
    assert found(slow, quick, slow, slow) is Speed.HALTING


def test_nobody_listens_to_what_takes_three_times_as_long() -> None:
    slow, quick = (6.1, 0), (1.6, 0)
    assert found(slow, quick, slow) is Speed.HALTING
    assert found(slow, quick, slow, slow) is Speed.TOO_LITTLE
    assert found(slow, slow, quick, quick) is Speed.TOO_LITTLE  # it does not change to and fro


def test_little_speech_says_nothing() -> None:
    pace = Pace()
    pace.judge(replace(TOOK, codes=49, voice=9.0), 5)
    assert pace.speed is Speed.ENOUGH
