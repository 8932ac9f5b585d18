"""Weights as training finds them: by chance, and with heads that look somewhere from the beginning. Knows no corpus.

Where to look is what attention learns last. A head that looks at the token before, or at what it is like itself, is
there from the first step.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import cast

import torch
from torch import Tensor, nn
from transformers.models.qwen2_5_omni.modeling_qwen2_5_omni import (
    Qwen2_5OmniAttention,
    Qwen2_5OmniAudioAttention,
    Qwen2_5OmniAudioEncoder,
    Qwen2_5OmniDecoderLayer,
)

_EMBEDDING_SPREAD = 0.4
_LOUDER = (
    2.3  # what an activation and the features' own spread take away, so that sound is as loud as the position code
)
_BESIDE = tuple(steps for steps in ((-1, 1, -3, 3), (-2, 2, -6, 6), (-4, 4, -12, 12)) for _ in range(2))
"""States beside that heads of the ear's layers begin with looking at; two layers each."""
_FOCUS = 2.0
_BACK = (4.0, 4.0, 4.0, 4.0, 2.0, 2.0, 2.0, 2.0)
"""Length of queries and keys that look back, in each of the quickest pairs of angles: the slow ones tell nothing."""
_ALIKE = 4.5
"""Length of the queries and keys that look for likeness, where all of a state is likeness."""
_SAME_TIME = 5.0
"""Length of the queries and keys that look for a time, in each of the pairs of time's angles that turn neither so
quickly that they come round within seconds nor so slowly that seconds are alike.
"""
_QUICKEST_TIME, _SLOWEST_TIME = 0.2, 0.03
_QUIETER = 0.3
"""What is left of the weights of chance in heads that look somewhere."""


@torch.no_grad()
def begin(module: nn.Module, generator: torch.Generator, gain: float) -> None:
    """Random weights by fan-in: with the library's 0.02 the sound would drown in the position code."""
    if isinstance(module, nn.Embedding):
        module.weight.normal_(0.0, _EMBEDDING_SPREAD, generator=generator)
    elif isinstance(module, nn.Linear | nn.Conv1d | nn.Conv3d):
        gain = _LOUDER if isinstance(module, nn.Conv1d) else gain
        module.weight.normal_(0.0, gain / math.sqrt(math.prod(module.weight.shape[1:])), generator=generator)
        if module.bias is not None:
            module.bias.zero_()


@torch.no_grad()
def look_back(attention: Qwen2_5OmniAttention, steps: tuple[int, ...]) -> None:
    """Let the first heads of a decoder's layer begin with a look so many tokens back, whatever stands there.

    Heads that share keys share the keys' bias; the queries' is turned by the angles of that many tokens.
    """
    size, half = attention.head_dim, attention.head_dim // 2
    rates = attention.config.rope_parameters["rope_theta"] ** (-torch.arange(half) / half)
    length = torch.tensor([*_BACK, *[0.0] * (half - len(_BACK))])
    sharing = attention.num_key_value_groups
    for head, step in enumerate(steps):
        rows = slice(head * size, (head + 1) * size)
        attention.q_proj.weight[rows] *= _QUIETER
        attention.q_proj.bias[rows] = torch.cat([length * torch.cos(step * rates), -length * torch.sin(step * rates)])
    for head in range(math.ceil(len(steps) / sharing)):
        rows = slice(head * size, (head + 1) * size)
        attention.k_proj.weight[rows] *= _QUIETER
        attention.k_proj.bias[rows] = torch.cat([length, torch.zeros(half)])


@torch.no_grad()
def look_at_times(attention: Qwen2_5OmniAttention, ago: Mapping[int, int]) -> None:
    """Let heads of a decoder's layer begin with a look at what was so many ids of time ago, whatever stands there and
    wherever in its picture. `ago` tells it of each head; they must all share the same keys.
    """
    size, half = attention.head_dim, attention.head_dim // 2
    parameters = attention.config.rope_parameters
    of = torch.tensor([number % 3 for number, count in enumerate(parameters["mrope_section"]) for _ in range(count)])
    rates = parameters["rope_theta"] ** (-torch.arange(half) / half)
    length = _SAME_TIME * ((of == 0) & (rates < _QUICKEST_TIME) & (rates > _SLOWEST_TIME))
    (keys,) = {head // attention.num_key_value_groups for head in ago}
    looking = [(attention.q_proj, head, ids * rates) for head, ids in ago.items()]
    for projection, number, angles in (*looking, (attention.k_proj, keys, 0.0 * rates)):
        rows = slice(number * size, (number + 1) * size)
        projection.weight[rows] *= _QUIETER
        projection.bias[rows] = torch.cat([length * torch.cos(angles), -length * torch.sin(angles)])


@torch.no_grad()
def look_alike(layer: Qwen2_5OmniDecoderLayer, directions: Tensor, head: int = 0, *, quieter: float = _QUIETER) -> None:
    """Let a head of a decoder's layer begin with a look at tokens that have the same in these directions
    [directions, width]; as many as half of the head's values. Heads that share its keys see the same in them.

    They are laid where angles turn so slowly that they are about the same some hundred tokens apart. `quieter` is what
    is left of the weights that are there: all of them where the head looks elsewhere, too.
    """
    attention = layer.self_attn
    size = attention.head_dim
    half, quarter = size // 2, size // 4
    slow = torch.tensor([*range(quarter, half), *range(half + quarter, 2 * half)])
    keys = head // attention.num_key_value_groups
    for projection, first in ((attention.q_proj, head * size), (attention.k_proj, keys * size)):
        projection.weight[first : first + size] *= quieter
        projection.weight[first + slow] += _ALIKE * directions / layer.input_layernorm.weight


@torch.no_grad()
def pass_on(layer: Qwen2_5OmniDecoderLayer, seen: Tensor, told: Tensor) -> None:
    """Let the first head of all that share keys pass on what a row that it looks at has in some directions, in others:
    `seen` and `told` are [heads of keys × size of a head, width], each row one long.
    """
    attention = layer.self_attn
    size = attention.head_dim
    attention.v_proj.weight.mul_(_QUIETER).add_(seen / layer.input_layernorm.weight)
    for keys, directions in enumerate(told.split(size)):
        first = keys * attention.num_key_value_groups * size
        attention.o_proj.weight[:, first : first + size] = directions.T


@torch.no_grad()
def carry(
    layer: Qwen2_5OmniDecoderLayer,
    seen: Tensor,
    offset: Tensor,
    told: Mapping[int, Mapping[int, float]],
    generator: torch.Generator,
) -> None:
    """Let the values that some heads share hold, in place of their last ones, what rows have along directions
    `seen` [count, width] of the layer's normed input, with `offset` [count]; of each head, which of them it tells and
    how loud, each in a direction of its own. The other heads that share the values tell none of them.
    """
    attention = layer.self_attn
    size, count = attention.head_dim, len(seen)
    (keys,) = {head // attention.num_key_value_groups for head in told}
    rows = slice((keys + 1) * size - count, (keys + 1) * size)
    attention.v_proj.weight[rows] = seen / layer.input_layernorm.weight
    attention.v_proj.bias[rows] = offset
    directions = torch.linalg.qr(torch.randn(seen.shape[1], count, generator=generator))[0]
    for head in range(keys * attention.num_key_value_groups, (keys + 1) * attention.num_key_value_groups):
        loudness = torch.tensor([told.get(head, {}).get(number, 0.0) for number in range(count)])
        attention.o_proj.weight[:, (head + 1) * size - count : (head + 1) * size] = loudness * directions


def telling(vectors: Tensor, count: int, generator: torch.Generator, things: Tensor | None = None) -> Tensor:
    """Directions [count, width] along which vectors [several, width] of one length are far from one another, but for
    those of the same of `things` [several], numbers from 0 on.
    """
    several = len(vectors) if things is None else int(things.max()) + 1
    codes = torch.linalg.qr(torch.randn(several, several, generator=generator))[0][:, :count]
    codes = codes / codes.norm(dim=1, keepdim=True)
    wanted = codes if things is None else codes[things]
    found: Tensor = vectors.square().mean().sqrt() * (torch.linalg.pinv(vectors) @ wanted).T
    return found


@torch.no_grad()
def look_beside(ear: Qwen2_5OmniAudioEncoder) -> None:
    """Let each head of the ear begin with a look so many states beside, as convolutions would.

    Attention finds neighbours in a code of sines only after long training; here queries are keys turned by the angles
    of that many states. Measured on letters after 80 s: 1.61 nats each instead of 1.73.
    """
    width = ear.config.d_model
    rates = torch.exp(torch.arange(width // 2) * (-math.log(10_000) / (width // 2 - 1)))  # the code's own
    for layer, steps in zip(ear.layers, _BESIDE, strict=True):
        attention = cast(Qwen2_5OmniAudioAttention, layer.self_attn)
        for head, step in enumerate(steps):
            rows = slice(head * attention.head_dim, (head + 1) * attention.head_dim)
            attention.k_proj.weight[rows] = _FOCUS * _turned(rates, attention.head_dim, 0)
            attention.q_proj.weight[rows] = _FOCUS * _turned(rates, attention.head_dim, step)


def _turned(rates: Tensor, size: int, step: int) -> Tensor:
    """A matrix [size, 2 × rates] that takes every other pair of sine and cosine out of a code, turned by `step`."""
    chosen, count = torch.arange(0, size, 2), len(rates)
    pairs = torch.arange(len(chosen))
    cosine, sine = torch.cos(rates[chosen] * step), torch.sin(rates[chosen] * step)
    matrix = torch.zeros(size, 2 * count)
    matrix[2 * pairs, chosen], matrix[2 * pairs, count + chosen] = cosine, sine
    matrix[2 * pairs + 1, chosen], matrix[2 * pairs + 1, count + chosen] = -sine, cosine
    return matrix
