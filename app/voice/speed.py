"""Whether this computer makes the model's speech as fast as it is heard. Knows only what finished replies took."""

from __future__ import annotations

from enum import Enum, auto

from model.protocol import CODE_SAMPLES, SPEECH_RATE, Timings

LEAST_SECONDS = 1.0
"""Of speech that say anything."""
MOST_GAPS = 1
"""So often may the speech of a reply wait for the model: once can be chance."""
MUCH = 1.5
"""Seconds of work for a second of speech that no chance explains."""
MOST_SLOW = 1
"""So many replies one after the other may take longer than they are heard, but not much: something else may have been
at work beside, and a short reply is made before that can be heard.
"""
UNBEARABLE = 3.0
"""Seconds of work for a second of speech from which on one waits for words longer than one hears them."""


class Speed(Enum):
    """Of a model's speech, beside how fast it is heard."""

    ENOUGH = auto()
    HALTING = auto()
    """It waits for the model now and then; where nothing else speaks, that is better than nothing."""
    TOO_LITTLE = auto()
    """Nobody would listen to it."""


def slowness(timings: Timings) -> float | None:
    """Seconds of work for a second of speech; above 1 it cannot be heard without gaps. None where there is too little.

    Text counts too: it is made in between the codes.
    """
    seconds = timings.codes * CODE_SAMPLES / SPEECH_RATE
    if seconds < LEAST_SECONDS:
        return None
    return (timings.thinker + timings.talker + timings.voice) / seconds


class Pace:
    """Of one model's speech, reply by reply."""

    def __init__(self) -> None:
        self.speed = Speed.ENOUGH
        """As found so far: it gets worse, never better, since voices that change to and fro are worse than either."""
        self._slow = self._unbearable = 0

    def judge(self, timings: Timings, gaps: int) -> None:
        """After one more reply; `gaps` is how often its speech waited for more of it."""
        factor = slowness(timings)
        if factor is None:
            return
        self._slow = self._slow + 1 if factor > 1.0 else 0
        self._unbearable = self._unbearable + 1 if factor > UNBEARABLE else 0
        if self._unbearable > MOST_SLOW:
            self.speed = Speed.TOO_LITTLE
        elif self.speed is Speed.ENOUGH and (factor > MUCH or gaps > MOST_GAPS or self._slow > MOST_SLOW):
            self.speed = Speed.HALTING
