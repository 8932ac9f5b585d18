"""What the speaker's callback works on."""

from __future__ import annotations

import numpy as np
import pytest

from app.devices.waves import DUCKED, Gain, Journey, Slope, WaveQueue


@pytest.mark.parametrize("put", [1, 7, 480, 5000])
@pytest.mark.parametrize("taken", [1, 64, 480, 3000])
def test_waves_come_out_as_they_went_in(put: int, taken: int) -> None:
    wave = np.random.default_rng(0).standard_normal(5000).astype(np.float32)
    queue = WaveQueue()
    for start in range(0, len(wave), put):
        queue.put(wave[start : start + put])
    parts = []
    out = np.empty(taken, np.float32)
    while (count := queue.take(out)) > 0:
        parts.append(out[:count].copy())
    assert np.array_equal(np.concatenate(parts), wave)
    assert all(len(part) == taken for part in parts[:-1])


def test_empty_waves_are_no_end() -> None:
    queue = WaveQueue()
    for wave in ([], [1.0], [], [2.0]):
        queue.put(np.array(wave, np.float32))
    out = np.zeros(5, np.float32)
    assert queue.take(out) == 2
    assert out.tolist() == [1, 2, 0, 0, 0]


def test_a_change_of_gain_makes_no_step() -> None:
    gain = Gain()
    slope = Slope(gain)
    parts = []
    for ducked in (False, True, True, False):
        gain.is_ducked = ducked
        part = np.ones(100, np.float32)
        slope.apply(part)
        parts.append(part)
    assert np.abs(np.diff(np.concatenate(parts))).max() < 0.01
    assert parts[0].tolist() == [1.0] * 100
    assert np.allclose(parts[2], DUCKED)
    assert parts[3][-1] == 1.0


def test_volume_and_ducking_multiply() -> None:
    gain = Gain()
    gain.volume = 0.5
    gain.is_ducked = True
    assert gain.factor == 0.5 * DUCKED


@pytest.mark.parametrize(
    ("now", "count"),
    [(9.9, 0), (10.0, 0), (10.05, 50), (10.15, 100), (10.2, 100), (10.25, 150), (10.35, 180), (99.0, 180)],
)
def test_samples_have_left_when_it_was_their_time(now: float, count: int) -> None:
    journey = Journey()
    journey.add(10.0, 100)
    journey.add(10.1, 0)
    journey.add(10.2, 80)
    assert journey.given == 180
    assert journey.count(now, 1000) == pytest.approx(count, abs=1)


def test_a_long_journey_is_not_forgotten() -> None:
    journey = Journey()
    for number in range(5000):
        journey.add(number * 0.01, 10)
    assert journey.count(49.0, 1000) == pytest.approx(49_000, abs=10)
