"""Speech, rooms and sounds of the corpus: real, the same for the same seed, and as loud as they say."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from model.errors import SightlineError
from model.training.corpus.chance import chance
from model.training.corpus.rooms import NOISES, Room, any_room, noise
from model.training.corpus.sounds import SOUNDS, make
from model.training.corpus.speakers import RATE, Speaker, aloud, check_makers, speaker, voices

SPEAKERS = [Speaker("espeak-ng", "en+f3", 160, 50), Speaker("flite", "slt", 160, 50)]
SENTENCE = "Put the red circle left of the blue square."


def level(samples: NDArray[np.floating]) -> float:
    return float(20 * np.log10(np.sqrt(np.square(samples, dtype=np.float64).mean())))


@pytest.mark.parametrize("person", SPEAKERS, ids=lambda person: person.maker)
def test_speech_is_the_same_whatever_was_said_before(person: Speaker) -> None:
    first = person.say(SENTENCE)
    person.say("Hello.")
    assert np.array_equal(first, person.say(SENTENCE))
    assert np.abs(first).max() == pytest.approx(0.5)
    assert 1.0 < len(first) / RATE < 5.0


@pytest.mark.parametrize("person", SPEAKERS, ids=lambda person: person.maker)
def test_a_faster_rate_is_shorter(person: Speaker) -> None:
    hasty = Speaker(person.maker, person.voice, 200, person.pitch)
    assert len(hasty.say(SENTENCE)) < 0.9 * len(person.say(SENTENCE))


def test_no_voice_is_in_both_splits() -> None:
    assert not voices("train") & voices("held-out")
    chosen = [speaker(chance(index), "held-out") for index in range(100)]
    assert {person.voice.partition("+")[2] or person.voice for person in chosen} == set(voices("held-out"))


def test_a_letter_is_not_read_as_an_article() -> None:
    assert aloud("The letters are B A and Z.") == "The letters are B, eigh, and Z,."
    assert aloud("I see a ring.") == "I see a ring."


def test_a_missing_synthesiser_is_told_in_a_sentence(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(os.environ, "PATH", str(tmp_path))
    with pytest.raises(SightlineError, match="espeak-ng is not installed"):
        SPEAKERS[0].say("Hello.")
    with pytest.raises(SightlineError, match="is not installed: install it"):
        check_makers()


def test_a_room_is_as_loud_as_it_says_and_as_noisy() -> None:
    sound = make("siren", 1.0, chance(0))
    quiet = Room(level=-30.0).hear(sound, chance(1))
    noisy = Room(level=-30.0, snr=20.0, before=1.0, after=0.5).hear(sound, chance(1))
    assert level(quiet) == pytest.approx(-30.0, abs=0.1)
    assert len(noisy) == len(sound) + round(1.5 * RATE)
    assert level(noisy[:RATE]) == pytest.approx(-50.0, abs=0.5)


def test_an_echo_goes_on_when_the_sound_is_over() -> None:
    click = np.zeros(RATE // 10, np.float32)
    click[0] = 1.0
    dry = Room(after=0.5).hear(click, chance(0))
    wet = Room(after=0.5, echo_seconds=0.4, echo_share=1.0).hear(click, chance(0))
    assert np.abs(dry[len(click) :]).max() < 1e-4
    assert level(wet[len(click) : 2 * len(click)]) > level(wet[3 * len(click) : 4 * len(click)]) + 10


def test_band_limits_and_tilt_colour_the_sound() -> None:
    hiss = noise("white", RATE, chance(0))

    def share_above(hertz: int, room: Room) -> float:
        power = np.square(np.abs(np.fft.rfft(room.hear(hiss, chance(1)))))
        return float(power[hertz:].sum() / power.sum())

    assert share_above(4500, Room()) > 0.4
    assert share_above(4500, Room(high=4000.0)) < 0.01
    assert share_above(1000, Room(tilt=-6.0)) < share_above(1000, Room()) < share_above(1000, Room(tilt=6.0))


@pytest.mark.parametrize("kind", NOISES)
def test_noise_has_unit_power(kind: str) -> None:
    (known,) = (each for each in NOISES if each == kind)
    assert level(noise(known, RATE, chance(kind))) == pytest.approx(0.0, abs=0.1)


def test_any_room_is_deterministic_and_never_beyond_full_scale() -> None:
    sound = make("music", 0.5, chance(0))
    for index in range(30):
        first, second = (any_room(chance(index)).hear(sound, chance(index, "noise")) for _ in range(2))
        assert np.array_equal(first, second)
        assert np.isfinite(first).all()
        assert np.abs(first).max() <= 1.0


def test_rooms_can_be_easy() -> None:
    easy = [any_room(chance(index), 0.0) for index in range(50)]
    assert all(room.snr is not None and room.snr >= 30.0 and not room.echo_share and not room.tilt for room in easy)
    hard = [any_room(chance(index)) for index in range(50)]
    assert min(room.snr or 0.0 for room in hard) < 15.0
    assert any(room.echo_share for room in hard)


@pytest.mark.parametrize("sound", SOUNDS)
def test_sounds_are_made_anew_each_time(sound: str) -> None:
    (known,) = (each for each in SOUNDS if each == sound)
    first, second, other = (make(known, 1.0, chance(key)) for key in (0, 0, 1))
    assert np.array_equal(first, second)
    assert not np.array_equal(first, other)
    assert len(first) == RATE
    assert np.abs(first).max() == pytest.approx(0.5)


def test_sounds_can_be_told_apart_by_their_spectra() -> None:
    """A clap is brighter than a knock, whatever the seed."""

    def centre(sound: NDArray[np.float32]) -> float:
        power = np.square(np.abs(np.fft.rfft(sound)))
        return float((np.fft.rfftfreq(len(sound), 1 / RATE) * power).sum() / power.sum())

    for seed in range(10):
        assert centre(make("clap", 1.0, chance(seed))) > 2 * centre(make("knock", 1.0, chance(seed)))
