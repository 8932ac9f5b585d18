"""Sound, picture and video files become samples and time-stamped frames; speech becomes a wave file.

Knows nothing of models, tokens or positions. Files are read as they are consumed, so their length costs no memory.
"""

from __future__ import annotations

import heapq
import logging
import wave
from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import BinaryIO, TypeVar

import av
import numpy as np
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.packet import Packet
from av.stream import Disposition
from av.video.frame import VideoFrame
from av.video.stream import VideoStream
from numpy.typing import NDArray

from model.errors import MediaError
from model.pictures import Pixels, check_readable, picture_size
from model.protocol import HEARING_RATE, SPEECH_RATE

Samples = NDArray[np.float32]
Report = Callable[[str], None]
StreamT = TypeVar("StreamT", AudioStream, VideoStream)
PieceT = TypeVar("PieceT", AudioFrame, VideoFrame)

FRAMES_PER_SECOND = 2.0  # what the model is used to see of a video
BLOCK = HEARING_RATE // 10

# A gap in the sound's time stamps longer than this is a pause that was not recorded, shorter is rounding.
_GAP_SECONDS = 0.1
_UNKNOWN_LENGTH_GAP = 60.0
# Only real containers: FFmpeg would also "play" a text file as a terminal session or follow a playlist's links.
_CONTAINERS = (
    "aac,ac3,aiff,amr,amrnb,amrwb,ape,asf,au,avi,caf,eac3,flac,flv,matroska,webm,mov,mp4,m4a,3gp,3g2,mj2,mp3,"
    "mpeg,mpegts,mxf,ogg,tta,w64,wav,wv"
)
# Elementary streams keep no length, FFmpeg guesses it from the bit rate.
_GUESSED_LENGTH = frozenset({"aac", "ac3", "amr", "amrnb", "amrwb", "eac3", "mp3", "mpeg", "mpegts"})
_NOT_A_VIDEO = Disposition.attached_pic | Disposition.timed_thumbnails

_log = logging.getLogger("sightline.media")


class Kind(Enum):
    """What a file is to the one who gives it."""

    SOUND = "sound"
    PICTURE = "picture"
    VIDEO = "video"


@dataclass(frozen=True, slots=True)
class MediaInfo:
    """A file at a glance; seconds is None where the file does not say, the size is 0 × 0 where nothing is seen."""

    kind: Kind
    seconds: float | None
    has_sound: bool
    width: int = 0
    height: int = 0


@dataclass(frozen=True, slots=True)
class Block:
    """Mono sound [samples] at 16 kHz that begins `time` seconds after the file does."""

    time: float
    samples: Samples


@dataclass(frozen=True, slots=True)
class Frame:
    """A picture [height, width, 3] that is shown `time` seconds after the file begins."""

    time: float
    pixels: Pixels


Moment = Block | Frame


class Pace:
    """Thins frames to at most `rate` a second: of each interval 1 / rate it keeps the first frame."""

    def __init__(self, rate: float) -> None:
        self._rate = rate
        self._tick = -1

    def keeps(self, time: float) -> bool:
        """Whether the frame at `time` seconds is kept; times that run backwards are not."""
        tick = int(time * self._rate + 0.01)  # the tolerance: times are often cut to milliseconds
        if tick <= self._tick:
            return False
        self._tick = tick
        return True


@dataclass(slots=True)
class _Damage:
    """How much of a file could not be decoded, and how far it was."""

    packets: int = 0
    read_seconds: float = 0.0


def describe(path: Path) -> MediaInfo:
    """What a file is, from its content and never from its name. MediaError where it is no media."""
    size = picture_size(path)
    if size is not None:
        return MediaInfo(Kind.PICTURE, None, has_sound=False, width=size.width, height=size.height)
    with _opened(path) as container:
        has_sound = _sound_stream(container) is not None
        has_video = _video_stream(container) is not None
        seconds = _seconds(container)
    if has_video:
        with closing(_read_frames(path, FRAMES_PER_SECOND, report=lambda _: None)) as frames:
            height, width, _ = next(frames).pixels.shape
        return MediaInfo(Kind.VIDEO, seconds, has_sound, width, height)
    if has_sound:
        return MediaInfo(Kind.SOUND, seconds, has_sound=True)
    raise MediaError(f"{path} holds neither sound nor pictures; choose another file.")


def read_sound(path: Path, *, size: int = BLOCK, report: Report = _log.warning) -> Generator[Samples, None, None]:
    """The sound of a file (or of a video) as float32 blocks of `size` samples, the last one shorter.

    Of a damaged file what can be read is given, and one sentence goes to `report`. MediaError where nothing can be.
    """
    silent = True
    with closing(_read_blocks(path, size, report)) as blocks:
        for block in blocks:
            silent = False
            yield block.samples
    if silent:
        raise MediaError(f"{path} holds no sound that can be read; choose another file.")


def read_video(
    path: Path, fps: float = FRAMES_PER_SECOND, *, report: Report = _log.warning
) -> Generator[Moment, None, None]:
    """Frames (at most `fps` a second, upright) and blocks of sound, if there are any, in the order of time.

    Of two moments at the same time the frame comes first. The file is opened once for each, so that memory stays
    small however the file interleaves them. Damage is treated as in `read_sound`.
    """
    with ExitStack() as stack:
        frames: Iterator[Moment] = stack.enter_context(closing(_read_frames(path, fps, report)))
        with _opened(path) as container:
            if _sound_stream(container) is None:
                yield from frames
                return
        blocks: Iterator[Moment] = stack.enter_context(closing(_read_blocks(path, BLOCK, report)))
        yield from heapq.merge(frames, blocks, key=lambda moment: moment.time)


@contextmanager
def write_wave(path: Path, rate: int = SPEECH_RATE) -> Iterator[Callable[[Samples], None]]:
    """A 16-bit mono wave file to which samples in -1 … 1 are added while they are made.

    The sizes in the header are brought up to date with every write, so that the file plays even if the program is
    killed. MediaError where the file cannot be written.
    """
    open_files = ExitStack()
    with _writing(path):
        file = open_files.enter_context(path.open("wb"))  # by ourselves: wave leaks a writer where it cannot open
        writer = open_files.enter_context(wave.Wave_write(file))
        writer.setnchannels(1)
        writer.setsampwidth(2)
        writer.setframerate(rate)

    def add(samples: Samples) -> None:
        with _writing(path):
            _append(writer, file, samples)

    try:
        yield add
    finally:
        with _writing(path):
            open_files.close()


@contextmanager
def _writing(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise MediaError(f"{path} cannot be written ({error.strerror or error}); choose another place.") from error


def _append(writer: wave.Wave_write, file: BinaryIO, samples: Samples) -> None:
    whole = np.rint(np.clip(np.nan_to_num(samples), -1.0, 1.0) * 32767.0).astype("<i2")
    writer.writeframes(whole.tobytes())  # unlike writeframesraw it brings the header up to date
    file.flush()


@contextmanager
def _opened(path: Path) -> Iterator[InputContainer]:
    check_readable(path)
    options = {"format_whitelist": _CONTAINERS, "protocol_whitelist": "file"}
    try:
        container = av.open(f"file:{path}", "r", options=options, metadata_errors="replace")
    except (av.FFmpegError, ValueError) as error:
        raise MediaError(f"{path} is no sound or video that can be read, or is cut short; try another.") from error
    with container:
        yield container


def _sound_stream(container: InputContainer) -> AudioStream | None:
    streams = [stream for stream in container.streams.audio if stream.codec_context is not None]
    best = container.streams.best("audio")
    return best if best in streams else next(iter(streams), None)


def _video_stream(container: InputContainer) -> VideoStream | None:
    return next((stream for stream in container.streams.video if not stream.disposition & _NOT_A_VIDEO), None)


def _seconds(container: InputContainer) -> float | None:
    return None if container.duration is None else container.duration / 1e6


def _begin(container: InputContainer) -> float:
    return 0.0 if container.start_time is None else container.start_time / 1e6


def _read_blocks(path: Path, size: int, report: Report) -> Generator[Block, None, None]:
    with _opened(path) as container:
        stream = _sound_stream(container)
        if stream is None:
            raise MediaError(f"{path} has no sound in it; choose another file.")
        damage = _Damage()
        total = 0
        for samples in _regrouped(_resampled(container, stream, damage), size):
            yield Block(total / HEARING_RATE, samples)
            total += len(samples)
        damage.read_seconds = total / HEARING_RATE
        _report_damage(path, container, stream, damage, report)


def _read_frames(path: Path, fps: float, report: Report) -> Generator[Frame, None, None]:
    with _opened(path) as container:
        stream = _video_stream(container)
        if stream is None:
            raise MediaError(f"{path} has no moving picture in it; give it as sound or picture.")
        stream.thread_type = "AUTO"
        damage = _Damage(read_seconds=-1.0)
        pace = Pace(fps)
        for picture in _decoded(container.demux(stream), stream.decode, damage):
            time = _time(picture, container, damage.read_seconds)
            damage.read_seconds = time
            if pace.keeps(time):
                yield Frame(time, _upright(picture, stream))
        if damage.read_seconds < 0:
            raise MediaError(f"{path} holds no picture that can be read; choose another file.")
        _report_damage(path, container, stream, damage, report)


def _decoded(
    packets: Iterator[Packet[StreamT]], decode: Callable[[Packet[StreamT]], list[PieceT]], damage: _Damage
) -> Iterator[PieceT]:
    """All that can be decoded; a broken packet is counted and passed over, a broken file ends here."""
    try:
        for packet in packets:
            try:
                yield from decode(packet)
            except av.FFmpegError:
                damage.packets += 1
    except av.FFmpegError:
        damage.packets += 1


def _time(frame: AudioFrame | VideoFrame, container: InputContainer, before: float) -> float:
    """Seconds since the file began; a frame without time stamp is taken to follow the one `before` it."""
    if frame.pts is None or frame.time_base is None:
        return max(before, 0.0)
    return max(float(frame.pts * frame.time_base) - _begin(container), 0.0)


def _resampled(container: InputContainer, stream: AudioStream, damage: _Damage) -> Iterator[Samples]:
    """Mono 16 kHz sound without holes from the file's beginning on: what was not recorded is silence."""
    shape: tuple[str, str, int] | None = None
    resampler = _resampler()
    heard = 0.0
    for frame in _decoded(container.demux(stream), stream.decode, damage):
        if shape not in {None, (frame.format.name, frame.layout.name, frame.sample_rate)}:
            yield from _mixed(resampler.resample(None))
            resampler = _resampler()
        shape = (frame.format.name, frame.layout.name, frame.sample_rate)
        begin = _time(frame, container, heard)
        if begin - heard > _GAP_SECONDS:
            gap = min(begin - heard, _longest_gap(container, heard))
            yield from _silence(gap)
            heard += gap
        heard += frame.samples / frame.sample_rate
        frame.pts = None  # the resampler would drop or stretch sound to obey time stamps that jitter
        yield from _mixed(resampler.resample(frame))
    if shape is not None:
        yield from _mixed(resampler.resample(None))


def _resampler() -> AudioResampler:
    return AudioResampler(format="fltp", rate=HEARING_RATE)


def _longest_gap(container: InputContainer, heard: float) -> float:
    seconds = _seconds(container)
    return _UNKNOWN_LENGTH_GAP if seconds is None else max(seconds - heard, 0.0)


def _silence(seconds: float) -> Iterator[Samples]:
    left = round(seconds * HEARING_RATE)
    while left > 0:
        yield np.zeros(min(left, BLOCK), np.float32)
        left -= BLOCK


def _mixed(frames: list[AudioFrame]) -> Iterator[Samples]:
    """The mean of the channels: FFmpeg's own mix to mono is louder than any of them and can exceed full scale."""
    for frame in frames:
        yield frame.to_ndarray().mean(axis=0, dtype=np.float32)


def _regrouped(pieces: Iterator[Samples], size: int) -> Iterator[Samples]:
    held: list[Samples] = []
    length = 0
    for piece in pieces:
        held.append(piece)
        length += len(piece)
        if length < size:
            continue
        joined = np.concatenate(held)
        whole = length - length % size
        yield from joined[:whole].reshape(-1, size)
        held, length = [joined[whole:].copy()], length - whole
    if length:
        yield np.concatenate(held)


def _upright(picture: VideoFrame, stream: VideoStream) -> Pixels:
    """RGB with square pixels, turned as the camera was held."""
    aspect = stream.sample_aspect_ratio or 1
    width = max(1, round(picture.width * aspect))
    pixels = picture.reformat(width=width, height=picture.height, format="rgb24").to_ndarray()
    return np.ascontiguousarray(np.rot90(pixels, k=round(picture.rotation / 90) % 4), dtype=np.uint8)


def _report_damage(
    path: Path, container: InputContainer, stream: AudioStream | VideoStream, damage: _Damage, report: Report
) -> None:
    """Says in one sentence that a file was not read to the end that it announces."""
    announced = _announced_seconds(path, container, stream, damage.read_seconds)
    missing = announced - damage.read_seconds
    if missing > max(1.0, 0.02 * announced):
        report(f"{path} is cut short: {damage.read_seconds:.1f} of {announced:.1f} seconds could be read.")
    elif damage.packets:
        report(f"{path} is damaged in places: what was there could not be read.")


def _announced_seconds(
    path: Path, container: InputContainer, stream: AudioStream | VideoStream, read_seconds: float
) -> float:
    """How long the file says it is; 0 where it does not say."""
    if container.format.name in _GUESSED_LENGTH:
        return 0.0
    if container.format.name == "wav":  # FFmpeg tells what is there
        return read_seconds * max(1.0, _riff_bytes(path) / path.stat().st_size)
    if stream.duration is not None and stream.time_base is not None:
        return float(stream.duration * stream.time_base)
    return _seconds(container) or 0.0


def _riff_bytes(path: Path) -> int:
    """The length that a wave file's header announces; 0 from a writer that never came back to fill it in."""
    with path.open("rb") as file:
        head = file.read(8)
    size = int.from_bytes(head[4:8], "little") + 8
    return 0 if head[:4] != b"RIFF" or size > 0xFFFFFFFF else size
