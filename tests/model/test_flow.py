"""Codes to mel, packet by packet: against the reference where a speech is one packet, and against a naive recomputation
of the same schedule with the reference's own forward pass where it is several."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import chain, repeat

import pytest
import torch
from torch import Tensor
from transformers.models.qwen2_5_omni.modeling_qwen2_5_omni import RungeKutta4ODESolver

from model.errors import Cancelled, never_cancelled
from model.flow import MelStream, Solver, block_noise, evaluation_times, time_grid
from tests.helpers.voices import Speaking, speech_codes

BLOCK, CODES, SEED = 24, 12, 3
UNSEEN = 99  # blocks apart: no layer looks that far


def noise(first: int, frames: int) -> Tensor:
    """[frames, 80] from block `first` on."""
    blocks = range(first, first - -frames // BLOCK)
    return torch.cat([block_noise(SEED, block, BLOCK, 80) for block in blocks])[:frames]


def mel_stream(
    speaking: Speaking,
    ramp: tuple[int, ...],
    solver: Solver = Solver.RK4,
    check: Callable[[], None] = never_cancelled,
) -> MelStream:
    packets = chain(ramp, repeat(ramp[-1]))
    return MelStream(speaking.voice.dit, speaking.speaker, packets, seed=SEED, solver=solver, check=check)


def streamed(stream: MelStream, codes: list[int], at_once: int) -> list[Tensor]:
    """Finished mel of every packet, codes coming `at_once`."""
    parts = [codes[start : start + at_once] for start in range(0, len(codes), at_once)]
    return [packet.mel for part in parts for packet in stream.push(part)] + [packet.mel for packet in stream.flush()]


@dataclass
class Appearance:
    """One block in one packet: its states at all evaluations, kept for ever."""

    packet: int
    block: int
    final: bool
    first: bool
    codes: list[int]
    states: list[Tensor] = field(default_factory=list)

    def distance(self, other: Appearance) -> int:
        """How many blocks to the right of this one `other` seems to be."""
        if other.packet == self.packet:
            return other.block - self.block
        seen = self.first and other.final and other.packet < self.packet and other.block == self.block - 1
        return -1 if seen else UNSEEN


@dataclass
class Oracle:
    """Everything is computed anew at every evaluation from the states of all packets, nothing is remembered but those:
    a sequence with each block as often as it was sampled, masks and positions of our own, the reference's forward."""

    speaking: Speaking
    appearances: list[Appearance] = field(default_factory=list)

    def speech(self, codes: list[int], ramp: tuple[int, ...]) -> Iterator[Tensor]:
        sizes = chain(ramp, repeat(ramp[-1]))
        done = packet = 0
        while (size := next(sizes)) + 1 <= (len(codes) - done * CODES) // CODES:
            yield self.rk4(self.begin(packet, done, codes[done * CODES : (done + size + 1) * CODES], size))
            done, packet = done + size, packet + 1
        if done * CODES < len(codes):
            yield self.rk4(self.begin(packet, done, codes[done * CODES :], UNSEEN))

    def begin(self, packet: int, block: int, codes: list[int], final: int) -> list[Appearance]:
        """The blocks of one packet, the first `final` of them to be heard."""
        parts = [codes[start : start + CODES] for start in range(0, len(codes), CODES)]
        now = [Appearance(packet, block + i, i < final, i == 0, part) for i, part in enumerate(parts)]
        self.appearances += now
        return now

    def rk4(self, now: list[Appearance]) -> Tensor:
        start = noise(now[0].block, sum(2 * len(appearance.codes) for appearance in now))
        solver = RungeKutta4ODESolver(lambda time, state: self.velocity(now, time, state), start)
        mel: Tensor = solver.integrate(time_grid())[-1]
        return mel[: sum(2 * len(appearance.codes) for appearance in now if appearance.final)]

    def velocity(self, now: list[Appearance], time: Tensor, state: Tensor) -> Tensor:
        for appearance, part in zip(now, state.split(BLOCK), strict=True):
            appearance.states.append(part)
        everything = torch.cat([appearance.states[len(now[0].states) - 1] for appearance in self.appearances])
        owner = torch.tensor([i for i, a in enumerate(self.appearances) for _ in range(2 * len(a.codes))])
        distances = torch.tensor([[mine.distance(other) for other in self.appearances] for mine in self.appearances])
        starts = torch.tensor([BLOCK * appearance.block for appearance in self.appearances])
        within = torch.cat([torch.arange(2 * len(appearance.codes)) for appearance in self.appearances])
        positions = (starts[owner] + within).repeat(2, 1)
        dit = self.speaking.token2wav.code2wav_dit_model
        rotary = dit.rotary_embed.forward
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(dit, "_create_block_diff", lambda _: distances[owner][:, owner][None, None])
            patch.setattr(dit.rotary_embed, "forward", lambda x, _: rotary(x, positions))
            codes = [code for appearance in self.appearances for code in appearance.codes]
            return self.speaking.guided(everything, codes, time)[-len(state) :]


@pytest.mark.parametrize("count", [1, 11, 12, 30])
def test_one_packet_equals_the_sampling_of_the_reference(
    speaking: Speaking, monkeypatch: pytest.MonkeyPatch, count: int
) -> None:
    codes = speech_codes(count)
    (ours,) = streamed(mel_stream(speaking, (2,)), codes, at_once=5)
    monkeypatch.setattr(torch, "randn", lambda *_, **__: noise(0, 2 * count)[None])
    dit, voice = speaking.token2wav.code2wav_dit_model, speaking.chelsie
    whole = dit.sample(voice.condition, voice.reference_mel, torch.tensor([codes]))
    torch.testing.assert_close(ours, whole[0].t(), rtol=0, atol=1e-4)


@pytest.mark.parametrize(
    ("ramp", "count", "at_once"),
    [((1,), 53, 1), ((1, 2, 2, 4), 90, 7), ((2, 2, 4), 84, 100), ((3, 1), 71, 12)],
    ids=str,
)
def test_streamed_equals_the_naive_recomputation(
    speaking: Speaking, ramp: tuple[int, ...], count: int, at_once: int
) -> None:
    codes = speech_codes(count)
    ours = streamed(mel_stream(speaking, ramp), codes, at_once)
    oracle = list(Oracle(speaking).speech(codes, ramp))
    assert len(oracle) > 2
    assert [len(mel) for mel in ours] == [len(mel) for mel in oracle]
    torch.testing.assert_close(torch.cat(ours), torch.cat(oracle), rtol=0, atol=1e-4)


def test_euler_equals_nine_plain_steps(speaking: Speaking) -> None:
    codes = speech_codes(20)
    (ours,) = streamed(mel_stream(speaking, (2,), Solver.EULER), codes, at_once=20)
    oracle = Oracle(speaking)
    now = oracle.begin(0, 0, codes, final=2)
    state = noise(0, 40)
    for time, step in zip(time_grid()[:-1], time_grid().diff(), strict=True):
        state = state + step * oracle.velocity(now, time, state)
    torch.testing.assert_close(ours, state, rtol=0, atol=1e-4)


def test_solver_meets_a_curve_whose_end_is_known() -> None:
    """dx/dt = 2 t x from 1 ends at e; the grid is coarse, so Euler is far off and Runge-Kutta is not."""
    times = evaluation_times().tolist()
    ends = {solver: solver.integrate(lambda e, x: 2 * times[e] * x, torch.ones(1)).item() for solver in Solver}
    assert ends[Solver.RK4] == pytest.approx(torch.e, rel=1e-4)
    assert 0.02 < abs(ends[Solver.EULER] / torch.e - 1) < 0.2


def test_noise_belongs_to_the_block_not_to_the_packet() -> None:
    first, second = block_noise(1, 4, BLOCK, 80), block_noise(1, 5, BLOCK, 80)
    assert torch.equal(first, block_noise(1, 4, BLOCK, 80))
    assert not torch.equal(first, second)
    assert not torch.equal(first, block_noise(2, 4, BLOCK, 80))
    many = torch.stack([block_noise(-7, block, BLOCK, 80) for block in range(100)])
    assert many.mean().abs() < 0.01
    assert abs(many.std() - 1) < 0.01


def test_a_code_without_sound_is_refused_and_leaves_no_trace(speaking: Speaking) -> None:
    stream = mel_stream(speaking, (1,))
    for code in (-1, 8194):
        with pytest.raises(ValueError, match="not speech codes"):
            stream.push([3, code])
    assert list(stream.flush()) == []


def test_given_up_in_the_middle(speaking: Speaking) -> None:
    calls = 0

    def later() -> None:
        nonlocal calls
        calls += 1
        if calls > 40:
            raise Cancelled

    stream = mel_stream(speaking, (1,), check=later)
    with pytest.raises(Cancelled):
        list(stream.push(speech_codes(24)))
    assert calls == 41


def test_what_is_remembered_does_not_grow(speaking: Speaking) -> None:
    stream = mel_stream(speaking, (1,), Solver.EULER)
    held = []
    for _ in range(12):
        list(stream.push(speech_codes(CODES)))
        held.append(stream.nbytes)
    width, layers, branches = 2 * 32, 2, 2
    assert set(held[1:]) == {9 * layers * 2 * branches * BLOCK * width * 4}
