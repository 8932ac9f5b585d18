"""Where speech begins and ends: as a table of probabilities and events, and with real speech."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from app.devices.endpointer import Endpointer, Hearing, Thresholds
from app.devices.voice_activity import BLOCK_SAMPLES, VoiceActivity
from app.senses import Block, Calmed, Continued, Ended, Paused, Resumed, SpeechEvent, Started, Stirred
from model.protocol import HEARING_RATE
from tests.helpers.rig_voice import murmur, speak

SECONDS = BLOCK_SAMPLES / HEARING_RATE
IN_TIME = Thresholds(late=0.0)
"""Of detectors that notice an end at once, as those here do."""
STATES = {Hearing.QUIET: "q", Hearing.STARTING: "a", Hearing.SPEAKING: "s", Hearing.STOPPING: "o"}
SIGNS = {Stirred: "?", Calmed: "0", Started: "<", Continued: ".", Paused: "|", Resumed: "/", Ended: ">"}


class Script:
    """A detector that was told what to say: digits are tenths of probability, 9 is certain."""

    def __init__(self, digits: str) -> None:
        self.said: Iterator[str] = iter(digits)
        self.resets = 0

    def probability(self, samples: NDArray[np.float32]) -> float:
        assert len(samples) == BLOCK_SAMPLES
        return int(next(self.said)) / 10

    def reset(self) -> None:
        self.resets += 1


def blocks(count: int) -> Iterator[Block]:
    """Numbered ones: all samples of block 3 are 3."""
    for number in range(count):
        yield Block(np.full(BLOCK_SAMPLES, number, np.float32), 100 + number * SECONDS)


def sign(events: Iterable[SpeechEvent]) -> str:
    return "".join(SIGNS[type(event)] for event in events)


# Patience is 6 blocks here, least speech 3, a pause 3, the threshold 5 to begin and 3 to go on.
@pytest.mark.parametrize(
    ("probabilities", "states", "events"),
    [
        pytest.param("000000", "qqqqqq", "", id="silence"),
        pytest.param("444444", "qqqqqq", "", id="perhaps is not enough to begin"),
        pytest.param("0090000", "qqaaaqq", "?0", id="a click is no speech"),
        pytest.param("0990000", "qaaaaqq", "?0", id="two blocks are no speech"),
        pytest.param("0999", "qaas", "?<", id="three are"),
        pytest.param("0959", "qaas", "?<", id="just at the threshold"),
        pytest.param("0933", "qaas", "?<", id="perhaps is enough to go on"),
        pytest.param("09299", "qaaas", "?<", id="a gap in the beginning"),
        pytest.param("09009009", "qaaaaaas", "?<", id="gaps do not count as speech"),
        pytest.param("9993333", "aasssss", "?<....", id="perhaps does not end it"),
        pytest.param("9990099", "aasssss", "?<....", id="too short a pause to be noticed"),
        pytest.param("999000", "aassso", "?<...|", id="a pause"),
        pytest.param("9990009", "aasssos", "?<...|/.", id="resumed"),
        pytest.param("9990004449", "aasssoooqa", "?<...|...>?", id="perhaps does not resume, so it ends"),
        pytest.param("9990000000", "aasssoooqq", "?<...|...>", id="ended when patience is over"),
        pytest.param("99900000900000000", "aasssooosssoooqqq", "?<...|../....|...>", id="resumed at the last moment"),
        pytest.param("999000000999", "aasssoooqaas", "?<...|...>?<", id="two utterances"),
    ],
)
def test_probabilities_become_states_and_events(probabilities: str, states: str, events: str) -> None:
    endpointer = Endpointer(Script(probabilities), 6 * SECONDS, Thresholds(voiced=0.5, silent=0.3, late=0.0))
    seen, told = "", ""
    for block in blocks(len(probabilities)):
        told += sign(endpointer.push(block))
        seen += STATES[endpointer.state]
    assert seen == states
    assert told == events


def events_of(probabilities: str, patience: float = 6 * SECONDS) -> list[SpeechEvent]:
    endpointer = Endpointer(Script(probabilities), patience, IN_TIME)
    return [event for block in blocks(len(probabilities)) for event in endpointer.push(block)]


def test_an_utterance_is_what_was_spoken_and_a_little_before() -> None:
    events = events_of("0" * 20 + "9990090000009")
    started = next(event for event in events if isinstance(event, Started))
    parts = [started.block] + [event.block for event in events if isinstance(event, Continued)]
    heard = np.concatenate([part.samples for part in parts])
    pre_roll = round(Thresholds().pre_roll / SECONDS)
    assert heard.tolist() == np.repeat(np.arange(20 - pre_roll, 32), BLOCK_SAMPLES).tolist()
    assert started.block.time == pytest.approx(100 + (20 - pre_roll) * SECONDS)


def test_a_pre_roll_holds_nothing_of_the_utterance_before() -> None:
    events = events_of("999000000999")
    second = [event for event in events if isinstance(event, Started)][1]
    assert second.block.samples[0] == 9


def test_times_are_those_of_the_sound() -> None:
    times = {type(event): event.time for event in events_of("0099900099000000") if not hasattr(event, "block")}
    blocks_since = {Stirred: 2, Paused: 10, Resumed: 8, Ended: 10}
    assert times == {kind: pytest.approx(100 + count * SECONDS) for kind, count in blocks_since.items()}


@pytest.mark.parametrize("patience", [0.5, 0.7, 1.5, 5.0])
def test_patience_is_kept_to_half_a_block(patience: float) -> None:
    silent = round(patience / SECONDS) + 2
    endpointer = Endpointer(Script("9999" + "0" * silent), patience, IN_TIME)
    for block in blocks(4 + silent):
        if any(isinstance(event, Ended) for event in endpointer.push(block)):
            assert block.time + SECONDS - (100 + 4 * SECONDS) == pytest.approx(patience, abs=SECONDS / 2 + 1e-6)
            return
    pytest.fail("it never ended")


def test_what_seems_complete_is_over_sooner_and_is_judged_once_a_pause() -> None:
    judged: list[int] = []

    def is_complete(sound: NDArray[np.float32]) -> bool:
        judged.append(len(sound) // BLOCK_SAMPLES)
        return len(judged) == 3

    digits = "9999" + "0" * 30 + "999" + "0" * 30 + "9" + "0" * 40
    endpointer = Endpointer(Script(digits), 1.6, IN_TIME, is_complete=is_complete)
    told = [(number, sign(endpointer.push(block))) for number, block in enumerate(blocks(len(digits)))]
    ends = [number for number, signs in told if ">" in signs]
    soon = round(Thresholds().soon / SECONDS)
    assert ends == [4 + 30 + 3 + 30 + soon]
    assert len(judged) == 3
    assert judged[0] < judged[1] <= round(Thresholds().judged / SECONDS)


@pytest.mark.parametrize("noise", [0.1, 0.2])
def test_a_probability_that_wavers_between_the_thresholds_changes_nothing(noise: float) -> None:
    """Hysteresis: with one threshold in the middle the same sound would begin and end again and again."""
    dice = np.random.default_rng(0)

    class Wavering(Script):
        def probability(self, samples: NDArray[np.float32]) -> float:
            return float(np.clip(super().probability(samples) + dice.uniform(-noise, noise), 0.0, 1.0))

    digits = "0" * 20 + "9" * 10 + "6" * 100 + "0" * 30
    endpointer = Endpointer(Wavering(digits), 6 * SECONDS, Thresholds(voiced=0.5, silent=0.35, late=0.0))
    told = "".join(sign(endpointer.push(block)) for block in blocks(len(digits)))
    assert told.replace(".", "") == "?<|>"


@pytest.mark.parametrize(("probabilities", "last"), [("000", ""), ("09", "0"), ("999", ">"), ("999000", ">")])
def test_flush_ends_what_is_going_on(probabilities: str, last: str) -> None:
    detector = Script(probabilities)
    endpointer = Endpointer(detector)
    for block in blocks(len(probabilities)):
        list(endpointer.push(block))
    assert sign(endpointer.flush()) == last
    assert endpointer.state is Hearing.QUIET
    assert detector.resets == 1
    assert not list(endpointer.flush())


def test_after_a_flush_nothing_of_before_is_heard() -> None:
    endpointer = Endpointer(Script("00000999"))
    numbered = list(blocks(8))
    for block in numbered[:5]:
        list(endpointer.push(block))
    list(endpointer.flush())
    started = [event for block in numbered[5:] for event in endpointer.push(block)][-1]
    assert isinstance(started, Started)
    assert started.block.samples[0] == 5


# Real speech, real detector


@pytest.fixture(scope="module")
def detector() -> VoiceActivity:
    return VoiceActivity.load()


def listen(detector: VoiceActivity, sound: NDArray[np.float32], patience: float = 0.7) -> list[SpeechEvent]:
    detector.reset()
    endpointer = Endpointer(detector, patience)
    return [
        event
        for start in range(0, len(sound) - BLOCK_SAMPLES + 1, BLOCK_SAMPLES)
        for event in endpointer.push(Block(sound[start : start + BLOCK_SAMPLES], start / HEARING_RATE))
    ]


@pytest.mark.parametrize("voice", ["en", "en+f3", "de", "en-us+m7"])
def test_a_sentence_is_found_where_it_is(voice: str, detector: VoiceActivity, tmp_path: Path) -> None:
    spoken = speak("What do you see in front of the camera?", tmp_path / "spoken.wav", voice=voice)
    length = len(spoken) / HEARING_RATE
    sound = np.concatenate([murmur(1.0), spoken + murmur(length)[: len(spoken)], murmur(1.5)])
    events = listen(detector, sound)
    kinds = [type(event) for event in events if not isinstance(event, Continued)]
    assert kinds == [Stirred, Started, Paused, Ended]
    stirred, ended = events[0], events[-1]
    assert isinstance(stirred, Stirred)
    assert isinstance(ended, Ended)
    assert stirred.time == pytest.approx(1.0, abs=0.1)
    assert ended.time == pytest.approx(1.0 + length, abs=0.2)


def test_a_pause_shorter_than_patience_does_not_end_a_turn(detector: VoiceActivity, tmp_path: Path) -> None:
    halves = [speak(text, tmp_path / "spoken.wav") for text in ("Please tell me", "what is on the table")]
    sound = np.concatenate([murmur(0.5), halves[0], murmur(0.6), halves[1], murmur(2.5)])
    patient, hasty = (
        [type(event) for event in listen(detector, sound, patience) if isinstance(event, Resumed | Ended)]
        for patience in (1.5, 0.3)
    )
    assert patient == [Resumed, Ended]
    assert hasty == [Ended, Ended]


@pytest.mark.parametrize(
    "noise",
    [
        pytest.param(lambda times: 0.3 * np.sin(2 * np.pi * 440 * times), id="tone"),
        pytest.param(lambda times: 0.1 * np.random.default_rng(1).standard_normal(len(times)), id="hiss"),
        pytest.param(lambda times: 0.8 * (times % 0.5 < 0.005), id="knocks"),
        pytest.param(lambda times: 0.3 * np.sign(np.sin(2 * np.pi * 50 * times)), id="hum"),
    ],
)
def test_what_is_no_speech_starts_nothing(
    noise: Callable[[NDArray[np.float64]], NDArray[np.float64]], detector: VoiceActivity
) -> None:
    sound = noise(np.arange(10 * HEARING_RATE) / HEARING_RATE).astype(np.float32)
    assert not [event for event in listen(detector, sound) if isinstance(event, Started)]
