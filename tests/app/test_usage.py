"""A model's speed is kept beside it, and told of no other model."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

from app.usage import read_speed, write_speed
from model.recognition import MANIFEST, SPEED
from model.speed import Speed

FOUND = Speed(50.0, 12.0, 0.5)


def test_speed_is_known_again_on_the_same_device(tmp_path: Path) -> None:
    assert read_speed(tmp_path, "cpu") is None
    write_speed(tmp_path, "cpu", FOUND)
    assert read_speed(tmp_path, "cpu") == FOUND
    assert read_speed(tmp_path, "cuda") is None


def test_what_an_older_sightline_kept_is_known(tmp_path: Path) -> None:
    (tmp_path / SPEED).write_text(json.dumps({"device": "cpu"} | asdict(FOUND)))
    assert read_speed(tmp_path, "cpu") == FOUND


def test_a_converted_model_has_not_the_speed_of_its_source(tmp_path: Path) -> None:
    write_speed(tmp_path, "cpu", FOUND)
    (tmp_path / MANIFEST).write_text("{}")
    assert read_speed(tmp_path, "cpu") is None
    write_speed(tmp_path, "cpu", FOUND)
    assert read_speed(tmp_path, "cpu") == FOUND
