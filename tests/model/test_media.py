"""Sound and video files, whole and broken, become samples and frames; speech becomes a file that always plays."""

from __future__ import annotations

import os
import sys
import tracemalloc
import wave
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

import av
import numpy as np
import psutil
import pytest
from numpy.typing import NDArray
from PIL import Image

from model.errors import MediaError
from model.media import (
    BLOCK,
    Block,
    Frame,
    Kind,
    MediaInfo,
    Moment,
    Pace,
    describe,
    read_sound,
    read_video,
    write_wave,
)
from model.protocol import HEARING_RATE, SPEECH_RATE
from tests.helpers.clips import Clip, shade, tone, write_clip

IDENTITY_MATRIX = b"\0\1\0\0" + bytes(12) + b"\0\1\0\0" + bytes(12) + b"\x40\0\0\0"
QUARTER_CLOCKWISE = bytes(4) + b"\0\1\0\0" + bytes(4) + b"\xff\xff\0\0" + bytes(16) + b"\x40\0\0\0"


@pytest.fixture(autouse=True)
def nothing_left_open() -> Iterator[None]:
    yield
    media = {".wav", ".flac", ".mp3", ".ogg", ".m4a", ".webm", ".mp4", ".mkv", ".avi", ".jpg", ".txt", ".m3u8"}
    assert not [file.path for file in psutil.Process().open_files() if Path(file.path).suffix in media]


def silent_report(sentence: str) -> None:
    raise AssertionError(sentence)


def heard(path: Path, report: Callable[[str], None] = silent_report) -> NDArray[np.float32]:
    return np.concatenate(list(read_sound(path, report=report)))


def stereo(seconds: float, rate: int) -> NDArray[np.float32]:
    return np.stack([tone(seconds, rate, level=0.6), tone(seconds, rate, level=0.2)])


def ramp(count: int) -> list[NDArray[np.uint8]]:
    """Frames whose red tells their number."""
    return [shade((8 * number, 60, 200)) for number in range(count)]


def numbers(moments: list[Moment]) -> list[int]:
    return [round(float(moment.pixels[..., 0].mean()) / 8) for moment in moments if isinstance(moment, Frame)]


@pytest.mark.parametrize(
    ("name", "codec", "rate", "error"),
    [
        ("a.wav", "pcm_s16le", 44_100, 1e-4),
        ("a.wav", "pcm_u8", 8_000, 1e-2),
        ("a.wav", "pcm_f32le", 96_000, 1e-4),
        ("a.flac", "flac", 48_000, 1e-4),
        ("a.mp3", "libmp3lame", 44_100, 3e-2),
        ("a.ogg", "libopus", 48_000, 3e-2),
        ("a.m4a", "aac", 44_100, 0.12),  # FFmpeg's own encoder is rough; a wrong gain would be 0.16
        ("a.webm", "libopus", 48_000, 3e-2),
    ],
)
def test_every_format_is_the_mean_of_its_channels_in_time(
    tmp_path: Path, name: str, codec: str, rate: int, error: float
) -> None:
    path = write_clip(tmp_path / name, Clip(sound=stereo(2.0, rate), rate=rate, sound_codec=codec))
    samples = heard(path)
    assert samples.dtype == np.float32
    assert abs(len(samples) - 2 * HEARING_RATE) <= 400
    inside = slice(HEARING_RATE // 2, HEARING_RATE)
    np.testing.assert_allclose(samples[inside], tone(2.0, HEARING_RATE, level=0.4)[inside], atol=error)
    info = describe(path)
    assert (info.kind, info.has_sound, info.width) == (Kind.SOUND, True, 0)
    assert info.seconds == pytest.approx(2.0, abs=0.06)


def test_sound_at_the_heard_rate_passes_unchanged_in_even_blocks(tmp_path: Path) -> None:
    whole = np.random.default_rng(0).integers(-32768, 32767, 10_000, dtype=np.int16)
    path = write_pcm(tmp_path / "a.wav", whole, HEARING_RATE)
    blocks = list(read_sound(path, report=silent_report))
    assert [len(block) for block in blocks] == [BLOCK] * 6 + [400]
    np.testing.assert_array_equal(np.concatenate(blocks), whole / np.float32(32768))
    assert [len(block) for block in read_sound(path, size=4_000)] == [4_000, 4_000, 2_000]


def write_pcm(path: Path, samples: NDArray[np.int16], rate: int) -> Path:
    with wave.open(str(path), "wb") as writer:
        writer.setnchannels(1)
        writer.setsampwidth(2)
        writer.setframerate(rate)
        writer.writeframes(samples.tobytes())
    return path


def test_ten_minutes_of_sound_need_no_memory(tmp_path: Path) -> None:
    path = write_pcm(tmp_path / "a.wav", np.zeros(600 * 44_100, np.int16), 44_100)
    list(zip(range(10), read_sound(path), strict=False))
    process = psutil.Process()
    before = process.memory_info().rss
    tracemalloc.start()
    total = sum(len(block) for block in read_sound(path, report=silent_report))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert total == 600 * HEARING_RATE
    assert peak < 2_000_000
    assert process.memory_info().rss - before < 20_000_000


def test_cover_art_is_not_a_video(tmp_path: Path) -> None:
    cover = tmp_path / "cover.jpg"
    Image.new("RGB", (32, 32), "red").save(cover)
    path = tmp_path / "a.mp3"
    with av.open(str(path), "w") as output, av.open(str(cover)) as art:
        sound = output.add_stream("libmp3lame", rate=44_100, layout="mono")
        picture = output.add_stream_from_template(art.streams.video[0])
        picture.disposition = av.stream.Disposition.attached_pic
        packet = next(art.demux(art.streams.video[0]))
        packet.stream = picture
        output.mux(packet)
        frame = av.AudioFrame.from_ndarray(tone(1.0, 44_100)[None, :], format="fltp", layout="mono")
        frame.sample_rate = 44_100
        output.mux(sound.encode(frame))
        output.mux(sound.encode(None))
    with av.open(str(path)) as made:
        assert made.streams.video  # the art is there
    assert describe(path).kind is Kind.SOUND
    assert len(heard(path)) == pytest.approx(HEARING_RATE, abs=800)
    with pytest.raises(MediaError, match="no moving picture"):
        list(read_video(path))


@pytest.mark.parametrize(("name", "codec"), [("a.mp4", "aac"), ("a.mkv", "pcm_s16le"), ("a.webm", "libopus")])
def test_video_gives_frames_and_sound_in_time(tmp_path: Path, name: str, codec: str) -> None:
    video_codec = "libvpx" if name == "a.webm" else "mpeg4"
    clip = Clip(
        sound=stereo(3.0, 48_000),
        sound_codec=codec,
        frames=ramp(30),
        times=[number / 10 for number in range(30)],
        video_codec=video_codec,
    )
    path = write_clip(tmp_path / name, clip)
    moments = list(read_video(path, report=silent_report))
    times = [moment.time for moment in moments]
    assert times == sorted(times)
    assert isinstance(moments[0], Frame)
    assert isinstance(moments[1], Block)
    frames = [moment for moment in moments if isinstance(moment, Frame)]
    assert [frame.time for frame in frames] == pytest.approx([0.0, 0.5, 1.0, 1.5, 2.0, 2.5])
    assert numbers(moments) == [0, 5, 10, 15, 20, 25]
    assert frames[0].pixels.shape == (48, 64, 3)
    blocks = [moment for moment in moments if isinstance(moment, Block)]
    samples = np.concatenate([block.samples for block in blocks])
    np.testing.assert_array_equal([block.time for block in blocks], np.arange(len(blocks)) * BLOCK / HEARING_RATE)
    inside = slice(HEARING_RATE // 2, HEARING_RATE)
    np.testing.assert_allclose(samples[inside], tone(2.0, HEARING_RATE, level=0.4)[inside], atol=0.12)
    info = describe(path)
    assert info == MediaInfo(Kind.VIDEO, info.seconds, has_sound=True, width=64, height=48)
    assert info.seconds == pytest.approx(3.0, abs=0.05)


def test_a_video_whose_sound_is_hollow_is_still_seen(tmp_path: Path) -> None:
    clip = Clip(sound=np.zeros((1, 0), np.float32), frames=ramp(10), times=[number / 10 for number in range(10)])
    path = write_clip(tmp_path / "a.mkv", clip)
    assert numbers(list(read_video(path))) == [0, 5]
    with pytest.raises(MediaError, match="no sound that can be read"):
        list(read_sound(path))


def test_frames_keep_their_real_times(tmp_path: Path) -> None:
    """A screen recording: pictures come when something changes."""
    times = [0.0, 0.04, 0.7, 0.72, 3.0, 3.9]
    path = write_clip(tmp_path / "a.mkv", Clip(frames=ramp(6), times=times))
    moments = list(read_video(path))
    assert [moment.time for moment in moments] == pytest.approx([0.0, 0.7, 3.0, 3.9], abs=2e-3)
    assert numbers(moments) == [0, 2, 4, 5]
    assert [moment.time for moment in read_video(path, fps=100)] == pytest.approx(times, abs=2e-3)


def test_video_without_sound(tmp_path: Path) -> None:
    path = write_clip(tmp_path / "a.mp4", Clip(frames=ramp(10), times=[number / 10 for number in range(10)]))
    assert not describe(path).has_sound
    assert numbers(list(read_video(path, report=silent_report))) == [0, 5]
    with pytest.raises(MediaError, match="no sound in it"):
        list(read_sound(path))


def test_sound_that_begins_late_keeps_its_place(tmp_path: Path) -> None:
    clip = Clip(
        sound=stereo(1.0, 48_000),
        sound_codec="pcm_s16le",
        sound_begin=1.5,
        frames=ramp(30),
        times=[number / 10 for number in range(30)],
    )
    samples = heard(write_clip(tmp_path / "a.mkv", clip))
    begin = int(np.argmax(np.abs(samples) > 0.01))
    assert begin == pytest.approx(1.5 * HEARING_RATE, abs=40)
    assert len(samples) == pytest.approx(2.5 * HEARING_RATE, abs=40)


def test_video_is_turned_as_the_camera_was_held(tmp_path: Path) -> None:
    """The matrix that telephones write into mp4: turn a quarter clockwise, (x, y) -> (-y, x)."""
    pixels = shade((255, 0, 0), 64, 32)
    pixels[:, 32:] = (0, 0, 255)  # red left, blue right: after the turn red is above
    path = write_clip(tmp_path / "a.mp4", Clip(frames=[pixels] * 3, times=[0.0, 0.1, 0.2]))
    content = path.read_bytes()
    matrix = content.index(IDENTITY_MATRIX, content.index(b"tkhd"))
    path.write_bytes(content[:matrix] + QUARTER_CLOCKWISE + content[matrix + 36 :])
    (frame,) = list(read_video(path))
    assert isinstance(frame, Frame)
    assert frame.pixels.shape == (64, 32, 3)
    assert frame.pixels[5, 16, 0] > 200 > frame.pixels[5, 16, 2]
    assert frame.pixels[-5, 16, 2] > 200 > frame.pixels[-5, 16, 0]
    assert (describe(path).width, describe(path).height) == (32, 64)


@pytest.mark.parametrize("rate", [23.976, 25.0, 29.97, 30.0, 59.94])
def test_pace_keeps_an_even_rhythm(rate: float) -> None:
    times = np.round(np.arange(round(20 * rate)) / rate, 3)
    pace = Pace(2.0)
    kept = np.array([time for time in times if pace.keeps(float(time))])
    np.testing.assert_allclose(kept, np.arange(40) / 2, atol=1 / rate)


def test_pace_forgives_times_cut_to_milliseconds() -> None:
    pace = Pace(3.0)
    assert [number for number in range(31) if pace.keeps(int(1000 * number / 30) / 1000)] == [0, 10, 20, 30]


def test_a_reader_may_be_left_at_any_time(tmp_path: Path) -> None:
    path = write_clip(
        tmp_path / "a.mkv",
        Clip(sound=stereo(1.0, 48_000), frames=ramp(10), times=[number / 10 for number in range(10)]),
    )
    moments = read_video(path)
    assert isinstance(next(moments), Frame)
    moments.close()
    blocks = read_sound(path)
    assert len(next(blocks)) == BLOCK
    blocks.close()


def missing(folder: Path) -> Path:
    return folder / "missing.wav"


def empty(folder: Path) -> Path:
    path = folder / "empty.wav"
    path.touch()
    return path


def random_bytes(folder: Path) -> Path:
    path = folder / "noise.mp3"
    path.write_bytes(np.random.default_rng(0).bytes(50_000))
    return path


def text_as_picture(folder: Path) -> Path:
    path = folder / "letter.jpg"
    path.write_text("Dear all,\n" * 100)
    return path


def text(folder: Path) -> Path:
    path = folder / "letter.txt"
    path.write_text("Dear all,\n" * 100)
    return path


def playlist(folder: Path) -> Path:
    write_pcm(folder / "secret.wav", np.zeros(16_000, np.int16), HEARING_RATE)
    path = folder / "list.m3u8"
    path.write_text(f"#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n{folder / 'secret.wav'}\n#EXT-X-ENDLIST\n")
    return path


def headless_video(folder: Path) -> Path:
    path = write_clip(folder / "whole.mp4", Clip(frames=ramp(20), times=[number / 10 for number in range(20)]))
    path.write_bytes(path.read_bytes()[:-1500])  # the index of an mp4 is its end
    return path


def soundless_wave(folder: Path) -> Path:
    return write_pcm(folder / "hollow.wav", np.zeros(0, np.int16), HEARING_RATE)


def folder_itself(folder: Path) -> Path:
    return folder


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (missing, "does not exist"),
        (empty, "is empty"),
        (random_bytes, "no sound or video that can be read"),
        (text_as_picture, "no sound or video that can be read"),
        (text, "no sound or video that can be read"),
        (playlist, "no sound or video that can be read"),
        (headless_video, "no sound or video that can be read"),
        (soundless_wave, "no sound"),
        (folder_itself, "is not a file"),
    ],
)
def test_bad_media_are_one_sentence(tmp_path: Path, make: Callable[[Path], Path], sentence: str) -> None:
    path = make(tmp_path)
    with pytest.raises(MediaError, match=sentence) as caught:
        list(read_sound(path))
    said = str(caught.value)
    assert str(path) in said
    assert said.endswith(".")
    assert "\n" not in said
    with pytest.raises(MediaError):
        list(read_video(path))
    if make is not soundless_wave:
        with pytest.raises(MediaError):
            describe(path)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no permission bits")
def test_a_forbidden_file_is_one_sentence(tmp_path: Path) -> None:
    path = write_pcm(tmp_path / "mine.wav", np.zeros(1_600, np.int16), HEARING_RATE)
    path.chmod(0)
    root = os.geteuid() == 0
    if root:  # whom no permission stops
        os.seteuid(65_534)
    try:
        with pytest.raises(MediaError, match="may not be read by you"):
            list(read_sound(path))
    finally:
        if root:
            os.seteuid(0)


@pytest.mark.parametrize(("name", "codec"), [("a.wav", "pcm_s16le"), ("a.mkv", "pcm_s16le"), ("a.flac", "flac")])
def test_what_is_there_of_a_cut_file_is_read_and_said(tmp_path: Path, name: str, codec: str) -> None:
    noise = np.random.default_rng(0).uniform(-0.5, 0.5, (1, 10 * HEARING_RATE)).astype(np.float32)
    path = write_clip(tmp_path / name, Clip(sound=noise, rate=HEARING_RATE, sound_codec=codec))
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])
    said: list[str] = []
    samples = heard(path, said.append)
    assert 4 * HEARING_RATE < len(samples) < 6 * HEARING_RATE
    np.testing.assert_allclose(samples[:HEARING_RATE], noise[0, :HEARING_RATE], atol=1e-4)
    assert len(said) == 1
    assert f"{path} is cut short" in said[0]


def test_a_hole_in_a_file_is_passed_over_and_said(tmp_path: Path) -> None:
    noise = np.random.default_rng(0).uniform(-0.5, 0.5, (1, 10 * HEARING_RATE)).astype(np.float32)
    path = write_clip(tmp_path / "a.m4a", Clip(sound=noise, rate=HEARING_RATE))
    whole = heard(path)
    content = bytearray(path.read_bytes())
    middle = len(content) // 2
    content[middle : middle + 2_000] = bytes(2_000)
    path.write_bytes(content)
    said: list[str] = []
    samples = heard(path, said.append)
    assert len(samples) == len(whole)  # silence keeps the place of what is lost
    np.testing.assert_allclose(samples[-HEARING_RATE:], whole[-HEARING_RATE:], atol=1e-3)
    assert said == [f"{path} is damaged in places: what was there could not be read."]


def test_a_wave_plays_while_it_is_written(tmp_path: Path) -> None:
    path = tmp_path / "speech.wav"
    spoken = np.random.default_rng(0).uniform(-1.2, 1.2, 3 * SPEECH_RATE).astype(np.float32)
    ends = [10, 100, SPEECH_RATE, 3 * SPEECH_RATE]
    with write_wave(path) as add:
        for begin, end in pairwise([0, *ends]):
            add(spoken[begin:end])
            with wave.open(str(path)) as reader:  # as if the program had been killed here
                assert reader.getnframes() == end
                assert path.stat().st_size == 44 + 2 * end
                assert (reader.getframerate(), reader.getnchannels(), reader.getsampwidth()) == (SPEECH_RATE, 1, 2)
    with wave.open(str(path)) as reader:
        stored = np.frombuffer(reader.readframes(reader.getnframes()), "<i2")
    np.testing.assert_array_equal(stored, np.rint(np.clip(spoken, -1, 1) * 32767).astype(np.int16))


def test_a_wave_that_was_never_spoken_is_still_a_wave(tmp_path: Path) -> None:
    with write_wave(tmp_path / "silence.wav"):
        pass
    with wave.open(str(tmp_path / "silence.wav")) as reader:
        assert reader.getnframes() == 0


def test_a_wave_in_a_place_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(MediaError, match="cannot be written"), write_wave(tmp_path / "nowhere" / "speech.wav"):
        pass


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no device that is always full")
def test_a_full_disk_is_one_sentence_and_the_speakers_own_error_stays(tmp_path: Path) -> None:
    at_once: list[MediaError] = []
    with pytest.raises(MediaError, match="cannot be written"), write_wave(Path("/dev/full")) as add:
        try:
            add(np.zeros(100, np.float32))
        except MediaError as error:
            at_once.append(error)
            raise
    assert at_once
    with pytest.raises(ConnectionError), write_wave(tmp_path / "speech.wav") as add:
        add(np.zeros(100, np.float32))
        raise ConnectionError
    with wave.open(str(tmp_path / "speech.wav")) as reader:
        assert reader.getnframes() == 100
