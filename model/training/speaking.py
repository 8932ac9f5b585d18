"""The voice as it is taught: the vocoder, then the transformer that turns codes into its mel frames. Knows no clock.

Neither needs the Thinker. The Talker, which needs both, has no stage yet, so what is learned here cannot be heard in
the app; it waits in the training's folder.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional as F
from transformers.models.qwen2_5_omni.modeling_qwen2_5_omni import (
    Qwen2_5OmniToken2WavBigVGANModel,
    Qwen2_5OmniToken2WavDiTModel,
)

from model.architecture import Architecture
from model.training import tiny
from model.training.codes import BANDS, FRAMES_A_CODE, HOP, CodeBook, speech_mel, whole_codes
from model.training.corpus.chance import chance, pick
from model.training.corpus.narrators import NARRATORS
from model.training.corpus.sentences import compose
from model.training.corpus.speakers import Samples, check_makers
from model.training.progress import Progress
from model.training.pupil import FRESH_SHARE, Stage

BOOK = "codes.npz"
_BOOK_SENTENCES = 400
_RECENT = 300
"""Sentences that are kept in memory to be shown again."""
_BLOCK_FRAMES = 24  # of the transformer's attention
_MEAN_LOG_MEL = -5.5  # of the narrators' speech: where the transformer begins
_QUIET_BEGINNING = 0.05  # of the vocoder: what is too loud is learned from slowly
_LOST_SHARE = 0.12  # of examples from which nothing is told, so that guidance has something to go away from
_SMALLEST = 1e-5


@dataclass(frozen=True, slots=True)
class Spoken:
    """A sentence by one of the narrators."""

    narrator: int
    wave: Samples
    """[frames × 240]"""
    mel: NDArray[np.float32]
    """[frames, 80]"""


class VoiceParts(nn.Module):
    """Vocoder and transformer, and what tells the narrators apart."""

    def __init__(self, seed: int) -> None:
        super().__init__()
        parts = Architecture.of(tiny.tiny_config())
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            self.vocoder = Qwen2_5OmniToken2WavBigVGANModel(parts.bigvgan)
            self.transformer = Qwen2_5OmniToken2WavDiTModel._from_config(parts.dit, attn_implementation="sdpa")
            _fill_by_fan_in(self)
        self.conditions: Tensor
        generator = torch.Generator().manual_seed(seed)
        self.register_buffer("conditions", torch.randn(len(NARRATORS), parts.dit.enc_emb_dim, generator=generator))
        with torch.no_grad():
            self.vocoder.conv_post.weight.mul_(_QUIET_BEGINNING)
        nn.init.constant_(self.transformer.proj_out.bias, _MEAN_LOG_MEL)

    def sound(self, mels: Tensor) -> Tensor:
        """Log-mel [batch, frames, 80] -> waves [batch, frames × 240], before the vocoder cuts what is too loud."""
        waves: list[Tensor] = []
        handle = self.vocoder.conv_post.register_forward_hook(lambda _module, _inputs, output: waves.append(output))
        try:
            self.vocoder(mels.transpose(1, 2))
        finally:
            handle.remove()
        return waves[0][:, 0]

    def flow_loss(self, mels: Tensor, codes: Tensor, narrators: Tensor, references: Tensor, lost: Tensor) -> Tensor:
        """Flow matching from noise to log-mel [batch, frames, 80]; `lost` [batch] are those that are told nothing."""
        told = (~lost).to(mels.dtype)
        noise, time = torch.randn_like(mels), torch.rand(len(mels))
        along = time[:, None, None]
        flow = self.transformer(
            hidden_states=(1 - along) * noise + along * mels,
            condition_vector=references * told[:, None, None],
            speaker_embedding=(self.conditions[narrators] * told[:, None])[:, None].expand(-1, mels.shape[1], -1),
            quantized_code=codes * (~lost)[:, None],
            time_step=time,
            apply_cfg=False,
        )
        return F.mse_loss(flow, mels - noise)


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

    def losses(self, progress: Progress) -> dict[str, Tensor]:
        """Of the next batch."""
        examples = []
        count = progress.shown.get(self.stage.name, 0)
        rng = chance(progress.seed, "voice", self.stage.name, count)
        for number in range(count, count + self.stage.batch):
            newest = int(number * FRESH_SHARE)
            examples.append(self._spoken(progress.seed, max(0, newest - int(rng.integers(_RECENT)))))
        progress.shown[self.stage.name] = count + self.stage.batch
        torch.manual_seed(int(rng.integers(2**62)))
        return self.stage.loss(self, examples, rng)

    def save(self, progress: Progress) -> None:
        """Nothing but the checkpoint: a voice without a Talker cannot be used."""

    def book(self) -> CodeBook:
        """The book of codes; learned when it is first wanted."""
        file = self._folder / BOOK
        if self._book is None:
            if not file.is_file():
                mels = [self._spoken(self._seed, index).mel for index in range(_BOOK_SENTENCES)]
                codes = Architecture.of(tiny.tiny_config()).dit.num_embeds - 1
                CodeBook.learn(mels, codes=codes, seed=self._seed).save(file)
            self._book = CodeBook.load(file)
        return self._book

    def _say(self, seed: int, index: int) -> Spoken:
        self._check()
        rng = chance(seed, "narrated", index)
        sentence = compose(rng)
        language = pick(rng, ("english", "english", "spanish"))
        narrator = int(rng.integers(len(NARRATORS)))
        text = sentence.english if language == "english" else sentence.spanish
        wave = whole_codes(NARRATORS[narrator].say(text, "english" if language == "english" else "spanish"))
        return Spoken(narrator, wave, speech_mel(torch.from_numpy(wave)).numpy())


def _sounding(pupil: Speaking, examples: list[Spoken], rng: np.random.Generator) -> dict[str, Tensor]:
    """Spectra at four resolutions and the mel itself, of segments; three in ten mels are blurred, as flows will be."""
    frames = pupil.stage.frames
    mels, waves = zip(*(_cut(example, frames, int(rng.integers(2**31))) for example in examples), strict=True)
    mel, wave = torch.stack(mels), torch.stack(waves)
    blurred = (torch.rand(len(mel), 1, 1) < 0.3) * 0.2 * torch.randn_like(mel)
    made = pupil.module.sound(mel + blurred)
    return {"spectra": _spectral_distance(made, wave), "mel": 2.0 * F.l1_loss(speech_mel(made), speech_mel(wave))}


def _flowing(pupil: Speaking, examples: list[Spoken], rng: np.random.Generator) -> dict[str, Tensor]:
    book, frames = pupil.book(), pupil.stage.frames
    pieces = [_cut(example, frames, int(rng.integers(2**31)), _BLOCK_FRAMES)[0] for example in examples]
    codes = [torch.from_numpy(book.encode(piece.numpy())) for piece in pieces]
    references = [_cut(example, frames, int(rng.integers(2**31)))[0] for example in examples]
    narrators = torch.tensor([example.narrator for example in examples])
    lost = torch.rand(len(examples)) < _LOST_SHARE
    loss = pupil.module.flow_loss(torch.stack(pieces), torch.stack(codes), narrators, torch.stack(references), lost)
    return {"flow": loss}


LESSONS = (
    Lesson("vocoder", ("vocoder.",), 2e-3, 8, _sounding, 32),
    Lesson("flow", ("transformer.",), 1.5e-3, 12, _flowing, 4 * _BLOCK_FRAMES),
)


def _cut(spoken: Spoken, frames: int, chance_number: int, multiple: int = FRAMES_A_CODE) -> tuple[Tensor, Tensor]:
    """So many frames from somewhere, a multiple from the beginning; silence follows where the sentence is shorter."""
    places = max(0, len(spoken.mel) - frames) // multiple + 1
    start = chance_number % places * multiple
    mel = np.full((frames, BANDS), np.log(_SMALLEST), np.float32)
    wave = np.zeros(frames * HOP, np.float32)
    given = spoken.mel[start : start + frames]
    mel[: len(given)] = given
    wave[: len(given) * HOP] = spoken.wave[start * HOP : (start + len(given)) * HOP]
    return torch.from_numpy(mel), torch.from_numpy(wave)


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


@torch.no_grad()
def _fill_by_fan_in(parts: nn.Module) -> None:
    for module in parts.modules():
        if isinstance(module, nn.Linear | nn.Conv1d):
            module.weight.normal_(0.0, (module.weight[0].numel()) ** -0.5)
        elif isinstance(module, nn.ConvTranspose1d):
            module.weight.normal_(0.0, (module.weight.shape[0] * module.kernel_size[0] / module.stride[0]) ** -0.5)
        elif isinstance(module, nn.Embedding):
            module.weight.normal_(0.0, 0.4)
        if isinstance(module, nn.Linear | nn.Conv1d | nn.ConvTranspose1d) and module.bias is not None:
            module.bias.zero_()
