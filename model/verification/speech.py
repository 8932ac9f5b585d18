"""The voice, packet by packet, against transformers' decoder on the whole, and how far the two ways may differ."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import torch
from torch import Tensor
from transformers.models.qwen2_5_omni.modeling_qwen2_5_omni import (
    Qwen2_5OmniToken2WavBigVGANModel,
    Qwen2_5OmniToken2WavDiTModel,
)

from model.bigvgan import Memory
from model.errors import never_cancelled
from model.flow import Solver
from model.loading import build
from model.omni import Omni
from model.verification.rows import Row
from model.verification.voice_deviation import Distance, Sampling, VoiceDeviation, voice_deviation
from model.vocoder import EXACT

ONE_PACKET, SEVERAL_PACKETS = 20, 84
MEL_PIECES = (24, 48, 7, 61)


@torch.inference_mode()
def voice(omni: Omni) -> Iterator[Row]:
    """Speech that fits one packet must be the reference's; what a stream cannot know is told in decibels."""
    architecture, placement = omni.checkpoint.architecture, omni.placement
    weights = omni.checkpoint.weights("token2wav", placement)
    dit = build(
        lambda: Qwen2_5OmniToken2WavDiTModel._from_config(architecture.dit, attn_implementation="sdpa"),
        weights.below("code2wav_dit_model"),
    )
    voices = omni.checkpoint.voices()
    print_ = next(iter(voices.values()))
    codes = [int(code) for code in np.random.default_rng(0).integers(0, architecture.dit.num_embeds, SEVERAL_PACKETS)]
    short = Sampling(omni.voice, dit, print_, codes[:ONE_PACKET], seed=0, check=never_cancelled)
    ours, theirs = short.streamed(Solver.RK4, EXACT), short.whole(Solver.RK4)
    rounded = omni.checkpoint.manifest is not None
    yield Row.close("voice", f"mel of {ONE_PACKET} codes", ours, theirs.to(placement.dtype), rounded=rounded)
    yield from _vocoder(omni)
    yield from _deviation(voice_deviation(omni.voice, dit, print_, codes, solver=Solver.EULER))


def _vocoder(omni: Omni) -> Iterator[Row]:
    config = omni.checkpoint.architecture.bigvgan
    weights = omni.checkpoint.weights("token2wav.code2wav_bigvgan_model", omni.placement)
    reference = build(lambda: Qwen2_5OmniToken2WavBigVGANModel._from_config(config), weights)
    mel = torch.randn(sum(MEL_PIECES), config.mel_dim, generator=torch.Generator().manual_seed(0)) * 2 - 4
    mel = mel.to(omni.placement.device, omni.placement.dtype)
    memory, vocoder = Memory(), omni.voice.vocoder
    pieces = list(mel.split(MEL_PIECES))
    waves = [vocoder(piece, memory, never_cancelled, last=piece is pieces[-1]) for piece in pieces]
    whole: Tensor = reference(mel.t()[None])
    yield Row.close("voice", f"wave in {len(MEL_PIECES)} pieces", torch.cat(waves).cpu(), whole)


def _deviation(found: VoiceDeviation) -> Iterator[Row]:
    scale = f"of a mel that varies by {found.loudness:.0f} dB"
    for check, distance in (
        ("streamed from full-sequence sampling", found.streamed_from_whole),
        ("published windows from full-sequence", found.windows_from_whole),
        ("streamed from published windows", found.streamed_from_windows),
        ("euler from rk4", found.euler_from_rk4),
    ):
        yield Row("voice", check, _told(distance, scale), passed=None)
    yield Row("voice", "early first packet", f"{100 * found.early:.1f} % of its power is wrong", passed=None)


def _told(distance: Distance, scale: str) -> str:
    return f"{distance.mean:.2f} dB on average, {distance.largest:.1f} at most, {scale}"
