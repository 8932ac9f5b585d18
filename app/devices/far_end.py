"""What speakers were really given, on the clock: what a microphone near them may hear again. Knows no device."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Wave = NDArray[np.float32]

MOST_WAITING = 512
"""Pieces that are kept while nobody takes them: some seconds."""
MOST_JITTER = 0.1
"""Seconds; where a piece is further off the count, sound is missing or another stream has begun."""
HEARD_OUT = 15
"""Pieces of a stream whose times are asked for when it began: the middle one is believed, for those of the first
callbacks are wrong with some drivers, and those of late ones with all."""
FIRST_ERROR, MOST_ERROR = 0.001, 0.02
"""Seconds by which what is taken may be off its time before that is put right: before and after a stream was heard out.
Times waver, counts do not, and a step sets the canceller back."""
LONGEST_GAP = 1.0
"""Seconds of silence that are written out."""


@dataclass(frozen=True, slots=True, eq=False)
class Piece:
    """float32 [n] at a rate; the first sample leaves the speaker at a time."""

    samples: Wave
    leaves: float
    rate: int


class FarEnd:
    """Speakers' callbacks call `give`, one thread takes: neither waits."""

    def __init__(self) -> None:
        self.steps = 0
        """How often what was taken did not follow on what was taken before."""
        self._inbox: deque[Piece | float] = deque(maxlen=MOST_WAITING)
        self._rate = 0
        self._errors: deque[float] = deque(maxlen=HEARD_OUT)
        self._kept: Wave = np.zeros(0, np.float32)
        self._began = self._error = 0.0
        self._is_heard_out = False
        self._cursor: int | None = None

    def give(self, piece: Piece) -> None:
        """Its samples are not to be changed any more."""
        self._inbox.append(piece)

    def cut(self, time: float) -> None:
        """What was to leave after that never does."""
        self._inbox.append(time)

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to take but silence."""
        return not self._inbox and not len(self._kept)

    def take(self, time: float, seconds: float) -> tuple[Wave, int]:
        """What leaves from a time on, for so long, and its rate: silence where nothing does; rate 0 before all sound.

        Of times that follow one another it gives samples that do, for as long as no sound is missing.
        """
        self._take_in(time)
        count = round(seconds * self._rate)
        out = np.zeros(count, np.float32)
        self._follow((time - self._began - self._error) * self._rate)
        assert self._cursor is not None
        first, end = max(0, self._cursor), max(0, self._cursor + count)
        part = self._kept[first:end]
        begin = first - self._cursor
        out[begin : begin + len(part)] = part
        self._cursor += count
        self._forget(min(end, len(self._kept)))
        return out, self._rate

    def _follow(self, wanted: float) -> None:
        most = MOST_ERROR if self._is_heard_out else FIRST_ERROR
        if self._cursor is None or abs(self._cursor - wanted) > most * self._rate:
            self._cursor = round(wanted)
            self.steps += 1
        self._is_heard_out = len(self._errors) == HEARD_OUT

    def _take_in(self, now: float) -> None:
        while self._inbox:
            match self._inbox.popleft():
                case Piece() as piece if piece.leaves < now - LONGEST_GAP:
                    self._errors.clear()  # nobody took it in its time
                case Piece() as piece:
                    self._place(piece)
                case time:
                    self._kept = self._kept[: max(0, round((time - self._began - self._error) * self._rate))]
                    self._errors.clear()

    def _place(self, piece: Piece) -> None:
        if piece.rate != self._rate:
            self._rate = piece.rate
            self._begin(piece)
        error = self._error_of(piece)
        if error > LONGEST_GAP:
            self._begin(piece)
        elif not self._errors or abs(error) > MOST_JITTER:
            self._bridge(error)
        self._errors.append(self._error + self._error_of(piece))
        self._error = sorted(self._errors)[len(self._errors) // 2]
        self._kept = np.concatenate([self._kept, piece.samples])

    def _error_of(self, piece: Piece) -> float:
        """Seconds by which it is later than all before it says."""
        return piece.leaves - self._began - self._error - len(self._kept) / self._rate

    def _begin(self, piece: Piece) -> None:
        self._kept = self._kept[:0]
        self._began, self._error = piece.leaves, 0.0
        self._errors.clear()
        self._cursor = None

    def _bridge(self, seconds: float) -> None:
        """Silence, or where it begins before the end of what was there, less of that."""
        count = round(seconds * self._rate)
        self._errors.clear()
        if count < 0:
            self._kept = self._kept[:count]
        else:
            self._kept = np.concatenate([self._kept, np.zeros(count, np.float32)])

    def _forget(self, count: int) -> None:
        """So many samples were taken, or are older than what was."""
        self._kept = self._kept[count:]
        self._began += count / self._rate if self._rate else 0.0
        if self._cursor is not None:
            self._cursor -= count
