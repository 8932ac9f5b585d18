"""Puts words and codes into the model's mouth, so that what is made of them can be told exactly."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest
import torch
from torch import Tensor

from model.omni import Omni
from model.talker import Talker
from model.thinker import Thinker


class Script:
    """From `tells` and `speaks` on, the Thinker draws these tokens and the Talker these many codes."""

    def __init__(self, omni: Omni, monkeypatch: pytest.MonkeyPatch) -> None:
        self._omni = omni
        self._patch = monkeypatch

    def tells(self, text: str, *, ends: bool = True) -> list[int]:
        """Every further reply says `text` and ends, or goes on with its last token for ever; its tokens."""
        vocabulary = self._omni.vocabulary
        tokens = vocabulary.encode(text)
        following = min(vocabulary.ends()) if ends else (tokens or [0])[-1]
        drawn = _Endless(tokens, following)

        def logits(thinker: Thinker, hidden: Tensor) -> Tensor:
            token = next(drawn)
            if token == following and ends:
                drawn.restart()
            return _certain(thinker.embed([0]).new_zeros(512), token) + 0 * hidden.sum()

        self._patch.setattr(Thinker, "logits", logits)
        return tokens

    def speaks(self, codes: int) -> None:
        """Every further reply is spoken in so many codes."""
        end = min(self._omni.talker.ends)
        drawn = _Endless([100 + number % 50 for number in range(codes)], end)

        def logits(talker: Talker, hidden: Tensor) -> Tensor:
            code = next(drawn)
            if code == end:
                drawn.restart()
            return _certain(talker.embed(0).new_zeros(8448), code) + 0 * hidden.sum()

        self._patch.setattr(Talker, "logits", logits)


class _Endless(Iterator[int]):
    """The given numbers, then the same one for ever."""

    def __init__(self, numbers: Sequence[int], following: int) -> None:
        self._numbers, self._following = numbers, following
        self._at = 0

    def __next__(self) -> int:
        self._at += 1
        return self._numbers[self._at - 1] if self._at <= len(self._numbers) else self._following

    def restart(self) -> None:
        self._at = 0


def _certain(scores: Tensor, number: int) -> Tensor:
    scores[number] = torch.tensor(50.0)
    return scores
