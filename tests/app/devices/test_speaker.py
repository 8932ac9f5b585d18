"""The speaker on the rig: what is recorded of it is what it was given, as long, as loud, without gaps."""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from app.devices import playback
from app.devices.device import Device
from app.devices.entries import Shape
from app.devices.ports import SoundPorts
from app.devices.speaker import Speaker
from app.devices.waves import DUCKED
from model.protocol import SPEECH_RATE
from tests.helpers.clips import tone
from tests.helpers.rig import RATE, Recording, SoundRig, start_rig
from tests.helpers.rig_voice import Samples

SPEAKER = Device("speaker", "Rig speaker", is_default=True)
LEVEL = 0.3
LONG = 10_000  # milliseconds: for a busy machine


@pytest.fixture
def speaker(qtbot: QtBot, ports: SoundPorts) -> Iterator[Speaker]:
    speaker = Speaker(ports)
    speaker.use(SPEAKER)
    yield speaker
    speaker.close()


def say(speaker: Speaker, wave: Samples, packet: float = 0.1) -> None:
    """Gives a wave in packets of so many seconds."""
    step = round(packet * SPEECH_RATE)
    for start in range(0, len(wave), step):
        speaker.play(wave[start : start + step])


def stretches(sound: Samples, gap: float = 0.01) -> list[tuple[int, int]]:
    """First and last sample of each stretch of sound; less than `gap` seconds of silence belong to it."""
    loud = np.flatnonzero(np.abs(sound) > 0.005)
    parts = np.split(loud, np.flatnonzero(np.diff(loud) > gap * RATE) + 1)
    return [(int(part[0]), int(part[-1])) for part in parts if len(part)]


def seconds(stretch: tuple[int, int]) -> float:
    return (stretch[1] - stretch[0] + 1) / RATE


def loudness(sound: Samples) -> float:
    """Root of the mean square; a sine's peak is 1.41 times that."""
    return float(np.sqrt(np.mean(np.square(sound))))


def listen_on(qtbot: QtBot, recording: Recording, more: float) -> None:
    """Until there is so much more of the recording."""
    end = recording.seconds + more
    qtbot.waitUntil(lambda: recording.seconds > end, timeout=LONG)


@pytest.mark.parametrize("shape", [Shape(24_000, 1), Shape(44_100, 2), Shape(48_000, 1)])
def test_what_is_heard_is_what_was_given(
    shape: Shape, speaker: Speaker, rig: SoundRig, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(playback, "WANTED", shape)
    with rig.recording() as recording:
        speaker.begin()
        with qtbot.waitSignal(speaker.drained, timeout=LONG):
            say(speaker, tone(1.5, SPEECH_RATE, level=LEVEL))
            speaker.finish()
        assert speaker.heard() == pytest.approx(1.5, abs=0.001)
        listen_on(qtbot, recording, 0.2)
    sound = recording.samples()
    (stretch,) = stretches(sound)
    assert seconds(stretch) == pytest.approx(1.5, abs=0.02)
    begin, end = stretch[0] + RATE // 50, stretch[1] - RATE // 50
    assert loudness(sound[begin:end]) == pytest.approx(LEVEL / np.sqrt(2), rel=0.02)
    steps = np.abs(np.diff(sound[begin:end]))
    assert steps.max() < 1.2 * LEVEL * 2 * np.pi * 440 / RATE  # a sine without its smallest piece has a step
    assert (speaker.underruns, speaker.late) == (0, 0)


def test_waves_that_come_too_late_leave_a_gap_that_is_counted(speaker: Speaker, rig: SoundRig, qtbot: QtBot) -> None:
    part = tone(0.3, SPEECH_RATE, level=LEVEL)
    with rig.recording() as recording:
        speaker.begin()
        listen_on(qtbot, recording, 0.2)  # a model that thinks: no underrun yet
        assert speaker.underruns == 0
        say(speaker, part)
        qtbot.waitUntil(lambda: speaker.underruns == 1, timeout=LONG)
        listen_on(qtbot, recording, 0.2)
        with qtbot.waitSignal(speaker.drained, timeout=LONG):
            say(speaker, part)
            speaker.finish()
        listen_on(qtbot, recording, 0.2)
    assert [round(seconds(stretch), 1) for stretch in stretches(recording.samples())] == [0.3, 0.3]
    assert speaker.underruns == 1
    assert speaker.heard() == pytest.approx(0.6, abs=0.001)


def test_after_each_gap_more_is_waited_for(speaker: Speaker, rig: SoundRig, qtbot: QtBot) -> None:
    """Few long pauses are understood, many short ones tear words apart."""
    part = tone(0.3, SPEECH_RATE, level=LEVEL)
    with rig.recording() as recording:
        speaker.begin()
        speaker.play(part)
        qtbot.waitUntil(lambda: speaker.underruns == 1, timeout=LONG)
        speaker.play(part)
        listen_on(qtbot, recording, 0.4)
        assert speaker.heard() == pytest.approx(0.3, abs=0.001)  # the second part alone is less than twice as much
        with qtbot.waitSignal(speaker.drained, timeout=LONG):
            speaker.play(part)
            speaker.finish()
        listen_on(qtbot, recording, 0.2)
    assert [round(seconds(stretch), 1) for stretch in stretches(recording.samples())] == [0.3, 0.6]
    assert speaker.underruns == 1


def test_beginning_that_is_over_too_soon_waits_for_more(speaker: Speaker, rig: SoundRig, qtbot: QtBot) -> None:
    wave = tone(0.5, SPEECH_RATE, level=LEVEL)
    with rig.recording() as recording:
        speaker.begin()
        speaker.play(wave[:2400])
        listen_on(qtbot, recording, 0.4)
        assert not stretches(recording.samples())
        assert speaker.heard() == 0.0
        with qtbot.waitSignal(speaker.drained, timeout=LONG):
            speaker.play(wave[2400:])
            speaker.finish()
        listen_on(qtbot, recording, 0.2)
    (stretch,) = stretches(recording.samples())
    assert seconds(stretch) == pytest.approx(0.5, abs=0.02)
    assert speaker.underruns == 0


def test_hush_is_silent_at_once_and_tells_what_was_heard(speaker: Speaker, rig: SoundRig, qtbot: QtBot) -> None:
    with rig.recording() as recording:
        speaker.begin()
        say(speaker, tone(5.0, SPEECH_RATE, level=LEVEL))
        speaker.finish()
        qtbot.waitUntil(lambda: speaker.heard() > 0.7, timeout=LONG)
        called = time.monotonic()
        heard = speaker.hush()
        returned = time.monotonic()
        with qtbot.assertNotEmitted(speaker.drained):
            listen_on(qtbot, recording, 0.4)
    (stretch,) = stretches(recording.samples())
    delay = recording.arrival(stretch[1]) - called
    sys.stdout.write(
        f"hush: {1000 * (returned - called):.1f} ms in the call, silent in the recording {1000 * delay:.0f} ms later; "
        f"heard {heard:.3f} s, recorded {seconds(stretch):.3f} s\n"
    )
    assert delay < 0.2
    assert returned - called < 0.05
    assert heard == pytest.approx(seconds(stretch), abs=0.05)
    assert speaker.heard() == heard


def test_heard_follows_the_sound(speaker: Speaker, rig: SoundRig, qtbot: QtBot) -> None:
    """Against the recorder's clock, which is late by its own delay: some 20 ms here, more on a busy machine."""
    told: list[tuple[float, float]] = []

    def note() -> bool:
        told.append((time.monotonic(), speaker.heard()))
        return told[-1][1] > 1.0

    with rig.recording() as recording:
        speaker.begin()
        say(speaker, tone(1.2, SPEECH_RATE, level=LEVEL))
        speaker.finish()
        qtbot.waitUntil(note, timeout=LONG)
        listen_on(qtbot, recording, 0.2)
    begin = stretches(recording.samples())[0][0]
    assert told == sorted(told)
    errors = []
    for moment, heard in told:
        if heard > 0.1:
            errors.append(recording.arrival(begin + round(heard * RATE)) - moment)
    sys.stdout.write(f"heard: told {1000 * np.median(errors):.0f} ms (median) before the recorder had it\n")
    assert -0.05 < np.median(errors) < 0.1


def test_a_new_turn_drops_the_rest_of_the_one_before(speaker: Speaker, rig: SoundRig, qtbot: QtBot) -> None:
    with rig.recording() as recording:
        speaker.begin()
        say(speaker, tone(5.0, SPEECH_RATE, level=LEVEL))
        speaker.finish()
        qtbot.waitUntil(lambda: speaker.heard() > 0.3, timeout=LONG)
        speaker.begin()
        assert speaker.heard() == 0.0
        with qtbot.waitSignal(speaker.drained, timeout=LONG):
            say(speaker, tone(0.5, SPEECH_RATE, level=LEVEL / 2))
            speaker.finish()
        listen_on(qtbot, recording, 0.2)
    sound = recording.samples()
    ends = list(stretches(sound, gap=0.002))  # on a quiet machine the two turns follow without a gap
    (first, _), (_, last) = ends[0], ends[-1]
    third = (last - first) // 3
    assert last - first < 2 * RATE, "most of the first turn's five seconds were dropped"
    assert np.abs(sound[first:last]).max() == pytest.approx(LEVEL, rel=0.05)
    assert np.abs(sound[last - third : last]).max() == pytest.approx(LEVEL / 2, rel=0.05)


def test_ducking_and_volume_are_heard(speaker: Speaker, rig: SoundRig, qtbot: QtBot) -> None:
    speaker.set_volume(0.5)
    with rig.recording() as recording:
        speaker.begin()
        say(speaker, tone(2.0, SPEECH_RATE, level=LEVEL))
        speaker.finish()
        with qtbot.waitSignal(speaker.drained, timeout=LONG):
            qtbot.waitUntil(lambda: speaker.heard() > 0.5, timeout=LONG)
            speaker.duck(on=True)
            qtbot.waitUntil(lambda: speaker.heard() > 1.0, timeout=LONG)
            speaker.duck(on=False)
    sound = recording.samples()
    begin = stretches(sound)[0][0]

    def level(start: float, end: float) -> float:
        return loudness(sound[begin + round(start * RATE) : begin + round(end * RATE)]) * 2**0.5

    assert level(0.1, 0.4) == pytest.approx(LEVEL * 0.5, rel=0.05)
    assert level(0.75, 0.95) == pytest.approx(LEVEL * 0.5 * DUCKED, rel=0.05)
    assert level(1.4, 1.9) == pytest.approx(LEVEL * 0.5, rel=0.05)


def test_a_new_turn_is_not_ducked(speaker: Speaker, rig: SoundRig, qtbot: QtBot) -> None:
    speaker.begin()
    speaker.duck(on=True)
    speaker.hush()  # somebody spoke
    with rig.recording() as recording:
        speaker.begin()
        with qtbot.waitSignal(speaker.drained, timeout=LONG):
            say(speaker, tone(0.3, SPEECH_RATE, level=LEVEL))
            speaker.finish()
        listen_on(qtbot, recording, 0.1)
    assert np.abs(recording.samples()).max() == pytest.approx(LEVEL, rel=0.05)


def test_one_of_several_is_used(speaker: Speaker, rig: SoundRig, qtbot: QtBot) -> None:
    headset = rig.plug_in_speaker("headset")
    speaker.use(Device("headset", "Headset"))
    with rig.recording(source="headset.monitor") as recording:
        speaker.begin()
        with qtbot.waitSignal(speaker.drained, timeout=LONG):
            say(speaker, tone(0.3, SPEECH_RATE, level=LEVEL))
            speaker.finish()
        listen_on(qtbot, recording, 0.1)
    assert seconds(stretches(recording.samples())[0]) == pytest.approx(0.3, abs=0.02)
    rig.unplug(headset)


def test_the_device_is_only_held_while_there_is_a_turn(speaker: Speaker, rig: SoundRig, qtbot: QtBot) -> None:
    assert not rig.streams("sink-inputs")
    speaker.begin()
    qtbot.waitUntil(lambda: len(rig.streams("sink-inputs")) == 1, timeout=LONG)
    with qtbot.waitSignal(speaker.drained, timeout=LONG):
        speaker.finish()
    assert speaker.heard() == 0.0
    qtbot.waitUntil(lambda: not rig.streams("sink-inputs"), timeout=LONG)


def test_after_the_turn_nothing_is_played(speaker: Speaker, rig: SoundRig, qtbot: QtBot) -> None:
    with rig.recording() as recording:
        speaker.begin()
        speaker.hush()
        say(speaker, tone(0.3, SPEECH_RATE))
        with qtbot.assertNotEmitted(speaker.drained):
            speaker.finish()
            listen_on(qtbot, recording, 0.3)
    assert not stretches(recording.samples())


def test_without_a_speaker_turns_end_all_the_same(speaker: Speaker, qtbot: QtBot) -> None:
    with qtbot.waitSignal(speaker.lost) as lost:
        speaker.use(None)
    assert lost.args == ["No speaker was found: plug one in to hear what is said; it can be read meanwhile."]
    assert not speaker.is_audible
    for _ in range(2):
        with qtbot.assertNotEmitted(speaker.lost):
            speaker.begin()
            say(speaker, tone(0.3, SPEECH_RATE))
            with qtbot.waitSignal(speaker.drained):
                speaker.finish()
    assert speaker.heard() == 0.0


def test_a_speaker_that_is_not_there(speaker: Speaker, rig: SoundRig, qtbot: QtBot) -> None:
    speaker.use(Device("nothing", "Ghost"))
    with qtbot.waitSignal(speaker.lost, timeout=LONG) as lost:
        speaker.begin()
    assert "(Ghost) cannot be used" in lost.args[0]
    assert not speaker.is_audible
    with qtbot.waitSignal(speaker.drained):
        speaker.finish()
    with qtbot.assertNotEmitted(speaker.lost):  # once is enough
        speaker.begin()
        with qtbot.waitSignal(speaker.drained, timeout=LONG):
            speaker.finish()
    speaker.use(SPEAKER)
    assert speaker.is_audible


def test_unplugged_in_mid_sentence(speaker: Speaker, rig: SoundRig, qtbot: QtBot) -> None:
    headset = rig.plug_in_speaker("headset")
    speaker.use(Device("headset", "Headset"))
    speaker.begin()
    say(speaker, tone(5.0, SPEECH_RATE))
    speaker.finish()
    qtbot.waitUntil(lambda: speaker.heard() > 0.2, timeout=LONG)
    told: list[str] = []
    speaker.lost.connect(told.append)
    speaker.drained.connect(lambda: told.append("drained"))
    rig.unplug(headset)
    speaker.check([SPEAKER])
    qtbot.waitUntil(lambda: len(told) == 2, timeout=LONG)
    assert told == ["The speaker (Headset) is gone: plug it in again, or choose another one.", "drained"]
    assert 0.2 < speaker.heard() < 2.0


def test_another_speaker_says_the_rest(speaker: Speaker, rig: SoundRig, qtbot: QtBot) -> None:
    """Nothing of the turn is lost, and nothing is complained of."""
    headset = rig.plug_in_speaker("headset")
    speaker.use(Device("headset", "Headset"))
    told: list[str] = []
    speaker.lost.connect(told.append)
    with rig.recording() as recording:
        speaker.begin()
        say(speaker, tone(2.5, SPEECH_RATE))
        qtbot.waitUntil(lambda: speaker.heard() > 0.5, timeout=LONG)
        rig.unplug(headset)
        speaker.check([SPEAKER], SPEAKER)
        with qtbot.waitSignal(speaker.drained, timeout=LONG):
            say(speaker, tone(0.5, SPEECH_RATE))
            speaker.finish()
        assert speaker.heard() == pytest.approx(3.0, abs=0.01)
        listen_on(qtbot, recording, 0.2)
    assert told == []
    assert 1.5 < sum(map(seconds, stretches(recording.samples()))) < 2.6


def test_a_speaker_that_comes_too_late_for_the_loss_goes_on_too(speaker: Speaker, rig: SoundRig, qtbot: QtBot) -> None:
    headset = rig.plug_in_speaker("headset")
    speaker.use(Device("headset", "Headset"))
    speaker.begin()
    say(speaker, tone(2.0, SPEECH_RATE))
    qtbot.waitUntil(lambda: speaker.heard() > 0.2, timeout=LONG)
    rig.unplug(headset)
    with qtbot.waitSignal(speaker.lost, timeout=LONG):
        speaker.check([SPEAKER])
    speaker.use(SPEAKER)
    with qtbot.waitSignal(speaker.drained, timeout=LONG):
        speaker.finish()
    assert speaker.heard() == pytest.approx(2.0, abs=0.01)


@pytest.mark.skipif(sys.platform != "linux", reason="the rig's sound server is for Linux")
def test_a_sound_server_that_dies(
    speaker: Speaker, rig: SoundRig, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    with tempfile.TemporaryDirectory(prefix="rig") as folder:
        with start_rig(Path(folder)) as doomed:
            for name, value in doomed.environment.items():
                monkeypatch.setenv(name, value)
            speaker.begin()
            say(speaker, tone(5.0, SPEECH_RATE))
            speaker.finish()
            qtbot.waitUntil(lambda: speaker.heard() > 0.2, timeout=LONG)
        with qtbot.waitSignals([speaker.lost, speaker.drained], timeout=LONG):
            pass
    speaker.close()


def test_a_speaker_that_takes_no_sound(
    speaker: Speaker, rig: SoundRig, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(playback, "LONGEST_WAIT", 0.5)
    speaker.begin()
    say(speaker, tone(5.0, SPEECH_RATE))
    qtbot.waitUntil(lambda: speaker.heard() > 0.2, timeout=LONG)
    rig.command("pactl", "suspend-sink", "speaker", "1")
    try:
        with qtbot.waitSignal(speaker.lost, timeout=LONG) as lost:
            pass
    finally:
        rig.command("pactl", "suspend-sink", "speaker", "0")
    assert "takes no sound" in lost.args[0]
