"""Settings are kept, checked, and recovered from damage."""

from __future__ import annotations

import json
import os
from dataclasses import asdict
from pathlib import Path

import pytest

from app.duplex import Duplex, Echo
from app.first_steps import Profile, Step
from app.hotkeys import Action, Hotkey
from app.senses import Size
from app.settings import Language, Loaded, Look, Settings, Speech, language_in, load, save, with_senses
from app.wake_phrase import WakePhrase


def test_settings_come_back_as_they_were(tmp_path: Path) -> None:
    file = tmp_path / "deeper" / "settings.json"
    chosen = Settings(
        Path("models") / "mine",
        "0",
        Speech.SYSTEM,
        voice="Ethan",
        system_voice="Anne",
        speed=1.5,
        hands_free=True,
        patience=2.5,
        volume=0.5,
        look=Look.DARK,
        text_percent=150,
        keep_days=30,
        private=True,
        microphone="usb-7",
        speaker="{0.0.1}",
        camera_size=Size(640, 480),
        mirror=True,
        preview=False,
        remarks=True,
        duplex=Duplex.GUARDED,
        echoes=(
            Echo("mic", "speaker", Duplex.FULL, -20.0, 30.0, 0.06),
            Echo("mic", "headset", Duplex.PUSH, -3.0, 0.0, 0.2),
        ),
        wake_phrase=WakePhrase.NABU,
        models=Path("elsewhere"),
        moved_to=(Path("another disk"), Path("a third")),
        idle_minutes=15,
        licences=("Qwen2.5-Omni-7B",),
        hotkeys=(Hotkey(Action.TALK, "Ctrl+Shift+F7"), Hotkey(Action.MUTE, "Pause")),
        first_run=Step.SPEED,
        profile=Profile.BLIND,
        signals=True,
        guidance=True,
        context=8192,
    )
    save(chosen, file)
    assert load(file).settings == chosen
    assert load(file).sentence == ""
    assert [entry.name for entry in file.parent.iterdir()] == ["settings.json"]


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps no such modes")
def test_nobody_else_can_read_them(tmp_path: Path) -> None:
    file = tmp_path / "settings.json"
    save(Settings(), file)
    assert file.stat().st_mode & 0o777 == 0o600


def test_without_a_file_there_are_the_usual_ones_and_the_first_run_comes(tmp_path: Path) -> None:
    assert load(tmp_path / "none.json").settings == Settings(first_run=Step.LANGUAGE)


def test_whoever_kept_settings_before_there_was_a_first_run_has_none(tmp_path: Path) -> None:
    file = tmp_path / "settings.json"
    file.write_text('{"patience": 2.0}')
    assert load(file).settings.first_run is Step.OVER


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
        '{"speech": "parrot"}',
        '{"system_voice": 3}',
        '{"speed": 2.5}',
        '{"look": "pink"}',
        '{"text_percent": 20}',
        '{"text_percent": true}',
        '{"keep_days": -1}',
        '{"volume": 2}',
        '{"private": "yes"}',
        '{"microphone": 3}',
        '{"mirror": 1}',
        '{"camera_size": "large"}',
        '{"camera_size": {"width": 640}}',
        '{"camera_size": {"width": 640, "height": -1}}',
        '{"duplex": "half"}',
        '{"wake_phrase": "hello"}',
        '{"echoes": {}}',
        '{"echoes": ["quiet"]}',
        '{"echoes": [{"microphone": "mic"}]}',
        json.dumps({"echoes": [{**asdict(Echo("mic", "speaker", Duplex.FULL, 0.0, 0.0, 0.0)), "microphone": 1}]}),
        '{"models": 7}',
        '{"idle_minutes": 0}',
        '{"licences": "all"}',
        '{"licences": [1]}',
        '{"hotkeys": {"talk": "F7"}}',
        '{"hotkeys": [{"action": "talk", "keys": "A"}]}',
        '{"hotkeys": [{"action": "sing", "keys": "F7"}]}',
        '{"hotkeys": [{"action": "talk", "keys": "F7"}, {"action": "talk", "keys": "F8"}]}',
        '{"hotkeys": [{"action": "talk", "keys": "F7"}, {"action": "mute", "keys": "F7"}]}',
        '{"first_run": "party"}',
        '{"profile": 1}',
        '{"signals": "loud"}',
        '{"guidance": 1}',
        '{"context": 100}',
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
    assert found.is_unread


def test_other_versions_of_the_file_are_read(tmp_path: Path) -> None:
    file = tmp_path / "settings.json"
    file.write_text(json.dumps({"patience": 2, "invented_later": True}))
    assert load(file).settings == Settings(patience=2.0)


def test_what_is_whole_of_a_damaged_file_is_used(tmp_path: Path) -> None:
    file = tmp_path / "settings.json"
    file.write_text('{"patience": 2.5, "look": "pink", "text_percent": 150, "keep_days": 0, "volume": 1}')
    found = load(file)
    assert found.settings == Settings(patience=2.5, text_percent=150)
    assert "Some of your settings were damaged" in found.sentence
    assert "pink" in (tmp_path / "settings.damaged.json").read_text()
    assert load(file) == Loaded(found.settings)


def test_newer_settings_are_used_as_far_as_they_are_known_and_a_copy_stays(tmp_path: Path) -> None:
    file = tmp_path / "settings.json"
    newer = json.dumps({"version": 2, "patience": 2.5, "look": "pink"})
    file.write_text(newer)
    found = load(file)
    assert found.settings == Settings(patience=2.5)
    assert "newer Sightline" in found.sentence
    assert file.read_text() == newer
    save(found.settings, file)
    assert (tmp_path / "settings.newer.json").read_text() == newer
    assert load(file).sentence == ""


def test_the_silence_of_an_older_file_is_still_silence(tmp_path: Path) -> None:
    file = tmp_path / "settings.json"
    file.write_text('{"voice": null, "speed": 2}')
    assert load(file) == Loaded(Settings(speech=Speech.NOBODY, speed=2.0))


def test_the_model_is_loaded_with_a_voice_only_where_it_speaks() -> None:
    made = {speech: Settings(speech=speech, voice="Ethan").made_voice for speech in Speech}
    assert made == {Speech.AUTOMATIC: "Ethan", Speech.MODEL: "Ethan", Speech.SYSTEM: None, Speech.NOBODY: None}


@pytest.mark.parametrize("patience", [0.4, 5.1, float("nan")])
def test_patience_has_bounds(patience: float) -> None:
    with pytest.raises(ValueError, match="patience"):
        Settings(patience=patience)


def test_senses_are_taken_over_alone() -> None:
    one = Settings(patience=2.0, microphone="old")
    other = Settings(patience=3.0, microphone="new", camera="cam", mirror=True, hands_free=True)
    assert with_senses(one, other) == Settings(patience=2.0, microphone="new", camera="cam", mirror=True)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ('{"language": "es", "volume": "loud"}', Language.SPANISH),
        ('{"language": "fr"}', Language.SYSTEM),
        ('{"volume": 1}', Language.SYSTEM),
        ('["es"]', Language.SYSTEM),
        ('{"language": "es"', Language.SYSTEM),
    ],
)
def test_the_language_is_known_before_anything_is_said_of_damage(tmp_path: Path, text: str, language: Language) -> None:
    file = tmp_path / "settings.json"
    file.write_text(text)
    assert language_in(file) is language
    assert language_in(tmp_path / "none") is Language.SYSTEM
    assert file.read_text() == text
