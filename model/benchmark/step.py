"""Where the time of one token goes: the linear layers' products and, part by part, all else. Knows no other model."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from time import perf_counter

import torch
import torch.nn.functional as F
from torch import Tensor

from model.benchmark.figures import Bar, Figure
from model.benchmark.timing import Candidate, Plan, alternate, read_bandwidth
from model.decoder import LONG_CONTEXT, Decoder, KeyValueCache, gated, rotate
from model.errors import never_cancelled
from model.kernels.kernel import Kernel
from model.linear import Linear
from model.omni import Omni
from model.sampling import TALKER_SAMPLING, THINKER_SAMPLING, Sampler
from model.threads import torch_on_one

CONTEXTS = (256, 8192)
TOKEN = 7


@dataclass(slots=True)
class Clock:
    """Seconds inside products."""

    seconds: float = 0.0


class TimedKernel:
    """A kernel that tells a clock how long its products take."""

    def __init__(self, kernel: Kernel, clock: Clock) -> None:
        self.kernel, self._clock = kernel, clock
        self.name, self.shape, self.scheme, self.nbytes = kernel.name, kernel.shape, kernel.scheme, kernel.nbytes
        self.rows_at_once = kernel.rows_at_once

    def product(self, x: Tensor, bias: Tensor | None) -> Tensor:
        """x [rows, in] → [rows, out]."""
        began = perf_counter()
        y = self.kernel.product(x, bias)
        self._clock.seconds += perf_counter() - began
        return y


@contextmanager
def timed(linears: Sequence[Linear], clock: Clock) -> Iterator[None]:
    """Inside, the clock counts what these layers take."""
    kernels = [linear.kernel for linear in linears]
    for linear, kernel in zip(linears, kernels, strict=True):
        linear.kernel = TimedKernel(kernel, clock)
    try:
        yield
    finally:
        for linear, kernel in zip(linears, kernels, strict=True):
            linear.kernel = kernel


@dataclass(slots=True)
class Stepper:
    """Thinker or Talker behind a context of random keys and values, one token at a time."""

    name: str
    decoder: Decoder
    head: Linear
    embed: Callable[[], Tensor]
    others: tuple[Linear, ...]
    """What else `embed` multiplies with."""
    sampler: Sampler
    context: int
    clock: Clock = field(default_factory=Clock)
    products: list[float] = field(default_factory=list)
    cache: KeyValueCache = field(init=False)
    rows: Tensor = field(init=False)

    def __post_init__(self) -> None:
        shape, placement = self.decoder.shape, self.decoder.placement
        self.cache = self.decoder.cache()
        self.cache.reserve(self.context + 1)
        for layer in range(shape.layers):
            size = (shape.kv_heads, self.context, shape.head_dim)
            self.cache.write(layer, *(torch.randn(size, device=placement.device).to(placement.kept) for _ in range(2)))
        self.cache.advance(self.context)
        self.rows = torch.randn(1, shape.hidden, device=placement.device, dtype=placement.dtype)

    @property
    def linears(self) -> list[Linear]:
        """All that a step multiplies with."""
        return [*(part for part in self.decoder.modules() if isinstance(part, Linear)), self.head, *self.others]

    @property
    def positions(self) -> Tensor:
        """Ids of the next token."""
        return torch.full((3, 1), self.context)

    def step(self) -> None:
        """One token, from its id to the next one's."""
        self.clock.seconds = 0.0
        hidden = self.decoder.run(self.embed(), self.positions, self.cache, never_cancelled)
        self.sampler.draw(self.head(hidden)[0])
        self.cache.crop(self.context)
        self.products.append(self.clock.seconds)

    def warm(self) -> None:
        """One token that does not count, so that threads and caches are those of one who is speaking."""
        self.step()
        self.products.pop()

    def parts(self) -> dict[str, Callable[[], object]]:
        """What a step does beside its products, each part for all layers."""
        shape, layers = self.decoder.shape, self.decoder.layers
        angles = self.decoder.rotary.angles(self.positions, self.rows.dtype)
        turned = shape.heads + shape.kv_heads
        qkv = torch.randn(1, (turned + shape.kv_heads) * shape.head_dim).to(self.rows)
        both, heads = torch.randn(1, 2 * shape.inner).to(self.rows), qkv.view(1, -1, shape.head_dim)[:, :turned]
        logits = torch.randn(self.head.out_features).to(self.rows)
        return {
            "attention with rotary": lambda: [
                layer.attend(qkv, angles, self.cache, number, None)  # type: ignore[operator]  # of nn.ModuleList
                for number, layer in enumerate(layers)
            ],
            "rotary": lambda: [rotate(heads, angles) for _ in layers],
            "norms": lambda: [
                F.rms_norm(self.rows, (shape.hidden,), self.decoder.norm, shape.eps) for _ in range(2 * len(layers) + 1)
            ],
            "activation": lambda: [gated(both) for _ in layers],
            "sampling": lambda: self.sampler.draw(logits),
        }


@torch.inference_mode()
def outside_of_linear_layers(own: Omni, plan: Plan) -> Iterator[Figure]:
    """S1: the share of a step that is no product, short and long context; S2: how fast a long context is read."""
    for context in CONTEXTS:
        for stepper in (_thinker(own, context), _talker(own, context)):
            yield from _figures(stepper, plan)


def _thinker(own: Omni, context: int) -> Stepper:
    thinker = own.thinker
    draws = Sampler(THINKER_SAMPLING, range(min(context, thinker._head.out_features)))
    return Stepper("Thinker", thinker.decoder, thinker._head, lambda: thinker.embed([TOKEN]), (), draws, context)


def _talker(own: Omni, context: int) -> Stepper:
    talker, projection = own.talker, own.talker._projection
    draws, code = Sampler(TALKER_SAMPLING, talker.prompt_codes, talker.suppressed), talker.prompt_codes[0]

    def embed() -> Tensor:
        rows: Tensor = projection(talker.embed(code))
        return rows

    return Stepper("Talker", talker.decoder, talker._head, embed, (projection,), draws, context)


def _as_in_step(part: Callable[[], object], stepper: Stepper) -> Callable[[], object]:
    """A part with the threads that it has in a step."""

    def run() -> object:
        with torch_on_one() if stepper.context < LONG_CONTEXT else nullcontext():
            return part()

    return run


def _figures(stepper: Stepper, plan: Plan) -> Iterator[Figure]:
    parts = stepper.parts()
    with timed(stepper.linears, stepper.clock):
        times = alternate(
            plan,
            Candidate(stepper.step, stepper.warm),
            *(Candidate(_as_in_step(part, stepper)) for part in parts.values()),
        )
    whole, *rest = (1e3 * taken.median for taken in times)
    products = 1e3 * sorted(stepper.products[plan.warmups :])[plan.runs // 2]
    took = dict(zip(parts, rest, strict=True))
    attention = took.pop("attention with rotary") - took["rotary"]
    took = {"attention": attention, **took}
    took["rest"] = whole - products - sum(took.values())
    told = ", ".join(f"{part} {milliseconds:.2f}" for part, milliseconds in took.items())
    what = f"{stepper.name}'s step outside of linear layers, {stepper.context} tokens before it"
    share = 100 * (1 - products / whole)
    short = stepper.context == CONTEXTS[0]
    bar = Bar(15, 10, most=True) if short else None
    yield Figure("S1", what, f"{whole:.1f} ms, products {products:.1f}", f"{told} ms", share, "%", bar)
    if not short:
        yield _reading(stepper, attention)


def _reading(stepper: Stepper, milliseconds: float) -> Figure:
    shape, placement = stepper.decoder.shape, stepper.decoder.placement
    held = 2 * shape.layers * shape.kv_heads * shape.head_dim * stepper.context * placement.kept.itemsize
    rate, bandwidth = held / milliseconds * 1e3, read_bandwidth(placement)
    what = f"{stepper.name}'s attention to {stepper.context} tokens as a share of the read bandwidth"
    return Figure("S2", what, f"{rate / 1e9:.1f} GB/s", f"{bandwidth / 1e9:.1f} GB/s", rate / bandwidth, "")
