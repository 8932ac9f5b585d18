"""The pages of the first run, and the needs that it asks about. Nothing but data."""

from __future__ import annotations

from enum import StrEnum


class Step(StrEnum):
    """In the order in which they come; the one to go on with is kept."""

    LANGUAGE = "language"
    PROFILE = "profile"
    SOUND = "sound"
    CAMERA = "camera"
    MODEL = "model"
    SPEED = "speed"
    LIMITS = "limits"
    READY = "ready"
    OVER = "over"
    """No page: all of them were gone through."""

    @property
    def number(self) -> int:
        """From 1 on."""
        return list(Step).index(self) + 1


PAGES = tuple(step for step in Step if step is not Step.OVER)


class Profile(StrEnum):
    """Whom Sightline is set up for."""

    STANDARD = "standard"
    BLIND = "blind"
    """Or with low vision."""
    DEAF = "deaf"
    """Or hard of hearing."""
