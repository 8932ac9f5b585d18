"""Where the time of one token goes: the linear layers' products and, part by part, all else. Knows no other model.

Each part is clocked within the step. Inside of layers that our library computes its own clock tells; where torch does,
all but products and sampling is one part.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from statistics import median
from time import perf_counter

import torch
from torch import Tensor

from model.benchmark.figures import Bar, Figure
from model.benchmark.timing import Candidate, Plan, alternate, read_bandwidth
from model.decoder import Decoder, KeyValueCache
from model.errors import never_cancelled
from model.kernels.kernel import Kernel
from model.kernels.layers import KINDS_OF_WORK
from model.linear import Linear
from model.omni import Omni
from model.sampling import TALKER_SAMPLING, THINKER_SAMPLING, Sampler

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
    parts: list[dict[str, float]] = field(default_factory=list)
    """Seconds of each part, step by step."""
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
        with spent(self.decoder) as nanoseconds:
            hidden = self.decoder.run(self.embed(), self.positions, self.cache, never_cancelled)
        scores = self.head(hidden)[0]
        began = perf_counter()
        self.sampler.draw(scores)
        parts = {kind: 1e-9 * count for kind, count in zip(KINDS_OF_WORK, nanoseconds, strict=False)}
        parts["products"] = parts.get("products", 0.0) + self.clock.seconds
        self.parts.append({**parts, "sampling": perf_counter() - began})
        self.cache.crop(self.context)

    def warm(self) -> None:
        """One token that does not count, so that threads and caches are those of one who is speaking."""
        self.step()
        self.parts.pop()


@contextmanager
def spent(decoder: Decoder) -> Iterator[Iterable[int]]:
    """Nanoseconds of each of KINDS_OF_WORK in the decoder's layers meanwhile; none where torch computes them."""
    if decoder.native is None:
        yield ()
        return
    nanoseconds = (ctypes.c_int64 * len(KINDS_OF_WORK))()
    decoder.native.spent = nanoseconds
    try:
        yield nanoseconds
    finally:
        decoder.native.spent = None


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


def _figures(stepper: Stepper, plan: Plan) -> Iterator[Figure]:
    with timed(stepper.linears, stepper.clock):
        (times,) = alternate(plan, Candidate(stepper.step, stepper.warm))
    counted = stepper.parts[plan.warmups :]
    took = {part: 1e3 * median(step[part] for step in counted) for part in counted[0]}
    whole, products = 1e3 * times.median, took.pop("products")
    took["rest"] = whole - products - sum(took.values())
    told = ", ".join(f"{part} {milliseconds:.2f}" for part, milliseconds in took.items())
    what = f"{stepper.name}'s step outside of linear layers, {stepper.context} tokens before it"
    share = 100 * (1 - products / whole)
    short = stepper.context == CONTEXTS[0]
    bar = Bar(15, 10, most=True) if short else None
    yield Figure("S1", what, f"{whole:.1f} ms, products {products:.1f}", f"{told} ms", share, "%", bar)
    if not short and "attention" in took:
        yield _reading(stepper, took["attention"])


def _reading(stepper: Stepper, milliseconds: float) -> Figure:
    shape, placement = stepper.decoder.shape, stepper.decoder.placement
    held = 2 * shape.layers * shape.kv_heads * shape.head_dim * stepper.context * placement.kept.itemsize
    rate, bandwidth = held / milliseconds * 1e3, read_bandwidth(placement)
    what = f"{stepper.name}'s attention to {stepper.context} tokens as a share of the read bandwidth"
    return Figure("S2", what, f"{rate / 1e9:.1f} GB/s", f"{bandwidth / 1e9:.1f} GB/s", rate / bandwidth, "")
