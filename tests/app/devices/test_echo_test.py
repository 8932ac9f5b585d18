"""What is found of simulated rooms: what comes back, how much of it goes, how late, and what follows from it."""

from __future__ import annotations

import numpy as np
import pytest

from app.devices.canceller import Canceller, Trace
from app.devices.echo_test import SOUND_SECONDS, Finding, judge, make_sound
from app.devices.far_end import FarEnd
from app.duplex import Duplex, Trouble
from model.protocol import HEARING_RATE, SPEECH_RATE
from tests.helpers.echo import EchoRoom, pass_through
from tests.helpers.rig_voice import Samples

QUIET, TAIL = 1.0, 0.6


def test_the_sound_is_soft_and_short_and_always_the_same() -> None:
    sound = make_sound()
    assert sound.dtype == np.float32
    assert len(sound) == SOUND_SECONDS * SPEECH_RATE
    assert np.abs(sound).max() == pytest.approx(0.4)
    assert np.abs(sound[:24]).max() < 0.02  # nobody starts
    assert np.array_equal(sound, make_sound())


def play(volume: float = 1.0) -> Samples:
    sound = np.concatenate(
        [np.zeros(round(QUIET * SPEECH_RATE)), volume * make_sound(), np.zeros(round(TAIL * SPEECH_RATE))]
    )
    return sound.astype(np.float32)


def hold_test(near: Samples, *, volume: float = 1.0, knows: float = 1.0) -> Finding | Trouble:
    """With a canceller that is told only a part of what is played in place of a bad one."""
    far_end = FarEnd()
    canceller = Canceller(far_end)
    canceller.trace = trace = Trace()
    list(pass_through(canceller, far_end, play(volume), near))
    if knows < 1.0:
        kept = [knows * cleaned + (1 - knows) * heard for heard, cleaned in zip(trace.near, trace.cleaned, strict=True)]
        trace.cleaned[:] = [part.astype(np.float32) for part in kept]
    return judge(trace)


@pytest.mark.parametrize(("delay", "gain"), [(0.02, 0.3), (0.06, 0.4), (0.2, 0.1)])
def test_an_echo_that_is_removed_is_full_duplex(delay: float, gain: float) -> None:
    found = hold_test(EchoRoom(delay, gain).echo(play()))
    assert isinstance(found, Finding)
    assert found.duplex is Duplex.FULL
    assert found.removed > 20.0
    assert found.delay == pytest.approx(delay, abs=0.005)
    assert found.returned == pytest.approx(20 * np.log10(gain), abs=3.0)


def test_a_loud_echo_is_guarded_against_however_well_it_is_removed() -> None:
    found = hold_test(EchoRoom(gain=1.0).echo(play()))
    assert isinstance(found, Finding)
    assert found.duplex is Duplex.GUARDED
    assert found.removed > 25.0


def test_headphones_are_full_duplex() -> None:
    found = hold_test(EchoRoom(gain=0.0).echo(play()))
    assert isinstance(found, Finding)
    assert found.duplex is Duplex.FULL
    assert found.returned < -40.0


@pytest.mark.parametrize(("knows", "duplex"), [(0.78, Duplex.GUARDED), (0.5, Duplex.PUSH)])
def test_an_echo_that_stays_is_guarded_against_or_not_listened_to(knows: float, duplex: Duplex) -> None:
    found = hold_test(EchoRoom(gain=0.5).echo(play()), knows=knows)
    assert isinstance(found, Finding)
    assert found.duplex is duplex


def test_hum_is_no_echo_and_hides_none() -> None:
    near = EchoRoom(gain=0.1).echo(play())
    hum = 0.05 * np.sin(2 * np.pi * 50 * np.arange(len(near)) / HEARING_RATE)
    found = hold_test((near + hum).astype(np.float32), knows=0.5)
    assert isinstance(found, Finding)
    assert found.duplex is Duplex.PUSH


def test_nothing_played_and_nothing_heard() -> None:
    assert hold_test(EchoRoom().echo(play()), volume=0.0005) is Trouble.SILENT
    assert hold_test(np.zeros_like(EchoRoom().echo(play()))) is Trouble.DEAF


def test_noise_meanwhile_is_told() -> None:
    near = EchoRoom().echo(play())
    near[-HEARING_RATE:] += 0.1 * np.random.default_rng(0).standard_normal(HEARING_RATE).astype(np.float32)
    assert hold_test(near) is Trouble.NOISE
