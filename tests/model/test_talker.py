"""Speech codes one by one: which may come, when they end, and steps that were given up."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from model.errors import Cancelled, never_cancelled
from model.omni import Omni
from model.positions import Positions
from model.sampling import GREEDY, TALKER_SAMPLING, Sampling
from model.talker import TalkerStream, Utterance
from tests.helpers.checks import Breaker


def prompted(omni: Omni, count: int = 12) -> tuple[TalkerStream, Positions]:
    """A stream that was told so many tokens."""
    stream, positions = TalkerStream(omni.talker), Positions()
    generator = torch.Generator().manual_seed(4)
    stream.push(torch.randn(count, omni.thinker.width, generator=generator), positions.text(count))
    stream.catch_up(never_cancelled)
    return stream, positions


def begun(omni: Omni, sampling: Sampling = GREEDY) -> Utterance:
    stream, positions = prompted(omni)
    return stream.begin(omni.thinker.embed([3]), positions, sampling)


def vectors(omni: Omni, count: int) -> list[Tensor]:
    return list(omni.thinker.embed(range(20, 20 + count)).split(1))


def test_a_step_given_up_at_any_layer_was_not_taken(omni: Omni) -> None:
    broken, plain = begun(omni, TALKER_SAMPLING), begun(omni, TALKER_SAMPLING)
    for vector in vectors(omni, 8):
        for calls in range(omni.talker.decoder.shape.layers):
            with pytest.raises(Cancelled):
                broken.step(vector, Breaker(calls))
        assert broken.step(vector, never_cancelled) == plain.step(vector, never_cancelled)


def test_only_codes_with_a_sound_and_the_ends_are_drawn(omni: Omni) -> None:
    talker = omni.talker
    playable = omni.checkpoint.architecture.dit.num_embeds
    utterance = begun(omni, Sampling(temperature=50.0, seed=5))
    drawn = [utterance.step(vector, never_cancelled) for vector in vectors(omni, 60) * 3]
    assert all(code is None or 0 <= code <= playable for code in drawn)
    assert len(set(drawn)) > 100
    assert set(talker.suppressed) == set(range(playable + 1, 8448)) - {8292, 8294} | {8293}
    assert talker.ends == {8292, 8294}


@pytest.mark.parametrize("end", [8292, 8294])
def test_both_end_codes_end_the_speech(omni: Omni, monkeypatch: pytest.MonkeyPatch, end: int) -> None:
    utterance = begun(omni)
    (vector,) = vectors(omni, 1)
    assert utterance.step(vector, never_cancelled) is not None
    monkeypatch.setattr(type(omni.talker), "logits", lambda _talker, _hidden: torch.eye(8448)[end])
    assert utterance.step(vector, never_cancelled) is None


def test_the_prompts_own_codes_count_as_drawn_before(omni: Omni, monkeypatch: pytest.MonkeyPatch) -> None:
    """The reference penalises pad, start and mask from the first code on."""
    scores = torch.zeros(8448)
    scores[8292], scores[7] = 1.0, 0.9
    monkeypatch.setattr(type(omni.talker), "logits", lambda _talker, _hidden: scores.clone())
    (vector,) = vectors(omni, 1)
    assert begun(omni).step(vector, never_cancelled) is None
    assert begun(omni, Sampling(repetition_penalty=1.2)).step(vector, never_cancelled) == 7


def test_codes_are_forgotten_when_the_utterance_ends(omni: Omni) -> None:
    stream, positions = prompted(omni)
    utterance = stream.begin(omni.thinker.embed([3]), positions, GREEDY)
    first = [utterance.step(vector, never_cancelled) for vector in vectors(omni, 5)]
    assert stream.length == 12, "codes are no tokens"
    stream.end()
    assert stream.length == 12
    again = stream.begin(omni.thinker.embed([3]), positions, GREEDY)
    assert [again.step(vector, never_cancelled) for vector in vectors(omni, 5)] == first
