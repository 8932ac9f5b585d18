"""One model for every computer, or a reason why none."""

from __future__ import annotations

from dataclasses import replace

import pytest

from model.catalogue import CATALOGUE, GIGABYTE, LARGER, SMALLER, Hardware, Precision, advise, find, gigabytes
from model.errors import CheckpointError

USUAL = Hardware(memory=16 * GIGABYTE, disk=200 * GIGABYTE, cores=4)


@pytest.mark.parametrize(
    ("hardware", "name", "precision"),
    [
        (USUAL, SMALLER, Precision.INT4),
        (replace(USUAL, memory=32 * GIGABYTE, cores=12), LARGER, Precision.INT4),
        (replace(USUAL, memory=32 * GIGABYTE, cores=4), SMALLER, Precision.INT4),
        (replace(USUAL, video=8 * GIGABYTE, card="GPU"), SMALLER, Precision.INT8),
        (replace(USUAL, video=16 * GIGABYTE, card="GPU"), LARGER, Precision.INT8),
        (replace(USUAL, video=80 * GIGABYTE, card="GPU"), LARGER, Precision.PUBLISHED),
        (replace(USUAL, video=80 * GIGABYTE, card="GPU", disk=20 * GIGABYTE), SMALLER, Precision.INT8),
    ],
)
def test_the_best_that_fits_is_advised_with_its_reason(hardware: Hardware, name: object, precision: Precision) -> None:
    advice = advise(hardware)
    assert (advice.published, advice.precision) == (name, precision)
    assert precision.words in advice.reason or "as published" in advice.reason
    assert advice.reason.endswith(".")


def test_too_little_memory_and_too_little_disk_are_told_apart() -> None:
    small = advise(replace(USUAL, memory=4 * GIGABYTE))
    assert small.published is None
    assert "6.0 GB of memory" in small.reason
    full = advise(replace(USUAL, disk=10 * GIGABYTE))
    assert full.published is None
    assert "6.9 GB more are needed" in full.reason


@pytest.mark.parametrize("name", ["Qwen2.5-Omni-3B", "qwen2.5-omni-3b", "Qwen/Qwen2.5-Omni-3B"])
def test_a_model_is_found_by_its_names(name: str) -> None:
    assert find(name) is SMALLER


def test_unknown_model_is_a_sentence() -> None:
    with pytest.raises(CheckpointError, match=r"it has Qwen2.5-Omni-3B and Qwen2.5-Omni-7B"):
        find("gpt")


def test_everything_that_must_be_known_before_a_byte_is_there() -> None:
    for published in CATALOGUE:
        assert published.licence.text
        assert published.licence.url.startswith("https://")
        assert published.voices
        assert set(published.needs) == set(Precision)
    assert not SMALLER.licence.commercial
    assert "business" in SMALLER.licence.text


def test_what_is_on_the_disk_already_needs_no_room_again() -> None:
    alone = advise(USUAL)
    assert alone.published is not None
    missing = alone.published.room(alone.precision) - 2 * GIGABYTE
    tight = replace(USUAL, disk=missing)
    assert advise(tight) != alone
    assert advise(tight, lambda published, _: 2 * GIGABYTE if published is alone.published else 0) == alone
    short = advise(replace(USUAL, disk=0), lambda *_: 1 * GIGABYTE)
    assert gigabytes(SMALLER.room(Precision.INT4) - GIGABYTE) in short.reason
