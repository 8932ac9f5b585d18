"""The word that stops, spoken by a synthesiser to the real recogniser on its thread."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from numpy.typing import NDArray
from pytestqt.qtbot import QtBot

from app.attention import Attention
from app.senses import Block, Continued, Ended, Paused, Resumed, Started, Word
from app.spotting import LEVEL, MOST_EVENED, SURE, Ear, Loudness, Manner, Spotter
from model.protocol import HEARING_RATE
from tests.helpers.rig_voice import Samples, murmur, speak

VOICES = ("en", "en-us+m7", "en-gb+f2")


@pytest.fixture(scope="module")
def stop() -> Spotter:
    return Spotter.of_stop()


def told(spotter: Spotter, spoken: Samples) -> list[Word]:
    """All that it was taken for, in order."""
    sound = np.concatenate([murmur(0.3), spoken, murmur(0.4)])
    found = [spotter.hear(Block(sound[start : start + 512], 0.0)) for start in range(0, len(sound), 512)]
    spotter.flush()
    return [word for word in found if word is not None]


@pytest.mark.parametrize("voice", VOICES)
@pytest.mark.parametrize("words", ["stop", "stop I would rather hear the news"])
def test_stop_is_recognised_once(stop: Spotter, tmp_path: Path, words: str, voice: str) -> None:
    assert told(stop, speak(words, tmp_path / "spoken.wav", voice=voice)).count(Word.STOP) == 1


@pytest.mark.parametrize("voice", VOICES)
def test_stop_is_recognised_without_its_beginning(stop: Spotter, tmp_path: Path, voice: str) -> None:
    """Which an echo canceller takes away together with the answer that it is said into."""
    spoken = speak("stop", tmp_path / "spoken.wav", voice=voice)
    onset = int(np.argmax(np.abs(spoken) > 0.02))
    assert Word.STOP in told(stop, spoken[onset + round(0.1 * HEARING_RATE) :])


@pytest.mark.parametrize("words", ["mm-hmm", "yeah", "okay", "uh-huh", "right", "no"])
def test_a_nod_is_not_taken_for_it(stop: Spotter, tmp_path: Path, words: str) -> None:
    for voice in VOICES:
        assert Word.STOP not in told(stop, speak(words, tmp_path / "spoken.wav", voice=voice)), voice


@pytest.mark.parametrize("words", ["mm-hmm", "yeah", "okay"])
def test_a_nod_is_told_as_one(stop: Spotter, tmp_path: Path, words: str) -> None:
    assert told(stop, speak(words, tmp_path / "spoken.wav"))[-1] is Word.NOD


def test_a_sentence_is_no_nod(stop: Spotter, tmp_path: Path) -> None:
    """It may be taken for the word that stops, and is a question all the same."""
    assert told(stop, speak("okay what is that on the table", tmp_path / "spoken.wav"))[-1] is not Word.NOD


def events(spoken: Samples) -> Iterator[Started | Continued | Ended]:
    sound = np.concatenate([murmur(0.3), spoken, murmur(0.4)])
    yield Started(Block(sound[:4800], 0.0))
    for start in range(4800, len(sound), 512):
        yield Continued(Block(sound[start : start + 512], 0.0))
    yield Ended(0.0)


def test_it_is_listened_for_without_waiting(qtbot: QtBot, tmp_path: Path) -> None:
    attention = Attention(Spotter.of_stop, longest=3.0)
    try:
        with qtbot.waitSignal(attention.spotted, timeout=20_000, check_params_cb=lambda word, _: word is Word.STOP):
            for words in ("okay", "stop"):
                for event in events(speak(words, tmp_path / "spoken.wav")):
                    attention.take_speech(event)
    finally:
        attention.close()


def test_later_in_an_utterance_nobody_listens(qtbot: QtBot, tmp_path: Path) -> None:
    attention = Attention(Spotter.of_stop, longest=0.3)
    with qtbot.assertNotEmitted(attention.spotted):
        for event in events(speak("stop", tmp_path / "spoken.wav")):
            attention.take_speech(event)
        attention.close()


@pytest.mark.parametrize("resumes", [True, False])
def test_what_is_heard_long_after_a_voice_is_nobodys_word(qtbot: QtBot, tmp_path: Path, *, resumes: bool) -> None:
    """It is what is left of the answer, as a rule: unless the endpointer finds a voice again."""
    spoken = [speak(words, tmp_path / "spoken.wav") for words in ("okay", "stop")]
    sound = np.concatenate([murmur(0.3), spoken[0], murmur(0.6), spoken[1], murmur(0.4)])
    silent = 0.3 + len(spoken[0]) / HEARING_RATE
    attention, told = Attention(Spotter.of_stop, longest=5.0, tail=0.4), []
    attention.spotted.connect(lambda word, _: told.append(word))
    attention.take_speech(Started(Block(sound[:4800], 0.0)))
    for start in range(4800, len(sound), 512):
        time = start / HEARING_RATE
        if silent <= time < silent + 512 / HEARING_RATE:
            attention.take_speech(Paused(silent))
        if resumes and silent + 0.5 <= time < silent + 0.5 + 512 / HEARING_RATE:
            attention.take_speech(Resumed(time))
        attention.take_speech(Continued(Block(sound[start : start + 512], time)))
    attention.take_speech(Ended(silent))
    attention.close()
    qtbot.waitUntil(lambda: bool(told), timeout=20_000)
    assert (Word.STOP in told) is resumes


class Scripted:
    """In a recogniser's place: what it has recognised after each block."""

    def __init__(self, said: list[str]) -> None:
        self._said = iter(said)

    def set_cmn(self, _: str) -> None: ...

    def start_stream(self) -> None: ...

    def start_utt(self) -> None: ...

    def end_utt(self) -> None: ...

    def process_raw(self, *_: bytes, **__: bool) -> None:
        self._now = next(self._said)

    def hyp(self) -> SimpleNamespace:
        return SimpleNamespace(hypstr=self._now)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (["what", *["stop"] * SURE], [Word.OTHER, Word.STOP]),
        ([*["stop"] * (SURE - 1), "uhhuh", "stop"], [Word.OTHER, Word.NOD]),
        (["", "yeah", "yeah it", "yeah a step", "yeah"], [Word.NOD]),
        (["yeah", *["yeah well"] * 6], [Word.NOD, Word.OTHER]),
        (["what", "yeah"], [Word.OTHER, Word.NOD]),
        ([*["stop"] * SURE, "yeah"], [Word.OTHER, Word.STOP]),
    ],
)
def test_it_must_be_sure(said: list[str], expected: list[Word]) -> None:
    spotter = Spotter([Ear(Manner(0.0), Scripted(said))])
    told = [spotter.hear(Block(np.zeros(512, np.float32), 0.0)) for _ in said]
    assert [word for word in told if word is not None] == expected


@pytest.mark.parametrize("loud", [0.1, 1.0, 10.0])
def test_a_voice_is_as_loud_as_it_should_be_after_a_few_utterances(loud: float) -> None:
    """However near it is; and its first words are heard as they come."""
    dice, loudness = np.random.default_rng(0), Loudness()
    usual = 10 ** (LEVEL / 20)
    levels = []
    for _ in range(8):
        sound = (loud * usual * dice.standard_normal(HEARING_RATE)).astype(np.float32)
        heard = [
            loudness.even(Block(sound[start : start + 512], 0.0, 2 * sound[start : start + 512]))
            for start in range(0, len(sound), 512)
        ]
        loudness.flush()
        assert all(block.unclean == pytest.approx(2 * block.samples, rel=1e-4) for block in heard)
        levels.append(float(np.sqrt(np.square(np.concatenate([block.samples for block in heard])).mean())) / usual)
    assert levels[0] == pytest.approx(loud, rel=0.05)
    assert 0.6 < levels[-1] < 1.6


def factor(loudness: Loudness) -> float:
    """By which it makes a voice louder now; what it is asked with is nobody's voice."""
    return float(loudness.even(Block(np.full(512, 1e-6, np.float32), 0.0)).samples[0]) / 1e-6


@pytest.mark.parametrize(
    ("level", "seconds"),
    [(0.1, 0.1), (1e-4, 2.0), (0.0, 2.0), (float("inf"), 2.0), (float("nan"), 2.0)],
    ids=["too short", "a room", "nothing", "infinite", "not a number"],
)
def test_what_is_no_voice_tells_nothing_of_its_level(level: float, seconds: float) -> None:
    loudness = Loudness()
    for _ in range(4):
        for _ in range(round(seconds * HEARING_RATE / 512)):
            loudness.even(Block(np.full(512, level, np.float32), 0.0))
        loudness.flush()
    assert factor(loudness) == pytest.approx(1.0)


def test_no_voice_is_made_louder_than_it_may_become(stop: Spotter, tmp_path: Path) -> None:
    """Somebody far away spoke, and then somebody near."""
    stop._loudness = Loudness()
    spoken = speak("stop", tmp_path / "spoken.wav")
    for _ in range(10):
        told(stop, 0.05 * speak("Tell me about the mountains and the sea.", tmp_path / "far.wav"))
    assert factor(stop._loudness) == pytest.approx(10 ** (MOST_EVENED / 20))
    assert Word.STOP in told(stop, spoken)
    stop._loudness = Loudness()


def test_a_quiet_voice_is_heard_louder_the_next_time() -> None:
    heard: list[int] = []
    scripted = Scripted([""] * 40)
    scripted.process_raw = lambda pcm, **_: heard.append(int(np.frombuffer(pcm, np.int16).max()))  # type: ignore[method-assign]
    scripted._now = ""
    spotter = Spotter([Ear(Manner(0.0), scripted)])
    for _ in range(2):
        for _ in range(16):
            spotter.hear(Block(np.full(512, 0.01, np.float32), 0.0))
        spotter.flush()
    assert heard[16] > 1.5 * heard[0]
    assert len(set(heard[:16])) == len(set(heard[16:])) == 1


@pytest.mark.parametrize("first", [512, 6656])
def test_what_a_word_is_taken_for_hangs_on_nothing_that_was_said_before(tmp_path: Path, first: int) -> None:
    """To the last number, whatever the first piece of it is: not on the noise, the level or the sounds before."""
    spotter = Spotter.of_stop()
    sound = np.concatenate([murmur(0.3), speak("uh-huh", tmp_path / "spoken.wav", voice="en-gb-scotland"), murmur(0.2)])
    before = speak("tell me a story about the mountains and the sea", tmp_path / "before.wav", voice="en-us+f4")

    def scores() -> list[tuple[str, float]]:
        pieces = [sound[:first], *(sound[start : start + 512] for start in range(first, len(sound), 512))]
        spotter._loudness = Loudness()
        for piece in pieces:
            spotter.hear(Block(piece, 0.0))
        found = [ear._decoder.hyp() for ear in spotter._ears]
        spotter.flush()
        return [(hypothesis.hypstr, hypothesis.score) for hypothesis in found]

    fresh = scores()
    told(spotter, before)
    told(spotter, np.random.default_rng(0).normal(0.0, 0.05, HEARING_RATE).astype(np.float32))
    assert scores() == fresh


def test_each_hears_from_its_own_moment_on_and_its_own_share_of_the_echo() -> None:
    heard: list[NDArray[np.int16]] = []
    scripted = Scripted(["stop"] * 4)
    scripted.process_raw = lambda pcm, **_: heard.append(np.frombuffer(pcm, np.int16))  # type: ignore[method-assign]
    scripted._now = ""
    ear = Ear(Manner(0.04, unclean=0.5), scripted)
    for number in range(3):
        clean = np.full(512, number / 32767, np.float32)
        ear.hear(Block(clean, 0.0, np.full(512, (number + 2) / 32767, np.float32)))
    assert [len(pcm) for pcm in heard] == [3 * 512 - 640]  # what is left of the second alone is too short
    assert [int(heard[0][place]) for place in (0, 2 * 512 - 640)] == [2, 3]
