"""Log-mel becomes a wave: BigVGAN as a stream in which every filter carries its own past, so that nothing is computed
twice and the pieces together are the whole. Knows nothing of where the mel comes from.

A signal here is [samples, channels], so that a filter's window is a plain view of the rows and needs no copy.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F
from transformers.models.qwen2_5_omni.configuration_qwen2_5_omni import Qwen2_5OmniBigVGANConfig
from transformers.models.qwen2_5_omni.modeling_qwen2_5_omni import kaiser_sinc_filter1d

from model.loading import Weights

FILTER_TAPS = 12
TILE = 12  # steps of a filter that are done in one matrix product; measured fastest between 8 and 64
FLOOR_DB = -115.0
REFERENCE_DB = 20.0


class Memory:
    """What one stream carries from push to push: for every filter the rows that it still needs."""

    def __init__(self, held: dict[object, Tensor] | None = None, begun: set[object] | None = None) -> None:
        """Empty at the beginning of a sound."""
        self._held = {} if held is None else held
        self._begun = set() if begun is None else begun

    @property
    def nbytes(self) -> int:
        """Bytes held."""
        return sum(rows.untyped_storage().nbytes() for rows in self._held.values())

    def fork(self) -> Memory:
        """A memory that goes on from here on its own; rows are never written to, so they are shared."""
        return Memory(dict(self._held), set(self._begun))

    def join(self, owner: object, rows: Tensor) -> Tensor:
        """The owner's held rows, then `rows`."""
        return torch.cat([self._held[owner], rows]) if owner in self._held else rows

    def holds(self, owner: object) -> bool:
        """Whether anything has reached the owner; a filter is never without a past once it has begun."""
        return owner in self._held

    def keep(self, owner: object, rows: Tensor) -> None:
        """Replace what the owner holds, as a copy, so that the tensor around `rows` can be freed."""
        if len(rows):
            self._held[owner] = rows.clone()
        else:
            self._held.pop(owner, None)

    def begin(self, owner: object) -> bool:
        """Note that rows leave the owner; whether they are its first."""
        first = owner not in self._begun
        self._begun.add(owner)
        return first


@dataclass(frozen=True, slots=True)
class Edges:
    """How a filter treats the ends of its signal.

    It sees `before` and `after` rows more than there are, zeros or the outermost row repeated; and of what it makes,
    the first `cut_before` and the last `cut_after` rows are dropped.
    """

    before: int
    after: int
    repeated: bool = False
    cut_before: int = 0
    cut_after: int = 0

    def extend(self, owner: object, x: Tensor, memory: Memory, *, last: bool) -> Tensor:
        """All rows the owner can work on now: those it held, x, and what is beyond the end that x is at."""
        if len(x) == 0 and not memory.holds(owner):
            return x
        rows = memory.join(owner, x) if memory.holds(owner) else torch.cat([self._beyond(x[:1], self.before), x])
        return torch.cat([rows, self._beyond(rows[-1:], self.after)]) if last else rows

    def cut(self, owner: object, y: Tensor, memory: Memory, *, last: bool) -> Tensor:
        """What leaves the owner of the rows that it made."""
        start = self.cut_before if len(y) and memory.begin(owner) else 0
        return y[start : len(y) - self.cut_after if last else len(y)]

    def _beyond(self, outermost: Tensor, count: int) -> Tensor:
        return (outermost if self.repeated else torch.zeros_like(outermost)).expand(count, -1)


class Conv:
    """A convolution, by default one that keeps the signal's length, zeros beyond its ends."""

    def __init__(self, weight: Tensor, bias: Tensor | None, dilation: int = 1, edges: Edges | None = None) -> None:
        """weight [out, in, taps], in the precision of the signals or a narrower one."""
        self.reach = (weight.shape[2] - 1) * dilation
        self.edges = Edges(self.reach // 2, self.reach // 2) if edges is None else edges
        self.weight = weight[:, :, None].contiguous(memory_format=torch.channels_last)
        self.bias, self.dilation = bias, dilation

    def __call__(self, x: Tensor, memory: Memory, *, last: bool) -> Tensor:
        """x [n, in] → [m, out], m being what is certain by now."""
        rows = self.edges.extend(self, x, memory, last=last)
        count = max(0, len(rows) - self.reach)
        memory.keep(self, rows[count:])
        if count == 0:
            return x.new_zeros(0, len(self.weight))
        picture = rows.t()[None, :, None]  # [1, in, 1, n] with channels innermost: no copy
        weight = self.weight.to(x.dtype)
        return F.conv2d(picture, weight, self.bias, dilation=(1, self.dilation))[0, :, 0].t().contiguous()


class Upsample:
    """A transposed convolution, written as an ordinary one that makes `stride` rows from each row and those before."""

    def __init__(self, weight: Tensor, bias: Tensor, stride: int) -> None:
        """weight [in, out, taps] as a transposed convolution has it, padded by half of what taps exceed stride."""
        self.stride = stride
        padding = (weight.shape[2] - stride) // 2
        phases = _phases(weight, stride)
        self.conv = Conv(phases, bias.repeat(stride), edges=Edges(phases.shape[2] - 1, after=1))
        self.edges = Edges(0, 0, cut_before=padding, cut_after=stride - padding)

    def __call__(self, x: Tensor, memory: Memory, *, last: bool) -> Tensor:
        """x [n, in] → [m, out], all of them together stride · n."""
        y = self.conv(x, memory, last=last)
        return self.edges.cut(self, y.view(len(y) * self.stride, y.shape[1] // self.stride), memory, last=last)


def _phases(weight: Tensor, stride: int) -> Tensor:
    """Before padding is cut, row t · stride + r of a transposed convolution is Σ_q x[t − q] · w[q · stride + r]: one
    ordinary convolution for each phase r. [in, out, taps] → [stride · out, in, ⌈taps / stride⌉]."""
    inputs, outputs, taps = weight.shape
    reach = math.ceil(taps / stride)
    filled = F.pad(weight, (0, reach * stride - taps)).view(inputs, outputs, reach, stride)
    return filled.flip(2).permute(3, 1, 0, 2).reshape(stride * outputs, inputs, reach)


class Resample:
    """One fixed filter on all channels, to twice or half the rate, as a product with a banded matrix: `TILE` steps at
    once, a step taking `taken` rows and giving `given`."""

    def __init__(self, band: Tensor, taken: int, edges: Edges) -> None:
        """`band` [given, window] makes one step's rows from a window that moves by `taken`."""
        self.given, window = band.shape
        self.taken, self.edges = taken, edges
        self.overlap = window - taken
        self.matrix = band.new_zeros(TILE * self.given, TILE * taken + self.overlap)
        for step in range(TILE):
            rows, columns = step * self.given, step * taken
            self.matrix[rows : rows + self.given, columns : columns + window] = band

    def __call__(self, x: Tensor, memory: Memory, *, last: bool) -> Tensor:
        """x [n, channels] → [m, channels]."""
        rows = self.edges.extend(self, x, memory, last=last)
        steps = max(0, (len(rows) - self.overlap) // self.taken)
        memory.keep(self, rows[steps * self.taken :])
        return self.edges.cut(self, self._filter(rows.contiguous(), steps), memory, last=last)

    def _filter(self, rows: Tensor, steps: int) -> Tensor:
        channels = rows.shape[1]
        tiles, rest = divmod(steps, TILE)
        y = rows.new_empty(steps * self.given, channels)
        height, width = self.matrix.shape
        hop = TILE * self.taken
        if tiles:
            windows = rows.as_strided((tiles, width, channels), (hop * channels, channels, 1))
            torch.bmm(self.matrix.expand(tiles, -1, -1), windows, out=y[: tiles * height].view(tiles, height, channels))
        if rest:
            corner = self.matrix[: rest * self.given, : rest * self.taken + self.overlap]
            torch.mm(corner, rows[tiles * hop :][: corner.shape[1]], out=y[tiles * height :])
        return y


class Snake:
    """x + sin²(a x) / b between two filters, at twice the rate, so that its overtones do not fold back."""

    def __init__(self, weights: Weights, channels: int) -> None:
        """a and b are stored as logarithms, a pair for every channel."""
        self.frequency = weights.tensor("act.alpha", (channels,)).exp()
        self.loudness = (weights.tensor("act.beta", (channels,)).exp() + 1e-9).reciprocal()
        taps = kaiser_sinc_filter1d(cutoff=0.25, half_width=0.3, kernel_size=FILTER_TAPS).flatten().to(self.frequency)
        # twice the rate: rows 2 m − 1 and 2 m from x[m − 3 … m + 2]; the reference cuts one row more at either end
        rising = 2 * torch.stack([taps[0::2].flip(0), taps[1::2].flip(0)])
        self.rise = Resample(rising, 1, Edges(3, 3, repeated=True, cut_before=1, cut_after=1))
        self.fall = Resample(taps[None], 2, Edges(5, 6, repeated=True))

    def __call__(self, x: Tensor, memory: Memory, *, last: bool) -> Tensor:
        """x [n, channels] → [m, channels]."""
        risen = self.rise(x, memory, last=last)
        sine = (risen * self.frequency).sin_()
        risen.add_(sine.square_().mul_(self.loudness))
        return self.fall(risen, memory, last=last)


class Residue:
    """One residual step: two activations, two convolutions, and the input that waits for them."""

    def __init__(self, weights: Weights, channels: int, taps: int, dilation: int, index: int) -> None:
        """Step `index` of a residual block."""
        self.first = Snake(weights.below(f"activations.{2 * index}"), channels)
        self.spread = _conv(weights.below(f"convs1.{index}"), channels, channels, taps, dilation)
        self.second = Snake(weights.below(f"activations.{2 * index + 1}"), channels)
        self.gather = _conv(weights.below(f"convs2.{index}"), channels, channels, taps)

    def __call__(self, x: Tensor, memory: Memory, *, last: bool) -> Tensor:
        """x [n, channels] → [m, channels]."""
        y = x
        for module in (self.first, self.spread, self.second, self.gather):
            y = module(y, memory, last=last)
        waiting = memory.join(self, x)
        memory.keep(self, waiting[len(y) :])
        return y + waiting[: len(y)]


class ResidualBlock:
    """Steps of one filter size and growing dilation."""

    def __init__(self, weights: Weights, channels: int, taps: int, dilations: Sequence[int]) -> None:
        """Two convolutions of `taps` and two activations for each dilation."""
        self.steps = [Residue(weights, channels, taps, dilation, index) for index, dilation in enumerate(dilations)]

    def __call__(self, x: Tensor, memory: Memory, *, last: bool) -> Tensor:
        """x [n, channels] → [m, channels]."""
        for step in self.steps:
            x = step(x, memory, last=last)
        return x


class Stage:
    """One upsampling and the mean of the residual blocks behind it, which differ in how far they look."""

    def __init__(self, config: Qwen2_5OmniBigVGANConfig, weights: Weights, index: int) -> None:
        """Stage `index` of the generator."""
        inputs = config.upsample_initial_channel // 2**index
        stride, taps = config.upsample_rates[index], config.upsample_kernel_sizes[index]
        up = weights.below(f"ups.{index}.0")
        self.up = Upsample(up.narrow("weight", (inputs, inputs // 2, taps)), up.tensor("bias", (inputs // 2,)), stride)
        first = index * len(config.resblock_kernel_sizes)
        kinds = zip(config.resblock_kernel_sizes, config.resblock_dilation_sizes, strict=True)
        self.blocks = [
            ResidualBlock(weights.below(f"resblocks.{first + number}"), inputs // 2, size, dilations)
            for number, (size, dilations) in enumerate(kinds)
        ]

    def __call__(self, x: Tensor, memory: Memory, *, last: bool) -> Tensor:
        """x [n, in] → [m, in / 2], m at most stride · n and what all blocks have ready."""
        risen = self.up(x, memory, last=last)
        ready = [memory.join(block, block(risen, memory, last=last)) for block in self.blocks]
        count = min(len(rows) for rows in ready)
        for block, rows in zip(self.blocks, ready, strict=True):
            memory.keep(block, rows[count:])
        return torch.stack([rows[:count] for rows in ready]).mean(0)


def _conv(weights: Weights, inputs: int, outputs: int, taps: int, dilation: int = 1) -> Conv:
    bias = weights.tensor("bias", (outputs,)) if weights.has("bias") else None
    return Conv(weights.narrow("weight", (outputs, inputs, taps)), bias, dilation)


class BigVGAN:
    """The whole generator. Weights never change; a stream's past is in its Memory."""

    def __init__(self, config: Qwen2_5OmniBigVGANConfig, weights: Weights) -> None:
        """Raises CheckpointError for missing or misshapen weights."""
        self.dtype = weights.placement.dtype
        self.hop = math.prod(config.upsample_rates)  # samples a mel frame
        self.before = _conv(weights.below("conv_pre"), config.mel_dim, config.upsample_initial_channel, 7)
        self.stages = tuple(Stage(config, weights, index) for index in range(len(config.upsample_rates)))
        channels = config.upsample_initial_channel // 2 ** len(config.upsample_rates)
        self.snake = Snake(weights.below("activation_post"), channels)
        self.after = _conv(weights.below("conv_post"), channels, 1, 7)

    @torch.inference_mode()
    def __call__(self, mel: Tensor, memory: Memory, check: Callable[[], None], *, last: bool) -> Tensor:
        """mel [frames, mel_dim] float32 → the wave that is certain by now, float32 [samples] within ±1.

        With `last` all of it; no frame may follow then.
        """
        x = self.before(scaled_decibels(mel).to(self.dtype), memory, last=last)
        for stage in self.stages:
            check()
            x = stage(x, memory, last=last)
        check()
        wave = self.after(self.snake(x, memory, last=last), memory, last=last)
        return wave[:, 0].float().clamp(-1, 1)


def scaled_decibels(mel: Tensor) -> Tensor:
    """Natural log-mel → decibels against 20 dB, floored at −115 dB and brought to −1 … 1, the generator's scale."""
    floor = 10 ** (FLOOR_DB / 20)
    decibels = 20 * torch.log10(torch.clamp(torch.exp(mel), min=floor)) - REFERENCE_DB
    return torch.clamp(2 * ((decibels - FLOOR_DB) / -FLOOR_DB) - 1, -1, 1)
