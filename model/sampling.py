"""Logits become a token. Knows nothing of what a token means."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from model.threads import torch_on_one


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


PART = 128
"""Scores of which only the greatest is looked at first; the published vocabularies are multiples of it."""
ROUNDING = 1e-5
"""More than two orders of adding up the same probabilities can differ by."""


class Sampler:
    """One stream of draws: remembers which tokens were seen and the state of its random numbers."""

    def __init__(self, sampling: Sampling, seen: Sequence[int], suppressed: Sequence[int] = ()) -> None:
        """`seen` are the prompt's tokens, which the repetition penalty covers too."""
        self._sampling = sampling
        self._generator = torch.Generator().manual_seed(sampling.seed)
        self._seen = set(seen)
        self._seen_ids = torch.tensor(sorted(self._seen), dtype=torch.long)
        self._suppressed = torch.tensor(sorted(suppressed), dtype=torch.long)

    def draw(self, logits: Tensor) -> int:
        """logits [vocabulary] -> token."""
        if logits.device.type != "cpu":
            return self.draw_from_shortlist(logits)
        with torch_on_one():
            token = self._drawn(self._weighed(logits, logits.device))
        self._note(token)
        return token

    def draw_from_shortlist(self, logits: Tensor) -> int:
        """The same token as `draw` gives, but only the best few scores leave the device of the logits: a draw waits for
        it once."""
        scores = self._weighed(logits, logits.device)
        token = int(scores.argmax()) if self._sampling.temperature == 0 else self._drawn_apart(scores)
        self._note(token)
        return token

    def _drawn_apart(self, scores: Tensor) -> int:
        """All scores are looked at here only where the library's order of equals decides."""
        count = self._sampling.top_k
        if 0 < count < len(scores):
            best = scores.topk(count + 1)
            values, ids = torch.stack([best.values.double(), best.indices.double()]).cpu()  # one transfer for both
            ids, order = ids[:count].long().sort()
            short = values[order].float()
            kept, certain = self._nucleus(short, torch.arange(count))
            if certain and values[count - 1] > values[count]:
                return int(ids[self._one_of(short, kept)])
        return self._drawn(scores.cpu())

    def _drawn(self, scores: Tensor) -> int:
        if self._sampling.temperature == 0:
            return int(scores.numpy().argmax())  # torch looks for the place twenty times as long
        return int(self._one_of(scores, self._kept(scores)))

    def _one_of(self, scores: Tensor, kept: Tensor) -> Tensor:
        return kept[torch.multinomial(scores[kept].softmax(-1), 1, generator=self._generator)]

    def scores(self, logits: Tensor) -> Tensor:
        """The logits [vocabulary] that the draw is made from; excluded tokens are at minus infinity."""
        scores = self._weighed(logits, torch.device("cpu"))
        return scores if self._sampling.temperature == 0 else _only(scores, self._kept(scores))

    def _note(self, token: int) -> None:
        if token not in self._seen:
            self._seen.add(token)
            self._seen_ids = torch.cat([self._seen_ids, self._seen_ids.new_full((1,), token)])

    def _weighed(self, logits: Tensor, device: torch.device) -> Tensor:
        """Penalty, suppression and temperature, on a copy in float32."""
        scores = logits.to(device, torch.float32, copy=True)
        if self._seen_ids.device != device:
            self._seen_ids, self._suppressed = self._seen_ids.to(device), self._suppressed.to(device)
        self._penalise(scores)
        scores[self._suppressed] = -torch.inf
        return scores if self._sampling.temperature == 0 else scores.div_(self._sampling.temperature)

    def _penalise(self, scores: Tensor) -> None:
        """Keskar et al. 2019: divide a seen token's score by the penalty, or multiply it where negative."""
        penalty = self._sampling.repetition_penalty
        if penalty != 1:
            score = scores[self._seen_ids]
            scores[self._seen_ids] = torch.where(score < 0, score * penalty, score / penalty)

    def _kept(self, scores: Tensor) -> Tensor:
        """Ids of the tokens that may be drawn."""
        best = self._best(scores)
        kept, certain = self._nucleus(scores, best)
        if certain or len(best) == len(scores):
            return kept
        # Which of equals goes, and what a rounding decides, is as the library's sort of everything has it.
        return self._nucleus(_only(scores, best), torch.arange(len(scores)))[0]

    def _best(self, scores: Tensor) -> Tensor:
        """Ids of the `top_k` greatest scores, and of all that equal the last of them."""
        count = self._sampling.top_k
        if not 0 < count < len(scores):
            return torch.arange(len(scores))
        return torch.from_numpy(np.flatnonzero(scores.numpy() >= _kth_greatest(scores, count)))

    def _nucleus(self, scores: Tensor, kept: Tensor) -> tuple[Tensor, bool]:
        """Holtzman et al. 2020: the smallest set of likeliest tokens that holds `top_p` of the probability; and whether
        no order of equals and no rounding decides what belongs to it."""
        limit = 1 - self._sampling.top_p
        if limit == 0:
            return kept, True
        ordered, order = scores[kept].sort()
        sums = ordered.softmax(-1).cumsum(-1)
        first = min(int((sums <= limit).sum()), len(kept) - 1)
        tied = first > 0 and bool(ordered[first - 1] == ordered[first])
        return kept[order[first:]], not tied and float((sums - limit).abs().min()) >= ROUNDING


def _kth_greatest(scores: Tensor, count: int) -> float:
    """The `count`-th greatest is in a part whose greatest is among the `count` greatest of all parts."""
    if count * PART < len(scores) and len(scores) % PART == 0:
        parts = scores.view(-1, PART)
        greatest = parts.amax(dim=1)
        scores = parts[greatest >= greatest.topk(count).values[-1]].flatten()
    return float(scores.topk(count).values[-1])


def _only(scores: Tensor, kept: Tensor) -> Tensor:
    """All others at minus infinity."""
    return torch.full_like(scores, -torch.inf).index_copy_(0, kept, scores[kept])
