"""Logits become a token. Knows nothing of what a token means."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor


@dataclass(frozen=True, slots=True)
class Sampling:
    """How a token is drawn; the transformers library's names and order of the same steps.

    temperature 0 is greedy: always the likeliest token, after the repetition penalty.
    """

    temperature: float = 0.0
    top_k: int = 0
    top_p: float = 1.0
    repetition_penalty: float = 1.0
    seed: int = 0

    def __post_init__(self) -> None:
        for name, valid in (
            ("temperature", self.temperature >= 0),
            ("top_k", self.top_k >= 0),
            ("top_p", 0 < self.top_p <= 1),
            ("repetition_penalty", self.repetition_penalty > 0),
            ("seed", 0 <= self.seed < 2**63),
        ):
            if not valid:
                raise ValueError(f"{name} cannot be {getattr(self, name)}")


GREEDY = Sampling()
THINKER_SAMPLING = Sampling(temperature=0.7, top_k=20, top_p=0.8, repetition_penalty=1.05)
TALKER_SAMPLING = Sampling(temperature=0.9, top_k=40, top_p=0.8, repetition_penalty=1.05)


class Sampler:
    """One stream of draws: remembers which tokens were seen and the state of its random numbers."""

    def __init__(self, sampling: Sampling, seen: Sequence[int], suppressed: Sequence[int] = ()) -> None:
        """`seen` are the prompt's tokens, which the repetition penalty covers too."""
        self._sampling = sampling
        self._generator = torch.Generator().manual_seed(sampling.seed)
        self._seen = set(seen)
        self._suppressed = torch.tensor(sorted(suppressed), dtype=torch.long)

    def draw(self, logits: Tensor) -> int:
        """logits [vocabulary] -> token."""
        scores = self.scores(logits.float().cpu())
        if self._sampling.temperature == 0:
            token = int(scores.argmax())
        else:
            token = int(torch.multinomial(scores.softmax(-1), 1, generator=self._generator))
        self._seen.add(token)
        return token

    def scores(self, logits: Tensor) -> Tensor:
        """The logits [vocabulary] that the draw is made from; excluded tokens are at minus infinity."""
        scores = self._penalise(logits.clone())
        scores[self._suppressed] = -torch.inf
        if self._sampling.temperature == 0:
            return scores
        return self._nucleus(self._best(scores / self._sampling.temperature))

    def _penalise(self, scores: Tensor) -> Tensor:
        """Keskar et al. 2019: divide a seen token's score by the penalty, or multiply it where negative."""
        if self._sampling.repetition_penalty != 1 and self._seen:
            seen = torch.tensor(sorted(self._seen))
            score = scores[seen]
            penalty = self._sampling.repetition_penalty
            scores[seen] = torch.where(score < 0, score * penalty, score / penalty)
        return scores

    def _best(self, scores: Tensor) -> Tensor:
        count = self._sampling.top_k
        if not 0 < count < len(scores):
            return scores
        return scores.masked_fill(scores < scores.topk(count).values[-1], -torch.inf)

    def _nucleus(self, scores: Tensor) -> Tensor:
        """Holtzman et al. 2020: the smallest set of likeliest tokens that holds `top_p` of the probability."""
        if self._sampling.top_p == 1:
            return scores
        ordered, order = scores.sort()
        tail = ordered.softmax(-1).cumsum(-1) <= 1 - self._sampling.top_p
        tail[-1] = False
        return scores.masked_fill(tail.scatter(0, order, tail), -torch.inf)
