"""The diffusion transformer that turns noise and speech codes into log-mel, a few blocks at a time, their left
neighbours remembered. Knows neither the clock of the flow nor who schedules the blocks."""

from __future__ import annotations

import math
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F
from transformers.models.qwen2_5_omni.configuration_qwen2_5_omni import Qwen2_5OmniDiTConfig
from transformers.models.qwen2_5_omni.modeling_qwen2_5_omni import ECAPA_TimeDelayNet

from model.linear import Linear
from model.loading import Placement, Voiceprint, Weights, build
from model.threads import torch_on_one

GUIDANCE = 0.5
BRANCHES = 2  # classifier-free guidance: the first branch hears speaker and codes, the second neither
TIME_FREQUENCIES = 256


@dataclass(frozen=True, slots=True)
class Speaker:
    """A voice as the transformer sees it, once for both branches: `encoded` [2, enc_dim], `condition` [2, enc_emb]."""

    encoded: Tensor
    condition: Tensor


@dataclass(frozen=True, slots=True)
class Sight:
    """Which keys the blocks of one packet may see; None where they may see all. Masks are [2 × blocks, 1, 1, keys].

    `own` is for layers that stay inside their block, `back` for those that see [left | own], `ahead` for
    [own | right], `both` for [left | own | right].
    """

    kept: int
    own: Tensor | None
    back: Tensor | None
    ahead: Tensor | None
    both: Tensor | None

    @classmethod
    def of(cls, valid: Tensor, *, kept: int, continued: bool) -> Sight:
        """`valid` bool [blocks, block_size] tells sound from padding; block `kept` − 1 is the next packet's left
        neighbour; `continued`: the first block has a left neighbour."""
        nothing = torch.zeros_like(valid[:1])
        left = torch.cat([torch.full_like(nothing, fill_value=continued), valid[:-1]])
        right = torch.cat([valid[1:], nothing])
        return cls(
            kept=kept,
            own=_mask(valid),
            back=_mask(left, valid),
            ahead=_mask(valid, right),
            both=_mask(left, valid, right),
        )

    def mask(self, *, back: bool, ahead: bool) -> Tensor | None:
        """The mask of a layer that looks back, ahead, both or neither."""
        if back:
            return self.both if ahead else self.back
        return self.ahead if ahead else self.own


def _mask(*parts: Tensor) -> Tensor | None:
    mask = torch.cat(parts, dim=1)
    return None if bool(mask.all()) else mask.repeat(BRANCHES, 1)[:, None, None, :]


class Rotary:
    """Rotary angles of a block and its neighbours. Attention sees differences of positions only, so a block's own
    frames are always 0 … size − 1, its left neighbour's negative: speech of any length keeps its precision."""

    def __init__(self, config: Qwen2_5OmniDiTConfig, placement: Placement) -> None:
        """Angles in float64, tables in the placement's precision."""
        size, width = config.block_size, config.head_dim
        theta: float = (config.rope_parameters or {})["rope_theta"]  # type: ignore[assignment]  # always given
        frequencies = theta ** (-torch.arange(0, width, 2, dtype=torch.float64) / width)
        angles = torch.arange(-size, 2 * size, dtype=torch.float64)[:, None] * frequencies
        self.size = size
        self.cos = angles.cos().to(placement.device, placement.dtype)
        self.sin = angles.sin().to(placement.device, placement.dtype)

    def turn_first_head(self, x: Tensor, *, back: bool) -> None:
        """Rotate x [..., frames, heads, width] in place, its first head only, neighbouring numbers as pairs."""
        start = 0 if back else self.size
        rows = slice(start, start + x.shape[-3])
        even, odd = x[..., 0, 0::2], x[..., 0, 1::2]
        turned = even * self.cos[rows] - odd * self.sin[rows]
        odd.copy_(odd * self.cos[rows] + even * self.sin[rows])
        even.copy_(turned)


class Projection:
    """y = x Wᵀ + b. The weight stays as narrow as it is stored and becomes as precise as x for each use: whole blocks
    take many times as long to multiply, and half of the voice's memory is saved."""

    def __init__(self, weights: Weights, *names: str, shape: tuple[int, int]) -> None:
        """Rows of the named projections, one below the other; `shape` [out, in] is each one's."""
        self.weight = torch.cat([weights.narrow(f"{name}.weight", shape) for name in names])
        self.bias = torch.cat([weights.tensor(f"{name}.bias", shape[:1]) for name in names])

    def __call__(self, x: Tensor) -> Tensor:
        """x [..., in] → [..., out]."""
        return F.linear(x, self.weight.to(x.dtype), self.bias)


def project(weights: Weights, *names: str, shape: tuple[int, int]) -> Callable[[Tensor], Tensor]:
    """Rows of the named projections, one below the other, in whatever precision the folder keeps them. Quantised, their
    products are coarse: of each packet there are nine to 36, and what they blur is not heard (docs/benchmarks.md)."""
    if weights.quantized(names[0]):
        return weights.linear(*names, shape=((shape[0],) * len(names), shape[1]), coarse=True)
    return Projection(weights, *names, shape=shape)


class Attention:
    """Attention of whole blocks to themselves and, where the layer does, to the block on the left or right."""

    def __init__(self, config: Qwen2_5OmniDiTConfig, weights: Weights, rotary: Rotary, index: int) -> None:
        """Read layer `index`, its three projections as one."""
        width, inner = config.hidden_size, config.num_attention_heads * config.head_dim
        self.heads, self.head_dim = config.num_attention_heads, config.head_dim
        self.back, self.ahead = index in config.look_backward_layers, index in config.look_ahead_layers
        self.rotary = rotary
        self.qkv = project(weights, "to_q", "to_k", "to_v", shape=(inner, width))
        self.out = project(weights, "to_out.0", shape=(width, inner))

    def __call__(self, x: Tensor, sight: Sight, left: Tensor | None) -> tuple[Tensor, Tensor | None]:
        """x [2, blocks, frames, width] → the same, and what the next packet needs as `left` if the layer looks back.

        `left` [2 (key, value), 2, 1, frames, heads, width] is the block before the first, not yet rotated.
        """
        query, *pair = self.qkv(x).unflatten(-1, (3, self.heads, self.head_dim)).unbind(-3)
        remembered = None
        if self.back:
            remembered = torch.stack([part[:, sight.kept - 1 : sight.kept] for part in pair])
        key, value = (self._with_neighbours(part, None if left is None else left[i]) for i, part in enumerate(pair))
        self.rotary.turn_first_head(query, back=False)
        self.rotary.turn_first_head(key, back=self.back)
        query, key, value = (part.flatten(0, 1).transpose(1, 2) for part in (query, key, value))
        mask = sight.mask(back=self.back, ahead=self.ahead)
        attended = F.scaled_dot_product_attention(query, key, value, mask)
        return self.out(attended.transpose(1, 2).reshape(*x.shape[:-1], -1)), remembered

    def _with_neighbours(self, part: Tensor, left: Tensor | None) -> Tensor:
        """part [2, blocks, frames, heads, width] → frames of [left | own | right], as far as the layer looks."""
        views = [part]
        if self.back:
            first = torch.zeros_like(part[:, :1]) if left is None else left
            views.insert(0, torch.cat([first, part[:, :-1]], dim=1))
        if self.ahead:
            views.append(torch.cat([part[:, 1:], torch.zeros_like(part[:, :1])], dim=1))
        return part if len(views) == 1 else torch.cat(views, dim=2)


class Layer:
    """Attention and feed-forward. The modulation by time is the same for all frames of an evaluation, so it is
    simply the scale and offset of the two layer norms, and the two gates."""

    def __init__(self, config: Qwen2_5OmniDiTConfig, weights: Weights, rotary: Rotary, index: int) -> None:
        """Read layer `index` from `weights`, which lie below it."""
        width = config.hidden_size
        inner = width * config.ff_mult
        self.attention = Attention(config, weights.below("attn"), rotary, index)
        self.rise = project(weights, "ff.ff.0", shape=(inner, width))
        self.fall = project(weights, "ff.ff.3", shape=(width, inner))

    def __call__(
        self, x: Tensor, modulation: Tensor, sight: Sight, left: Tensor | None
    ) -> tuple[Tensor, Tensor | None]:
        """x [2, blocks, frames, width], modulation [6, width] → the next x, and the layer's part of the look-back."""
        shift, scale, gate, shift_after, scale_after, gate_after = modulation
        attended, remembered = self.attention(F.layer_norm(x, x.shape[-1:], scale, shift, 1e-6), sight, left)
        x = torch.addcmul(x, gate, attended)
        y = self.rise(F.layer_norm(x, x.shape[-1:], scale_after, shift_after, 1e-6))
        return torch.addcmul(x, gate_after, self.fall(F.gelu(y, approximate="tanh"))), remembered


@dataclass(frozen=True, slots=True)
class Modulations:
    """What time does to the layers, for every evaluation of the solver's grid: the only trace that two fifths of the
    transformer's weights leave in memory. `layers` [times, layers, 6, width], `final` [times, 2, width]; scales come
    with the 1 added that the layer norm multiplies by."""

    layers: Tensor
    final: Tensor

    @classmethod
    def read(cls, weights: Weights, layers: int, times: Tensor, placement: Placement) -> Modulations:
        """Run the time embedding and each layer's projection once over `times` [n], one projection at a time."""
        time = F.silu(_embed_time(weights.below("time_embed.time_mlp"), times.to(placement.device)))
        table = [
            _chunks(weights.linear(f"transformer_blocks.{index}.attn_norm.linear"), time, 6) for index in range(layers)
        ]
        stacked = torch.stack(table, dim=1)
        stacked[:, :, [1, 4]] += 1
        final = _chunks(weights.linear("norm_out.linear"), time, 2)
        final[:, 0] += 1
        return cls(stacked.to(placement.dtype), final.to(placement.dtype))


def _embed_time(weights: Weights, times: Tensor) -> Tensor:
    """times [n] in 0 … 1 → [n, width]: sines and cosines of 1000 t, then two layers."""
    half = TIME_FREQUENCIES // 2
    falling = torch.exp(torch.arange(half, device=times.device).float() * -(math.log(10_000) / (half - 1)))
    angles = 1000 * times[:, None] * falling
    waves = torch.cat([angles.sin(), angles.cos()], dim=-1)
    embedded: Tensor = weights.linear("2")(F.silu(weights.linear("0")(waves)))
    return embedded


def _chunks(linear: Linear, time: Tensor, count: int) -> Tensor:
    """time [n, width] → [n, count, width]."""
    modulation: Tensor = linear(time)
    return modulation.view(len(time), count, -1)


class DiT:
    """The flow's velocity field. Weights never change; what a stream remembers is passed in and out."""

    def __init__(self, config: Qwen2_5OmniDiTConfig, weights: Weights, times: Tensor) -> None:
        """Read what the evaluations at `times` [n] need. Raises CheckpointError for missing or misshapen weights."""
        self.config, self.weights = config, weights
        self.placement = weights.placement
        precise = weights.checkpoint.weights(weights.prefix, Placement(self.placement.device, torch.float32))
        self.modulations = Modulations.read(precise, config.num_hidden_layers, times, self.placement)
        rotary = Rotary(config, self.placement)
        self.layers = tuple(
            Layer(config, weights.below(f"transformer_blocks.{index}"), rotary, index)
            for index in range(config.num_hidden_layers)
        )
        rises = (layer.rise for layer in self.layers)
        self._alone = all(isinstance(rise, Linear) and rise.rows_at_once > 1 for rise in rises)
        condition_width = config.enc_dim + config.emb_dim + config.enc_emb_dim
        self.codes = weights.tensor("text_embed.codec_embed.weight", (config.num_embeds + 1, config.emb_dim))
        self.entry = weights.linear("input_embed.proj", shape=(config.hidden_size, config.mel_dim + condition_width))
        self.exit = weights.linear("proj_out", shape=(config.mel_dim, config.hidden_size))

    def speaker(self, voice: Voiceprint) -> Speaker:
        """Encode a voice once; the unguided branch hears silence of the same length. The encoder is read, used and
        dropped."""
        precise = Placement(self.placement.device, torch.float32)
        weights = self.weights.checkpoint.weights(f"{self.weights.prefix}.input_embed.spk_encoder", precise)
        encoder = build(lambda: ECAPA_TimeDelayNet(self.config), weights)
        mel, condition = (part.to(precise.device, precise.dtype) for part in (voice.reference_mel, voice.condition))
        with torch.inference_mode():
            encoded = encoder(torch.cat([mel, torch.zeros_like(mel)]))
        both = torch.cat([condition, torch.zeros_like(condition)])
        return Speaker(encoded.to(self.placement.dtype), both.to(self.placement.dtype))

    def condition(self, speaker: Speaker, codes: Tensor) -> Tensor:
        """All of the input that stays the same over a packet's evaluations: codes [blocks, codes a block] →
        [2, blocks, frames, enc_dim + emb_dim + enc_emb_dim]. The unguided branch hears code 0."""
        embedded = F.embedding(torch.stack([codes, torch.zeros_like(codes)]), self.codes)
        spoken = embedded.repeat_interleave(self.config.repeats, dim=-2)
        around = (
            part[:, None, None, :].expand(*spoken.shape[:-1], -1) for part in (speaker.encoded, speaker.condition)
        )
        encoded, condition = around
        return torch.cat([encoded, spoken, condition], dim=-1)

    def velocity(
        self,
        mel: Tensor,
        condition: Tensor,
        evaluation: int,
        sight: Sight,
        left: Tensor | None,
        *,
        check: Callable[[], None],
    ) -> tuple[Tensor, Tensor]:
        """One guided evaluation: mel float32 [blocks, frames, mel_dim] → its velocity in float32, and the look-back
        [back layers, 2, 2, 1, frames, heads, width] that the next packet passes as `left` at the same evaluation."""
        with torch_on_one() if self._alone else nullcontext():
            noised = mel.to(self.placement.dtype).expand(BRANCHES, -1, -1, -1)
            x: Tensor = self.entry(torch.cat([noised, condition], dim=-1))
            past = iter(()) if left is None else iter(left)
            remembered: list[Tensor] = []
            for layer, modulation in zip(self.layers, self.modulations.layers[evaluation], strict=True):
                check()
                x, kept = layer(x, modulation, sight, next(past, None) if layer.attention.back else None)
                if kept is not None:
                    remembered.append(kept)
            scale, shift = self.modulations.final[evaluation]
            branches: Tensor = self.exit(F.layer_norm(x, x.shape[-1:], scale, shift, 1e-6))
            guided, unguided = branches.float()
            return guided + (guided - unguided) * GUIDANCE, torch.stack(remembered)
