"""Speech codes become log-mel: the flow's clock, its solvers, its noise, and the schedule of blocks. Knows the
transformer only as a velocity and nothing of sound."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from model.dit import DiT, Sight, Speaker

GRID_POINTS = 10
STAGES = 4  # of one Runge-Kutta step
Velocity = Callable[[int, Tensor], Tensor]


class Solver(StrEnum):
    """How the flow is integrated: rk4 is the reference's, euler costs a quarter and changes the sound a little."""

    RK4 = "rk4"
    EULER = "euler"

    def integrate(self, velocity: Velocity, start: Tensor) -> Tensor:
        """From noise at time 0 to mel at time 1. `velocity(evaluation, state)` gets indices of `evaluation_times`."""
        step = _rk4_step if self is Solver.RK4 else _euler_step
        times = time_grid().tolist()
        state = start
        for index, (now, then) in enumerate(pairwise(times)):
            state = state + step(velocity, STAGES * index, then - now, state)
        return state


def time_grid() -> Tensor:
    """The reference's ten points from 0 to 1, dense at the beginning: t = 1 − cos(π u / 2), float32."""
    even = torch.linspace(0, 1, GRID_POINTS)
    return even - (torch.cos(torch.pi / 2 * even) - 1 + even)


def evaluation_times() -> Tensor:
    """Where the transformer is asked: four times a step; Euler uses the first of each four. float32 [36]."""
    grid = time_grid()
    start, step = grid[:-1], grid.diff()
    return torch.stack([start, start + step / 3, start + step * (2 / 3), grid[1:]], dim=1).flatten()


def _rk4_step(velocity: Velocity, first: int, step: float, state: Tensor) -> Tensor:
    """Kutta's 3/8 rule."""
    k1 = velocity(first, state)
    k2 = velocity(first + 1, state + step * k1 / 3)
    k3 = velocity(first + 2, state + step * (k2 - k1 / 3))
    k4 = velocity(first + 3, state + step * (k1 - k2 + k3))
    return (k1 + 3 * (k2 + k3) + k4) * (step / 8)


def _euler_step(velocity: Velocity, first: int, step: float, state: Tensor) -> Tensor:
    return step * velocity(first, state)


def block_noise(seed: int, block: int, frames: int, mel_dim: int) -> Tensor:
    """Where block number `block` of a speech starts from: [frames, mel_dim], the same on every machine and however the
    blocks are packed, because a counter makes it (Philox keyed by seed and block)."""
    generator = np.random.Generator(np.random.Philox(key=np.array([seed % 2**64, block], dtype=np.uint64)))
    return torch.from_numpy(generator.standard_normal((frames, mel_dim), dtype=np.float32))


@dataclass(frozen=True, slots=True)
class MelPacket:
    """Finished mel [frames, mel_dim], float32, and the provisional mel of the block after it (nothing at the end)."""

    mel: Tensor
    ahead: Tensor

    @property
    def last(self) -> bool:
        """Whether the speech ends with this packet."""
        return len(self.ahead) == 0


class MelStream:
    """One speech on its way from codes to mel. A packet is sampled together with one block of look-ahead, whose
    trajectory is thrown away; of the past it keeps what the look-back layers saw of the last block."""

    def __init__(
        self,
        dit: DiT,
        speaker: Speaker,
        packets: Iterator[int],
        *,
        seed: int,
        solver: Solver,
        check: Callable[[], None],
    ) -> None:
        """`packets` says how many blocks each packet finishes, for ever."""
        self._dit, self._speaker, self._packets = dit, speaker, packets
        self._seed, self._solver, self._check = seed, solver, check
        self._block_codes = dit.config.block_size // dit.config.repeats
        self._wanted = next(packets)
        self._codes: list[int] = []
        self._done = 0  # blocks
        self._left: dict[int, Tensor] = {}

    @property
    def nbytes(self) -> int:
        """Bytes remembered between pushes."""
        return sum(kept.untyped_storage().nbytes() for kept in self._left.values())

    def push(self, codes: Sequence[int]) -> Iterator[MelPacket]:
        """Take any number of codes; yield the packets that they complete. ValueError for a code that has no sound."""
        strange = [code for code in codes if not 0 <= code <= self._dit.config.num_embeds]
        if strange:
            raise ValueError(f"{strange} are not speech codes: they end at {self._dit.config.num_embeds}")
        self._codes.extend(codes)
        return self._complete()

    def flush(self) -> Iterator[MelPacket]:
        """The speech ends here: yield what is left, a last part of a block included."""
        if self._codes:
            blocks = math.ceil(len(self._codes) / self._block_codes)
            yield self._sample(self._codes, blocks)
            self._codes = []

    def _complete(self) -> Iterator[MelPacket]:
        while len(self._codes) >= (self._wanted + 1) * self._block_codes:
            emitted = self._wanted * self._block_codes
            packet = self._sample(self._codes[: emitted + self._block_codes], self._wanted)
            self._codes = self._codes[emitted:]
            self._wanted = next(self._packets)
            yield packet

    @torch.inference_mode()
    def _sample(self, codes: list[int], finished: int) -> MelPacket:
        """Integrate all blocks of `codes`, the first `finished` of which are final. State changes at the end only."""
        size, device = self._dit.config.block_size, self._dit.placement.device
        frames = len(codes) * self._dit.config.repeats
        blocks = math.ceil(frames / size)
        condition = self._dit.condition(self._speaker, self._padded(codes, blocks).to(device))
        noise = torch.stack(
            [block_noise(self._seed, self._done + index, size, self._dit.config.mel_dim) for index in range(blocks)]
        )
        valid = (torch.arange(blocks * size, device=device) < frames).view(blocks, size)
        sight = Sight.of(valid, kept=finished, continued=bool(self._left))
        remembered: dict[int, Tensor] = {}

        def velocity(evaluation: int, state: Tensor) -> Tensor:
            moved, remembered[evaluation] = self._dit.velocity(
                state, condition, evaluation, sight, self._left.get(evaluation), check=self._check
            )
            return moved

        mel = self._solver.integrate(velocity, noise.to(device)).flatten(0, 1)[:frames]
        self._left, self._done = remembered, self._done + finished
        return MelPacket(mel[: finished * size], mel[finished * size :])

    def _padded(self, codes: list[int], blocks: int) -> Tensor:
        """codes → [blocks, codes a block], zeros where a last block is short."""
        missing = blocks * self._block_codes - len(codes)
        return F.pad(torch.tensor(codes), (0, missing)).view(blocks, self._block_codes)
