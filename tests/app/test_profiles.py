"""What is set for whom, and what is left alone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.first_steps import Profile, Step
from app.profiles import LARGER, fitted
from app.settings import Language, Look, Settings, Speech

OWN = Settings(language=Language.SPANISH, patience=2.0, microphone="mic", first_run=Step.SOUND, hands_free=True)


def test_for_blind_people_all_is_large_still_and_spoken() -> None:
    chosen = fitted(OWN, Profile.BLIND)
    assert (chosen.text_percent, chosen.look, chosen.reduce_motion) == (LARGER, Look.CONTRAST, True)
    assert (chosen.speech, chosen.signals, chosen.guidance) == (Speech.AUTOMATIC, True, True)


def test_for_deaf_people_all_is_large_and_written() -> None:
    chosen = fitted(OWN, Profile.DEAF)
    assert (chosen.text_percent, chosen.speech, chosen.signals, chosen.guidance) == (
        LARGER,
        Speech.NOBODY,
        False,
        False,
    )


@pytest.mark.parametrize("profile", Profile)
def test_the_usual_profile_undoes_each_other_one(profile: Profile) -> None:
    assert fitted(fitted(OWN, profile), Profile.STANDARD) == OWN


@pytest.mark.parametrize("profile", Profile)
def test_what_a_profile_is_not_about_stays(profile: Profile) -> None:
    chosen = fitted(OWN, profile)
    assert chosen.profile is profile
    own = ("language", "patience", "microphone", "first_run", "hands_free")
    assert replace(Settings(), **{name: getattr(chosen, name) for name in own}) == OWN
