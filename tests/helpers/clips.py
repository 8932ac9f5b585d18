"""Small sound, picture and video files, made on the spot so that tests run anywhere."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.container import OutputContainer
from av.video.frame import VideoFrame
from av.video.stream import VideoStream
from numpy.typing import NDArray
from scipy.signal import resample_poly

TONE = 440.0


def tone(seconds: float, rate: int, *, level: float = 0.5) -> NDArray[np.float32]:
    """A sine of 440 Hz."""
    return (level * np.sin(2 * np.pi * TONE * np.arange(round(seconds * rate)) / rate)).astype(np.float32)


def shade(colour: tuple[int, int, int], width: int = 64, height: int = 48) -> NDArray[np.uint8]:
    """A frame of one colour."""
    return np.full((height, width, 3), colour, np.uint8)


@dataclass(frozen=True)
class Clip:
    """What is to be encoded: sound [channels, samples] and frames at `times` seconds; either may be missing."""

    sound: NDArray[np.float32] | None = None
    rate: int = 48_000
    sound_codec: str = "aac"
    sound_begin: float = 0.0
    frames: list[NDArray[np.uint8]] = field(default_factory=list)
    times: list[float] = field(default_factory=list)
    video_codec: str = "mpeg4"
    rotation: float = 0.0


def write_clip(path: Path, clip: Clip, *, container: str | None = None) -> Path:
    """Encode a clip; the container follows from the name unless it is given."""
    with av.open(str(path), "w", format=container) as output:
        video = _video_stream(output, clip) if clip.frames else None
        sound = _sound_stream(output, clip) if clip.sound is not None else None
        if video is not None:
            _encode_frames(output, video, clip)
        if sound is not None and clip.sound is not None:
            _encode_sound(output, sound, clip, clip.sound)
    return path


def _video_stream(output: OutputContainer, clip: Clip) -> VideoStream:
    stream: Any = output.add_stream(clip.video_codec, rate=30)  # typed as one of every kind of stream
    stream.height, stream.width = clip.frames[0].shape[:2]
    stream.pix_fmt = "yuv420p"
    stream.codec_context.time_base = Fraction(1, 1000)
    stream.bit_rate = 2_000_000
    if clip.rotation:
        stream.set_display_rotation(clip.rotation)
    return stream  # type: ignore[no-any-return]


def _encode_frames(output: OutputContainer, stream: VideoStream, clip: Clip) -> None:
    for pixels, time in zip(clip.frames, clip.times, strict=True):
        frame = VideoFrame.from_ndarray(pixels, format="rgb24")
        frame.pts = round(time * 1000)
        frame.time_base = Fraction(1, 1000)
        output.mux(stream.encode(frame))
    output.mux(stream.encode(None))


def _sound_stream(output: OutputContainer, clip: Clip) -> AudioStream:
    assert clip.sound is not None
    layout = "mono" if clip.sound.shape[0] == 1 else "stereo"
    stream: Any = output.add_stream(clip.sound_codec, rate=clip.rate, layout=layout)
    return stream  # type: ignore[no-any-return]


def _encode_sound(
    output: OutputContainer, stream: AudioStream, clip: Clip, sound: NDArray[np.float32], piece: int = 1024
) -> None:
    layout = "mono" if sound.shape[0] == 1 else "stereo"
    for start in range(0, sound.shape[1], piece):
        part = np.ascontiguousarray(sound[:, start : start + piece])
        frame = AudioFrame.from_ndarray(part, format="fltp", layout=layout)
        frame.sample_rate = clip.rate
        frame.pts = start + round(clip.sound_begin * clip.rate)
        frame.time_base = Fraction(1, clip.rate)
        output.mux(stream.encode(frame))
    output.mux(stream.encode(None))


def write_sound(path: Path, samples: NDArray[np.float32]) -> Path:
    """What a speaker played, 48 kHz mono, as FLAC of 24 kHz and 16 bits."""
    wave = resample_poly(samples, 1, 2)
    with av.open(str(path), "w") as output:
        stream: Any = output.add_stream("flac", rate=24_000, layout="mono")
        stream.format = "s16"
        for start in range(0, len(wave), 4096):
            part = np.clip(np.round(wave[None, start : start + 4096] * 32767), -32768, 32767).astype(np.int16)
            frame = AudioFrame.from_ndarray(part, format="s16", layout="mono")
            frame.sample_rate = 24_000
            frame.pts = start
            output.mux(stream.encode(frame))
        output.mux(stream.encode(None))
    return path
