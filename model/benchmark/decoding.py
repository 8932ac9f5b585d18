"""Thinker and Talker, token by token and block by block, beside torch's products and transformers in bfloat16.

Random weights of the true shape, drawn in memory. Knows no media.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import torch
from torch import Tensor, nn
from transformers import DynamicCache, PreTrainedModel
from transformers.models.qwen2_5_omni.modeling_qwen2_5_omni import (
    Qwen2_5OmniTalkerModel,
    Qwen2_5OmniThinkerTextModel,
)

from model.architecture import Architecture
from model.benchmark.drawn import DrawnWeights, draw_packed, draw_parameters
from model.benchmark.figures import Bar, Figure
from model.benchmark.timing import Candidate, Condition, Plan, Times, alternate, read_bandwidth
from model.decoder import FEW_ROWS, Decoder, DecoderShape, KeyValueCache
from model.errors import never_cancelled
from model.kernels.choice import kernel_class
from model.kernels.kernel import FloatKernel, PackedKernel
from model.kernels.stock import CpuInt4, CpuInt8
from model.linear import Linear
from model.loading import Placement, fill_buffers
from model.packing import Scheme
from model.sampling import GREEDY, Sampler
from model.small import Shape, shape_configuration

CONTEXT = 256
BLOCK = 50
STEPS = 4


@dataclass(slots=True)
class Own:
    """Our decoder with its head and a filled cache."""

    decoder: Decoder
    head: Linear
    cache: KeyValueCache
    rows: Tensor
    sampler: Sampler = field(default_factory=lambda: Sampler(GREEDY, ()))

    @classmethod
    def of(cls, decoder: Decoder, head: Linear) -> Own:
        """`CONTEXT` random rows are cached."""
        placement = decoder.placement
        rows = torch.randn(CONTEXT, decoder.shape.hidden, device=placement.device, dtype=placement.dtype)
        own = cls(decoder, head, decoder.cache(), rows)
        own.feed(CONTEXT)
        return own

    def run(self, count: int) -> Tensor:
        """Hidden states of `count` more rows."""
        start = self.cache.length
        ids = torch.arange(start, start + count).expand(3, -1)
        return self.decoder.run(self.rows[:count], ids, self.cache, never_cancelled)

    def feed(self, count: int) -> Tensor:
        """The last of them."""
        return self.run(count)[-1]

    def rewind(self) -> None:
        """Back to the filled context."""
        self.cache.crop(CONTEXT)

    def warm(self) -> None:
        """Back to the filled context, and one token, so that threads and caches are those of one who is speaking."""
        self.rewind()
        self.decode(1)

    def decode(self, steps: int = STEPS) -> None:
        """So many tokens, each with its logits drawn from greedily."""
        for _ in range(steps):
            self.sampler.draw(self.head(self.feed(1)[None])[0])

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

    def warm(self) -> None:
        """As ours."""
        self.rewind()
        self.decode(1)

    def decode(self, steps: int = STEPS) -> None:
        """So many tokens, each with its logits drawn from greedily."""
        for _ in range(steps):
            int(self.head(self.feed(1)[None]).argmax())


@dataclass(frozen=True, slots=True)
class Kind:
    """A decoder of the model: its sizes, how its layers and its head are kept, and the rival's class."""

    shape: DecoderShape
    outputs: int
    layers: Scheme
    rival: Callable[[], PreTrainedModel]

    def drawn(self, placement: Placement, layers: type[PackedKernel], head: type[PackedKernel]) -> Own:
        """Ours, with random weights and these products; the head is always in eight bits."""
        decoder = Decoder(self.shape, DrawnWeights(placement, self.layers, layers))
        return Own.of(decoder, Linear(head(draw_packed((self.outputs, self.shape.hidden), Scheme.INT8)), None))

    def published(self, rows: Tensor) -> Rival:
        """transformers' in bfloat16, with random weights."""
        with torch.device("meta"):
            empty = self.rival()
        model = draw_parameters(empty, torch.bfloat16)
        fill_buffers(model, Placement(torch.device("cpu"), torch.bfloat16))
        head = torch.randn(self.outputs, self.shape.hidden).mul_(0.02).to(torch.bfloat16)
        return Rival.of(model, Linear(FloatKernel(head), None), rows.to(torch.bfloat16))


def thinker_of(shape: Shape) -> Kind:
    """The language model."""
    config = Architecture.of(shape_configuration(shape, published_vocabulary=True)).text
    return Kind(
        DecoderShape.of(config),
        config.vocab_size,
        Scheme.INT4,
        lambda: Qwen2_5OmniThinkerTextModel._from_config(config, attn_implementation="sdpa"),
    )


def talker_of(shape: Shape) -> Kind:
    """The model of speech codes, without the projection of its input."""
    config = Architecture.of(shape_configuration(shape, published_vocabulary=True)).talker
    return Kind(
        DecoderShape.of(config),
        config.vocab_size,
        Scheme.INT8,
        lambda: Qwen2_5OmniTalkerModel._from_config(config, attn_implementation="sdpa"),
    )


@torch.inference_mode()
def thinker(shape: Shape, placement: Placement, plan: Plan, conditions: tuple[Condition, ...]) -> Iterator[Figure]:
    """C1, C3 and C4: our products beside torch's and transformers'."""
    kind = thinker_of(shape)
    ours = kind.drawn(placement, kernel_class(Scheme.INT4), kernel_class(Scheme.INT8))
    stock = kind.drawn(placement, CpuInt4, CpuInt8)
    for condition in conditions:
        with condition:
            yield from _beside_stock(shape, ours, stock, plan, condition)
    del stock
    gc.collect()
    rival = kind.published(ours.rows)
    for condition in conditions:
        with condition:
            yield from _beside_transformers(shape, ours, rival, plan, condition)


def _beside_stock(shape: Shape, ours: Own, stock: Own, plan: Plan, condition: Condition) -> Iterator[Figure]:
    where = f"{shape}, {condition.words}"
    bandwidth = read_bandwidth(ours.decoder.placement)
    (alone,) = alternate(plan, Candidate(ours.decode, ours.warm))  # torch's threads look for work long after theirs
    share = STEPS / alone.median * ours.nbytes / bandwidth
    read = f"{bandwidth / 1e9:.1f} GB/s read, {ours.nbytes / 1e9:.2f} GB a token"
    what = f"{where}: decoding as a share of the read bandwidth"
    yield Figure("C1", what, _rate(alone), read, share, "", Bar(0.7, 0.8))
    mine, other = alternate(plan, Candidate(ours.decode, ours.warm), Candidate(stock.decode, stock.warm))
    rates = _rate(mine), _rate(other)
    ratio = other.median / mine.median
    yield Figure("C2", f"{where}: decoding beside torch's int4 and int8", *rates, ratio, "×")
    yield _prefill(f"{where}: prefill of {BLOCK} tokens beside torch's int4 and int8", ours, stock, plan, None)
    yield _ahead(where, ours, plan)


def _ahead(where: str, ours: Own, plan: Plan) -> Figure:
    """What guessing ahead costs: so many tokens fewer than one a step must come true for it to pay."""
    one, many = alternate(
        plan,
        Candidate(lambda: ours.head(ours.feed(1)[None]), ours.rewind),
        Candidate(lambda: ours.head(ours.run(FEW_ROWS)), ours.rewind),
    )
    words = f"{many.median * 1e3:.0f} ms", f"{one.median * 1e3:.0f} ms for one"
    what = f"{where}: a step with {FEW_ROWS - 1} tokens guessed ahead"
    return Figure("F1", what, *words, many.median / one.median, "×", Bar(2, 1.3, most=True))


def _beside_transformers(shape: Shape, ours: Own, rival: Rival, plan: Plan, condition: Condition) -> Iterator[Figure]:
    where = f"{shape}, {condition.words}"
    mine, other = alternate(plan, Candidate(ours.decode, ours.warm), Candidate(rival.decode, rival.warm))
    rates = _rate(mine), _rate(other)
    ratio = other.median / mine.median
    yield Figure("C3", f"{where}: decoding beside transformers in bf16", *rates, ratio, "×", Bar(2.5, 4))
    what = f"{where}: prefill of {BLOCK} tokens beside transformers in bf16"
    yield _prefill(what, ours, rival, plan, Bar(1.0, 1.5))


def _rate(times: Times) -> str:
    return f"{STEPS / times.median:.2f} tok/s (p95 {STEPS / times.p95:.2f})"


def _prefill(what: str, ours: Own, theirs: Own | Rival, plan: Plan, bar: Bar | None) -> Figure:
    mine, other = alternate(
        plan,
        Candidate(lambda: ours.feed(BLOCK), ours.rewind),
        Candidate(lambda: theirs.feed(BLOCK), theirs.rewind),
    )
    words = [f"{times.median * 1e3:.0f} ms (p95 {times.p95 * 1e3:.0f})" for times in (mine, other)]
    return Figure("C4", what, words[0], words[1], other.median / mine.median, "×", bar)


@torch.inference_mode()
def talker(shape: Shape, placement: Placement, plan: Plan) -> Iterator[Figure]:
    """C7: speech codes."""
    kind = talker_of(shape)
    ours = kind.drawn(placement, kernel_class(Scheme.INT8), kernel_class(Scheme.INT8))
    theirs = kind.published(ours.rows)
    mine, other = alternate(plan, Candidate(ours.decode, ours.warm), Candidate(theirs.decode, theirs.warm))
    words = [f"{STEPS / times.median:.1f} codes/s (p95 {STEPS / times.p95:.1f})" for times in (mine, other)]
    yield Figure("C7", f"{shape}: speech codes", words[0], words[1], other.median / mine.median, "×", Bar(2, 3))
