"""Devices and window joined: what the model sees, what people see of themselves, and what comes and goes."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal
from pytestqt.qtbot import QtBot

from app import perception
from app.conversation import Conversation
from app.devices.device import Device
from app.devices.ports import SoundPorts
from app.devices.speaker import Speaker
from app.looking import NO_CAMERA, STALLED
from app.perception import ALL_OFF, CANNOT_WAKE, MUTED, Perception
from app.phase import Phase
from app.senses import Block, Continued, Ended, Frame, Paused, Size, Started, Stirred
from app.settings import Settings
from app.transcript import Kind, Transcript, Who
from app.ui.camera_view import HIDDEN
from app.ui.window import Window
from app.voice.system_voice import SystemVoice
from app.voice.voice import Voice
from app.wake_phrase import WakePhrase
from model.protocol import Begin, Cancel, Hear, Order, Read, Ready, Reply, See
from tests.helpers.clips import Clip, shade, write_clip
from tests.helpers.rig_voice import murmur, speak

TIMEOUT = 20_000
READY = Ready("small", "", (), "cpu", 1)
FILES: dict[str, Path] = {}
"""What is to be seen through which camera."""


class Shelf(QObject):
    """A computer whose cameras are video files, plugged in and out by hand.

    Qt, which would be asked, looks only once in a process, and other tests need that look.
    """

    microphones_changed = Signal(object)
    speakers_changed = Signal(object)
    cameras_changed = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.plugged: list[Device] = []
        self.ears: list[Device] = []

    def microphones(self) -> tuple[Device, ...]:
        return tuple(self.ears)

    def speakers(self) -> tuple[Device, ...]:
        return ()

    def cameras(self) -> tuple[Device, ...]:
        return tuple(self.plugged)

    def sizes(self, _camera: Device) -> tuple[Size, ...]:
        return (Size(640, 480), Size(1280, 720))

    def source(self, camera: Device) -> str:
        return str(FILES[camera.identity])

    def close(self) -> None:
        pass

    def plug(self, *cameras: Device) -> None:
        """These are there from now on, and no others."""
        self.plugged = list(cameras)
        self.cameras_changed.emit(self.cameras())


@dataclass
class Joined:
    senses: Perception
    conversation: Conversation
    transcript: Transcript
    shelf: Shelf
    window: Window
    orders: list[Order]
    said: list[str]

    @property
    def frame(self) -> Frame | None:
        return self.conversation._frame


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, tuple[int, int, int]], Device]:
    """A camera of a name, whose left half has a colour while the right one is black."""
    folder = tmp_path_factory.mktemp("cameras")

    def made(name: str, colour: tuple[int, int, int]) -> Device:
        frame = shade(colour, 160, 120)
        frame[:, 80:] = 0
        clip = Clip(frames=[frame] * 5, times=[0.1 * number for number in range(5)])
        FILES[f"usb-{name}"] = write_clip(folder / f"{name}.mp4", clip)
        return Device(f"usb-{name}", name)

    return made


@pytest.fixture(scope="module")
def red(film: Callable[[str, tuple[int, int, int]], Device]) -> Device:
    return film("Red", (250, 0, 0))


@pytest.fixture(scope="module")
def blue(film: Callable[[str, tuple[int, int, int]], Device]) -> Device:
    return film("Blue", (0, 0, 250))


@pytest.fixture
def joined(monkeypatch: pytest.MonkeyPatch, qtbot: QtBot) -> Iterator[Joined]:
    monkeypatch.setattr(perception, "Catalogue", Shelf)
    window = Window(Transcript())
    qtbot.addWidget(window)
    window.show()
    ports = SoundPorts()
    speaker = Speaker(ports)
    transcript = Transcript()
    conversation = Conversation(transcript, Voice(speaker, SystemVoice()))
    orders: list[Order] = []
    said: list[str] = []
    conversation.order.connect(orders.append)
    monkeypatch.setattr(window.transcript, "announce", said.append)
    senses = Perception(ports, 0.7)
    senses.join(window, conversation)
    senses.choose(Settings())
    shelf = senses.catalogue
    assert isinstance(shelf, Shelf)
    yield Joined(senses, conversation, transcript, shelf, window, orders, said)
    senses.close()
    speaker.close()
    ports.close()


def colours(frame: Frame | None) -> tuple[int, int, int, int]:
    """Red and blue of the left half, then of the right one; of no frame nothing."""
    if frame is None:
        return (0, 0, 0, 0)
    left, right = frame.pixels[:, :70].mean((0, 1)), frame.pixels[:, 90:].mean((0, 1))
    return (round(left[0]), round(left[2]), round(right[0]), round(right[2]))


def await_colour(qtbot: QtBot, joined: Joined, place: int) -> None:
    qtbot.waitUntil(lambda: colours(joined.frame)[place] > 180, timeout=TIMEOUT)


def test_the_model_sees_what_can_be_read_where_the_user_sees_a_mirror(
    qtbot: QtBot, joined: Joined, red: Device
) -> None:
    joined.senses.choose(Settings(camera=str(FILES[red.identity]), mirror=True))
    joined.window.senses.camera.setChecked(True)
    await_colour(qtbot, joined, 0)
    qtbot.waitUntil(lambda: joined.window.senses.picture.is_showing, timeout=TIMEOUT)
    assert colours(joined.frame)[2] < 50
    shown = colours(joined.window.senses.picture._frame)
    assert shown[2] > 180
    assert shown[0] < 50
    joined.window.senses.camera.setChecked(False)
    assert joined.frame is None


def test_missing_camera_is_told(joined: Joined) -> None:
    joined.window.senses.camera.setChecked(True)
    assert joined.window.senses.picture.sentence == NO_CAMERA
    assert not joined.window.senses.camera.isChecked()
    assert joined.window.top.live.isHidden()


def test_without_a_preview_the_model_sees_all_the_same(qtbot: QtBot, joined: Joined, red: Device) -> None:
    joined.shelf.plug(red)
    joined.senses.choose(Settings(preview=False))
    joined.window.senses.camera.setChecked(True)
    await_colour(qtbot, joined, 0)
    assert joined.window.senses.picture.sentence == HIDDEN
    assert not joined.window.senses.picture.is_showing
    assert joined.window.top.live.sight.words.text() == "Camera on"
    joined.senses.choose(Settings(preview=True))
    qtbot.waitUntil(lambda: joined.window.senses.picture.is_showing, timeout=TIMEOUT)


def test_a_chosen_camera_that_is_missing_gives_way_and_comes_back_by_itself(
    qtbot: QtBot, joined: Joined, red: Device, blue: Device
) -> None:
    joined.shelf.plug(red)
    joined.senses.choose(Settings(camera=blue.identity))
    about = joined.window.devices.about[joined.window.devices.camera]
    assert "not plugged in" in about.text()
    joined.window.senses.camera.setChecked(True)
    await_colour(qtbot, joined, 0)
    assert "Red is used until it is" in joined.window.senses.about_camera.text()
    joined.shelf.plug(red, blue)
    await_colour(qtbot, joined, 1)
    assert joined.window.senses.about_camera.text() == ""
    assert about.text() == ""
    assert joined.said[-1] == "Blue is back and used again."


def test_a_camera_that_is_pulled_out_gives_way_to_another(
    qtbot: QtBot, joined: Joined, red: Device, blue: Device
) -> None:
    joined.shelf.plug(red, blue)
    joined.senses.choose(Settings(camera=blue.identity))
    joined.window.senses.camera.setChecked(True)
    await_colour(qtbot, joined, 1)
    joined.shelf.plug(red)
    assert joined.frame is None
    await_colour(qtbot, joined, 0)
    assert joined.said[-1] == "Blue is gone: Red is used until it is plugged in again."
    joined.shelf.plug()
    assert "is gone: plug it in again" in joined.window.senses.picture.sentence
    assert not joined.window.senses.camera.isChecked()
    assert joined.window.top.live.isHidden()


def test_cameras_that_cannot_be_looked_through_are_tried_once_each(
    qtbot: QtBot, joined: Joined, red: Device, tmp_path: Path
) -> None:
    """Else two of them would take turns for ever, and a third one that works would never be tried."""
    broken = [Device(f"usb-{name}", name) for name in ("First", "Second")]
    FILES.update({camera.identity: tmp_path / camera.name for camera in broken})
    joined.shelf.plug(*broken)
    joined.window.senses.camera.click()
    qtbot.waitUntil(lambda: not joined.window.senses.camera.isChecked(), timeout=TIMEOUT)
    instead = "First cannot be looked through now: Second is used instead."
    assert joined.said.count(instead) == 1
    assert joined.said[-1].count("First") == 1
    assert "used instead" not in joined.said[-1]
    joined.shelf.plug(*broken, red)
    joined.window.senses.camera.click()
    await_colour(qtbot, joined, 0)
    assert joined.said[-1] == "Second cannot be looked through now: Red is used instead."


def test_a_camera_that_failed_but_stayed_plugged_in_is_used_again_once_it_can_be_looked_through(
    qtbot: QtBot, joined: Joined, red: Device, blue: Device, tmp_path: Path
) -> None:
    """Another program may have had it; no list of cameras tells that it is free."""
    busy = Device("usb-busy", "Busy")
    FILES[busy.identity] = tmp_path / FILES[blue.identity].name
    joined.shelf.plug(busy, red)
    joined.senses.choose(Settings(camera=busy.identity))
    joined.window.senses.camera.setChecked(True)
    await_colour(qtbot, joined, 0)
    assert joined.said[-1] == "Busy cannot be looked through now: Red is used instead."
    shutil.copy(FILES[blue.identity], FILES[busy.identity])
    await_colour(qtbot, joined, 1)
    assert joined.said[-1] == "Busy is back and used again."
    joined.window.senses.camera.setChecked(False)
    assert joined.frame is None


def test_nothing_is_tried_again_behind_the_back_of_who_looks_away(
    qtbot: QtBot, joined: Joined, red: Device, tmp_path: Path
) -> None:
    busy = Device("usb-busy", "Busy")
    FILES[busy.identity] = tmp_path / "busy.mp4"
    joined.shelf.plug(busy, red)
    joined.senses.choose(Settings(camera=busy.identity))
    joined.window.senses.camera.setChecked(True)
    await_colour(qtbot, joined, 0)
    assert joined.senses.looking._probing.isActive() or joined.senses.looking._probe.is_looking
    joined.window.senses.camera.setChecked(False)
    assert not joined.senses.looking._probing.isActive()
    assert not joined.senses.looking._probe.is_looking


def test_microphones_that_cannot_be_listened_to_are_tried_once_each(qtbot: QtBot, joined: Joined) -> None:
    joined.shelf.ears = [Device("ghost", "First"), Device("shadow", "Second")]
    joined.window.senses.hands_free.click()
    qtbot.waitUntil(lambda: not joined.window.senses.hands_free.isChecked(), timeout=TIMEOUT)
    assert joined.said.count("First cannot be listened to now: Second is used instead.") == 1
    assert "used instead" not in joined.said[-1]
    assert joined.window.senses.about_microphone.text() == joined.said[-1]
    assert not joined.senses.is_listening


def test_the_only_camera_is_looked_through_again_once_it_is_back(
    qtbot: QtBot, joined: Joined, red: Device, blue: Device
) -> None:
    joined.shelf.plug(red)
    joined.window.senses.camera.click()
    await_colour(qtbot, joined, 0)
    joined.shelf.plug()
    assert not joined.window.senses.camera.isChecked()
    joined.shelf.plug(blue)  # not what was missed
    assert not joined.window.senses.camera.isChecked()
    joined.shelf.plug(blue, red)
    await_colour(qtbot, joined, 0)
    assert joined.said[-1] == "Red is back and used again."


def test_a_camera_that_was_switched_off_meanwhile_stays_off(qtbot: QtBot, joined: Joined, red: Device) -> None:
    joined.shelf.plug(red)
    joined.window.senses.camera.click()
    await_colour(qtbot, joined, 0)
    joined.shelf.plug()
    joined.window.senses.camera.click()
    joined.window.senses.camera.click()
    joined.shelf.plug(red)
    assert not joined.window.senses.camera.isChecked()


def test_a_default_camera_that_was_replaced_is_used_again(
    qtbot: QtBot, joined: Joined, red: Device, blue: Device
) -> None:
    joined.shelf.plug(red, blue)
    joined.window.senses.camera.click()
    await_colour(qtbot, joined, 0)
    joined.shelf.plug(blue)
    await_colour(qtbot, joined, 1)
    joined.shelf.plug(red, blue)
    await_colour(qtbot, joined, 0)
    assert joined.said[-1] == "Red is back and used again."


def test_a_camera_that_stalls_is_told_and_nothing_old_is_shown_to_the_model(
    qtbot: QtBot, joined: Joined, red: Device
) -> None:
    joined.shelf.plug(red)
    joined.window.senses.camera.setChecked(True)
    await_colour(qtbot, joined, 0)
    joined.senses.looking._camera.stalled.emit()
    assert joined.frame is None
    assert joined.window.senses.picture.sentence == STALLED
    await_colour(qtbot, joined, 0)


def test_one_key_ends_listening_and_looking(qtbot: QtBot, joined: Joined, red: Device) -> None:
    joined.shelf.plug(red)
    live = joined.window.top.live
    joined.window.senses.camera.setChecked(True)
    await_colour(qtbot, joined, 0)
    assert live.isVisible()
    assert live.sight.words.text() == "Camera on"
    live.off.click()
    assert not joined.window.senses.camera.isChecked()
    assert not joined.window.senses.hands_free.isChecked()
    assert joined.frame is None
    assert live.isHidden()
    assert joined.said[-1] == ALL_OFF


def test_a_turn_that_is_being_spoken_is_forgotten_with_it(joined: Joined) -> None:
    joined.conversation.take_news(READY)
    joined.conversation.take_speech(Started(Block(np.zeros(512, np.float32), 0.0), meant=True))
    assert [type(order) for order in joined.orders] == [Begin, Hear]
    joined.senses.shut()
    assert joined.conversation.phase is Phase.LISTENING
    assert isinstance(joined.orders[-1], Cancel)
    assert not any(isinstance(order, Reply) for order in joined.orders)


def test_a_change_is_remarked_on_by_itself_in_a_turn_of_its_own(qtbot: QtBot, joined: Joined) -> None:
    joined.conversation.take_news(READY)
    joined.senses.choose(Settings(remarks=True))
    watch(joined, 50, 60, begin=0)
    assert joined.orders == []
    watch(joined, 200, 40, begin=60)
    assert [type(order) for order in joined.orders] == [Begin, See, See, Read, Reply]
    (line,) = joined.transcript.lines
    assert line.who is Who.ITSELF
    assert [(item.kind, item.name) for item in line.attachments] == [(Kind.CAMERA, "before"), (Kind.CAMERA, "after")]
    assert line.describe().startswith("Noticed by itself, ")
    assert joined.conversation.phase is Phase.THINKING


@pytest.mark.parametrize("occupation", ["typing", "off", "no model"])
def test_nobody_is_interrupted_by_a_remark(qtbot: QtBot, joined: Joined, occupation: str) -> None:
    if occupation != "no model":
        joined.conversation.take_news(READY)
    joined.senses.choose(Settings(remarks=occupation != "off"))
    if occupation == "typing":
        joined.window.composer.edit.setPlainText("What is")
    watch(joined, 50, 10, begin=0)
    watch(joined, 200, 40, begin=10)
    assert joined.orders == []


def watch(joined: Joined, light: int, seconds: float, begin: float) -> None:
    """Frames whose times are a clock of their own, as if a camera had taken them."""
    pixels = shade((100, 100, 100), 80, 60)
    pixels[:, :30] = light
    for number in range(round(2 * seconds)):
        joined.senses.looking._camera.seen.emit(Frame(pixels, begin + number / 2))


def test_muting_is_shown_and_leaves_hands_free_as_it_is(joined: Joined) -> None:
    senses, window = joined.senses, joined.window
    senses._ears.is_hands_free = True
    window.senses.mute.click()
    assert senses._microphone.is_muted
    assert senses._ears.are_open
    assert window.senses.about_muting.isVisible()
    assert window.senses.about_muting.text() == MUTED
    window.senses.mute.click()
    assert not senses._microphone.is_muted
    assert not window.senses.about_muting.isVisible()


def test_where_a_phrase_was_chosen_nothing_is_heard_before_it(qtbot: QtBot, joined: Joined, tmp_path: Path) -> None:
    senses, window = joined.senses, joined.window
    joined.conversation.take_news(READY)
    senses._ears.is_hands_free = True
    senses.wake_by(WakePhrase.NABU)
    assert window.senses.about_waking.text() == "Say “Okay Nabu” to be heard."
    speak_up(senses, speak("What is that?", tmp_path / "spoken.wav"))
    assert joined.orders == []
    speak_up(senses, speak("Okay Nabu", tmp_path / "spoken.wav"))
    qtbot.waitUntil(lambda: not senses._vigil.is_asleep, timeout=TIMEOUT)
    assert not window.senses.about_waking.isVisible()
    assert joined.orders == []
    speak_up(senses, speak("What is that?", tmp_path / "spoken.wav"))
    assert isinstance(joined.orders[0], Begin)
    senses.wake_by(None)
    assert not senses._vigil.is_asleep


def test_a_computer_without_the_recogniser_says_so(joined: Joined, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pymicro_wakeword", None)
    joined.senses.wake_by(WakePhrase.NABU)
    assert joined.window.senses.about_waking.text() == CANNOT_WAKE
    assert not joined.senses._vigil.is_asleep


def speak_up(senses: Perception, spoken: NDArray[np.float32]) -> None:
    """An utterance, as the endpointer tells it."""
    sound = np.concatenate([murmur(0.3), spoken, murmur(0.5)])
    senses._ears.take_speech(Stirred(0.0))
    senses._ears.take_speech(Started(Block(sound[:4800], 0.0)))
    for start in range(4800, len(sound), 512):
        senses._ears.take_speech(Continued(Block(sound[start : start + 512], start / 16_000)))
    senses._ears.take_speech(Paused(0.0))
    senses._ears.take_speech(Ended(0.0))
