"""Speech as codes: 50 a second, each the nearest of a book of pairs of mel frames. Knows no network.

The mel scale is the published vocoder's: 100 frames a second of 24 kHz, 80 bands up to 12 kHz, natural logarithm.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.cluster.vq import vq
from scipy.sparse import csr_array
from torch import Tensor
from torch.nn import functional as F
from transformers.audio_utils import mel_filter_bank

from model.errors import SightlineError
from model.training.corpus.narrators import SPEECH_RATE
from model.training.corpus.speakers import Samples

BANDS, HOP, WINDOW = 80, 240, 1024
FRAMES_A_CODE = 2
CODE_SAMPLES = HOP * FRAMES_A_CODE
_EDGE = (WINDOW - HOP) // 2
_QUIETEST = 1e-5
_ROUNDS = 12

Frames = NDArray[np.float32]


def speech_mel(waves: Tensor) -> Tensor:
    """waves [..., samples] of a multiple of 240 -> log-mel [..., samples / 240, 80]."""
    flat = waves.reshape(1, -1, waves.shape[-1])
    padded = F.pad(flat, (_EDGE, _EDGE), mode="reflect")[0]
    spectrum = torch.stft(padded, WINDOW, HOP, window=torch.hann_window(WINDOW), center=False, return_complex=True)
    amplitudes = (spectrum.abs().square() + 1e-9).sqrt().transpose(1, 2) @ _filters()
    return amplitudes.clamp(min=_QUIETEST).log().reshape(*waves.shape[:-1], -1, BANDS)


@cache
def _filters() -> Tensor:
    bank = mel_filter_bank(WINDOW // 2 + 1, BANDS, 0.0, SPEECH_RATE / 2, SPEECH_RATE, norm="slaney", mel_scale="slaney")
    return torch.from_numpy(bank.astype(np.float32))


def whole_codes(wave: Samples) -> Samples:
    """The wave with silence behind it, up to a whole number of codes."""
    return np.pad(wave, (0, -len(wave) % CODE_SAMPLES))


@dataclass(frozen=True, slots=True)
class CodeBook:
    """What each code sounds like. Code 0 is the published decoder's null code, so codes count from 1."""

    mean: Frames
    """[160]: of a pair of mel frames"""
    axes: Frames
    """[160, kept]: the directions in which pairs differ most"""
    entries: Frames
    """[codes, kept]"""

    @classmethod
    def learn(cls, mels: Sequence[Frames], *, codes: int = 1024, kept: int = 40, seed: int = 0) -> CodeBook:
        """From log-mel frames [frames, 80] of many utterances; the same seed gives the same book.

        Raises SightlineError for fewer pairs of frames than codes.
        """
        pairs = np.concatenate([_pairs(mel) for mel in mels])
        if len(pairs) < codes:
            raise SightlineError(f"{len(pairs)} pairs of frames are too few for {codes} codes: give more speech.")
        mean = pairs.mean(0)
        _, directions = np.linalg.eigh(np.cov(pairs - mean, rowvar=False))
        axes = np.asarray(directions[:, ::-1][:, :kept], np.float32)
        points = (pairs - mean) @ axes
        return cls(mean, axes, _centres(points, codes, np.random.default_rng(seed)))

    def encode(self, mel: Frames) -> NDArray[np.int64]:
        """Log-mel [2 × codes, 80] -> codes [codes], from 1 on."""
        nearest, _ = vq((_pairs(mel) - self.mean) @ self.axes, self.entries)
        return np.asarray(nearest, np.int64) + 1

    def decode(self, codes: NDArray[np.int64]) -> Frames:
        """Codes [codes] -> the log-mel that they stand for [2 × codes, 80]."""
        pairs = self.entries[codes - 1] @ self.axes.T + self.mean
        return np.asarray(pairs.reshape(-1, BANDS), np.float32)

    def save(self, file: Path) -> None:
        """As an archive of arrays."""
        file.parent.mkdir(parents=True, exist_ok=True)
        np.savez(file, mean=self.mean, axes=self.axes, entries=self.entries)

    @classmethod
    def load(cls, file: Path) -> CodeBook:
        """Raises SightlineError where the file is missing or damaged."""
        try:
            with np.load(file) as stored:
                return cls(stored["mean"], stored["axes"], stored["entries"])
        except (OSError, ValueError, KeyError) as error:
            raise SightlineError(f"{file} is missing or damaged: learn the codes anew.") from error


def _pairs(mel: Frames) -> Frames:
    return mel[: len(mel) // FRAMES_A_CODE * FRAMES_A_CODE].reshape(-1, FRAMES_A_CODE * BANDS)


def _centres(points: Frames, count: int, rng: np.random.Generator) -> Frames:
    """k-means, by Lloyd's rounds; a centre that nothing is near to begins anew at some point."""
    centres = points[rng.choice(len(points), count, replace=False)]
    for _ in range(_ROUNDS):
        nearest, _ = vq(points, centres)
        members = csr_array((np.ones(len(points), np.float32), (nearest, np.arange(len(points)))))
        members.resize(count, len(points))
        sizes = members.sum(axis=1)
        centres = (members @ points) / np.maximum(sizes, 1.0)[:, None]
        empty = np.flatnonzero(sizes == 0)
        centres[empty] = points[rng.choice(len(points), len(empty))]
    return np.asarray(centres, np.float32)
