"""The voice as it is taught: the vocoder, then the transformer that turns codes into its mel frames. Knows no clock.

Neither needs the Thinker, nor the Talker, whose codes they will sound.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional as F

from model.training import tiny
from model.training.codes import BANDS, FRAMES_A_CODE, HOP, CodeBook, speech_mel
from model.training.corpus.chance import chance
from model.training.corpus.narrators import NARRATORS
from model.training.corpus.speakers import check_makers
from model.training.narration import BOOK, Spoken, narrated, open_book
from model.training.phases import quicken
from model.training.progress import Progress
from model.training.pupil import Beginning, Stage
from model.training.shelves import FRESH_SHARE
from model.training.voice_parts import VoiceParts

_RECENT = 300
"""Sentences that are kept in memory to be shown again."""
_BLOCK_FRAMES = 24  # of the transformer's attention
_LOST_SHARE = 0.12  # of examples from which nothing is told, so that guidance has something to go away from
_SMALLEST = 1e-5
_QUICKENED_AFTER = 50
"""Steps: for fewer it would not be worth the time."""


Loss = Callable[["Speaking", list[Spoken], np.random.Generator], dict[str, Tensor]]


@dataclass(frozen=True, slots=True)
class Lesson(Stage):
    """A stage of the voice's."""

    loss: Loss
    frames: int
    """Of mel in an example."""


class Speaking:
    """The voice in one of its stages."""

    order = ("vocoder", "flow")

    def __init__(self, folder: Path, stage: str, seed: int, check: Callable[[], None]) -> None:
        """As training finds it; SightlineError where espeak-ng is missing."""
        check_makers()
        self.stage: Lesson = next(lesson for lesson in LESSONS if lesson.name == stage)
        self.module = VoiceParts(seed)
        self._folder, self._seed, self._check = folder, seed, check
        self._spoken = lru_cache(maxsize=2 * _RECENT)(self._say)
        self._book: CodeBook | None = None
        self._quickened = False

    def losses(self, progress: Progress) -> dict[str, Tensor]:
        """Of the next batch."""
        examples = []
        count = progress.shown.get(self.stage.name, 0)
        rng = chance(progress.seed, "voice", self.stage.name, count)
        for number in range(count, count + self.stage.batch):
            newest = int(number * FRESH_SHARE)
            examples.append(self._spoken(progress.seed, max(0, newest - int(rng.integers(_RECENT)))))
        progress.shown[self.stage.name] = count + self.stage.batch
        if self.stage.name == "vocoder" and progress.step >= _QUICKENED_AFTER and not self._quickened:
            quicken(self.module.vocoder)
            self._quickened = True
        torch.manual_seed(int(rng.integers(2**62)))
        return self.stage.loss(self, examples, rng)

    def adopt(self, beginning: Beginning) -> dict[str, int]:
        """Its voice and, beside it, its book of codes."""
        folder = beginning.folder
        tiny.adopt(self.module.transformer, folder, "token2wav.code2wav_dit_model.")
        tiny.adopt(self.module.vocoder, folder, "token2wav.code2wav_bigvgan_model.")
        voices = torch.load(folder / "spk_dict.pt", weights_only=True)
        self.module.conditions.copy_(torch.cat([voices[narrator.name]["cond"] for narrator in NARRATORS]))
        self._folder.mkdir(parents=True, exist_ok=True)
        shutil.copy(folder / BOOK, self._folder / BOOK)
        return {}

    def save(self, progress: Progress) -> None:
        """Nothing but the checkpoint: a voice without a Talker cannot be used. See `model.training.assembling`."""

    def book(self) -> CodeBook:
        """The book of codes; learned when it is first wanted."""
        if self._book is None:
            self._book = open_book(self._folder, self._seed, self._check)
        return self._book

    def _say(self, seed: int, index: int) -> Spoken:
        self._check()
        return narrated(seed, index)


def _sounding(pupil: Speaking, examples: list[Spoken], rng: np.random.Generator) -> dict[str, Tensor]:
    """Spectra at four resolutions and the mel itself, of segments; three in ten mels are blurred, as flows will be."""
    frames = pupil.stage.frames
    pieces = [_piece(example, frames, int(rng.integers(2**31))) for example in examples]
    mel, wave = (torch.stack(rows) for rows in zip(*((piece.mel, piece.wave) for piece in pieces), strict=True))
    blurred = (torch.rand(len(mel), 1, 1) < 0.3) * 0.2 * torch.randn_like(mel)
    made = pupil.module.sound(mel + blurred)
    return {"spectra": _spectral_distance(made, wave), "mel": 2.0 * F.l1_loss(speech_mel(made), speech_mel(wave))}


def _flowing(pupil: Speaking, examples: list[Spoken], rng: np.random.Generator) -> dict[str, Tensor]:
    book, frames = pupil.book(), pupil.stage.frames
    pieces = [_piece(example, frames, int(rng.integers(2**31)), _BLOCK_FRAMES) for example in examples]
    codes = [_codes(example, book, piece.start, frames) for example, piece in zip(examples, pieces, strict=True)]
    references = [_piece(example, frames, int(rng.integers(2**31))).mel for example in examples]
    mels = torch.stack([piece.mel for piece in pieces])
    narrators = torch.tensor([example.narrator for example in examples])
    lost = torch.rand(len(examples)) < _LOST_SHARE
    loss = pupil.module.flow_loss(mels, torch.stack(codes), narrators, torch.stack(references), lost)
    return {"flow": loss}


LESSONS = (
    Lesson("vocoder", ("vocoder.",), 2e-3, 8, _sounding, 32),
    Lesson("flow", ("transformer.",), 1.5e-3, 12, _flowing, 4 * _BLOCK_FRAMES),
)


@dataclass(frozen=True, slots=True)
class _Piece:
    """Of a sentence: so many frames from somewhere; silence follows where the sentence is shorter."""

    start: int
    """Frame of the sentence."""
    mel: Tensor
    wave: Tensor


def _piece(spoken: Spoken, frames: int, chance_number: int, multiple: int = FRAMES_A_CODE) -> _Piece:
    """From a multiple of so many frames on."""
    places = max(0, len(spoken.mel) - frames) // multiple + 1
    start = chance_number % places * multiple
    mel = _silence(frames)
    wave = np.zeros(frames * HOP, np.float32)
    given = spoken.mel[start : start + frames]
    mel[: len(given)] = given
    wave[: len(given) * HOP] = spoken.wave[start * HOP : (start + len(given)) * HOP]
    return _Piece(start, torch.from_numpy(mel), torch.from_numpy(wave))


def _codes(spoken: Spoken, book: CodeBook, start: int, frames: int) -> Tensor:
    """Those of a piece, as they are in the whole sentence."""
    whole = np.concatenate([spoken.mel, _silence(max(0, start + frames - len(spoken.mel)))])
    codes = book.encode(whole, spoken.narrator)
    return torch.from_numpy(codes[start // FRAMES_A_CODE : (start + frames) // FRAMES_A_CODE])


def _silence(frames: int) -> NDArray[np.float32]:
    return np.full((frames, BANDS), np.log(_SMALLEST), np.float32)


def _spectral_distance(made: Tensor, wanted: Tensor) -> Tensor:
    """Mean over four resolutions of how far amplitudes and their logarithms are apart."""
    distances = []
    for window in (2048, 1024, 512, 128):
        first, second = (_amplitudes(wave, window) for wave in (made, wanted))
        convergence = torch.linalg.vector_norm(first - second) / torch.linalg.vector_norm(second).clamp(min=_SMALLEST)
        distances.append(convergence + F.l1_loss(first.log(), second.log()))
    return torch.stack(distances).mean()


def _amplitudes(waves: Tensor, window: int) -> Tensor:
    spectrum = torch.stft(waves, window, window // 4, window=torch.hann_window(window), return_complex=True)
    return (spectrum.abs().square() + _SMALLEST**2).sqrt()
