"""The camera, looking at real encoded files and at a real stream."""

from __future__ import annotations

import io
import itertools
import socket
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import ClassVar

import cv2
import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QCoreApplication
from pytestqt.qtbot import QtBot

from app.devices import camera as camera_module
from app.devices import footage
from app.devices.camera import Camera, mirror
from app.senses import Frame, Size
from tests.helpers.clips import Clip, shade, write_clip

LONG = 10_000  # milliseconds: for a busy machine
RATE = 25
COUNT = 15


@pytest.fixture
def camera(qtbot: QtBot) -> Iterator[Camera]:
    camera = Camera()
    yield camera
    camera.close()


@pytest.fixture(scope="module")
def video(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """15 frames in 0.6 s: red falls by 10 from frame to frame; the left half is a little blue."""
    frames = [shade((250 - 10 * number, 0, 0), 160, 120) for number in range(COUNT)]
    for frame in frames:
        frame[:, :80, 2] = 200
    clip = Clip(frames=frames, times=[number / RATE for number in range(COUNT)])
    return write_clip(tmp_path_factory.mktemp("camera") / "red.mp4", clip)


class Notes:
    """What a camera tells."""

    def __init__(self, camera: Camera) -> None:
        self.sizes: list[tuple[int, int]] = []
        self.frames: list[Frame] = []
        self.complaints: list[str] = []
        camera.opened.connect(lambda width, height: self.sizes.append((width, height)))
        camera.seen.connect(self.frames.append)
        camera.lost.connect(self.complaints.append)


def number_of(frame: Frame) -> int:
    """Which frame of the video it is."""
    return round((250 - float(frame.pixels[:, 100:, 0].mean())) / 10)


def test_a_video_plays_at_its_own_pace_again_and_again(camera: Camera, video: Path, qtbot: QtBot) -> None:
    notes = Notes(camera)
    camera.start(str(video))
    qtbot.waitUntil(lambda: [number_of(frame) for frame in notes.frames].count(COUNT - 1) >= 2, timeout=LONG)
    camera.close()
    assert notes.sizes == [(160, 120)]
    numbers = [number_of(frame) for frame in notes.frames]
    restart = next(index for index in range(1, len(numbers)) if numbers[index] < numbers[index - 1])
    assert numbers[:restart] == sorted(set(numbers[:restart]))
    assert numbers[restart] < 4
    pairs = list(zip(notes.frames, numbers, strict=True))
    first, again = pairs[0], pairs[restart]
    expected = (COUNT + again[1] - first[1]) / RATE
    assert again[0].time - first[0].time == pytest.approx(expected, abs=0.15)
    paces = [
        (after.time - before.time) / (later - earlier)
        for (before, earlier), (after, later) in itertools.pairwise(pairs[:restart])
    ]
    assert np.median(paces) == pytest.approx(1 / RATE, rel=0.25)


def test_colours_are_red_green_blue_and_the_newest_frame_is_kept(camera: Camera, video: Path, qtbot: QtBot) -> None:
    assert camera.newest() is None
    camera.start(str(video))
    qtbot.waitUntil(lambda: camera.newest() is not None, timeout=LONG)
    first = camera.newest()
    assert first is not None
    assert first.pixels.dtype == np.uint8
    assert first.pixels[60, 40].tolist() == pytest.approx([250, 0, 200], abs=110)  # within the codec's blur
    assert first.pixels[60, 120, 0] > 90
    assert first.pixels[60, 120, 2] < 60 < first.pixels[60, 40, 2]
    qtbot.waitUntil(lambda: camera.newest() is not first, timeout=LONG)
    newest = camera.newest()
    assert newest is not None
    assert first.time < newest.time <= time.monotonic()
    camera.stop()
    assert camera.newest() is None


def test_a_mirror_exchanges_left_and_right(camera: Camera, video: Path, qtbot: QtBot) -> None:
    camera.start(str(video))
    qtbot.waitUntil(lambda: camera.newest() is not None, timeout=LONG)
    newest = camera.newest()
    assert newest is not None
    assert newest.pixels[60, 40, 2] > 60 > newest.pixels[60, 120, 2]
    assert np.array_equal(mirror(newest).pixels, newest.pixels[:, ::-1])


def test_an_old_picture_is_none_of_now(
    camera: Camera, video: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A camera that stops giving pictures, and is not lost yet."""
    monkeypatch.setattr(camera_module, "STALE_SECONDS", 0.05)
    film = footage.film

    def stall(source: str, stopped: threading.Event, size: Size) -> Iterator[Frame]:
        yield next(film(source, stopped, size))
        stopped.wait()

    monkeypatch.setattr(footage, "film", stall)
    with qtbot.waitSignal(camera.stalled, timeout=LONG):
        camera.start(str(video))
    assert camera.is_looking


class Asked:
    """A camera of OpenCV's that notes what it is asked for, and gives nothing."""

    opened: ClassVar[list[Asked]] = []

    def __init__(self, _number: int) -> None:
        self.wishes: dict[int, float] = {}
        self.opened.append(self)

    def isOpened(self) -> bool:  # noqa: N802 -- OpenCV's name
        return True

    def set(self, name: int, value: float) -> None:
        self.wishes[name] = value

    def grab(self) -> bool:
        return False

    def release(self) -> None:
        pass


@pytest.mark.parametrize(("size", "expected"), [(None, (1280, 720)), (Size(640, 480), (640, 480))])
def test_a_camera_is_asked_for_the_size_that_was_chosen(
    camera: Camera,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
    size: Size | None,
    expected: tuple[int, int],
) -> None:
    monkeypatch.setattr(cv2, "VideoCapture", Asked)
    with qtbot.waitSignal(camera.lost, timeout=LONG):
        camera.start("0", size)
    wishes = Asked.opened[-1].wishes
    assert (wishes[cv2.CAP_PROP_FRAME_WIDTH], wishes[cv2.CAP_PROP_FRAME_HEIGHT]) == expected


def test_a_busy_window_is_not_buried_under_frames(camera: Camera, video: Path, qtbot: QtBot) -> None:
    notes = Notes(camera)
    camera.start(str(video))
    qtbot.waitUntil(lambda: len(notes.frames) == 1, timeout=LONG)
    times: set[float] = set()
    while len(times) < 8:  # the window is busy: no event is delivered
        newest = camera.newest()
        assert newest is not None
        times.add(newest.time)
    shown = len(notes.frames)
    QCoreApplication.sendPostedEvents()
    assert shown < len(notes.frames) <= shown + 2  # the one that waited, and one that came since


def test_numbered_pictures_are_a_camera_too(camera: Camera, tmp_path: Path, qtbot: QtBot) -> None:
    for number in range(3):
        Image.fromarray(shade((80 * number, 0, 0))).save(tmp_path / f"view{number:03d}.png")
    notes = Notes(camera)
    camera.start(str(tmp_path / "view%03d.png"))
    qtbot.waitUntil(lambda: len(notes.frames) >= 5, timeout=LONG)
    reds = [int(frame.pixels[0, 0, 0]) for frame in notes.frames]
    assert set(reds) == {0, 80, 160}
    assert not notes.complaints


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        (
            "91",
            "Camera 91 cannot be opened: plug it in, close other programs that use it, allow Sightline to use it in "
            "the system's settings, or choose another one.",
        ),
        ("nowhere.mp4", "There is no file nowhere.mp4 to see: choose another camera or video."),
        ("nowhere%03d.png", "nowhere%03d.png cannot be read as a video: choose another camera or video."),
    ],
)
def test_what_cannot_be_opened_is_a_sentence(source: str, sentence: str, camera: Camera, qtbot: QtBot) -> None:
    with qtbot.waitSignal(camera.lost, timeout=LONG) as lost:
        camera.start(source)
    assert lost.args == [sentence]
    assert not camera.is_looking


def test_a_file_that_is_no_video_is_a_sentence(camera: Camera, tmp_path: Path, qtbot: QtBot) -> None:
    file = tmp_path / "letter.mp4"
    file.write_text("Dear reader, this is not a video.")
    with qtbot.waitSignal(camera.lost, timeout=LONG) as lost:
        camera.start(str(file))
    assert lost.args == [f"{file} cannot be read as a video: choose another camera or video."]


class Stream(BaseHTTPRequestHandler):
    """Ten pictures as a network camera sends them, then the end of the connection."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "multipart/x-mixed-replace; boundary=picture")
        self.end_headers()
        for number in range(10):
            picture = io.BytesIO()
            Image.fromarray(shade((0, 20 * number, 0), 160, 120)).save(picture, "jpeg")
            self.wfile.write(b"--picture\r\nContent-Type: image/jpeg\r\n")
            self.wfile.write(b"Content-Length: %d\r\n\r\n" % len(picture.getvalue()))
            self.wfile.write(picture.getvalue() + b"\r\n")

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def address() -> Iterator[str]:
    """Of a network camera on this machine."""
    server = HTTPServer(("127.0.0.1", 0), Stream)
    thread = threading.Thread(target=server.serve_forever, name="network camera")
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/camera.mjpg"
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_network_camera_is_seen_and_its_end_is_told(camera: Camera, address: str, qtbot: QtBot) -> None:
    notes = Notes(camera)
    with qtbot.waitSignal(camera.lost, timeout=LONG) as lost:
        camera.start(address)
    assert lost.args == [f"The camera ({address}) is gone: plug it in again, or choose another one."]
    assert notes.sizes == [(160, 120)]


def test_a_network_camera_that_is_off(camera: Camera, qtbot: QtBot) -> None:
    with qtbot.waitSignal(camera.lost, timeout=LONG) as lost:
        camera.start("http://127.0.0.1:9/camera.mjpg")
    assert "does not answer" in lost.args[0]


def test_another_source_takes_over(camera: Camera, video: Path, tmp_path: Path, qtbot: QtBot) -> None:
    Image.fromarray(shade((0, 255, 0), 32, 32)).save(tmp_path / "view000.png")
    notes = Notes(camera)
    camera.start(str(video))
    qtbot.waitUntil(lambda: len(notes.sizes) == 1, timeout=LONG)
    camera.start(str(tmp_path / "view%03d.png"))
    newest = camera.newest()
    assert newest is None or newest.pixels.shape == (32, 32, 3)
    qtbot.waitUntil(lambda: len(notes.sizes) == 2, timeout=LONG)
    assert notes.sizes[1] == (32, 32)
    assert not notes.complaints


def test_a_camera_that_hangs_is_given_up(
    camera: Camera, video: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(camera_module, "OPENING_SECONDS", 0.3)
    monkeypatch.setattr(footage, "STREAM_MILLISECONDS", 1500)
    with socket.create_server(("127.0.0.1", 0)) as mute:  # takes calls and never says a word
        with qtbot.waitSignal(camera.lost, timeout=LONG) as lost:
            camera.start(f"http://127.0.0.1:{mute.getsockname()[1]}/camera.mjpg")
        assert "gives no picture" in lost.args[0]
        assert not camera.is_looking
        monkeypatch.undo()
        with qtbot.waitSignal(camera.opened, timeout=LONG):
            camera.start(str(video))


def test_nobody_waits_for_a_driver_that_hangs(
    camera: Camera, video: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    film, answer = footage.film, threading.Event()

    def hang(source: str, stopped: threading.Event, size: Size) -> Iterator[Frame]:
        if source == "0":
            answer.wait()
        yield from film(source, stopped, size)

    monkeypatch.setattr(footage, "film", hang)
    monkeypatch.setattr(camera_module, "OPENING_SECONDS", 0.1)
    with qtbot.waitSignal(camera.lost, timeout=LONG):
        camera.start("0")
    monkeypatch.setattr(camera_module, "OPENING_SECONDS", 10.0)
    with qtbot.waitSignal(camera.opened, timeout=LONG):
        camera.start(str(video))
    answer.set()
