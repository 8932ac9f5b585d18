"""Thinker and Talker, token by token and block by block, beside transformers in bfloat16. Knows no media."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from transformers import DynamicCache
from transformers.models.qwen2_5_omni.modeling_qwen2_5_omni import (
    Qwen2_5OmniTalkerModel,
    Qwen2_5OmniThinkerTextModel,
)

from model.benchmark.figures import Bar, Figure
from model.benchmark.timing import Candidate, Plan, alternate, read_bandwidth
from model.decoder import Decoder, KeyValueCache
from model.errors import never_cancelled
from model.linear import Linear
from model.loading import build
from model.omni import Omni

CONTEXT = 256
BLOCK = 50
STEPS = 8


@dataclass(slots=True)
class Own:
    """Our decoder with its head and a filled cache."""

    decoder: Decoder
    head: Linear
    cache: KeyValueCache
    rows: Tensor

    @classmethod
    def of(cls, decoder: Decoder, head: Linear) -> Own:
        """`CONTEXT` random rows are cached."""
        placement = decoder.placement
        rows = torch.randn(CONTEXT, decoder.shape.hidden, device=placement.device, dtype=placement.dtype)
        own = cls(decoder, head, decoder.cache(), rows)
        own.feed(CONTEXT)
        return own

    def feed(self, count: int) -> Tensor:
        """The last hidden state of `count` more rows."""
        start = self.cache.length
        ids = torch.arange(start, start + count).expand(3, -1)
        return self.decoder.run(self.rows[:count], ids, self.cache, never_cancelled)[-1]

    def rewind(self) -> None:
        """Back to the filled context."""
        self.cache.crop(CONTEXT)

    def decode(self) -> None:
        """`STEPS` tokens, each with its logits drawn from greedily."""
        for _ in range(STEPS):
            int(self.head(self.feed(1)[None]).argmax())

    @property
    def nbytes(self) -> int:
        """Weights that a token reads."""
        linears = [module for module in self.decoder.modules() if isinstance(module, Linear)]
        return sum(linear.nbytes for linear in linears) + self.head.nbytes


@dataclass(slots=True)
class Rival:
    """transformers' model with its dynamic cache, and a head as torch multiplies it."""

    model: nn.Module
    head: Linear
    cache: DynamicCache
    rows: Tensor

    @classmethod
    def of(cls, model: nn.Module, head: Linear, rows: Tensor) -> Rival:
        """`CONTEXT` random rows are cached."""
        rival = cls(model, head, DynamicCache(), rows)
        rival.feed(CONTEXT)
        return rival

    def feed(self, count: int) -> Tensor:
        """The last hidden state of `count` more rows."""
        hidden: Tensor = self.model(
            inputs_embeds=self.rows[None, :count], past_key_values=self.cache, use_cache=True
        ).last_hidden_state[0, -1]
        return hidden

    def rewind(self) -> None:
        """Back to the filled context."""
        excess = self.cache.get_seq_length() - CONTEXT
        if excess:
            self.cache.crop(-excess)

    def decode(self) -> None:
        """`STEPS` tokens, each with its logits drawn from greedily."""
        for _ in range(STEPS):
            int(self.head(self.feed(1)[None]).argmax())


@torch.inference_mode()
def thinker(own: Omni, published: Omni, plan: Plan) -> Iterator[Figure]:
    """C1, C3 and C4 of a 3B or 7B shape."""
    ours = Own.of(own.thinker.decoder, own.thinker._head)
    config = published.checkpoint.architecture.text
    weights = published.checkpoint.weights("thinker", published.placement)
    model = build(
        lambda: Qwen2_5OmniThinkerTextModel._from_config(config, attn_implementation="sdpa"), weights.below("model")
    )
    theirs = Rival.of(model, weights.linear("lm_head"), ours.rows.to(published.placement.dtype))
    mine, other = alternate(plan, Candidate(ours.decode, ours.rewind), Candidate(theirs.decode, theirs.rewind))
    rate, rival = STEPS / mine.median, STEPS / other.median
    bandwidth = read_bandwidth(own.placement)
    rates = (f"{rate:.2f} tok/s (p95 {STEPS / mine.p95:.2f})", f"{rival:.2f} tok/s (p95 {STEPS / other.p95:.2f})")
    share = rate * ours.nbytes / bandwidth
    read = f"{bandwidth / 1e9:.1f} GB/s read, {ours.nbytes / 1e9:.2f} GB a token"
    yield Figure("C1", "decoding as a share of the read bandwidth", rates[0], read, share, "", Bar(0.40, 0.80))
    yield Figure("C3", "decoding beside transformers in bf16", *rates, rate / rival, "×", Bar(2.5, 4))
    yield _prefill(ours, theirs, plan)


def _prefill(ours: Own, theirs: Rival, plan: Plan) -> Figure:
    mine, other = alternate(
        plan,
        Candidate(lambda: ours.feed(BLOCK), ours.rewind),
        Candidate(lambda: theirs.feed(BLOCK), theirs.rewind),
    )
    words = [f"{times.median * 1e3:.0f} ms (p95 {times.p95 * 1e3:.0f})" for times in (mine, other)]
    ratio = other.median / mine.median
    return Figure("C4", f"prefill of a {BLOCK}-token block", words[0], words[1], ratio, "×", Bar(1.0, 1.5))


@torch.inference_mode()
def talker(own: Omni, published: Omni, plan: Plan) -> Iterator[Figure]:
    """C7: speech codes."""
    ours = Own.of(own.talker.decoder, own.talker._head)
    config = published.checkpoint.architecture.talker
    weights = published.checkpoint.weights("talker", published.placement)
    model = build(
        lambda: Qwen2_5OmniTalkerModel._from_config(config, attn_implementation="sdpa"), weights.below("model")
    )
    theirs = Rival.of(model, weights.linear("codec_head"), ours.rows.to(published.placement.dtype))
    mine, other = alternate(plan, Candidate(ours.decode, ours.rewind), Candidate(theirs.decode, theirs.rewind))
    words = [f"{STEPS / times.median:.1f} codes/s (p95 {STEPS / times.p95:.1f})" for times in (mine, other)]
    yield Figure("C7", "speech codes", words[0], words[1], other.median / mine.median, "×", Bar(2, 3))
