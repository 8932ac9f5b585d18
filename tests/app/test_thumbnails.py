"""Small pictures of frames and files, and the shape of speech."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from app import thumbnails
from app.illustrator import Illustrator
from app.recordings import Recordings
from app.transcript import Attachment, Kind, Line, Transcript, Who
from model.protocol import SPEECH_RATE

TIMEOUT = 20_000
NOON = datetime(2025, 6, 1, 12, 5)


def unpacked(packed: bytes) -> QImage:
    image = QImage()
    assert image.loadFromData(packed)
    return image


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    """As a camera held upright writes it: 90 degrees turned, and told so."""
    file = tmp_path / "cat.jpg"
    exif = Image.Exif()
    exif[274] = 6
    Image.new("RGB", (1600, 800), (200, 30, 30)).save(file, exif=exif)
    return file


def test_a_frame_is_made_small() -> None:
    frame = np.zeros((480, 640, 3), np.uint8)
    frame[:, :320, 0] = 250
    image = unpacked(thumbnails.of_frame(frame[:, ::-1]))
    assert (image.width(), image.height()) == (320, 240)
    assert image.pixelColor(300, 100).red() > 200
    assert image.pixelColor(20, 100).red() < 50


def test_a_file_is_made_small_and_upright(photo: Path) -> None:
    image = unpacked(thumbnails.of_file(photo))
    assert (image.width(), image.height()) == (160, 320)


def test_what_is_no_picture_has_no_thumbnail(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("no picture")
    assert thumbnails.of_file(tmp_path / "notes.txt") == b""
    assert thumbnails.of_file(tmp_path / "missing.png") == b""


def test_the_shape_of_speech_is_its_loudest_moments() -> None:
    assert thumbnails.of_sound([]) == b""
    assert thumbnails.of_sound([0.0, 1.0, 2.0]) == bytes([0, 255, 255])
    many = thumbnails.of_sound([0.0] * 500 + [0.5] + [0.0] * 499)
    assert len(many) == thumbnails.MOST_LEVELS
    assert max(many) == 127


@pytest.fixture
def transcript() -> Transcript:
    return Transcript()


@pytest.fixture
def illustrator(qtbot: QtBot, transcript: Transcript) -> Iterator[Illustrator]:
    illustrator = Illustrator(transcript)
    yield illustrator
    illustrator.close()


def test_attached_pictures_are_shown(
    qtbot: QtBot, transcript: Transcript, illustrator: Illustrator, photo: Path
) -> None:
    row = transcript.add(
        Line(Who.USER, NOON, "Look", (Attachment(Kind.FILE, "cat.jpg", photo), Attachment(Kind.CAMERA)))
    )
    qtbot.waitUntil(lambda: bool(transcript.line(row).attachments[0].thumbnail), timeout=TIMEOUT)
    assert transcript.line(row).attachments[1].thumbnail == b""


def test_a_line_that_is_gone_is_not_illustrated(
    qtbot: QtBot, transcript: Transcript, illustrator: Illustrator, photo: Path
) -> None:
    given = (Attachment(Kind.FILE, "cat.jpg", photo),)
    transcript.add(Line(Who.USER, NOON, "Look", given))
    transcript.fill([Line(Who.USER, NOON, "Other")])
    row = transcript.add(Line(Who.USER, NOON, "Look", given))
    qtbot.waitUntil(lambda: bool(transcript.line(row).attachments[0].thumbnail), timeout=TIMEOUT)
    assert transcript.line(0).attachments == ()
    transcript.fill([])


def test_the_latest_five_minutes_can_be_heard_again() -> None:
    recordings = Recordings()
    minute = np.zeros(60 * SPEECH_RATE, np.float32)
    for row in range(7):
        recordings.add(row, minute)
    assert [len(recordings.of(row)) for row in range(7)] == [0, 0, 1, 1, 1, 1, 1]
    recordings.cut(5)
    assert [len(recordings.of(row)) for row in range(7)] == [0, 0, 1, 1, 1, 0, 0]
