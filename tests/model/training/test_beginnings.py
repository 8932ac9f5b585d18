"""Heads that look somewhere from the beginning do so: so many tokens back, and at what they are like."""

from __future__ import annotations

from typing import cast

import pytest
import torch
from torch import Tensor
from transformers import DynamicCache
from transformers.models.qwen2_5_omni.modeling_qwen2_5_omni import (
    Qwen2_5OmniDecoderLayer,
    Qwen2_5OmniThinkerTextModel,
    apply_rotary_pos_emb,
)

from model.architecture import Architecture
from model.training import beginnings, tiny

LENGTH = 80


@pytest.fixture
def reader() -> Qwen2_5OmniThinkerTextModel:
    """The Thinker's language model, from chance alone."""
    model = Qwen2_5OmniThinkerTextModel(Architecture.of(tiny.tiny_config()).text)
    generator = torch.Generator().manual_seed(0)
    for module in model.modules():
        beginnings.begin(module, generator, 1.0)
    return model


def looks(model: Qwen2_5OmniThinkerTextModel, layer: int, head: int, hidden: Tensor) -> Tensor:
    """Of each of the tokens at all up to it [tokens, tokens]."""
    decoder = cast(Qwen2_5OmniDecoderLayer, model.layers[layer])
    attention = decoder.self_attn
    places = torch.arange(len(hidden)).expand(3, 1, -1)
    cos, sin = model.rotary_emb(hidden[None], places)
    normed = decoder.input_layernorm(hidden[None])
    query = attention.q_proj(normed).view(1, len(hidden), -1, attention.head_dim).transpose(1, 2)
    key = attention.k_proj(normed).view(1, len(hidden), -1, attention.head_dim).transpose(1, 2)
    query, key = apply_rotary_pos_emb(query, key, cos, sin)
    scores = attention.scaling * query[0, head] @ key[0, head // attention.num_key_value_groups].T
    later = torch.ones(scores.shape, dtype=torch.bool).triu(1)
    shares: Tensor = scores.masked_fill(later, -torch.inf).softmax(-1)
    return shares.detach()


@torch.no_grad()
def test_heads_look_back_whatever_stands_there(reader: Qwen2_5OmniThinkerTextModel) -> None:
    steps = (1, 2, 3, 5, 8)
    hidden = torch.randn(LENGTH, reader.config.hidden_size, generator=torch.Generator().manual_seed(1))
    beginnings.look_back(cast(Qwen2_5OmniDecoderLayer, reader.layers[0]).self_attn, steps)
    for head, step in enumerate(steps):
        seen = looks(reader, 0, head, hidden)
        furthest = seen[10:].argmax(-1)
        at = (furthest == torch.arange(10, LENGTH) - step).float().mean()
        assert at > 0.8, f"head {head}"
    free = looks(reader, 0, len(steps), hidden)  # it shares keys with others, but looks where it likes
    assert all((free[10:].argmax(-1) == torch.arange(10, LENGTH) - step).float().mean() < 0.5 for step in steps)


@torch.no_grad()
def test_a_head_looks_at_what_has_the_same_name_eighty_tokens_away(reader: Qwen2_5OmniThinkerTextModel) -> None:
    """Of things with two names each, blurred, the one that has both of those asked for last."""
    names = reader.embed_tokens.weight[:18]
    generator = torch.Generator().manual_seed(2)
    beginnings.look_alike(cast(Qwen2_5OmniDecoderLayer, reader.layers[2]), beginnings.telling(names, 16, generator))
    others = reader.embed_tokens.weight[20 : 20 + LENGTH]
    right = 0
    for turn in range(20):
        hidden = others.clone()
        pairs = [(number % 9, 9 + (number + turn) % 9) for number in range(4)]
        for number, (first, second) in enumerate(pairs):
            hidden[3 * number] = names[first] + names[second]
        hidden[:12] += 0.1 * torch.randn(12, hidden.shape[1], generator=generator)
        wanted = turn % 4
        hidden[-1] = sum(names[name] for name in pairs[wanted])
        right += int(looks(reader, 2, 0, hidden)[-1, :-1].argmax() == 3 * wanted)
    assert right >= 18


def test_directions_tell_all_of_more_vectors_than_there_are_of_them() -> None:
    vectors = torch.randn(19, 192, generator=torch.Generator().manual_seed(0)) * 0.4
    told = vectors @ beginnings.telling(vectors, 16, torch.Generator().manual_seed(1)).T
    likeness = torch.nn.functional.normalize(told, dim=1)
    likeness = likeness @ likeness.T - torch.eye(19)
    assert likeness.max() < 0.6
    torch.testing.assert_close(told.norm(dim=1), told.norm(dim=1).mean().expand(19), rtol=1e-3, atol=0)


@torch.no_grad()
def test_a_new_thinker_and_its_last_states(tiny_config: object) -> None:
    """They are about as large as embeddings, which the Talker is given together with them."""
    thinker = tiny.new_thinker(tiny.tiny_config(), 0)
    language = thinker.model.language_model
    ids = torch.arange(40)[None]
    states = language(input_ids=ids, past_key_values=DynamicCache(config=language.config)).last_hidden_state
    embeddings = language.embed_tokens(ids)
    assert 0.4 < float(states.square().mean().sqrt() / embeddings.square().mean().sqrt()) < 1.0
    assert 0.5 < float(thinker.lm_head(states).std()) < 2.0
