"""Speech that is too short for its text is found, and where it stopped."""

from __future__ import annotations

import pytest

from app.voice.shortfall import KNOWN, Measure
from model.heard import weight

TEXT = "There is a green cup on the table, and a small plant stands behind it in the sun."
USUAL = weight(TEXT) * KNOWN


@pytest.mark.parametrize("share", [0.61, 1.0, 1.7])
def test_a_fast_or_slow_voice_has_said_all(share: float) -> None:
    assert Measure().said(TEXT, share * USUAL) == len(TEXT)


@pytest.mark.parametrize(("share", "said"), [(0.0, ""), (0.5, "There is a green cup on the table, and a ")])
def test_of_speech_that_is_too_short_the_rest_is_told(share: float, said: str) -> None:
    assert TEXT[: Measure().said(TEXT, share * USUAL)] == said


def test_a_word_or_two_are_not_judged() -> None:
    assert Measure().said("Yes, of course.", 0.1) == len("Yes, of course.")


def test_a_fast_voice_is_measured_by_its_own_pace() -> None:
    measure = Measure()
    for _ in range(3):
        measure.learn(TEXT, 0.65 * USUAL)
    assert measure.said(TEXT, 0.45 * USUAL) == len(TEXT)
    assert measure.said(TEXT, 0.3 * USUAL) < len(TEXT)


def test_short_speech_and_a_slow_voice_teach_nothing() -> None:
    measure = Measure()
    measure.learn(TEXT, 0.2 * USUAL)
    assert measure.pace == KNOWN
    measure.learn(TEXT, 3.0 * USUAL)
    assert measure.pace == KNOWN
