"""Speech as codes: 50 a second, each the nearest of a book of sounds of speech. Knows no network.

The mel scale is the published vocoder's: 100 frames a second of 24 kHz, 80 bands up to 12 kHz, natural logarithm.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.cluster.vq import vq
from scipy.fft import dct
from scipy.linalg import eigh
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
_COARSE = 16
"""Cosines of a frame."""
_SHAPE = slice(2 * _COARSE + 1, 3 * _COARSE)
"""Of a pair between two others: its first frame, without how loud it is."""
_LEAST_SHARE = 0.3
"""Of the mean spread: what is taken to differ at least in each direction, since few words are heard."""

Frames = NDArray[np.float32]
Words = Sequence[Sequence[Sequence[Frames]]]
"""Log-mel of words, each by every narrator at two or more pitches."""


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
    """What each code sounds like. Code 0 is the published decoder's null code, so codes count from 1.

    A code tells which sound is spoken, not how high: what is coarse in three pairs of frames is seen along the
    directions in which words differ most, in measures of how the same word differs by pitch and narrator (linear
    discriminants). Pitch is the decoder's to add. Of codes for the nearest pair of frames itself, 37 of 100 stayed the
    same where a narrator spoke higher or lower; of these 86 do, and each tells more of the next: 2.1 nats are left of
    2.9, so that the Talker has less to guess. Most codes are still of one narrator only.
    """

    voices: Frames
    """[narrators, 80]: a mean frame of each"""
    mean: Frames
    """[96]: of what is coarse in three pairs of frames"""
    axes: Frames
    """[96, kept]: the directions that tell words apart, in whose measure pitch and person differ by one"""
    entries: Frames
    """[codes, kept]"""
    sounds: Frames
    """[codes, 160]: mean pair of frames of each code, without the narrator's own mean"""

    @property
    def name(self) -> str:
        """Another for every book: what was encoded with one is of no use with another."""
        return hashlib.blake2s(self.axes.tobytes() + self.entries.tobytes(), digest_size=4).hexdigest()

    @classmethod
    def learn(
        cls, words: Words, sentences: Sequence[tuple[int, Frames]], *, codes: int = 1024, kept: int = 24, seed: int = 0
    ) -> CodeBook:
        """From log-mel frames [frames, 80] of words and of sentences by narrators; the same seed gives the same book.

        Raises SightlineError for fewer pairs of frames than codes.
        """
        narrators = range(1 + max(narrator for narrator, _ in sentences))
        voices = np.stack(
            [np.concatenate([mel for who, mel in sentences if who == each]).mean(0) for each in narrators]
        )
        pairs = [_pairs(mel - voices[narrator]) for narrator, mel in sentences]
        count = sum(map(len, pairs))
        if count < codes:
            raise SightlineError(f"{count} pairs of frames are too few for {codes} codes: give more speech.")
        mean, axes = _discriminants(_aligned(words, voices), kept)
        points = np.concatenate([(_around(each) - mean) @ axes for each in pairs])
        entries = _centres(points, codes, np.random.default_rng(seed))
        return cls(voices, mean, axes, entries, _means(np.concatenate(pairs), vq(points, entries)[0], codes))

    def encode(self, mel: Frames, narrator: int) -> NDArray[np.int64]:
        """Log-mel of a whole utterance [2 × codes, 80] -> codes [codes], from 1 on."""
        nearest, _ = vq(self.seen(mel, narrator), self.entries)
        return np.asarray(nearest, np.int64) + 1

    def seen(self, mel: Frames, narrator: int) -> Frames:
        """The same [2 × codes, 80] along the directions that tell words apart [codes, kept]."""
        return np.asarray((_around(_pairs(mel - self.voices[narrator])) - self.mean) @ self.axes, np.float32)

    def decode(self, codes: NDArray[np.int64], narrator: int) -> Frames:
        """Codes [codes] -> the log-mel that they stand for, at a narrator's mean pitch [2 × codes, 80]."""
        return np.asarray(self.sounds[codes - 1].reshape(-1, BANDS) + self.voices[narrator], np.float32)

    def save(self, file: Path) -> None:
        """As an archive of arrays."""
        file.parent.mkdir(parents=True, exist_ok=True)
        np.savez(file, **{each.name: getattr(self, each.name) for each in fields(self)})

    @classmethod
    def load(cls, file: Path) -> CodeBook:
        """Raises SightlineError where the file is missing or damaged."""
        try:
            with np.load(file) as stored:
                return cls(**{each.name: stored[each.name] for each in fields(cls)})
        except (OSError, ValueError, KeyError) as error:
            raise SightlineError(f"{file} is missing or damaged: learn the codes anew.") from error


def _pairs(mel: Frames) -> Frames:
    return mel[: len(mel) // FRAMES_A_CODE * FRAMES_A_CODE].reshape(-1, FRAMES_A_CODE * BANDS)


def _around(pairs: Frames) -> Frames:
    """[pairs, 160] -> what is coarse in each and in those before and behind it [pairs, 96].

    Shapes of the mouth are coarse, tones of the voice are fine. The ends have themselves beside them.
    """
    coarse = dct(pairs.reshape(-1, BANDS), axis=1, norm="ortho")[:, :_COARSE].reshape(len(pairs), -1)
    return np.concatenate(
        [np.concatenate([coarse[:1], coarse[:-1]]), coarse, np.concatenate([coarse[1:], coarse[-1:]])], 1
    )


@dataclass(frozen=True, slots=True)
class _Moments:
    """Of some word: moments of its speech, one row each, and how far the same moment is elsewhere from it."""

    means: Frames
    away: Frames


def _aligned(words: Words, voices: Frames) -> Iterator[_Moments]:
    """Narrators need not take the same time for a word; one narrator at several pitches does, but for its end."""
    for narrators in words:
        said, away = [], []
        for narrator, mels in enumerate(narrators):
            length = min(map(len, mels)) // FRAMES_A_CODE
            several = np.stack([_around(_pairs(mel - voices[narrator]))[:length] for mel in mels])
            said.append(several.mean(0))
            away.append((several - said[-1]).reshape(-1, several.shape[-1]) * (len(mels) / (len(mels) - 1)) ** 0.5)
        first, means = said[0], [said[0]]
        for other in said[1:]:
            rows, columns = _warped(first[:, _SHAPE], other[:, _SHAPE])
            away.append((first[rows] - other[columns]) / 2**0.5)
            means.append(other)
        yield _Moments(np.concatenate(means), np.concatenate(away))


def _warped(first: Frames, second: Frames) -> tuple[list[int], list[int]]:
    """Rows of both that belong together: the way with the least distance (dynamic time warping)."""
    distance = np.square(first[:, None] - second).sum(-1)
    least = np.full((len(first) + 1, len(second) + 1), np.inf)
    least[0, 0] = 0.0
    for row, column in np.ndindex(distance.shape):
        least[row + 1, column + 1] = distance[row, column] + least[row : row + 2, column : column + 2].min()
    place = (len(first), len(second))
    way = []
    while all(place):
        row, column = place
        way.append((row - 1, column - 1))
        place = min(((row - 1, column - 1), (row - 1, column), (row, column - 1)), key=least.__getitem__)
    rows, columns = zip(*reversed(way), strict=True)
    return list(rows), list(columns)


def _discriminants(moments: Iterable[_Moments], kept: int) -> tuple[Frames, Frames]:
    """Mean, and the directions [values, kept] in which moments differ most, measured by how the same one does."""
    found = list(moments)
    means, away = (np.concatenate(rows) for rows in zip(*((each.means, each.away) for each in found), strict=True))
    same = away.T @ away / len(away)
    same += np.eye(len(same)) * np.trace(same) / len(same) * _LEAST_SHARE
    _, directions = eigh(np.cov(means, rowvar=False), same)
    return means.mean(0), np.asarray(directions[:, ::-1][:, :kept], np.float32)


def _means(rows: Frames, groups: NDArray[np.int32], count: int) -> Frames:
    """Mean row of each group; that of all where a group has none."""
    members = csr_array((np.ones(len(rows), np.float32), (groups, np.arange(len(rows)))), shape=(count, len(rows)))
    sizes = members.sum(axis=1)[:, None]
    return np.asarray(np.where(sizes > 0, (members @ rows) / np.maximum(sizes, 1.0), rows.mean(0)), np.float32)


def _centres(points: Frames, count: int, rng: np.random.Generator) -> Frames:
    """k-means, by Lloyd's rounds; a centre that nothing is near to begins anew at some point."""
    centres = points[rng.choice(len(points), count, replace=False)]
    for _ in range(_ROUNDS):
        nearest, _ = vq(points, centres)
        centres = _means(points, nearest, count)
        empty = np.flatnonzero(np.bincount(nearest, minlength=count) == 0)
        centres[empty] = points[rng.choice(len(points), len(empty))]
    return np.asarray(centres, np.float32)
