"""Whether speech is made as fast as it is heard, told by what replies took."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.voice.speed import is_too_slow, slowness
from model.protocol import Timings

TOOK = Timings(100, 20, 100, 0.1, 0.4, thinker=0.2, talker=0.6, voice=0.8, total=5.0)
"""Two seconds of speech."""


def test_text_codes_and_sound_count_and_waiting_does_not() -> None:
    assert slowness(TOOK) == pytest.approx(0.8)


@pytest.mark.parametrize(("voice", "gaps", "slow"), [(0.8, 0, False), (0.8, 1, False), (0.8, 2, True), (1.3, 0, True)])
def test_slower_than_it_is_heard_or_with_gaps(voice: float, gaps: int, slow: bool) -> None:  # noqa: FBT001
    assert is_too_slow(replace(TOOK, voice=voice), gaps) is slow


def test_little_speech_says_nothing() -> None:
    assert not is_too_slow(replace(TOOK, codes=49, voice=9.0), 5)
