"""Codes to wave, beside transformers' full sequence in single precision. Knows no text."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import torch
from transformers.models.qwen2_5_omni.modeling_qwen2_5_omni import Qwen2_5OmniToken2WavModel

from model.benchmark.figures import Bar, Figure
from model.benchmark.timing import Candidate, Plan, alternate
from model.flow import Solver
from model.loading import build
from model.omni import Omni
from model.protocol import CODE_SAMPLES, SPEECH_RATE


@torch.inference_mode()
def codes_to_wave(own: Omni, published: Omni, voice: str, plan: Plan, *, count: int) -> Iterator[Figure]:
    """C8 and C9: `count` codes as a stream of packets, with either solver."""
    codes = [int(code) for code in np.random.default_rng(0).integers(0, 8193, count)]
    print_ = published.checkpoint.voice(voice)
    speaker = own.voice.speaker(own.checkpoint.voice(voice))
    config = published.checkpoint.architecture.wave
    rival = build(
        lambda: Qwen2_5OmniToken2WavModel(config), published.checkpoint.weights("token2wav", published.placement)
    ).float()

    def stream(solver: Solver) -> None:
        speech = own.voice.stream(speaker, seed=0, solver=solver)
        for _ in [*speech.push(codes), *speech.flush()]:
            pass

    exact, euler, other = alternate(
        plan,
        Candidate(lambda: stream(Solver.RK4)),
        Candidate(lambda: stream(Solver.EULER)),
        Candidate(lambda: rival(torch.tensor([codes]), print_.condition, print_.reference_mel)),
    )
    seconds = count * CODE_SAMPLES / SPEECH_RATE
    rival_rate = f"{other.median / seconds:.1f} s a second"
    for name, what, times, bar in (
        ("C8", "codes to wave, rk4", exact, Bar(1.5, 3)),
        ("C9", "codes to wave, euler", euler, Bar(6, 20)),
    ):
        rate = f"{times.median / seconds:.1f} s a second (p95 {times.p95 / seconds:.1f})"
        yield Figure(
            name, f"{what}, {seconds:.1f} s of speech", rate, rival_rate, other.median / times.median, "×", bar
        )
