"""The Qwen2 decoder that Thinker and Talker share. Knows neither tokens nor codes: vectors in, vectors out."""

from __future__ import annotations

import math
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from transformers import Qwen2_5OmniTalkerConfig, Qwen2_5OmniTextConfig

from model.errors import CheckpointError
from model.graphs import FixedStep, WholeRoom
from model.kernels.layers import CachePlaces, Factor, Heads, LayerParts, native_layers
from model.linear import Linear
from model.loading import Placement, Weights
from model.threads import torch_on_one

WHOLE_ROOM = 1024
"""Tokens that a cache grows by on CUDA, where each growth costs a new recording."""
PREFILL_ROWS = 128
"""Rows that go through the layers together: bounds the memory of a long prompt and the wait for a cancel."""

FEW_ROWS = 8
"""Up to so many rows are computed one by one where that is not a product: each gives the bits that it gives alone."""
FEW_SCORES = 1 << 15
"""Rows times tokens of an attention that is not worth more than one of torch's threads."""


@dataclass(frozen=True, slots=True)
class DecoderShape:
    """Sizes of one decoder."""

    hidden: int
    inner: int
    layers: int
    heads: int
    kv_heads: int
    head_dim: int
    eps: float
    theta: float
    sections: tuple[int, ...]

    @classmethod
    def of(cls, config: Qwen2_5OmniTextConfig | Qwen2_5OmniTalkerConfig) -> DecoderShape:
        """Read from a Thinker's text configuration or a Talker's. Raises CheckpointError for what we do not run."""
        rope = dict(config.rope_parameters or {})
        odd = rope.get("rope_type") != "default" or not {"rope_theta", "mrope_section"} <= rope.keys()
        sizes = (config.hidden_size, config.intermediate_size, config.num_hidden_layers, config.num_attention_heads)
        if odd or min(sizes) < 1 or config.hidden_act != "silu" or config.use_sliding_window:
            raise CheckpointError("config.json asks for a decoder variant that Qwen2.5-Omni was not published with.")
        return cls(
            hidden=config.hidden_size,
            inner=config.intermediate_size,
            layers=config.num_hidden_layers,
            heads=config.num_attention_heads,
            kv_heads=config.num_key_value_heads or config.num_attention_heads,
            head_dim=getattr(config, "head_dim", None) or config.hidden_size // config.num_attention_heads,
            eps=config.rms_norm_eps,
            theta=rope["rope_theta"],
            sections=tuple(rope["mrope_section"]),
        )


class Rotary:
    """Rotation by three position ids: each frequency belongs to one of them (sections of Qwen2-VL's M-RoPE)."""

    def __init__(self, shape: DecoderShape, device: torch.device) -> None:
        exponents = torch.arange(0, shape.head_dim, 2, device=device).float() / shape.head_dim
        self.frequencies = 1.0 / (shape.theta**exponents)
        axes = [axis % 3 for axis, count in enumerate(shape.sections) for _ in range(count)]
        self._axis = torch.tensor(axes, device=device)

    def angles(self, positions: Tensor, dtype: torch.dtype) -> tuple[Tensor, Tensor]:
        """positions [3, n] -> cosine and sine, each [n, 1, head_dim], as `rotate` takes them."""
        angle = positions.to(self._axis.device)[self._axis].T.float() * self.frequencies
        cosine, sine = angle.cos().to(dtype), angle.sin().to(dtype)
        return torch.cat([cosine, cosine], dim=-1)[:, None], torch.cat([-sine, sine], dim=-1)[:, None]

    def shift(self, count: int, dtype: torch.dtype) -> tuple[Tensor, Tensor]:
        """The rotation, each [1, 1, head_dim], that moves a rotated key by `count` ids on all three axes."""
        return self.angles(torch.full((3, 1), count), dtype)


def rotate(x: Tensor, angles: tuple[Tensor, Tensor]) -> Tensor:
    """x [n, heads, head_dim] turned by `angles`; halves of a head are the two coordinates (Su et al. 2021).

    Left becomes left · cos − right · sin, right becomes right · cos + left · sin: the sine's own left half is negative.
    """
    cosine, sine = angles
    return torch.addcmul(x * cosine, x.roll(x.shape[-1] // 2, -1), sine)


def gated(x: Tensor) -> Tensor:
    """x [n, 2 inner], gates first -> [n, inner]."""
    gate, up = x.chunk(2, dim=-1)
    return F.silu(gate).mul_(up)


class KeyValueCache:
    """Keys and values of every layer, [kv_heads, tokens, head_dim] each. Grows as used; crops; drops a middle part."""

    def __init__(self, shape: DecoderShape, placement: Placement) -> None:
        self.length = 0
        self.step: FixedStep | None = None
        """Of one token behind this cache, where steps are recorded."""
        self._whole = WHOLE_ROOM if placement.device.type == "cuda" else 1
        empty = torch.empty(shape.kv_heads, 0, shape.head_dim, device=placement.device, dtype=placement.kept)
        self._keys = [empty] * shape.layers
        self._values = [empty] * shape.layers
        self.places: CachePlaces | None = None

    @property
    def nbytes(self) -> int:
        """Bytes held, grown room included."""
        return sum(tensor.nbytes for tensor in self._keys + self._values)

    def reserve(self, count: int) -> None:
        """Make room for `count` more tokens: half as much again, so that growing stays cheap."""
        needed, capacity = self.length + count, self._keys[0].shape[1]
        if needed > capacity:
            room = math.ceil(max(needed, capacity + capacity // 2, 128) / self._whole) * self._whole
            self.step = None
            self._keys = [self._grown(tensor, room) for tensor in self._keys]
            self._values = [self._grown(tensor, room) for tensor in self._values]
            self.places = CachePlaces.of(self._keys, self._values)

    def whole_room(self) -> WholeRoom:
        """All of the room, of which the tokens up to `length` are filled; worth nothing once the cache has grown."""
        return WholeRoom(self._keys, self._values, self.length)

    def _grown(self, tensor: Tensor, room: int) -> Tensor:
        grown = tensor.new_empty(tensor.shape[0], room, tensor.shape[2])
        grown[:, : self.length] = tensor[:, : self.length]
        return grown

    def write(self, layer: int, keys: Tensor, values: Tensor) -> tuple[Tensor, Tensor]:
        """Put n tokens [kv_heads, n, head_dim] behind the cached ones; all of the layer's keys and values come back.

        `length` moves on only with `advance`, so a step that is given up between two layers leaves no trace.
        """
        end = self.length + keys.shape[1]
        self._keys[layer][:, self.length : end] = keys
        self._values[layer][:, self.length : end] = values
        return self._keys[layer][:, :end], self._values[layer][:, :end]

    def advance(self, count: int) -> None:
        """All layers have written `count` tokens."""
        self.length += count

    def crop(self, length: int) -> None:
        """Forget everything behind the first `length` tokens."""
        if length > self.length:
            raise ValueError(f"cannot crop {self.length} tokens to {length}")
        self.length = length

    @torch.inference_mode()
    def drop(self, start: int, stop: int, turn: tuple[Tensor, Tensor]) -> None:
        """Forget tokens `start` to `stop`; those behind move up, their keys turned by `turn` to their new ids."""
        for layer, (keys, values) in enumerate(zip(self._keys, self._values, strict=True)):
            rest = rotate(keys[:, stop : self.length].transpose(0, 1).to(turn[0].dtype), turn).transpose(0, 1)
            keys[:, start : start + rest.shape[1]] = rest
            values[:, start : start + rest.shape[1]] = values[:, stop : self.length].clone()
            self._keys[layer], self._values[layer] = keys, values
        self.length -= stop - start


class DecoderLayer(nn.Module):
    """Attention and feed-forward with fused projections."""

    def __init__(self, shape: DecoderShape, weights: Weights) -> None:
        super().__init__()
        hidden, rows = shape.hidden, shape.heads * shape.head_dim
        attention, mlp = weights.below("self_attn"), weights.below("mlp")
        self.shape = shape
        self.attention_norm = weights.tensor("input_layernorm.weight", (hidden,))
        self.mlp_norm = weights.tensor("post_attention_layernorm.weight", (hidden,))
        shared = shape.kv_heads * shape.head_dim
        self.qkv = attention.linear("q_proj", "k_proj", "v_proj", shape=((rows, shared, shared), hidden))
        self.out = attention.linear("o_proj", shape=(hidden, rows))
        self.gate_up = mlp.linear("gate_proj", "up_proj", shape=((shape.inner, shape.inner), hidden))
        self.down = mlp.linear("down_proj", shape=(hidden, shape.inner))

    @property
    def parts(self) -> LayerParts:
        """What the layer computes with."""
        qkv, out, gate_up, down = (
            Factor(part.kernel, part.bias) for part in (self.qkv, self.out, self.gate_up, self.down)
        )
        return LayerParts(qkv, out, gate_up, down, self.attention_norm, self.mlp_norm)

    def forward(
        self,
        x: Tensor,
        angles: tuple[Tensor, Tensor],
        cache: KeyValueCache | WholeRoom,
        layer: int,
        mask: Tensor | None,
    ) -> Tensor:
        """x [n, hidden] -> [n, hidden]; mask [n, cached + n] is True where a row may look, None for few rows."""
        normed = F.rms_norm(x, (self.shape.hidden,), self.attention_norm, self.shape.eps)
        x = x + self.out(self.attend(self.qkv(normed), angles, cache, layer, mask))
        normed = F.rms_norm(x, (self.shape.hidden,), self.mlp_norm, self.shape.eps)
        result: Tensor = x + self.down(self._gated(self.gate_up(normed)))
        return result

    def _gated(self, both: Tensor) -> Tensor:
        """Long rows would be cut between threads where vectors do not end, and rounded otherwise there."""
        return torch.cat([gated(row) for row in both.split(1)]) if 1 < len(both) <= FEW_ROWS else gated(both)

    def attend(
        self,
        qkv: Tensor,
        angles: tuple[Tensor, Tensor],
        cache: KeyValueCache | WholeRoom,
        layer: int,
        mask: Tensor | None,
    ) -> Tensor:
        """Queries, keys and values [n, (heads + 2 kv_heads) head_dim], the latter cached -> [n, heads · head_dim]."""
        shape, rows = self.shape, len(qkv)
        heads = qkv.view(rows, -1, shape.head_dim)
        turned = rotate(heads[:, : -shape.kv_heads], angles)
        queries, keys = turned[:, : shape.heads], turned[:, shape.heads :]
        keys, values = cache.write(layer, keys.transpose(0, 1), heads[:, -shape.kv_heads :].transpose(0, 1))
        if rows == 1:
            return self._attend_alone(queries, keys, values, mask).to(qkv.dtype)
        if rows <= FEW_ROWS:
            ends = range(keys.shape[1] - rows + 1, keys.shape[1] + 1)
            alone = [self._attend_alone(queries[row], keys[:, :end], values[:, :end]) for row, end in enumerate(ends)]
            return torch.cat(alone).to(qkv.dtype)
        group = shape.heads // shape.kv_heads
        keys, values = keys.to(qkv.dtype), values.to(qkv.dtype)  # many rows are worth a copy
        mixed = F.scaled_dot_product_attention(
            queries.view(rows, shape.kv_heads, group, -1).permute(1, 2, 0, 3),
            keys[:, None].expand(-1, group, -1, -1),
            values[:, None].expand(-1, group, -1, -1),
            attn_mask=mask,
        )
        return mixed.permute(2, 0, 1, 3).reshape(rows, -1)

    def _attend_alone(self, query: Tensor, keys: Tensor, values: Tensor, mask: Tensor | None = None) -> Tensor:
        """A row's queries [heads, head_dim] over keys and values [kv_heads, n, head_dim] -> [1, heads · head_dim].

        Query heads that share a key head are one more axis, so that no key is copied for them.
        """
        queries = query.view(self.shape.kv_heads, 1, -1, self.shape.head_dim).to(keys.dtype)
        return F.scaled_dot_product_attention(queries, keys[:, None], values[:, None], mask).view(1, -1)


class Decoder(nn.Module):
    """All layers and the final norm."""

    def __init__(self, shape: DecoderShape, weights: Weights) -> None:
        """Weights as published below "model"."""
        super().__init__()
        self.shape = shape
        self.placement = weights.placement
        self.rotary = Rotary(shape, weights.placement.device)
        layers = [DecoderLayer(shape, weights.below(f"layers.{number}")) for number in range(shape.layers)]
        self.layers = nn.ModuleList(layers)
        self.norm = weights.tensor("norm.weight", (shape.hidden,))
        heads = Heads(shape.heads, shape.kv_heads, shape.head_dim)
        self.native = native_layers([layer.parts for layer in layers], self.norm, heads, shape.eps)
        self._alone = all(part.rows_at_once > 1 for part in self.modules() if isinstance(part, Linear))

    def cache(self) -> KeyValueCache:
        """An empty cache for one stream."""
        return KeyValueCache(self.shape, self.placement)

    @torch.inference_mode()
    def run(self, x: Tensor, positions: Tensor, cache: KeyValueCache, check: Callable[[], None]) -> Tensor:
        """x [n, hidden] at positions [3, n] behind what is cached -> last hidden states [n, hidden], normed.

        `check` is called before each layer; where it raises, the rows of earlier chunks stay cached, no others.
        """
        cache.reserve(len(x))
        if self.native is not None and cache.places is not None and len(x) <= FEW_ROWS:
            angles = self.rotary.angles(positions, x.dtype)
            hidden = self.native.run(x, angles, cache.places, cache.length, check)
            cache.advance(len(x))
            return hidden
        if len(x) == 1 and self.placement.device.type == "cuda":
            check()
            return self.fixed_step(x, positions, cache)
        done = [
            self._chunk(rows, ids, cache, check)
            for rows, ids in zip(x.split(PREFILL_ROWS), positions.split(PREFILL_ROWS, dim=1), strict=True)
        ]
        return torch.cat(done) if len(done) > 1 else done[0]

    @torch.inference_mode()
    def fixed_step(self, x: Tensor, positions: Tensor, cache: KeyValueCache) -> Tensor:
        """As `run` for one row [1, hidden], in shapes that change only when the cache grows; recorded on CUDA."""
        cache.reserve(1)
        if cache.step is None:
            cache.step = FixedStep(self._in_whole_room, cache.whole_room(), x, positions)
        hidden = cache.step.run(x, positions, cache.length)
        cache.advance(1)
        return hidden

    def _in_whole_room(self, x: Tensor, positions: Tensor, room: WholeRoom) -> Tensor:
        angles, mask = self.rotary.angles(positions, x.dtype), room.mask()
        for number, layer in enumerate(self.layers):
            x = layer(x, angles, room, number, mask)
        return F.rms_norm(x, (self.shape.hidden,), self.norm, self.shape.eps)

    def _chunk(self, x: Tensor, positions: Tensor, cache: KeyValueCache, check: Callable[[], None]) -> Tensor:
        scores = len(x) * (cache.length + len(x))
        with torch_on_one() if self._alone and scores <= FEW_SCORES else nullcontext():
            return self._through_layers(x, positions, cache, check)

    def _through_layers(self, x: Tensor, positions: Tensor, cache: KeyValueCache, check: Callable[[], None]) -> Tensor:
        angles = self.rotary.angles(positions, x.dtype)
        rows, mask = len(x), None
        if rows > FEW_ROWS:
            seen = torch.arange(cache.length + rows, device=x.device)
            mask = seen <= torch.arange(cache.length, cache.length + rows, device=x.device)[:, None]
        for number, layer in enumerate(self.layers):
            check()
            x = layer(x, angles, cache, number, mask)
        cache.advance(rows)
        return F.rms_norm(x, (self.shape.hidden,), self.norm, self.shape.eps)
