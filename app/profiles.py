"""What is set for whom, all of which can be changed afterwards. Knows nothing of who acts on it."""

from __future__ import annotations

from dataclasses import replace

from app.first_steps import Profile
from app.settings import Look, Settings, Speech

LARGER = 150
"""Percent of the system's size of text."""


def fitted(settings: Settings, profile: Profile) -> Settings:
    """These settings, but with size of text, contrast, motion, signals and speaking as the profile has them."""
    match profile:
        case Profile.STANDARD:
            return replace(
                settings,
                profile=profile,
                look=Look.SYSTEM,
                text_percent=100,
                reduce_motion=False,
                speech=Speech.AUTOMATIC,
                signals=False,
                guidance=False,
            )
        case Profile.BLIND:
            return replace(
                settings,
                profile=profile,
                look=Look.CONTRAST,
                text_percent=LARGER,
                reduce_motion=True,
                speech=Speech.AUTOMATIC,
                signals=True,
                guidance=True,
            )
        case Profile.DEAF:
            return replace(
                settings,
                profile=profile,
                look=Look.SYSTEM,
                text_percent=LARGER,
                reduce_motion=False,
                speech=Speech.NOBODY,
                signals=False,
                guidance=False,
            )
