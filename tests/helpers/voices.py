"""A speaking checkpoint whose sound is not clipped, the reference that reads it, and something to say."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file
from torch import Tensor
from transformers import Qwen2_5OmniForConditionalGeneration, Qwen2_5OmniToken2WavModel

from model.dit import GUIDANCE, Speaker
from model.loading import Checkpoint, Placement, Voiceprint
from model.vocoder import Voice

LAST_LAYER = "token2wav.code2wav_bigvgan_model.conv_post.weight"


@pytest.fixture(scope="session")
def speaking_folder(small_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small checkpoint, its last filter quieter: as random as it is, it would be clipped nearly everywhere."""
    folder = tmp_path_factory.mktemp("checkpoints") / "speaking"
    shutil.copytree(small_folder, folder)
    for shard in folder.glob("*.safetensors"):
        tensors = load_file(shard)
        if LAST_LAYER in tensors:
            tensors[LAST_LAYER] *= 0.05
            save_file(tensors, shard, metadata={"format": "pt"})
    return folder


@pytest.fixture(scope="session")
def speaking_checkpoint(speaking_folder: Path) -> Checkpoint:
    return Checkpoint.open(speaking_folder)


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
def speaking(speaking_folder: Path, speaking_checkpoint: Checkpoint) -> Speaking:
    voice, chelsie = Voice(speaking_checkpoint, Placement.cpu()), speaking_checkpoint.voice("Chelsie")
    reference = Qwen2_5OmniForConditionalGeneration.from_pretrained(speaking_folder, dtype=torch.float32)
    token2wav = reference.token2wav.eval().requires_grad_(requires_grad=False)
    return Speaking(voice, voice.speaker(chelsie), chelsie, token2wav)


def speech_codes(count: int, seed: int = 0) -> list[int]:
    """Codes of no particular speech."""
    return [int(code) for code in np.random.default_rng(seed).integers(0, 8193, count)]


def mel_frames(count: int, seed: int = 0) -> Tensor:
    """Log-mel [count, 80] about as loud as speech, with the floor and the ceiling of the scale in it."""
    mel = torch.randn(count, 80, generator=torch.Generator().manual_seed(seed)) * 3 - 3
    mel[:, 7], mel[:, 11] = -20, 9
    return mel
