"""How much of the text was heard: a map from codes to tokens that only rises, is exact at its ends, and learns."""

from __future__ import annotations

import random

import pytest

from model.heard import CODES_A_LETTER, PAUSE_WEIGHT, Pace, tokens_heard, weight

REPLY = [
    "Well",
    ",",
    " the",
    " lamp",
    " is",
    " ",
    "on",
    " the",
    " ta",
    "ble",
    ".",
    "\n",
    "**",
    "It",
    " is",
    " red",
    "!",
]
"""Weights 4 3 3 4 2 0 2 3 2 3 3 0 0 2 2 3 3: 39 letters."""


@pytest.mark.parametrize(
    ("piece", "letters"),
    [("", 0), (" ", 0), ("lamp", 4), (" lamp", 4), ("7th", 3), (".", 3), ("!?", 6), ("**", 0), ("日本。", 5), ("é", 1)],
)
def test_letters_and_digits_weigh_one_and_pauses_three(piece: str, letters: int) -> None:
    assert weight(piece) == letters
    assert PAUSE_WEIGHT == 3


@pytest.mark.parametrize("pieces", [REPLY, [], ["a"], ["\ufffd", ""], ["🙂"], [" ", "**", "a", ""]])
@pytest.mark.parametrize("spoken", [0.0, 1.0, 50.0, 702.0])
def test_nothing_is_nothing_and_all_is_all(pieces: list[str], spoken: float) -> None:
    assert tokens_heard(pieces, 0, spoken) == 0
    assert tokens_heard(pieces, -1, spoken) == 0
    assert tokens_heard(pieces, spoken + 0.01, spoken) == len(pieces)
    if spoken:
        assert tokens_heard(pieces, spoken, spoken) == len(pieces)


def test_more_heard_is_never_fewer_tokens() -> None:
    for seed in range(50):
        dice = random.Random(seed)
        pieces = dice.choices([*REPLY, "", "🙂", "…", "supercalifragilistic"], k=dice.randint(1, 60))
        spoken = dice.uniform(1, 900)
        counts = [tokens_heard(pieces, spoken * step / 200, spoken) for step in range(230)]
        assert counts == sorted(counts)
        assert counts[0] == 0
        assert counts[-1] == len(pieces)


def test_a_token_counts_once_all_of_it_was_heard() -> None:
    spoken = 390.0  # ten codes a letter
    heard_after = {39: 0, 40: 1, 69: 1, 70: 2, 99: 2, 100: 3, 159: 4, 160: 6, 179: 6, 180: 7, 389: 16, 390: 17}
    assert {codes: tokens_heard(REPLY, codes, spoken) for codes in heard_after} == heard_after


def test_signs_without_weight_go_with_the_word_before_them() -> None:
    assert tokens_heard(["a", " ", "**", "b"], 1, 2) == 3
    assert tokens_heard(["**", "a", "b"], 0.5, 2) == 1, "heard at all"
    assert tokens_heard(["**", "a", "b"], 0, 2) == 0


def test_no_half_of_a_character_is_kept() -> None:
    """A character of several tokens is written by its last; the first ones without it are no text."""
    pieces = ["a", "", "", "世", "b", "", "", "", "🙂", "c"]
    spoken = 4.0
    assert [tokens_heard(pieces, codes, spoken) for codes in (0, 1, 1.9, 2, 3, 3.9, 4)] == [0, 1, 1, 4, 9, 9, 10]
    assert tokens_heard(["a", "", ""], 4, 4) == 3, "all is all"


def test_pauses_take_time() -> None:
    plain, paused = ["one", " two"], ["one", ",", " two"]
    assert tokens_heard(plain, 50, 100) == 1
    assert tokens_heard(paused, 50, 100) == 1
    assert tokens_heard(paused, 67, 100) == 2
    assert tokens_heard(["one", ",,,", " two"], 60, 100) == 1


def test_the_pace_is_the_known_one_until_a_reply_was_finished() -> None:
    pace = Pace()
    assert pace.codes_a_letter == CODES_A_LETTER == 3.6
    pace.learn([], 0)
    pace.learn(["🙂"], 12)
    assert pace.codes_a_letter == CODES_A_LETTER, "no letters, no pace"
    pace.learn(["four", "."], 70)
    assert pace.codes_a_letter == pytest.approx(10)


def test_the_pace_is_codes_over_letters_of_all_replies() -> None:
    pace = Pace()
    pace.learn(["four", "."], 70)
    assert pace.codes_a_letter == pytest.approx(10)
    pace.learn(["fourteen letters"], 150)
    assert pace.codes_a_letter == pytest.approx(220 / 22)
