"""Whatever a device brings comes out as blocks of one kind, with the time at which they were spoken."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from app.devices.blocks import BlockStream
from app.devices.entries import Shape
from app.devices.resampling import Resampler
from app.senses import Block
from model.protocol import HEARING_RATE
from tests.helpers.clips import tone
from tests.helpers.rig_voice import Samples

LENGTH = 512


def bring(stream: BlockStream, sound: Samples, rate: int, chunk: int, jitter: float = 0.0) -> Iterator[Block]:
    """As a device would from second 50 on; sound is [samples, channels]."""
    noise = np.random.default_rng(0)
    for start in range(0, len(sound), chunk):
        part = sound[start : start + chunk]
        end = 50 + (start + len(part)) / rate + noise.uniform(-jitter, jitter)
        yield from stream.push(part.tobytes(), end)


@pytest.mark.parametrize("chunk", [1, 139, 160, 512, 4000])
def test_blocks_are_the_sound_whatever_the_device_brings_at_once(chunk: int) -> None:
    sound = np.random.default_rng(0).standard_normal(5000).astype(np.float32)
    blocks = list(bring(BlockStream(Shape(HEARING_RATE, 1), LENGTH), sound[:, None], HEARING_RATE, chunk))
    assert np.array_equal(np.concatenate([block.samples for block in blocks]), sound[: 9 * LENGTH])
    assert [block.time for block in blocks] == pytest.approx([50 + number * 0.032 for number in range(9)])


def test_all_that_is_whole_may_come_at_once() -> None:
    sound = np.random.default_rng(0).standard_normal(5000).astype(np.float32)
    stream = BlockStream(Shape(HEARING_RATE, 1), LENGTH)
    (first,) = stream.push(sound[:1500].tobytes(), 50 + 1500 / HEARING_RATE, at_once=True)
    assert list(stream.push(sound[1500:1530].tobytes(), 50 + 1530 / HEARING_RATE, at_once=True)) == []
    (second,) = stream.push(sound[1530:3600].tobytes(), 50 + 3600 / HEARING_RATE, at_once=True)
    assert np.array_equal(np.concatenate([first.samples, second.samples]), sound[: 7 * LENGTH])
    assert [first.time, second.time] == pytest.approx([50, 50.064], abs=1e-4)


def test_channels_are_mixed() -> None:
    sound = np.stack([np.full(LENGTH, 0.5), np.full(LENGTH, -0.1)], axis=1).astype(np.float32)
    (block,) = bring(BlockStream(Shape(HEARING_RATE, 2), LENGTH), sound, HEARING_RATE, LENGTH)
    assert np.allclose(block.samples, 0.2)
    assert block.samples.dtype == np.float32


@pytest.mark.parametrize("rate", [8000, 44_100, 48_000])
def test_other_rates_are_resampled_and_keep_their_time(rate: int) -> None:
    sound = tone(2.0, rate)
    stream = BlockStream(Shape(rate, 1), LENGTH)
    blocks = list(bring(stream, sound[:, None], rate, rate // 100))
    heard = np.concatenate([block.samples for block in blocks])
    expected = tone(2.0, HEARING_RATE)[: len(heard)]
    assert len(heard) > 1.9 * HEARING_RATE
    edge = HEARING_RATE // 20
    assert np.abs(heard - expected)[edge:].max() < 1e-3
    assert [block.time for block in blocks] == pytest.approx([50 + n * 0.032 for n in range(len(blocks))], abs=2e-3)


def test_jitter_of_callbacks_does_not_reach_the_times() -> None:
    sound = np.zeros((HEARING_RATE * 5, 1), np.float32)
    stream = BlockStream(Shape(HEARING_RATE, 1), LENGTH)
    times = [block.time for block in bring(stream, sound, HEARING_RATE, 139, jitter=0.02)]
    assert np.diff(times) == pytest.approx(0.032, abs=2e-3)
    assert times[-1] == pytest.approx(50 + 0.032 * (len(times) - 1), abs=0.025)


def test_missing_samples_show_in_the_times() -> None:
    stream = BlockStream(Shape(HEARING_RATE, 1), LENGTH)
    silence = np.zeros(LENGTH, np.float32).tobytes()
    (first,) = stream.push(silence, 50.0)
    (second,) = stream.push(silence, 51.0)
    assert second.time - first.time == pytest.approx(1.0)


@pytest.mark.parametrize(("given", "wanted"), [(24_000, 48_000), (24_000, 44_100), (24_000, 24_000)])
@pytest.mark.parametrize("chunk", [100, 1920, 24_000])
def test_a_resampled_stream_is_the_whole_resampled(given: int, wanted: int, chunk: int) -> None:
    wave = tone(1.0, given)
    whole = Resampler(given, wanted)
    expected = np.concatenate([whole.push(wave), whole.flush()])
    stream = Resampler(given, wanted)
    parts = [stream.push(wave[start : start + chunk]) for start in range(0, len(wave), chunk)]
    assert np.abs(np.concatenate([*parts, stream.flush()]) - expected).max() < 1e-5
    assert len(expected) == wanted
