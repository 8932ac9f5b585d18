"""Camera and window joined: what the model sees and what people see of themselves."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, Signal
from pytestqt.qtbot import QtBot

from app import perception
from app.conversation import Conversation
from app.devices.device import Device
from app.devices.ports import SoundPorts
from app.devices.speaker import Speaker
from app.perception import MUTED, NO_CAMERA, Perception
from app.senses import Frame
from app.transcript import Transcript
from app.ui.window import Window
from tests.helpers.clips import Clip, shade, write_clip

TIMEOUT = 20_000


class NoDevices(QObject):
    """A computer with none: Qt, which would be asked, looks only once in a process, and other tests need that look."""

    microphones_changed = Signal(object)

    def microphones(self) -> tuple[Device, ...]:
        return ()

    cameras = microphones


@pytest.fixture
def video(tmp_path: Path) -> Path:
    """Left half red, right half black."""
    frame = shade((250, 0, 0), 160, 120)
    frame[:, 80:] = 0
    return write_clip(tmp_path / "red.mp4", Clip(frames=[frame] * 5, times=[0.1 * number for number in range(5)]))


@pytest.fixture
def window(qtbot: QtBot) -> Window:
    window = Window(Transcript())
    qtbot.addWidget(window)
    window.show()
    return window


@pytest.fixture
def joined(monkeypatch: pytest.MonkeyPatch, window: Window) -> Iterator[tuple[Perception, Conversation]]:
    monkeypatch.setattr(perception, "Catalogue", NoDevices)
    ports = SoundPorts()
    speaker = Speaker(ports)
    conversation = Conversation(Transcript(), speaker)
    senses = Perception(ports, 0.7)
    senses.join(window, conversation)
    yield senses, conversation
    senses.close()
    speaker.close()
    ports.close()


def redness(frame: Frame) -> tuple[float, float]:
    """Of the left and of the right half."""
    return float(frame.pixels[:, :70, 0].mean()), float(frame.pixels[:, 90:, 0].mean())


def test_the_model_sees_what_can_be_read_where_the_user_sees_a_mirror(
    qtbot: QtBot, joined: tuple[Perception, Conversation], window: Window, video: Path
) -> None:
    senses, conversation = joined
    senses._camera.is_mirrored = True
    senses.camera_source = str(video)
    window.senses.camera.setChecked(True)
    qtbot.waitUntil(lambda: conversation._frame is not None, timeout=TIMEOUT)
    qtbot.waitUntil(lambda: window.senses.picture.is_showing, timeout=TIMEOUT)
    assert conversation._frame is not None
    seen, shown = redness(conversation._frame), redness(window.senses.picture._frame)  # type: ignore[arg-type]
    assert seen[0] > seen[1] + 150
    assert shown[1] > shown[0] + 150
    window.senses.camera.setChecked(False)
    assert conversation._frame is None


def test_missing_camera_is_told(joined: tuple[Perception, Conversation], window: Window) -> None:
    window.senses.camera.setChecked(True)
    assert window.senses.picture.sentence == NO_CAMERA
    assert not window.senses.camera.isChecked()


def test_muting_is_shown_and_leaves_hands_free_as_it_is(
    joined: tuple[Perception, Conversation], window: Window
) -> None:
    senses, _ = joined
    senses._ears.is_hands_free = True
    window.senses.mute.click()
    assert senses._microphone.is_muted
    assert senses._ears.are_open
    assert window.senses.about_muting.isVisible()
    assert window.senses.about_muting.text() == MUTED
    window.senses.mute.click()
    assert not senses._microphone.is_muted
    assert not window.senses.about_muting.isVisible()
