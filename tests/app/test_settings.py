"""Settings are kept, checked, and recovered from damage."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from app.settings import Settings, load, save


def test_settings_come_back_as_they_were(tmp_path: Path) -> None:
    file = tmp_path / "deeper" / "settings.json"
    chosen = Settings(Path("models") / "mine", "0", None, hands_free=True, patience=2.5)
    save(chosen, file)
    assert load(file).settings == chosen
    assert load(file).sentence == ""
    assert [entry.name for entry in file.parent.iterdir()] == ["settings.json"]


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps no such modes")
def test_nobody_else_can_read_them(tmp_path: Path) -> None:
    file = tmp_path / "settings.json"
    save(Settings(), file)
    assert file.stat().st_mode & 0o777 == 0o600


def test_without_a_file_there_are_the_usual_ones(tmp_path: Path) -> None:
    assert load(tmp_path / "none.json").settings == Settings()


@pytest.mark.parametrize(
    "damage",
    [
        '{"patience": 1',
        "[]",
        '{"patience": 99}',
        '{"patience": "long"}',
        '{"patience": NaN}',
        '{"hands_free": 1}',
        '{"model": 7}',
        '{"camera": 0}',
        '{"voice": []}',
    ],
)
def test_damaged_file_is_put_aside_and_said_so(tmp_path: Path, damage: str) -> None:
    file = tmp_path / "settings.json"
    file.write_text(damage)
    found = load(file)
    assert found.settings == Settings()
    aside = tmp_path / "settings.damaged.json"
    assert aside.read_text() == damage
    assert str(aside) in found.sentence
    assert load(file).sentence == ""


def test_file_that_is_no_text_is_damaged_too(tmp_path: Path) -> None:
    file = tmp_path / "settings.json"
    file.write_bytes(b"\xff\xfe\x00")
    assert "damaged" in load(file).sentence


def test_folder_in_the_file_s_place_is_told(tmp_path: Path) -> None:
    found = load(tmp_path)
    assert found.settings == Settings()
    assert "cannot be read" in found.sentence


def test_other_versions_of_the_file_are_read(tmp_path: Path) -> None:
    file = tmp_path / "settings.json"
    file.write_text(json.dumps({"patience": 2, "invented_later": True}))
    assert load(file).settings == Settings(patience=2.0)


@pytest.mark.parametrize("patience", [0.4, 5.1, float("nan")])
def test_patience_has_bounds(patience: float) -> None:
    with pytest.raises(ValueError, match="patience"):
        Settings(patience=patience)
