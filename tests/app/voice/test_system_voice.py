"""The system's voice: Qt's silent engine for what is told and when, and the real one on the rig for what is heard."""

from __future__ import annotations

import time
from collections.abc import Iterator

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from app.voice import engine
from app.voice.engine import rate
from app.voice.system_voice import SystemVoice, There
from tests.helpers.rig import RATE, Recording, SoundRig
from tests.helpers.rig_speech import start_speech

LONG = 60_000
TEXT = "Dr. Smith has a cup. It is green. "
MOST_SECONDS_TO_SILENCE = 1.0
"""The sentence lasts five. 0.13 s are usual (`measure.py`), but a busy machine also keeps the recorder waiting."""
LOUD = 0.02
COUNT = "One two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen. And"


def loud(recording: Recording, place: int = 0) -> list[int]:
    """Samples from this one on that can be heard."""
    return [place + int(sample) for sample in np.flatnonzero(np.abs(recording.samples()[place:]) > LOUD)]


def listen_on(qtbot: QtBot, recording: Recording, more: float) -> None:
    """Until there is so much more of the recording."""
    end = recording.seconds + more
    qtbot.waitUntil(lambda: recording.seconds > end, timeout=LONG)


def test_sentences_are_said_once_they_are_complete(system: SystemVoice, qtbot: QtBot) -> None:
    system.begin()
    system.say("The cup is gre")
    qtbot.waitUntil(lambda: system.there is There.READY, timeout=LONG)
    assert "Anne" in system.voices
    assert system.heard() == 0  # speech never leads its text
    system.say("en. And th")
    qtbot.waitUntil(lambda: system.heard() == len("The cup is green. "), timeout=LONG)
    system.say("en some")
    with qtbot.waitSignal(system.drained, timeout=LONG):
        system.finish()
    assert system.heard() == len("The cup is green. And then some")


def test_hushed_in_mid_sentence_it_knows_the_words_that_were_heard(system: SystemVoice, qtbot: QtBot) -> None:
    text = "one two three four five six seven eight nine ten eleven twelve. "
    sounding: list[bool] = []
    system.sounding.connect(sounding.append)
    system.begin(5)
    system.say(text)
    system.finish()
    qtbot.waitUntil(lambda: 5 + len("one two three ") <= system.heard() < 5 + len(text), timeout=LONG)
    with qtbot.assertNotEmitted(system.drained, wait=300):
        heard = system.hush()
    assert sounding == [True, False]
    assert heard == system.heard()
    assert text[: heard - 5].endswith(" ")


def test_another_reply_takes_the_place_of_the_one_before(system: SystemVoice, qtbot: QtBot) -> None:
    system.begin()
    system.say("one two three four five six seven eight nine ten eleven twelve. Again. ")
    qtbot.waitUntil(lambda: system.heard() > 0, timeout=LONG)
    system.begin()
    system.say("No.")
    with qtbot.waitSignal(system.drained, timeout=LONG):
        system.finish()
    assert system.heard() == len("No.")


def test_a_process_that_dies_leaves_nobody_waiting(system: SystemVoice, qtbot: QtBot) -> None:
    system.begin()
    system.say("one two three four five six seven eight nine ten. ")
    system.finish()
    qtbot.waitUntil(lambda: system.heard() > 0, timeout=LONG)
    assert system._child is not None
    with qtbot.waitSignal(system.drained, timeout=LONG):
        system._child.kill()
    assert system.there is There.NONE
    system.begin()
    system.say("Still. ")
    with qtbot.waitSignal(system.drained, timeout=LONG):
        system.finish()


def test_nothing_to_say_is_said_at_once(system: SystemVoice, qtbot: QtBot) -> None:
    system.begin()
    system.say("***")
    with qtbot.waitSignal(system.drained, timeout=LONG):
        system.finish()


def test_a_system_without_voices_says_so(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its service cannot be reached and must not be started."""
    monkeypatch.setenv("SPEECHD_ADDRESS", "unix_socket:/nowhere")
    monkeypatch.setenv("SPEECHD_CMD", "/bin/false")
    voice = SystemVoice()
    with qtbot.waitSignal(voice.known, timeout=LONG):
        voice.ask()
    assert (voice.there, voice.voices) == (There.NONE, ())
    voice.close()


@pytest.mark.parametrize(("speed", "qt"), [(1.0, 0.0), (2.0, 0.63), (0.75, -0.26), (9.0, 1.0)])
def test_speed_in_qt_s_measure(speed: float, qt: float) -> None:
    assert rate(speed) == pytest.approx(qt, abs=0.01)


@pytest.fixture
def real(qtbot: QtBot, rig: SoundRig) -> Iterator[SystemVoice]:
    """speech-dispatcher with espeak-ng on the rig's speaker."""
    with start_speech(rig) as environment, pytest.MonkeyPatch.context() as patch:
        for name, value in environment.items():
            patch.setenv(name, value)
        voice = SystemVoice(engine.main)
        yield voice
        voice.close()


def test_the_real_voice_is_heard_and_silent_at_once(real: SystemVoice, rig: SoundRig, qtbot: QtBot) -> None:
    with rig.recording() as recording:
        real.begin()
        real.say(TEXT)
        with qtbot.waitSignal(real.drained, timeout=LONG):
            real.finish()
        assert "English (America)" in real.voices
        assert real.heard() == len(TEXT)
        listen_on(qtbot, recording, 0.3)
        assert len(loud(recording)) > 0.3 * RATE

        silences = [silence_after_hush(real, recording, qtbot) for _ in range(3)]
    assert min(silences) <= MOST_SECONDS_TO_SILENCE, f"silent after {silences} s"


def silence_after_hush(voice: SystemVoice, recording: Recording, qtbot: QtBot) -> float:
    """Seconds from the call until the last sample that can be heard, the recorder's delay included."""
    before = len(recording.samples())
    voice.begin()
    voice.say(COUNT)
    qtbot.waitUntil(lambda: bool(loud(recording, before)), timeout=LONG)
    listen_on(qtbot, recording, 0.5)
    hushed, place = time.monotonic(), len(recording.samples())
    heard = voice.hush()
    listen_on(qtbot, recording, 0.8)
    assert 0 < heard < 40
    return recording.arrival(max(loud(recording, place), default=place)) - hushed
