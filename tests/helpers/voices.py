"""The small checkpoint's voice, ours and the reference's, and something to say."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
import torch
from torch import Tensor
from transformers import Qwen2_5OmniForConditionalGeneration, Qwen2_5OmniToken2WavModel

from model.dit import GUIDANCE, Speaker
from model.loading import Checkpoint, Placement, Voiceprint
from model.vocoder import Voice


@dataclass(frozen=True)
class Speaking:
    """One checkpoint's codec decoder twice, ours and transformers' own, and a voice for each."""

    voice: Voice
    speaker: Speaker
    chelsie: Voiceprint
    token2wav: Qwen2_5OmniToken2WavModel

    def guided(self, mel: Tensor, codes: list[int], time: Tensor) -> Tensor:
        """The reference's guided velocity of all frames: mel [n, 80] → [n, 80]."""
        guided, unguided = self.token2wav.code2wav_dit_model(
            hidden_states=mel[None],
            condition_vector=self.chelsie.reference_mel,
            speaker_embedding=self.chelsie.condition[:, None].repeat(1, len(mel), 1),
            quantized_code=torch.tensor([codes]),
            time_step=time,
        )
        velocity: Tensor = guided + (guided - unguided) * GUIDANCE
        return velocity

    def vocoded(self, mel: Tensor) -> Tensor:
        """The reference's wave of the whole mel [n, 80]."""
        wave: Tensor = self.token2wav.code2wav_bigvgan_model(mel.t()[None])
        return wave


@pytest.fixture(scope="session")
def speaking(
    small_checkpoint: Checkpoint, placement: Placement, reference: Qwen2_5OmniForConditionalGeneration
) -> Speaking:
    voice, chelsie = Voice(small_checkpoint, placement), small_checkpoint.voice("Chelsie")
    token2wav = reference.token2wav.requires_grad_(requires_grad=False)
    return Speaking(voice, voice.speaker(chelsie), chelsie, token2wav)


def speech_codes(count: int, seed: int = 0) -> list[int]:
    """Codes of no particular speech."""
    return [int(code) for code in np.random.default_rng(seed).integers(0, 8193, count)]


def mel_frames(count: int, seed: int = 0) -> Tensor:
    """Log-mel [count, 80] about as loud as speech, with the floor and the ceiling of the scale in it."""
    mel = torch.randn(count, 80, generator=torch.Generator().manual_seed(seed)) * 3 - 3
    mel[:, 7], mel[:, 11] = -20, 9
    return mel
