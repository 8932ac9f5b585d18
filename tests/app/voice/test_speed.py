"""Whether speech is made as fast as it is heard, told by what replies took."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.voice.speed import Pace, slowness
from model.protocol import Timings

TOOK = Timings(100, 20, 100, 0.1, 0.4, thinker=0.2, talker=0.6, voice=0.8, total=5.0)
"""Two seconds of speech."""


def test_text_codes_and_sound_count_and_waiting_does_not() -> None:
    assert slowness(TOOK) == pytest.approx(0.8)


@pytest.mark.parametrize(("voice", "gaps", "slow"), [(0.8, 0, False), (0.8, 1, False), (0.8, 2, True), (2.4, 0, True)])
def test_slower_than_it_is_heard_or_with_gaps(voice: float, gaps: int, slow: bool) -> None:  # noqa: FBT001
    assert Pace().is_too_slow(replace(TOOK, voice=voice), gaps) is slow


def test_one_slow_reply_can_be_chance_and_two_in_a_row_cannot() -> None:
    pace, slow = Pace(), replace(TOOK, voice=1.3)
    assert [pace.is_too_slow(each, 0) for each in (slow, TOOK, slow, slow)] == [False, False, False, True]


def test_little_speech_says_nothing() -> None:
    assert not Pace().is_too_slow(replace(TOOK, codes=49, voice=9.0), 5)
