"""How late something came that was due, time after time. Knows nothing of what it is."""

from __future__ import annotations

from collections import deque

import numpy as np

MOST_KEPT = 20_000
"""Times that are remembered: some minutes' worth of callbacks."""


class Lateness:
    """One thread notes, any thread asks."""

    def __init__(self) -> None:
        self._seconds: deque[float] = deque(maxlen=MOST_KEPT)

    def note(self, seconds: float) -> None:
        """It came so long after it was due; early counts as in time."""
        self._seconds.append(max(0.0, seconds))

    def __str__(self) -> str:
        noted = 1000 * np.array(self._seconds.copy() or [0.0])
        high = np.percentile(noted, 99)
        return f"p99 {high:.1f} ms late, worst {noted.max():.1f} ms late, of {len(self._seconds)}"


class Rhythm(Lateness):
    """Of what comes again and again: each is due when what the one before brought is used up."""

    def __init__(self) -> None:
        super().__init__()
        self._due: float | None = None

    def beat(self, now: float, lasts: float) -> None:
        """It came `now` (seconds), and brought enough for a while."""
        if self._due is not None:
            self.note(now - self._due)
        self._due = now + lasts
