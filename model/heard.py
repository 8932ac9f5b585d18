"""How much of a reply's text was heard by a moment of its speech. Knows no model.

Thinker and Talker run in lock-step, so the codes themselves do not tell which word they carry: all of the text goes in
while the first few seconds are spoken. The estimate: every token takes a share of the speech by the letters and digits
it writes, and a mark that speakers pause at takes as much as three letters. Of a reply whose speech is not finished
the length is foreseen from the finished ones of the same session, at first from the model's known pace.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate

PAUSES = frozenset(".,;:!?…。、")
PAUSE_WEIGHT = 3
CODES_A_LETTER = 3.6
"""About 15 codes an English token of some four letters."""


def weight(piece: str) -> int:
    """What share of the speech a piece of text takes, in letters."""
    return sum(PAUSE_WEIGHT if sign in PAUSES else int(sign.isalnum()) for sign in piece)


class Pace:
    """Codes a letter, learned from finished replies."""

    def __init__(self) -> None:
        self._codes = 0.0
        self._letters = 0.0

    @property
    def codes_a_letter(self) -> float:
        """The measured pace, or the known one while nothing was measured."""
        return self._codes / self._letters if self._letters else CODES_A_LETTER

    def learn(self, pieces: Sequence[str], codes: int) -> None:
        """A reply was spoken to its end; one without a letter teaches nothing."""
        letters = sum(map(weight, pieces))
        if letters:
            self._letters += letters
            self._codes += codes


def tokens_heard(pieces: Sequence[str], heard: float, spoken: float) -> int:
    """How many of the tokens, given by their text, were heard when `heard` of `spoken` codes were played."""
    if heard <= 0:
        return 0
    weights = list(accumulate(map(weight, pieces)))
    if not weights or heard >= spoken:
        return len(weights)
    reached = heard / spoken * weights[-1]
    return without_half_character(pieces, sum(1 for end in weights if end <= reached))


def tokens_within(pieces: Sequence[str], characters: int) -> int:
    """How many of the tokens, given by their text, lie in its first so many characters."""
    ends = accumulate(map(len, pieces))
    return without_half_character(pieces, sum(1 for end in ends if end <= characters))


def without_half_character(pieces: Sequence[str], count: int) -> int:
    """The first `count` tokens or fewer: those that only began the character of a later one are left out too."""
    while 0 < count < len(pieces) and not pieces[count - 1]:
        count -= 1
    return count
