"""Guesses what a reply says next from what stood before: after the same tokens come the same again.

Captions, reading aloud and quoting repeat what the context already holds. A guess costs one run through the decoder
whatever its length, as long as memory is what takes the time; a wrong one changes nothing but that time.
"""

from __future__ import annotations

from collections.abc import Sequence

GRAM = 3
"""Tokens that must have stood together before."""
SHORTEST, LONGEST = 2, 7
"""Tokens guessed at once; with the one that is certain, the longest makes eight rows."""
PATIENCE = 3
"""Wrong guesses in a row after which some chances are let pass, twice as many with each."""
LONGEST_PAUSE = 64


class Foresight:
    """Remembers where each three tokens stood last, and how well its guesses did."""

    def __init__(self) -> None:
        self._places: dict[tuple[int, ...], int] = {}
        self._known = 0
        self._length = SHORTEST
        self._wrong = 0
        self._pause = 0

    def forget(self) -> None:
        """The tokens given before are no longer the beginning of those to come."""
        self._places.clear()
        self._known = 0

    def guess(self, ids: Sequence[int]) -> tuple[int, ...]:
        """What may follow `ids`, which begin with all that were given before; empty where nothing tells."""
        for end in range(max(self._known, GRAM), len(ids)):
            self._places[tuple(ids[end - GRAM : end])] = end
        self._known = len(ids)
        place = self._places.get(tuple(ids[-GRAM:]))
        if place is None:
            return ()
        if self._pause > 0:
            self._pause -= 1
            return ()
        return tuple(ids[place : place + self._length])

    def judge(self, guessed: int, right: int) -> None:
        """How many of the tokens guessed last came true, from the first one on."""
        if right == guessed:
            self._length = min(LONGEST, 2 * self._length)
        elif right == 0:
            self._length = SHORTEST
        self._wrong = self._wrong + 1 if right == 0 else 0
        if self._wrong >= PATIENCE:
            self._pause = min(LONGEST_PAUSE, 2 ** (self._wrong - PATIENCE))
