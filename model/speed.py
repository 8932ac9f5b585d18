"""How fast a model is on this computer, and what that is good for, in words. Nothing but figures: measures nothing."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

GOOD_TEXT, USABLE_TEXT = 10.0, 4.0
"""Tokens a second: faster than one listens; about as fast as one reads."""
REAL_TIME = 1.0


class Band(StrEnum):
    """What a speed is good for."""

    GOOD = "good"
    USABLE = "usable"
    SLOW = "too slow"


@dataclass(frozen=True, slots=True)
class Speed:
    """`prompt`, `text`: tokens a second, read and written. `speech`: seconds of work for one of speech, if there is."""

    prompt: float
    text: float
    speech: float | None

    @property
    def band(self) -> Band:
        """Of the text and, where there is a voice, of the speech."""
        if self.text < USABLE_TEXT:
            return Band.SLOW
        speaks_in_time = self.speech is None or self.speech <= REAL_TIME
        return Band.GOOD if speaks_in_time and self.text >= GOOD_TEXT else Band.USABLE

    @property
    def advice(self) -> str:
        """One sentence."""
        match self.band:
            case Band.GOOD:
                return "This model is quick enough here to talk with."
            case Band.USABLE if self.speech is not None and self.speech > REAL_TIME:
                return (
                    f"Text comes in time, but a second of speech takes {self.speech:.1f} seconds to compute: choose no "
                    "voice in the settings, and answers come without waiting."
                )
            case Band.USABLE:
                return "Answers come about as fast as one reads: short questions work best."
            case Band.SLOW:
                return "This model is too slow here: use a smaller one, or this one in fewer bits."
