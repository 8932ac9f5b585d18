"""Samples become the log-mel features that the audio encoder was trained on, frame by frame as sound comes in.

Knows nothing of encoders or tokens. Whisper's recipe: 25 ms Hann windows every 10 ms, centred, mirrored at the clip's
beginning, silence after its end; log10 of mel power, floored 8 below the clip's maximum, then (x + 4) / 4.

The floor needs the clip's maximum, which live sound does not know. The *running rule* takes the largest value from the
clip's beginning to the end of the two-second block at hand, and never less than `EXPECTED_MAXIMUM`, so that silence
before the first word is not spread over the whole range. A closed block is never changed afterwards. Started from the
clip's own maximum the same rule is Whisper's *clip rule*.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional as F
from transformers import WhisperFeatureExtractor

from model.errors import CheckpointError, MediaError

# log10 of mel power; speech peaks at -1.3 (quiet) to 2.4 (loud), and 0 deviated least from the clip rule on average
EXPECTED_MAXIMUM = 0.0
_FLOOR_BELOW_MAXIMUM = 8.0
_SMALLEST_POWER = 1e-10
_SILENCE = -10.0  # its logarithm


class Mel:
    """The mel scale of a checkpoint, and log power on it before any floor."""

    def __init__(self, folder: Path) -> None:
        """Reads preprocessor_config.json; CheckpointError where it is missing or damaged."""
        try:
            extractor = WhisperFeatureExtractor.from_pretrained(folder, local_files_only=True)
        except (OSError, ValueError, TypeError) as error:
            raise CheckpointError(
                f"{folder} has no preprocessor_config.json that can be read: fetch that file again."
            ) from error
        self.rate: int = extractor.sampling_rate
        self.hop: int = extractor.hop_length
        self.window: int = extractor.n_fft
        self._filters = torch.tensor(extractor.mel_filters, dtype=torch.float32).T.contiguous()
        self._hann = torch.hann_window(self.window)

    @property
    def bands(self) -> int:
        """Numbers in a frame."""
        return self._filters.shape[0]

    def log_power(self, samples: Tensor) -> Tensor:
        """samples [(frames - 1) * hop + window] -> [bands, frames]."""
        spectrum = torch.stft(samples, self.window, self.hop, window=self._hann, center=False, return_complex=True)
        return (self._filters @ spectrum.abs().square()).clamp(min=_SMALLEST_POWER).log10()


class LogPowerStream:
    """Log power of a clip: a frame is given once all samples under its window have come."""

    def __init__(self, mel: Mel) -> None:
        self._mel = mel
        self._pending = torch.empty(0)  # from the left edge of the next frame on
        self._heard = 0
        self._given = 0

    def copy(self) -> LogPowerStream:
        """A stream that goes on from here on its own; shares all it remembers, since that is never written to."""
        return copy.copy(self)

    def push(self, samples: Tensor) -> Tensor:
        """samples [any] -> the frames that became final [bands, n]."""
        begun = self._begun
        self._pending = torch.cat([self._pending, samples])
        self._heard += len(samples)
        if not self._begun:
            return self._no_frames()
        if not begun:
            self._pending = self._mirrored(self._pending)
        count = max(0, (len(self._pending) - self._mel.window) // self._mel.hop + 1)
        if not count:
            return self._no_frames()
        frames = self._frames(self._pending, count)
        self._pending = self._pending[count * self._mel.hop :].clone()
        self._given += count
        return frames

    def rest(self) -> tuple[Tensor, float]:
        """The frames still to come if the clip ended here [bands, n], and the maximum a clip's end adds.

        The extractor pads a clip with silence: frames whose centre lies behind the end are dropped, but as long as
        their window reaches back into the clip they count for its maximum.
        """
        hop, half = self._mel.hop, self._mel.window // 2
        count = -(-(self._heard + half) // hop) - self._given
        kept = -(-self._heard // hop) - self._given
        pending = self._pending if self._begun else self._mirrored(F.pad(self._pending, (0, half + 1)))
        missing = (count - 1) * hop + self._mel.window - len(pending)
        frames = self._frames(F.pad(pending, (0, max(0, missing))), count)
        return frames[:, :kept], float(frames.max())

    @property
    def _begun(self) -> bool:
        return self._heard > self._mel.window // 2

    def _mirrored(self, samples: Tensor) -> Tensor:
        half = self._mel.window // 2
        return torch.cat([samples[1 : half + 1].flip(0), samples])

    def _frames(self, samples: Tensor, count: int) -> Tensor:
        return self._mel.log_power(samples[: (count - 1) * self._mel.hop + self._mel.window])

    def _no_frames(self) -> Tensor:
        return torch.empty(self._mel.bands, 0)


class FeatureStream:
    """Features of a clip in blocks of `size` frames, floored by the running rule from `maximum` on."""

    def __init__(self, mel: Mel, size: int, maximum: float) -> None:
        self._power = LogPowerStream(mel)
        self._size = size
        self._maximum = maximum
        self._open = torch.empty(mel.bands, 0)

    def copy(self) -> FeatureStream:
        """A stream that goes on from here on its own."""
        twin = copy.copy(self)
        twin._power = self._power.copy()
        return twin

    def push(self, samples: Tensor) -> list[Tensor]:
        """samples [any] -> the blocks that closed, each [bands, size]."""
        frames = self._power.push(samples)
        closed = []
        while frames.shape[1]:
            room = self._size - self._open.shape[1]
            self._open = torch.cat([self._open, frames[:, :room]], dim=1)
            self._maximum = max(self._maximum, float(frames[:, :room].max()))
            frames = frames[:, room:]
            if self._open.shape[1] == self._size:
                closed.append(_floored(self._open, self._maximum))
                self._open = self._open[:, :0]
        return closed

    def rest(self) -> Tensor:
        """The open block if the clip ended here [bands, up to size + 1], without changing it."""
        frames, maximum = self._power.rest()
        return _floored(torch.cat([self._open, frames], dim=1), max(self._maximum, maximum))


def _floored(log_power: Tensor, maximum: float) -> Tensor:
    return (log_power.clamp(min=maximum - _FLOOR_BELOW_MAXIMUM) + 4.0) / 4.0


def loudest(mel: Mel, blocks: Iterable[NDArray[Any]]) -> float:
    """The maximum that the clip rule floors by: give it to a stream when the whole clip is at hand."""
    stream = LogPowerStream(mel)
    maximum = _SILENCE
    for block in blocks:
        frames = stream.push(as_samples(block))
        if frames.shape[1]:
            maximum = max(maximum, float(frames.max()))
    return max(maximum, stream.rest()[1])


def known_features(mel: Mel, samples: NDArray[Any]) -> Tensor:
    """A whole clip's features [bands, frames] by the clip rule, its power computed only once."""
    stream = LogPowerStream(mel)
    begun = stream.push(as_samples(samples))
    ended, maximum = stream.rest()
    power = torch.cat([begun, ended], dim=1)
    return _floored(power, max(maximum, float(power.max())))


def features(mel: Mel, samples: NDArray[Any], maximum: float, size: int = 200) -> Tensor:
    """A whole clip's features [bands, frames] as a stream with this `maximum` gives them in blocks of `size`."""
    stream = FeatureStream(mel, size, maximum)
    return torch.cat([*stream.push(as_samples(samples)), stream.rest()], dim=1)


@dataclass(frozen=True, slots=True)
class Deviation:
    """How far features by the running rule lie from those by the clip rule (a feature's range is 2)."""

    largest: float
    mean: float


def running_deviation(mel: Mel, samples: NDArray[Any], maximum: float = EXPECTED_MAXIMUM) -> Deviation:
    """Compare the two floors on a clip; the difference is none from the loudest block on."""
    live = features(mel, samples, maximum)
    difference = (live - features(mel, samples, loudest(mel, [samples]))).abs()
    if not difference.numel():
        return Deviation(0.0, 0.0)
    return Deviation(float(difference.max()), float(difference.mean()))


def as_samples(values: NDArray[Any]) -> Tensor:
    """Mono sound as float32 [n], a copy: floats as they are, integers by their full scale.

    MediaError for several channels, other types and values that are not finite.
    """
    if values.ndim != 1:
        raise MediaError("The sound has several channels where one is expected: mix them to mono first.")
    if values.dtype.kind == "i":
        return torch.from_numpy((values / -float(np.iinfo(values.dtype).min)).astype(np.float32))
    if values.dtype.kind != "f":
        raise MediaError(f"The sound has samples of type {values.dtype}: give floats or signed integers.")
    if not np.isfinite(values).all():
        raise MediaError("The sound holds values that are not numbers: its source or file is damaged.")
    return torch.from_numpy(values.astype(np.float32))
