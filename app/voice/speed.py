"""Whether this computer makes the model's speech as fast as it is heard. Knows only what finished replies took."""

from __future__ import annotations

from model.protocol import CODE_SAMPLES, SPEECH_RATE, Timings

LEAST_SECONDS = 1.0
"""Of speech that say anything."""
MOST_GAPS = 1
"""So often may the speech of a reply wait for the model: once can be chance."""


def slowness(timings: Timings) -> float | None:
    """Seconds of work for a second of speech; above 1 it cannot be heard without gaps. None where there is too little.

    Text counts too: it is made in between the codes.
    """
    seconds = timings.codes * CODE_SAMPLES / SPEECH_RATE
    if seconds < LEAST_SECONDS:
        return None
    return (timings.thinker + timings.talker + timings.voice) / seconds


def is_too_slow(timings: Timings, gaps: int) -> bool:
    """Of one reply; `gaps` is how often its speech waited for more of it."""
    factor = slowness(timings)
    return factor is not None and (factor > 1.0 or gaps > MOST_GAPS)
