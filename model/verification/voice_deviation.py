"""How far streamed speech is from what cannot be streamed: full-sequence sampling and the published windows. Only
figures: nothing here is right or wrong. Knows no table."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor
from transformers.models.qwen2_5_omni.modeling_qwen2_5_omni import Qwen2_5OmniToken2WavDiTModel

from model.dit import GUIDANCE, Speaker
from model.errors import never_cancelled
from model.flow import MelStream, Solver, block_noise, evaluation_times
from model.loading import Voiceprint
from model.vocoder import EXACT, FADE, Ramp, Voice

LEFT, CHUNK, RIGHT = 24, 48, 12  # codes of the published windows
SAMPLES_A_CODE = 480
DECIBELS = 20 / math.log(10)  # of one unit of natural log-mel


@dataclass(frozen=True, slots=True)
class Distance:
    """Between two mels of the same frames: root mean square and largest difference, in decibels."""

    mean: float
    largest: float

    @classmethod
    def between(cls, one: Tensor, other: Tensor) -> Distance:
        """Both [frames, mel_dim]."""
        difference = DECIBELS * (one.float().cpu() - other.float().cpu())
        return cls(float(difference.square().mean().sqrt()), float(difference.abs().max()))


@dataclass(frozen=True, slots=True)
class VoiceDeviation:
    """One speech sampled from the same noise in several ways. `loudness` is the mel's own standard deviation in dB, to
    judge the others by; `early` is the share of the wave's power that the early first packet gets wrong."""

    loudness: float
    streamed_from_whole: Distance
    windows_from_whole: Distance
    streamed_from_windows: Distance
    euler_from_rk4: Distance
    early: float


class Sampling:
    """Ways to sample one speech, all from the noise of `seed`."""

    def __init__(
        self,
        voice: Voice,
        reference: Qwen2_5OmniToken2WavDiTModel,
        voiceprint: Voiceprint,
        codes: Sequence[int],
        *,
        seed: int,
        check: Callable[[], None],
    ) -> None:
        """`reference` is transformers' module with the same weights on the same device."""
        self._voice, self._reference, self._voiceprint = voice, reference, voiceprint
        self._codes, self._seed, self._check = list(codes), seed, check
        self.speaker: Speaker = voice.speaker(voiceprint)

    def whole(self, solver: Solver) -> Tensor:
        """transformers' own way: the whole speech at once."""
        return self._window(0, len(self._codes), solver)

    def windows(self, solver: Solver) -> Tensor:
        """The published way to stream: 48 codes at a time, 24 more on the left and 12 on the right, sampled anew."""
        mels = []
        for start in range(0, len(self._codes), CHUNK):
            first, last = max(0, start - LEFT), min(len(self._codes), start + CHUNK + RIGHT)
            mel = self._window(first, last, solver)
            repeats = self._reference.repeats
            mels.append(mel[(start - first) * repeats :][: CHUNK * repeats])
        return torch.cat(mels)

    def streamed(self, solver: Solver, ramp: Ramp = EXACT) -> Tensor:
        """Our way."""
        stream = MelStream(
            self._voice.dit, self.speaker, ramp.sizes(), seed=self._seed, solver=solver, check=self._check
        )
        return torch.cat([packet.mel for packets in (stream.push(self._codes), stream.flush()) for packet in packets])

    def wave(self, solver: Solver, ramp: Ramp) -> Tensor:
        """Our way, up to the sound."""
        stream = self._voice.stream(self.speaker, seed=self._seed, solver=solver, ramp=ramp, check=self._check)
        waves = [wave for part in (stream.push(self._codes), stream.flush()) for wave in part]
        return torch.cat([torch.from_numpy(wave) for wave in waves])

    @torch.inference_mode()
    def _window(self, first: int, last: int, solver: Solver) -> Tensor:
        """Codes `first` … `last` sampled by the reference, the noise of a frame being that of its place in the
        speech."""
        repeats, size = self._reference.repeats, self._reference.block_size
        frames = slice(first * repeats, last * repeats)
        blocks = range(-(-frames.stop // size))
        noise = torch.cat([block_noise(self._seed, block, size, self._reference.mel_dim) for block in blocks])[frames]
        device, dtype = self._reference.device, self._reference.dtype
        times = evaluation_times().to(device, dtype)
        condition, mel = (
            part.to(device, dtype) for part in (self._voiceprint.condition, self._voiceprint.reference_mel)
        )
        codes = torch.tensor([self._codes[first:last]], device=device)

        def velocity(evaluation: int, state: Tensor) -> Tensor:
            self._check()
            guided, unguided = self._reference(
                hidden_states=state[None].to(dtype),
                condition_vector=mel,
                speaker_embedding=condition[:, None].expand(-1, len(state), -1),
                quantized_code=codes,
                time_step=times[evaluation],
            ).float()
            moved: Tensor = guided + (guided - unguided) * GUIDANCE
            return moved

        return solver.integrate(velocity, noise.to(device))


def voice_deviation(
    voice: Voice,
    reference: Qwen2_5OmniToken2WavDiTModel,
    voiceprint: Voiceprint,
    codes: Sequence[int],
    *,
    seed: int = 0,
    solver: Solver = Solver.RK4,
    check: Callable[[], None] = never_cancelled,
) -> VoiceDeviation:
    """Compare all ways on one speech of at least 60 codes; `solver` is theirs except in `euler_from_rk4`."""
    sampling = Sampling(voice, reference, voiceprint, codes, seed=seed, check=check)
    whole, windows, streamed = sampling.whole(solver), sampling.windows(solver), sampling.streamed(solver)
    other = sampling.streamed(Solver.EULER if solver is Solver.RK4 else Solver.RK4)
    return VoiceDeviation(
        loudness=DECIBELS * float(whole.std()),
        streamed_from_whole=Distance.between(streamed, whole),
        windows_from_whole=Distance.between(windows, whole),
        streamed_from_windows=Distance.between(streamed, windows),
        euler_from_rk4=Distance.between(streamed, other),
        early=_early_share(sampling, solver),
    )


def _early_share(sampling: Sampling, solver: Solver) -> float:
    exact, early = (sampling.wave(solver, Ramp((1, 2), early=early)) for early in (False, True))
    first = slice(0, SAMPLES_A_CODE * RIGHT + FADE)
    return float((early - exact)[first].square().sum() / exact[first].square().sum().clamp(min=1e-12))
