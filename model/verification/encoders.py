"""Ear and eye, fed in pieces, against transformers' encoders on the whole. Knows nothing of words."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import torch
from numpy.typing import NDArray
from transformers import WhisperFeatureExtractor

from model.media import Frame
from model.mel import EXPECTED_MAXIMUM, features, running_deviation
from model.omni import Omni
from model.sight import PixelLimits
from model.verification.rows import Row

SECONDS = 5.3
SMALL_FRAMES = PixelLimits(16 * 784, 64 * 784)


def probe_sound(seconds: float = SECONDS) -> NDArray[np.float32]:
    """A gliding tone in noise that grows from a whisper, 16 kHz: no two blocks are alike."""
    time = np.arange(int(seconds * 16_000)) / 16_000
    noise = np.random.default_rng(0).normal(size=len(time))
    tone = 0.3 * np.sin(2 * np.pi * (200 + 90 * np.sin(time)) * time) + 0.05 * noise
    return (np.linspace(0.002, 1, len(time)) * tone).astype(np.float32)


@torch.inference_mode()
def hearing(omni: Omni) -> Iterator[Row]:
    """The mel against the published extractor, and streamed blocks against the encoder on the whole clip."""
    samples, ear = probe_sound(), omni.ear
    extractor = WhisperFeatureExtractor.from_pretrained(omni.checkpoint.path, local_files_only=True)
    published = extractor(
        samples, sampling_rate=16_000, padding="max_length", return_attention_mask=True, return_tensors="pt"
    )
    length = int(published["attention_mask"].sum())
    own = features(ear.mel, samples, ear.loudest([samples]))
    yield Row.close("ear", "features of a recording", own, published["input_features"][0, :, :length])
    deviation = running_deviation(ear.mel, samples)
    found = f"largest {deviation.largest:.1e}, mean {deviation.mean:.1e} (of a range of 2)"
    yield Row("ear", "live features against a recording's", found, passed=None)
    mel = features(ear.mel, samples, EXPECTED_MAXIMUM).to(omni.placement.device, omni.placement.dtype)
    whole = ear.encoder(mel, feature_lens=torch.tensor([mel.shape[1]])).last_hidden_state
    stream = ear.stream()
    pieces = [tokens for start in range(0, len(samples), 512) for tokens in stream.push(samples[start : start + 512])]
    rounded = omni.checkpoint.manifest is not None
    blocks = torch.cat([*pieces, *stream.flush()])
    yield Row.close("ear", "blocks of 512 samples", blocks, whole, rounded=rounded)


@torch.inference_mode()
def sight(omni: Omni) -> Iterator[Row]:
    """Frames seen one by one against the encoder on the whole video."""
    eye = omni.eye
    frames = np.random.default_rng(0).integers(0, 256, (6, 120, 160, 3), dtype=np.uint8)
    pairs = [
        eye.preparation.patches(first, second, SMALL_FRAMES)
        for first, second in zip(frames[::2], frames[1::2], strict=True)
    ]
    pixels = torch.cat([torch.from_numpy(pair.values) for pair in pairs]).to(
        omni.placement.device, omni.placement.dtype
    )
    grid = torch.tensor([[len(pairs), pairs[0].rows, pairs[0].columns]])
    whole = eye.encoder(pixels, grid_thw=grid).pooler_output
    stream = eye.stream(SMALL_FRAMES, 2.0)
    seen = [glimpse.tokens for number, frame in enumerate(frames) for glimpse in stream.push(Frame(number / 2, frame))]
    yield Row.close("eye", "frames one by one", torch.cat(seen), whole)
