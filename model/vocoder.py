"""The voice: speech codes in, sound out, packet by packet. Knows neither the Talker nor the loudspeaker."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, repeat

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from model.bigvgan import BigVGAN, Memory
from model.dit import DiT, Speaker
from model.errors import never_cancelled
from model.flow import MelPacket, MelStream, Solver, evaluation_times
from model.loading import Checkpoint, Placement, Voiceprint

SAMPLE_RATE = 24_000
FADE = 240  # samples in which an early wave gives way to the exact one: 10 ms
Wave = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Ramp:
    """How many blocks of 240 ms each packet finishes, the last number for ever after.

    A packet waits for one block of codes more than it finishes, and the vocoder for 34 mel frames after each sample.
    With `early` the first packet does not wait for those: what is not final yet is taken from the look-ahead block,
    and the sound fades into the exact one behind it.
    """

    blocks: tuple[int, ...]
    early: bool = False

    def sizes(self) -> Iterator[int]:
        """Blocks of the first packet, the second, …"""
        return chain(self.blocks, repeat(self.blocks[-1]))


EXACT = Ramp((2, 2, 4))
EARLY = Ramp((1, 2, 2, 4), early=True)


class Voice:
    """The codec decoder of one checkpoint: transformer and vocoder, shared by all streams."""

    def __init__(self, checkpoint: Checkpoint, placement: Placement) -> None:
        """Read `token2wav`. Raises CheckpointError for missing or misshapen weights."""
        architecture = checkpoint.architecture
        transformer = checkpoint.weights("token2wav.code2wav_dit_model", placement)
        generator = checkpoint.weights("token2wav.code2wav_bigvgan_model", placement)
        self.dit = DiT(architecture.dit, transformer, evaluation_times())
        self.vocoder = BigVGAN(architecture.bigvgan, generator)
        checkpoint.release()

    def speaker(self, voice: Voiceprint) -> Speaker:
        """What is computed once for a voice of the checkpoint."""
        return self.dit.speaker(voice)

    def stream(
        self,
        speaker: Speaker,
        *,
        seed: int,
        solver: Solver = Solver.RK4,
        ramp: Ramp = EXACT,
        check: Callable[[], None] = never_cancelled,
    ) -> VoiceStream:
        """Begin a speech. The same seed, solver and codes give the same sound."""
        mel = MelStream(self.dit, speaker, ramp.sizes(), seed=seed, solver=solver, check=check)
        return VoiceStream(mel, WaveStream(self.vocoder, check, early=ramp.early))


class WaveStream:
    """Mel packets to sound. Every sample waits for the mel frames it depends on, so that the pieces are the whole; only
    with `early` the first packet is sounded at once."""

    def __init__(self, vocoder: BigVGAN, check: Callable[[], None], *, early: bool) -> None:
        """`check` is called between stages."""
        self._vocoder, self._check, self._early = vocoder, check, early
        self._memory = Memory()
        self._crossing: Crossing | None = None

    @property
    def nbytes(self) -> int:
        """Bytes remembered between pushes."""
        return self._memory.nbytes + (self._crossing.nbytes if self._crossing else 0)

    def push(self, packet: MelPacket) -> Tensor:
        """The wave that may be heard now: float32 [samples], perhaps none."""
        wave = self._vocoder(packet.mel, self._memory, self._check, last=packet.last)
        early, self._early = self._early, False
        if early and not packet.last:
            guess = self._vocoder(packet.ahead, self._memory.fork(), self._check, last=True)
            self._crossing = Crossing(guess, len(packet.mel) * self._vocoder.hop - len(wave))
            return torch.cat([wave, self._crossing.given])
        return self._crossing.enter(wave) if self._crossing else wave


class Crossing:
    """From a guessed wave, part of which was given out, into the exact wave of the same samples."""

    def __init__(self, guess: Tensor, given: int) -> None:
        """`guess` [samples], of which the first `given` are heard already."""
        self.given = guess[:given]
        self._skip = given
        self._fading = guess[given : given + FADE]
        self._share = torch.linspace(0, 1, len(self._fading), device=guess.device)

    @property
    def nbytes(self) -> int:
        """Bytes still held."""
        return self._fading.nbytes

    def enter(self, wave: Tensor) -> Tensor:
        """The next exact samples, without those that were heard, the first ones faded in."""
        skipped = min(self._skip, len(wave))
        self._skip -= skipped
        wave = wave[skipped:]
        count = min(len(wave), len(self._fading))
        faded = torch.lerp(self._fading[:count], wave[:count], self._share[:count])
        self._fading, self._share = self._fading[count:], self._share[count:]
        return torch.cat([faded, wave[count:]])


class VoiceStream:
    """One speech. After Cancelled was raised in it, it is of no use any more."""

    def __init__(self, mel: MelStream, wave: WaveStream) -> None:
        """Use `Voice.stream`."""
        self._mel, self._wave = mel, wave

    @property
    def nbytes(self) -> int:
        """Bytes remembered between pushes; they do not grow with the speech."""
        return self._mel.nbytes + self._wave.nbytes

    def push(self, codes: Sequence[int]) -> Iterator[Wave]:
        """Take any number of codes; yield the sound that they complete, float32 within ±1 at 24 kHz.

        Raises ValueError for a code that has no sound, Cancelled from `check`.
        """
        return self._sound(self._mel.push(codes))

    def flush(self) -> Iterator[Wave]:
        """The speech ends: yield the rest. All waves together have 480 samples a code."""
        return self._sound(self._mel.flush())

    def _sound(self, packets: Iterator[MelPacket]) -> Iterator[Wave]:
        for packet in packets:
            wave = self._wave.push(packet)
            if len(wave):
                yield wave.cpu().numpy()
