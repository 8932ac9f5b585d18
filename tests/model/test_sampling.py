"""Draws against the transformers library's own logits processors, and against the probabilities they stand for."""

from __future__ import annotations

import itertools
import math

import pytest
import torch
from scipy.stats import chisquare
from torch import Tensor
from transformers import (
    LogitsProcessorList,
    RepetitionPenaltyLogitsProcessor,
    SuppressTokensLogitsProcessor,
    TemperatureLogitsWarper,
    TopKLogitsWarper,
    TopPLogitsWarper,
)

from model.sampling import GREEDY, TALKER_SAMPLING, THINKER_SAMPLING, Sampler, Sampling

VOCABULARY = 120
SEEN = [3, 3, 17, 44, 90]
SUPPRESSED = (5, 17, 101)
GRID = [
    Sampling(temperature, top_k, top_p, penalty)
    for temperature, top_k, top_p, penalty in itertools.product(
        [0.05, 0.7, 1.0, 3.0], [0, 1, 7, 40, VOCABULARY, 500], [1e-9, 0.3, 0.75, 0.8, 0.999, 1.0], [0.8, 1.0, 1.05, 2.0]
    )
]


def shapes_of_logits() -> dict[str, Tensor]:
    generator = torch.Generator().manual_seed(1)
    noise = torch.randn(VOCABULARY, generator=generator)
    return {
        "ordinary": 4 * noise,
        "flat": torch.zeros(VOCABULARY),
        "ties": (2 * noise).round(),
        "one certain": torch.where(torch.arange(VOCABULARY) == 60, 80.0, noise),
        "all negative": -20 - noise.abs(),
        "wide": 1e4 * noise,
        "four alike": torch.full((VOCABULARY,), -torch.inf).index_fill(0, torch.tensor([8, 9, 60, 119]), 0.0),
    }


LOGITS = shapes_of_logits()


def expected(sampling: Sampling, logits: Tensor, seen: list[int], suppressed: tuple[int, ...]) -> Tensor:
    """What transformers draws from: its steps in its order, those left out that `generate` leaves out."""
    steps = LogitsProcessorList([RepetitionPenaltyLogitsProcessor(sampling.repetition_penalty)])
    steps.append(SuppressTokensLogitsProcessor(suppressed))
    if sampling.temperature:
        steps.append(TemperatureLogitsWarper(sampling.temperature))
        if sampling.top_k:
            steps.append(TopKLogitsWarper(sampling.top_k))
        if sampling.top_p < 1:
            steps.append(TopPLogitsWarper(sampling.top_p))
    scores: Tensor = steps(torch.LongTensor([seen]), logits[None].clone())[0]
    return scores


@pytest.mark.parametrize("shape", LOGITS)
def test_scores_equal_the_library_over_a_grid_of_settings(shape: str) -> None:
    logits = LOGITS[shape]
    for sampling in [*GRID, GREEDY, Sampling(repetition_penalty=1.3), THINKER_SAMPLING, TALKER_SAMPLING]:
        ours = Sampler(sampling, SEEN, SUPPRESSED).scores(logits)
        torch.testing.assert_close(ours, expected(sampling, logits, SEEN, SUPPRESSED), rtol=0, atol=0)


@pytest.mark.parametrize("step", [0.0, 1e-3, 0.5], ids=["no ties", "some ties", "many ties"])
@pytest.mark.parametrize("vocabulary", [8448, 151_936, 151_999])
def test_scores_equal_the_library_where_only_the_best_parts_are_looked_at(vocabulary: int, step: float) -> None:
    """Vocabularies of parts and one that is not; equals at the edge go as the library's sort of everything has them."""
    logits = 3 * torch.randn(vocabulary, generator=torch.Generator().manual_seed(2))
    logits = (logits / step).round() * step if step else logits
    seen = logits.topk(50).indices.tolist()
    for top_k, top_p in itertools.product([1, 20, 63, 5000], [0.5, 0.8, 0.95, 1.0]):
        sampling = Sampling(0.7, top_k, top_p, 1.05)
        ours = Sampler(sampling, seen, SUPPRESSED).scores(logits)
        torch.testing.assert_close(ours, expected(sampling, logits, seen, SUPPRESSED), rtol=0, atol=0)


def test_every_draw_is_of_what_the_scores_leave() -> None:
    """Penalties of drawn tokens included, which `scores` shows too."""
    generator = torch.Generator().manual_seed(3)
    sampler = Sampler(THINKER_SAMPLING, SEEN)
    for _ in range(40):
        logits = 4 * torch.randn(151_936, generator=generator)
        left = sampler.scores(logits)
        assert left[sampler.draw(logits)] > -math.inf


@pytest.mark.parametrize("step", [0.0, 0.01, 0.5], ids=["no ties", "some ties", "many ties"])
@pytest.mark.parametrize(
    "sampling", [GREEDY, THINKER_SAMPLING, TALKER_SAMPLING, Sampling(1.0, 0, 0.9), Sampling(1.0, 5)]
)
def test_a_shortlist_gives_the_same_draws(sampling: Sampling, step: float) -> None:
    """Equals may be greedy's in any order, so there the likeliest stands alone."""
    generator = torch.Generator().manual_seed(4)
    near, far = Sampler(sampling, SEEN, SUPPRESSED), Sampler(sampling, SEEN, SUPPRESSED)
    for _ in range(60):
        logits = 3 * torch.randn(8448, generator=generator)
        logits = (logits / step).round() * step if step else logits
        logits[int(logits.argmax())] += 0.1
        assert far.draw_from_shortlist(logits) == near.draw(logits)


def test_scores_leave_the_logits_as_they_are() -> None:
    logits = LOGITS["ordinary"].clone()
    Sampler(TALKER_SAMPLING, SEEN, SUPPRESSED).scores(logits)
    assert torch.equal(logits, LOGITS["ordinary"])


def test_nothing_seen_and_nothing_suppressed_is_no_special_case() -> None:
    sampling = Sampling(temperature=0.5, repetition_penalty=1.5)
    assert torch.equal(Sampler(sampling, []).scores(LOGITS["ordinary"]), LOGITS["ordinary"] / 0.5)


def test_what_is_drawn_counts_as_seen() -> None:
    logits = torch.tensor([0.0, 3.0, 2.9, 2.0])
    sampler = Sampler(Sampling(repetition_penalty=1.05), seen=[])
    assert [sampler.draw(logits) for _ in range(3)] == [1, 2, 1]
    assert sampler.scores(logits).tolist() == pytest.approx([0.0, 3 / 1.05, 2.9 / 1.05, 2.0])


def test_greedy_draws_the_likeliest_and_never_a_suppressed_token() -> None:
    logits = LOGITS["ordinary"]
    order = logits.argsort(descending=True).tolist()
    assert {Sampler(Sampling(seed=seed), []).draw(logits) for seed in range(20)} == {order[0]}
    assert Sampler(GREEDY, [], suppressed=order[:3]).draw(logits) == order[3]


def test_the_same_seed_gives_the_same_draws_and_another_seed_others() -> None:
    def draws(seed: int) -> list[int]:
        sampler = Sampler(Sampling(temperature=1.0, seed=seed), [])
        return [sampler.draw(LOGITS["ordinary"]) for _ in range(50)]

    assert draws(7) == draws(7)
    assert len({tuple(draws(seed)) for seed in range(5)}) == 5


def test_global_random_numbers_are_neither_used_nor_moved() -> None:
    torch.manual_seed(3)
    state = torch.get_rng_state()
    Sampler(Sampling(temperature=1.0), []).draw(LOGITS["ordinary"])
    assert torch.equal(torch.get_rng_state(), state)


@pytest.mark.parametrize(
    "sampling",
    [
        Sampling(temperature=1.0, seed=11),
        Sampling(temperature=0.6, top_k=12, seed=12),
        Sampling(temperature=1.4, top_p=0.7, seed=13),
        Sampling(temperature=0.9, top_k=30, top_p=0.9, seed=14),
    ],
)
def test_draws_are_distributed_as_the_probabilities_say(sampling: Sampling) -> None:
    logits = LOGITS["ordinary"] / 2
    chances = expected(sampling, logits, [0], (0,)).softmax(-1).double()
    sampler, draws = Sampler(sampling, [0], suppressed=[0]), 4000
    counts = torch.bincount(torch.tensor([sampler.draw(logits) for _ in range(draws)]), minlength=VOCABULARY)
    assert not counts[chances == 0].any()
    common = chances * draws >= 5  # chi-square wants cells that are not nearly empty
    seen, wanted = counts[common].double(), chances[common] * draws
    if chances[~common].any():
        seen, wanted = (torch.cat([part, (draws - part.sum())[None]]) for part in (seen, wanted))
    assert chisquare(seen, wanted * seen.sum() / wanted.sum()).pvalue > 1e-3


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("temperature", [-0.1, math.nan, -math.inf]),
        ("top_k", [-1]),
        ("top_p", [0.0, -0.5, 1.01, math.nan]),
        ("repetition_penalty", [0.0, -1.0, math.nan]),
        ("seed", [-1, 2**63]),
    ],
)
def test_settings_that_mean_nothing_are_refused_by_name(name: str, values: list[float]) -> None:
    for value in values:
        with pytest.raises(ValueError, match=name):
            Sampling(**{name: value})  # type: ignore[arg-type]  # seed and top_k are whole numbers
