"""The canceller in a simulated room: the echo goes, who speaks before the microphone stays."""

from __future__ import annotations

import sys
import time

import numpy as np
import psutil
import pytest
from scipy.signal import resample_poly

from app.devices.blocks import Gathering
from app.devices.canceller import LAG, STEP_SAMPLES, TAIL, Canceller, Trace, decibels
from app.devices.far_end import FarEnd
from app.senses import Block, joined
from model.protocol import HEARING_RATE, SPEECH_RATE
from tests.helpers.echo import BEGAN, EchoRoom, clean, pass_through
from tests.helpers.rig_voice import Samples, speak

SETTLED = 3 * HEARING_RATE
LATE = 5 * HEARING_RATE


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Samples:
    """Ten seconds of speech as the model speaks it: 24 kHz."""
    file = tmp_path_factory.mktemp("far") / "spoken.wav"
    sentences = (
        "The weather in the mountains is fine today, and the sun will shine until late in the evening.",
        "Tomorrow there may be some rain, so please take an umbrella with you when you leave the house.",
    )
    spoken = np.concatenate([speak(sentence, file) for sentence in sentences])
    return np.asarray(resample_poly(spoken, SPEECH_RATE, HEARING_RATE), np.float32)


@pytest.fixture(scope="module")
def voice(tmp_path_factory: pytest.TempPathFactory) -> Samples:
    """Somebody before the microphone."""
    return 0.5 * speak("Stop, I want something else", tmp_path_factory.mktemp("near") / "spoken.wav", voice="en+f3")


def removed(near: Samples, cleaned: Samples) -> float:
    """Echo return loss enhancement once it has settled, in decibels."""
    count = len(cleaned)
    return decibels(near[SETTLED:count]) - decibels(cleaned[SETTLED:])


@pytest.mark.parametrize("delay", [0.02, 0.06, 0.2])
def test_the_echo_is_removed(played: Samples, delay: float) -> None:
    near = EchoRoom(delay).echo(played)
    assert removed(near, clean(played, near)) >= 25.0


@pytest.mark.parametrize("rate", [44_100, 48_000])
def test_from_a_speaker_with_a_rate_of_its_own_too(played: Samples, rate: int) -> None:
    near = EchoRoom().echo(played)
    at_rate = resample_poly(played, rate // 100, SPEECH_RATE // 100).astype(np.float32)
    assert removed(near, clean(at_rate, near, rate=rate, piece=rate // 37)) >= 25.0


def test_what_was_taken_out_is_told_beside_what_is_left(played: Samples) -> None:
    """At the same moments, through blocks of any length: what is mixed of both must not say everything twice."""
    near, far_end, gathering = EchoRoom().echo(played), FarEnd(), Gathering(512)
    passed = pass_through(Canceller(far_end), far_end, played, near)
    blocks = [whole for block in passed for whole in gathering.push(block)]
    unclean = np.concatenate([block.mixed(1.0) for block in blocks])
    late = round(LAG * HEARING_RATE)
    assert np.array_equal(unclean[late:], near[: len(unclean) - late])
    told = joined(blocks)
    assert np.array_equal(told.mixed(1.0), unclean)
    assert np.array_equal(told.mixed(0.0), told.samples)
    assert np.allclose(told.mixed(0.3), 0.7 * told.samples + 0.3 * unclean)
    assert decibels(told.samples[SETTLED:]) < decibels(unclean[SETTLED:]) - 25.0


def test_where_nothing_comes_back_nothing_was_taken_out(played: Samples, voice: Samples) -> None:
    """Of headphones, as before anything was played."""
    far_end, gathering = FarEnd(), Gathering(512)
    canceller = Canceller(far_end)
    canceller.is_needed = False
    passed = list(pass_through(canceller, far_end, played, voice))
    assert {block.unclean is None for block in passed} == {True}
    assert {whole.unclean is None for block in passed for whole in gathering.push(block)} == {True}


def test_without_knowing_what_is_played_nothing_is_removed(played: Samples) -> None:
    near = EchoRoom().echo(played)
    assert removed(near, clean(np.zeros_like(played), near)) < 3.0


def test_streams_may_be_wrong_about_their_delays(played: Samples) -> None:
    """The echo comes 30 ms before the speaker says that it gives the sound."""
    near = EchoRoom(0.0).echo(played)[round(0.03 * HEARING_RATE) :]
    assert removed(near, clean(played, near)) >= 25.0


def test_who_speaks_meanwhile_is_heard(played: Samples, voice: Samples) -> None:
    near = EchoRoom(gain=0.15).echo(played)
    near[LATE : LATE + len(voice)] += voice
    alone = np.zeros_like(near)
    alone[LATE : LATE + len(voice)] = voice
    part = slice(LATE, LATE + len(voice))
    heard, wanted = clean(played, near)[part], clean(np.zeros(0, np.float32), alone)[part]
    assert decibels(heard) == pytest.approx(decibels(wanted), abs=3.0)
    assert np.corrcoef(heard, wanted)[0, 1] > 0.85


@pytest.mark.parametrize("piece", [160, 2400, 24_000])
def test_whole_equals_pieces(played: Samples, piece: int) -> None:
    near = EchoRoom().echo(played)[: 2 * HEARING_RATE]
    assert np.array_equal(clean(played, near, piece=piece), clean(played, near))


def test_times_are_of_what_is_heard() -> None:
    """A click comes out at the time at which it went in, though some samples later."""
    near = np.zeros(HEARING_RATE, np.float32)
    near[8000] = 0.9
    far_end = FarEnd()
    blocks = list(pass_through(Canceller(far_end), far_end, np.zeros(0, np.float32), near))
    loudest = max(blocks, key=lambda block: float(np.abs(block.samples).max()))
    place = int(np.argmax(np.abs(loudest.samples)))
    assert loudest.time + place / HEARING_RATE == pytest.approx(BEGAN + 0.5, abs=0.001)
    assert blocks[0].time == BEGAN - LAG


def test_it_tells_what_may_still_come_back(played: Samples) -> None:
    far_end = FarEnd()
    canceller = Canceller(far_end)
    near = np.zeros(round(0.9 * HEARING_RATE), np.float32)
    list(pass_through(canceller, far_end, played[:12_000], near))
    assert canceller.far_level > -40.0  # 0.4 seconds after it
    list(canceller.push(Block(near[:STEP_SAMPLES], BEGAN + 1.0 + TAIL)))
    for step in range(round(TAIL * 100)):
        list(canceller.push(Block(near[:STEP_SAMPLES], BEGAN + 1.0 + TAIL + step / 100)))
    assert canceller.far_level == -90.0


def test_at_rest_several_steps_at_once_are_the_same_as_one_by_one(voice: Samples) -> None:
    """Also where it is woken between the look whether it rests and the steps."""
    one, many, awake = (Canceller(FarEnd()) for _ in range(3))
    quiet = np.zeros(6 * HEARING_RATE, np.float32)
    for canceller in (one, many, awake):
        list(pass_through(canceller, canceller._far_end, np.zeros(0, np.float32), quiet))
        assert canceller.rests
    awake.trace = Trace()
    length = len(voice) // (3 * STEP_SAMPLES) * 3 * STEP_SAMPLES
    heard = [
        np.concatenate(
            [
                block.samples
                for start in range(0, length, size)
                for block in canceller.push(Block(voice[start : start + size], BEGAN + 6.0 + start / HEARING_RATE))
            ]
        )
        for canceller, size in ((one, STEP_SAMPLES), (many, 3 * STEP_SAMPLES), (awake, 3 * STEP_SAMPLES))
    ]
    assert np.abs(heard[0]).max() > 0.05
    np.testing.assert_allclose(heard[1], heard[0], atol=1e-6)
    np.testing.assert_allclose(heard[2], heard[0], atol=1e-6)


def test_at_rest_it_does_what_it_does_besides_and_wakes_for_the_first_echo(played: Samples, voice: Samples) -> None:
    """Seven seconds of silence, in which it falls asleep; all the while the same words are heard as by one awake."""
    quiet = np.zeros(7 * SPEECH_RATE, np.float32)
    far = np.concatenate([played[:SPEECH_RATE], quiet, played])
    near = EchoRoom(hiss=0.0).echo(far)
    spoken = np.tile(voice, 5)[: 6 * HEARING_RATE]
    near[round(1.6 * HEARING_RATE) : round(1.6 * HEARING_RATE) + len(spoken)] += spoken
    far_end, awake_end = FarEnd(), FarEnd()
    canceller, awake = Canceller(far_end), Canceller(awake_end)
    kept_awake = far + np.where(far == 0.0, 0.0003, 0.0).astype(np.float32) * np.sign(np.sin(np.arange(len(far))))
    heard, wanted = (
        np.concatenate([block.samples for block in pass_through(each, end, played_then, near)])
        for each, end, played_then in ((canceller, far_end, far), (awake, awake_end, kept_awake))
    )
    asleep = slice(round(6.6 * HEARING_RATE), round(7.6 * HEARING_RATE))
    assert np.corrcoef(heard[asleep], wanted[asleep])[0, 1] > 0.98
    assert np.abs(np.diff(heard)).max() < 1.2 * np.abs(np.diff(wanted)).max()  # no click
    assert decibels(near[-SETTLED:]) - decibels(heard[-SETTLED:]) >= 25.0


def test_a_trace_is_what_went_in_and_came_out(played: Samples) -> None:
    near = EchoRoom().echo(played)[:HEARING_RATE]
    far_end = FarEnd()
    canceller = Canceller(far_end)
    canceller.trace = trace = Trace()
    blocks = list(pass_through(canceller, far_end, played, near))
    assert np.array_equal(np.concatenate(trace.near), near)
    assert np.array_equal(np.concatenate(trace.cleaned), np.concatenate([block.samples for block in blocks]))
    assert np.array_equal(np.concatenate(trace.far)[:20_000], played[960:20_960])


def test_without_its_library_sound_passes_as_it_is(played: Samples, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "livekit", None)
    near = EchoRoom().echo(played)[:HEARING_RATE]
    far_end = FarEnd()
    canceller = Canceller(far_end)
    assert canceller.works
    heard = np.concatenate([block.samples for block in pass_through(canceller, far_end, played, near)])
    assert np.array_equal(heard, near)
    assert not canceller.works


def test_it_reaches_no_network_and_costs_little(played: Samples) -> None:
    near = EchoRoom().echo(played)
    before = psutil.Process().net_connections()
    began = time.process_time()
    clean(played, near)
    taken = 1000 * (time.process_time() - began) / (len(near) / STEP_SAMPLES)
    assert psutil.Process().net_connections() == before
    sys.stdout.write(f"the canceller takes {taken:.2f} ms of the processor for 10 ms of sound\n")


@pytest.mark.parametrize("length", [512, 100, 160])
def test_blocks_are_gathered_with_their_times(length: int) -> None:
    sound = np.random.default_rng(0).standard_normal(16_000).astype(np.float32)
    gathering = Gathering(length)
    steps = [Block(sound[begin : begin + 160], 7.0 + begin / HEARING_RATE) for begin in range(0, 16_000, 160)]
    blocks = [block for step in steps for block in gathering.push(step)]
    assert np.array_equal(np.concatenate([block.samples for block in blocks]), sound[: len(blocks) * length])
    assert {len(block.samples) for block in blocks} == {length}
    assert [block.time for block in blocks] == pytest.approx(
        [7.0 + n * length / HEARING_RATE for n in range(len(blocks))]
    )
