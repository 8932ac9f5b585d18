"""The microphone on the rig: what is played into its cable is heard, its speech found, its loss told."""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot
from scipy.signal import correlate

from app.devices import canceller, capture
from app.devices.canceller import Canceller
from app.devices.capture import Lost, measure_level
from app.devices.device import Device
from app.devices.endpointer import Endpointer
from app.devices.entries import Shape
from app.devices.microphone import Microphone
from app.devices.ports import SoundPorts
from app.devices.voice_activity import BLOCK_SAMPLES, VoiceActivity
from app.senses import Block, Continued, Ended, Paused, SpeechEvent, Started, Stirred
from model.protocol import HEARING_RATE
from tests.helpers.clips import tone
from tests.helpers.echo import clean
from tests.helpers.rig import SoundRig, start_rig
from tests.helpers.rig_voice import Samples, murmur, speak

MIC = Device("mic", "Rig microphone", is_default=True)
NOTHING = np.zeros(0, np.float32)
"""Is played: but the canceller turns the phases of deep sounds all the same."""
LONG = 10_000  # milliseconds: for a busy machine


class Notes:
    """What a microphone tells, in order."""

    def __init__(self, microphone: Microphone) -> None:
        self.blocks: list[Block] = []
        self.levels: list[float] = []
        self.events: list[SpeechEvent] = []
        self.complaints: list[str] = []
        microphone.heard.connect(self.blocks.append)
        microphone.level.connect(self.levels.append)
        microphone.speech.connect(self.events.append)
        microphone.lost.connect(self.complaints.append)

    def kinds(self) -> list[type[SpeechEvent]]:
        return [type(event) for event in self.events if not isinstance(event, Continued)]

    def utterance(self) -> Block:
        """The first one, from its pre-roll on."""
        started = next(event for event in self.events if isinstance(event, Started))
        following = self.events[self.events.index(started) :]
        parts = [event.block.samples for event in following if isinstance(event, Continued)]
        return Block(np.concatenate([started.block.samples, *parts]), started.block.time)


@pytest.fixture(scope="module")
def detector() -> VoiceActivity:
    return VoiceActivity.load()


@pytest.fixture
def microphone(qtbot: QtBot, ports: SoundPorts, detector: VoiceActivity) -> Iterator[Microphone]:
    detector.reset()
    microphone = Microphone(ports, Canceller(ports.far_end), Endpointer(detector))
    yield microphone
    microphone.close()


@pytest.fixture
def notes(microphone: Microphone) -> Notes:
    return Notes(microphone)


def similarity(heard: Samples, sound: Samples) -> float:
    """Of two sounds at 16 kHz at their best alignment: 1 is the same but for its level."""
    heard = np.pad(heard.astype(np.float64), len(sound) // 4)  # the last of it may not have come
    products = correlate(heard, sound.astype(np.float64), mode="valid")
    energy = np.cumsum(np.pad(np.square(heard), (1, 0)))
    energies = (energy[len(sound) :] - energy[: -len(sound)]) * np.square(sound).sum()
    return float((products / np.sqrt(np.maximum(energies, 1e-9))).max())


def test_a_spoken_sentence_is_heard_and_its_ends_are_found(
    microphone: Microphone, notes: Notes, rig: SoundRig, qtbot: QtBot, tmp_path: Path
) -> None:
    spoken = speak("What do you see in front of the camera?", tmp_path / "spoken.wav")
    with qtbot.waitSignal(microphone.opened, timeout=LONG):
        microphone.start(MIC)
    with rig.playing(np.concatenate([murmur(0.5), spoken, murmur(1.5)]), HEARING_RATE):
        qtbot.waitUntil(lambda: Ended in notes.kinds(), timeout=LONG)
    microphone.close()
    assert notes.kinds() == [Stirred, Started, Paused, Ended]
    utterance = notes.utterance()
    assert similarity(utterance.samples, clean(NOTHING, spoken)) > 0.98
    begin = int(np.flatnonzero(np.abs(utterance.samples) > 0.02)[0]) / HEARING_RATE
    assert 0.1 < begin < 0.4  # the pre-roll
    stirred = notes.events[0]
    assert isinstance(stirred, Stirred)
    assert stirred.time == pytest.approx(utterance.time + begin, abs=0.1)
    assert microphone.overflows == 0


def test_blocks_are_continuous_and_the_level_follows(
    microphone: Microphone, notes: Notes, rig: SoundRig, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(microphone.opened, timeout=LONG):
        microphone.start(MIC)
    with rig.playing(tone(1.0, HEARING_RATE, level=0.5), HEARING_RATE):
        qtbot.waitUntil(lambda: max(notes.levels, default=0.0) > 0.8, timeout=LONG)
        assert 0.032 <= time.monotonic() - notes.blocks[-1].time < 1.0  # it has just been spoken
        qtbot.waitUntil(lambda: notes.levels[-1] < 0.1, timeout=LONG)
    assert {len(block.samples) for block in notes.blocks} == {BLOCK_SAMPLES}
    assert np.diff([block.time for block in notes.blocks]) == pytest.approx(0.032, abs=0.005)
    assert max(notes.levels) == pytest.approx(measure_level(tone(1.0, HEARING_RATE, level=0.5)), abs=0.05)


@pytest.mark.parametrize("shape", [Shape(44_100, 1), Shape(48_000, 2)])
def test_a_device_with_a_rate_of_its_own_is_resampled(
    shape: Shape, microphone: Microphone, rig: SoundRig, qtbot: QtBot, request: pytest.FixtureRequest
) -> None:
    notes = Notes(microphone)
    request.getfixturevalue("monkeypatch").setattr(capture, "WANTED", shape)
    spoken = speak("Good morning", request.getfixturevalue("tmp_path") / "spoken.wav")
    with qtbot.waitSignal(microphone.opened, timeout=LONG):
        microphone.start(MIC)
    with rig.playing(np.concatenate([spoken, murmur(1.0)]), HEARING_RATE) as player:
        qtbot.waitUntil(lambda: player.poll() is not None, timeout=LONG)
    microphone.close()
    heard = np.concatenate([block.samples for block in notes.blocks])
    assert similarity(heard, clean(NOTHING, spoken)) > 0.98


def test_one_of_several_is_listened_to(microphone: Microphone, notes: Notes, rig: SoundRig, qtbot: QtBot) -> None:
    cable = rig.plug_in_speaker("cable2")
    headset = rig.plug_in("headset", master="cable2")
    with qtbot.waitSignal(microphone.opened, timeout=LONG):
        microphone.start(Device("headset", "Headset"))
    with rig.playing(tone(1.0, HEARING_RATE), HEARING_RATE, cable="cable2"):
        qtbot.waitUntil(lambda: max(notes.levels, default=0.0) > 0.8, timeout=LONG)
    microphone.close()
    rig.unplug(headset)
    rig.unplug(cable)


def test_muted_it_hears_nothing_and_ends_what_was_being_said(
    microphone: Microphone, notes: Notes, rig: SoundRig, qtbot: QtBot, tmp_path: Path
) -> None:
    spoken = speak("This is a rather long sentence that goes on for quite a while", tmp_path / "spoken.wav")
    microphone.start(MIC)
    with rig.playing(spoken, HEARING_RATE):
        qtbot.waitUntil(lambda: Started in notes.kinds(), timeout=LONG)
        microphone.mute(on=True)
        qtbot.waitUntil(lambda: notes.kinds()[-1] is Ended, timeout=LONG)
        count = len(notes.blocks)
        assert notes.levels[-1] == 0.0
        with qtbot.waitSignal(microphone.opened, timeout=LONG):
            microphone.start(MIC)  # mute lasts
        with rig.recording(source="mic") as recording:
            qtbot.waitUntil(lambda: recording.seconds > 0.3, timeout=LONG)
    assert len(notes.blocks) == count
    microphone.mute(on=False)
    qtbot.waitUntil(lambda: len(notes.blocks) > count, timeout=LONG)


def test_stopped_it_lets_go_of_the_device_and_starts_again(
    microphone: Microphone, notes: Notes, rig: SoundRig, qtbot: QtBot
) -> None:
    for _ in range(3):
        microphone.start(MIC)
    with qtbot.waitSignal(microphone.heard, timeout=LONG):
        assert microphone.is_listening
    streams = rig.streams("source-outputs")
    microphone.close()
    assert not microphone.is_listening
    assert len(rig.streams("source-outputs")) == len(streams) - 1
    with qtbot.waitSignal(microphone.heard, timeout=LONG):
        microphone.start(MIC)
    assert not notes.complaints


def test_unplugged_while_somebody_speaks(
    microphone: Microphone, notes: Notes, rig: SoundRig, qtbot: QtBot, tmp_path: Path
) -> None:
    """The sound server goes on with some other source: what counts is that the device is not listed any more."""
    spoken = speak("This is a rather long sentence that goes on for quite a while", tmp_path / "spoken.wav")
    headset = rig.plug_in("headset")
    microphone.start(Device("headset", "Headset"))
    with rig.playing(spoken, HEARING_RATE):
        qtbot.waitUntil(lambda: Started in notes.kinds(), timeout=LONG)
        rig.unplug(headset)
        microphone.check([Device("headset", "Headset")])
        with qtbot.waitSignal(microphone.lost, timeout=LONG):
            microphone.check([MIC])
    assert notes.complaints == ["The microphone (Headset) is gone: plug it in again, or choose another one."]
    assert notes.kinds()[-1] is Ended
    assert not microphone.is_listening
    with qtbot.waitSignal(microphone.heard, timeout=LONG):
        microphone.start(MIC)


@pytest.mark.skipif(sys.platform != "linux", reason="the rig's sound server is for Linux")
def test_a_sound_server_that_dies(
    microphone: Microphone, notes: Notes, rig: SoundRig, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    with tempfile.TemporaryDirectory(prefix="rig") as folder:
        with start_rig(Path(folder)) as doomed:
            for name, value in doomed.environment.items():
                monkeypatch.setenv(name, value)
            with qtbot.waitSignal(microphone.heard, timeout=LONG):
                microphone.start(MIC)
        qtbot.waitUntil(lambda: bool(notes.complaints), timeout=LONG)
    assert notes.complaints == ["The microphone (Rig microphone) is gone: plug it in again, or choose another one."]
    microphone.close()


def test_a_device_that_gives_no_sound(
    microphone: Microphone, notes: Notes, rig: SoundRig, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    with qtbot.waitSignal(microphone.heard, timeout=LONG):
        microphone.start(MIC)
    microphone.close()
    monkeypatch.setattr(capture, "LONGEST_WAIT", 0.5)
    with qtbot.waitSignal(microphone.heard, timeout=LONG):
        microphone.start(MIC)
    rig.command("pactl", "suspend-source", "mic", "1")
    try:
        with qtbot.waitSignal(microphone.lost, timeout=LONG):
            pass
    finally:
        rig.command("pactl", "suspend-source", "mic", "0")
    assert "gives no sound" in notes.complaints[0]


def test_a_device_that_is_not_there(microphone: Microphone, rig: SoundRig, qtbot: QtBot) -> None:
    with qtbot.waitSignal(microphone.lost, timeout=LONG) as lost:
        microphone.start(Device("nothing", "Ghost"))
    assert lost.args == [
        "The microphone (Ghost) cannot be used: plug it in again, allow Sightline to use it in the system's settings, "
        "or choose another one."
    ]
    assert not microphone.is_listening


def test_what_was_stopped_is_no_loss(microphone: Microphone, notes: Notes, rig: SoundRig, qtbot: QtBot) -> None:
    """Else another one would be opened in its place, though nobody wants to be heard."""
    told: list[object] = []
    microphone._told.connect(lambda _, news: told.extend(news))
    microphone.start(Device("nothing", "Ghost"))
    microphone.stop()
    qtbot.waitUntil(lambda: any(isinstance(news, Lost) for news in told), timeout=LONG)
    assert notes.complaints == []
    assert not microphone.is_listening


class Broken:
    """A detector that fails in a way that nobody has foreseen."""

    def probability(self, _samples: Samples) -> float:
        raise LookupError("a stone")

    def reset(self) -> None:
        pass


def test_what_nobody_has_foreseen_is_told_too(
    ports: SoundPorts, rig: SoundRig, qtbot: QtBot, caplog: pytest.LogCaptureFixture
) -> None:
    """Else the window would show a microphone that is on, and nobody would hear."""
    microphone = Microphone(ports, Canceller(ports.far_end), Endpointer(Broken()))
    with qtbot.waitSignal(microphone.lost, timeout=LONG) as lost:
        microphone.start(MIC)
    assert "unforeseen error (LookupError)" in lost.args[0]
    assert not microphone.is_listening
    assert "a stone" in caplog.text
    microphone.close()


def test_no_microphone_at_all(microphone: Microphone, notes: Notes) -> None:
    microphone.start(None)
    assert notes.complaints == ["No microphone was found: plug one in, or type instead."]


class Watched(Canceller):
    """Rests soon, and notes how much it is given at once."""

    def __init__(self, ports: SoundPorts) -> None:
        super().__init__(ports.far_end)
        self.given: list[int] = []
        self._silent = canceller.REST

    def push(self, block: Block) -> Iterator[Block]:
        self.given.append(len(block.samples))
        return super().push(block)


def test_at_rest_it_wakes_seldom_and_at_once_when_somebody_speaks(
    ports: SoundPorts,
    detector: VoiceActivity,
    rig: SoundRig,
    qtbot: QtBot,
    tmp_path: Path,
) -> None:
    one = round(capture.CALLBACK_SECONDS * HEARING_RATE)
    detector.reset()
    watched = Watched(ports)
    microphone = Microphone(ports, watched, Endpointer(detector))
    notes = Notes(microphone)
    microphone.start(MIC)
    qtbot.waitUntil(lambda: watched.given[-2:] == 2 * [capture.RESTING_CALLBACKS * one], timeout=LONG)
    with rig.playing(speak("What do you see in front of you?", tmp_path / "spoken.wav"), HEARING_RATE):
        qtbot.waitUntil(lambda: watched.given[-9:] == 9 * [one], timeout=LONG)
        qtbot.waitUntil(lambda: Ended in notes.kinds(), timeout=LONG)
    qtbot.waitUntil(lambda: watched.given[-1] == capture.RESTING_CALLBACKS * one, timeout=LONG)
    microphone.close()
    steps = np.diff([block.time for block in notes.blocks])
    assert np.allclose(steps[20:], BLOCK_SAMPLES / HEARING_RATE, atol=0.01)


def test_sound_that_nobody_takes_is_dropped_and_counted(
    microphone: Microphone, notes: Notes, rig: SoundRig, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(capture, "MOST_WAITING", 0)
    microphone.start(MIC)
    qtbot.waitUntil(lambda: microphone.overflows > 3, timeout=LONG)
    microphone.close()
    assert not notes.blocks


@pytest.mark.parametrize(("level", "shown"), [(0.0, 0.0), (0.001, 0.0), (0.01, 1 / 3), (0.1, 2 / 3), (1.0, 1.0)])
def test_the_meter_shows_decibels(level: float, shown: float) -> None:
    assert measure_level(np.full(BLOCK_SAMPLES, level, np.float32)) == pytest.approx(shown, abs=1e-3)
