"""What the speaker was given can be had again by the clock, whatever pieces it came in."""

from __future__ import annotations

import numpy as np
import pytest

from app.devices.far_end import FarEnd, Piece
from tests.helpers.rig_voice import Samples

RATE = 24_000
STEP = 240


@pytest.fixture
def sound() -> Samples:
    return np.random.default_rng(0).standard_normal(RATE).astype(np.float32)


def give(far_end: FarEnd, sound: Samples, began: float, piece: int = 700, jitter: float = 0.0) -> None:
    noise = np.random.default_rng(1)
    for begin in range(0, len(sound), piece):
        leaves = began + begin / RATE + noise.uniform(-jitter, jitter)
        far_end.give(Piece(sound[begin : begin + piece], leaves, RATE))


def take(far_end: FarEnd, began: float, steps: int) -> Samples:
    return np.concatenate([far_end.take(began + 0.01 * step, 0.01)[0] for step in range(steps)])


@pytest.mark.parametrize("piece", [64, 240, 700, 24_000])
def test_whole_equals_pieces(sound: Samples, piece: int) -> None:
    far_end = FarEnd()
    give(far_end, sound, 50.0, piece)
    assert np.array_equal(take(far_end, 50.0, 100), sound)


def test_before_and_after_there_is_silence(sound: Samples) -> None:
    far_end = FarEnd()
    give(far_end, sound, 50.0)
    heard = take(far_end, 49.9, 130)
    assert np.array_equal(heard, np.pad(sound, (10 * STEP, 20 * STEP)))


def test_before_anything_was_played_there_is_no_rate() -> None:
    samples, rate = FarEnd().take(50.0, 0.01)
    assert rate == 0
    assert not len(samples)


def test_callbacks_that_jitter_tear_no_hole(sound: Samples) -> None:
    """The samples follow one another; only while it finds its place at the beginning may it take a step."""
    far_end = FarEnd()
    give(far_end, sound, 50.0, 480, jitter=0.004)
    heard = take(far_end, 50.0, 100)[: -2 * STEP]
    shift = next(
        shift for shift in range(-120, 120) if np.array_equal(heard[5000:9000], sound[5000 + shift : 9000 + shift])
    )
    assert np.array_equal(heard[5000:], sound[5000 + shift : len(heard) + shift])


def test_a_gap_is_silence_as_long_as_it_was(sound: Samples) -> None:
    far_end = FarEnd()
    give(far_end, sound[:12_000], 50.0)
    give(far_end, sound[12_000:], 50.8)
    heard = take(far_end, 50.0, 130)
    assert np.array_equal(heard[:12_000], sound[:12_000])
    assert not heard[12_000:19_200].any()
    assert np.array_equal(heard[19_200:], sound[12_000:])


def test_what_the_device_has_dropped_was_never_played(sound: Samples) -> None:
    far_end = FarEnd()
    give(far_end, sound, 50.0)
    far_end.cut(50.25)
    give(far_end, sound[:2400], 50.3)
    heard = take(far_end, 50.0, 60)
    assert np.array_equal(heard[:6000], sound[:6000])
    assert not heard[6000:7200].any()
    assert np.array_equal(heard[7200:9600], sound[:2400])


def test_a_long_pause_and_another_device_with_another_rate(sound: Samples) -> None:
    far_end = FarEnd()
    give(far_end, sound, 50.0)
    take(far_end, 50.0, 300)
    far_end.give(Piece(sound[:4800], 80.0, 48_000))
    samples, rate = far_end.take(80.0, 0.01)
    assert rate == 48_000
    assert np.array_equal(samples, sound[:480])


def test_what_nobody_took_in_its_time_is_forgotten(sound: Samples) -> None:
    far_end = FarEnd()
    give(far_end, sound, 50.0)
    give(far_end, sound[:4800], 70.0)
    assert np.array_equal(take(far_end, 70.0, 20), sound[:4800])
