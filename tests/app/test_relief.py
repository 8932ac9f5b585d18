"""What is offered where memory ran out, from what costs least to what costs most."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.relief import Fewer, Relief, Shorter, Smaller, relieve
from app.relieving import words
from app.wares import Stored

LARGE, SMALL, TINY = Path("large"), Path("small"), Path("tiny")


def model(folder: Path, gigabytes: float, *, plain: bool = False, ours: bool = True) -> Stored:
    size = round(gigabytes * 1e9)
    return Stored(folder, folder.name, "4 bits", size, plain=plain, compared=False, in_use=False, ours=ours)


@pytest.mark.parametrize(
    ("stored", "context", "relief"),
    [
        ([model(LARGE, 12, plain=True), model(SMALL, 5), model(TINY, 1)], None, Smaller(SMALL, "small, 4 bits")),
        ([model(LARGE, 12, plain=True), model(SMALL, 11.9)], None, Fewer(LARGE)),
        ([model(LARGE, 12, plain=True, ours=False)], None, Shorter(16_384)),
        ([model(LARGE, 5)], None, Shorter(16_384)),
        ([model(LARGE, 5)], 16_384, Shorter(8192)),
        ([model(LARGE, 5)], 8192, Shorter(4096)),
        ([model(LARGE, 5)], 4096, None),
        ([], None, Shorter(16_384)),
    ],
)
def test_the_next_smaller_thing_is_offered(stored: list[Stored], context: int | None, relief: Relief | None) -> None:
    assert relieve(LARGE, stored, context) == relief


@pytest.mark.parametrize("relief", [Smaller(SMALL, "small, 4 bits, 5.0 GB"), Fewer(LARGE), Shorter(8192)])
def test_it_is_offered_in_a_sentence_and_a_button(relief: Relief) -> None:
    sentence, action = words(relief)
    assert sentence.startswith("Memory did not suffice.")
    assert len(action.split()) <= 4


def test_tokens_are_told_in_words_too() -> None:
    assert "(8,192 tokens, about 5,700 words)" in words(Shorter(8192))[0]
