"""The model's five parts: loaded when needed and not before, with progress, refused for want of memory, given up."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import psutil
import pytest
import torch
from torch import Tensor

from model.errors import Cancelled, MemoryFullError
from model.loading import Checkpoint, Placement
from model.note import Note
from model.omni import PREFIXES, SPARE_BYTES, Omni, free_bytes, place
from model.protocol import Finished, Loading
from model.sampling import GREEDY
from model.session import Session, SessionSettings
from tests.helpers.checks import Breaker
from tests.helpers.refusals import linked, refusal
from tests.helpers.senses import frames, sound

SPEAKER_ENCODER = "token2wav.code2wav_dit_model.input_embed.spk_encoder"
SILENT = SessionSettings(system="S", thinker=GREEDY, max_tokens=4)


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of all tensors that are read, in order."""
    names: list[str] = []
    stored = Checkpoint.stored

    def listening(checkpoint: Checkpoint, name: str, *, apart: bool = False) -> Tensor:
        names.append(name)
        return stored(checkpoint, name, apart=apart)

    monkeypatch.setattr(Checkpoint, "stored", listening)
    return names


def names_of(omni: Omni, *parts: str) -> list[str]:
    """Every tensor of these parts, once."""
    return sorted(name for name in omni.checkpoint.shards for part in parts if name.startswith(dotted(part)))


def dotted(part: str) -> tuple[str, ...]:
    return tuple(f"{prefix}." for prefix in PREFIXES[part])


def test_every_tensor_belongs_to_one_part(omni: Omni) -> None:
    parts = [sum(name.startswith(dotted(part)) for part in PREFIXES) for name in omni.checkpoint.shards]
    assert set(parts) == {1}


def test_text_reads_the_thinker_only_and_hearing_and_sight_come_when_needed(
    small_folder: Path, placement: Placement, read: list[str]
) -> None:
    omni = Omni.load(small_folder, placement, speaks=False)
    session = Session(omni, SILENT)
    session.read("Hello.")
    list(session.reply())
    assert list(omni.loaded) == ["thinker"]
    assert sorted(read) == names_of(omni, "thinker"), "each once"
    read.clear()
    session.hear(sound(0.3))
    assert list(omni.loaded) == ["thinker", "ear"]
    assert sorted(read) == names_of(omni, "ear")
    read.clear()
    session.close_clip()
    session.see(frames(1)[0])
    assert list(omni.loaded) == ["thinker", "ear", "eye"]
    assert sorted(read) == names_of(omni, "eye")
    read.clear()
    Session(omni, replace(SILENT, voice="Ethan"))
    assert set(omni.loaded) == set(PREFIXES)
    assert set(read) <= set(names_of(omni, "talker", "voice"))
    assert set(read) >= set(names_of(omni, "talker"))


def test_speaking_loads_talker_and_voice_at_once(small_folder: Path, placement: Placement) -> None:
    assert set(Omni.load(small_folder, placement, speaks=True).loaded) == {"thinker", "talker", "voice"}


def test_progress_rises_to_the_total_of_each_part(small_folder: Path, placement: Placement) -> None:
    told: list[Loading] = []
    omni = Omni.load(small_folder, placement, speaks=True, progress=told.append)
    omni.ear, omni.eye  # noqa: B018 -- loads them
    assert list(dict.fromkeys(loading.part for loading in told)) == ["thinker", "talker", "voice", "ear", "eye"]
    for part, prefixes in PREFIXES.items():
        mine = [loading for loading in told if loading.part == part]
        done = [loading.done for loading in mine]
        assert done == sorted(done)
        assert {loading.total for loading in mine} == {sum(map(omni.checkpoint.stored_bytes, prefixes))}
        assert done[0] < done[-1] == mine[-1].total
        at_once = [name for name in names_of(omni, part) if not name.startswith(SPEAKER_ENCODER)]
        remainder = 1 if part == "voice" else 0  # a voice's encoder is read when it is chosen
        assert len(done) == len(at_once) + remainder, "told of every tensor as it is read"
    told.clear()
    omni.checkpoint.stored("thinker.model.norm.weight")
    assert told == [], "not of what others read"


@pytest.mark.parametrize("part", list(PREFIXES))
@pytest.mark.parametrize("after", [0, 1, 16])
def test_a_load_given_up_leaves_nothing_and_can_be_done_again(
    small_folder: Path, placement: Placement, omni: Omni, part: str, after: int
) -> None:
    breaker = Breaker(after)
    other = Omni(Checkpoint.open(small_folder), placement, check=breaker)
    with pytest.raises(Cancelled):
        getattr(other, part)
    assert not other.loaded
    assert getattr(other, part) is getattr(other, part)
    assert list(other.loaded) == [part]
    if part == "thinker":
        hidden = torch.ones(omni.thinker.width)
        assert torch.equal(other.thinker.logits(hidden), omni.thinker.logits(hidden))


def test_loading_as_a_whole_can_be_given_up(small_folder: Path, placement: Placement) -> None:
    with pytest.raises(Cancelled):
        Omni.load(small_folder, placement, speaks=True, check=Breaker(300))


@pytest.fixture
def memory(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Makes this computer report so many free bytes."""
    return lambda free: monkeypatch.setattr(psutil, "virtual_memory", lambda: SimpleNamespace(available=free))


def test_too_little_memory_is_said_before_anything_is_read(
    small_folder: Path, placement: Placement, memory: Callable[[int], None], read: list[str]
) -> None:
    memory(SPARE_BYTES + 1000)
    sentence = refusal(lambda: Omni.load(small_folder, placement, speaks=True))
    assert "0.3 GB" in sentence
    assert all(part in sentence for part in ("thinker", "talker", "voice"))
    assert read == []


def test_memory_is_measured_for_all_that_is_asked_for_and_for_no_more(
    small_folder: Path, placement: Placement, memory: Callable[[int], None]
) -> None:
    needs = {part: Omni(Checkpoint.open(small_folder), placement).resident_bytes(part) for part in PREFIXES}
    memory(SPARE_BYTES + needs["thinker"])
    omni = Omni.load(small_folder, placement, speaks=False)
    memory(SPARE_BYTES + needs["thinker"] - 1)
    refusal(lambda: Omni.load(small_folder, placement, speaks=False))
    memory(SPARE_BYTES + sum(needs[part] for part in ("thinker", "talker", "voice")) - 1)
    refusal(lambda: Omni.load(small_folder, placement, speaks=True))
    memory(SPARE_BYTES + needs["eye"] - 1)
    session = Session(omni, SILENT)
    session.read("Look.")
    with pytest.raises(MemoryFullError, match="eye"):
        session.see(frames(1)[0])
    memory(SPARE_BYTES + needs["ear"])
    omni.require_memory("thinker", "ear")
    memory(0)
    omni.require_memory("thinker")
    assert isinstance([*session.reply()][-1], Finished), "what is loaded goes on"


def test_less_precision_takes_less_memory(small_folder: Path, placement: Placement) -> None:
    checkpoint = Checkpoint.open(small_folder)
    exact, half = (Omni(checkpoint, replace(placement, dtype=d)) for d in (torch.float32, torch.bfloat16))
    for part in PREFIXES:
        assert exact.resident_bytes(part) == sum(map(checkpoint.stored_bytes, PREFIXES[part]))
        assert 0.5 <= half.resident_bytes(part) / exact.resident_bytes(part) < 1


def test_free_memory_is_what_the_system_says(memory: Callable[[int], None]) -> None:
    memory(123)
    assert free_bytes(torch.device("cpu")) == 123


def test_places_have_names(monkeypatch: pytest.MonkeyPatch) -> None:
    assert place("cpu") == Placement(torch.device("cpu"), torch.float32, torch.float16)
    assert place("cpu", "float32") == place("cpu", "float32", Note(bits=8)) == Placement.cpu()
    assert place("cpu", note=Note(bits=8)) == replace(place("cpu"), bits=8)
    assert place("cpu", note=Note()) == place("cpu")
    assert place("cpu", "bfloat16").dtype == place("cpu", "bfloat16").kept == torch.bfloat16
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: False)
    assert place() == place("cpu")


@pytest.mark.parametrize("device", ["abacus", "cuda:77", "cpu:x"])
def test_a_device_that_there_is_not(device: str) -> None:
    assert "device" in refusal(lambda: place(device))


@pytest.mark.parametrize("precision", ["float8", "", "int4"])
def test_a_precision_that_there_is_not(precision: str) -> None:
    assert "float32" in refusal(lambda: place("cpu", precision))


def test_a_folder_without_voices_answers_in_text(small_folder: Path, placement: Placement, tmp_path: Path) -> None:
    folder = linked(small_folder, tmp_path / "mute")
    (folder / "spk_dict.pt").unlink()
    omni = Omni.load(folder, placement, speaks=False)
    assert "spk_dict.pt" in refusal(lambda: Session(omni, replace(SILENT, voice="Chelsie")))
    assert list(omni.loaded) == ["thinker"], "refused before Talker and voice are loaded for nothing"
    session = Session(omni, SILENT)
    session.read("Hello.")
    assert isinstance([*session.reply()][-1], Finished)


def test_an_unknown_voice_is_refused_before_anything_is_loaded_for_it(small_folder: Path, placement: Placement) -> None:
    omni = Omni.load(small_folder, placement, speaks=False)
    assert "Nobody" in refusal(lambda: Session(omni, replace(SILENT, voice="Nobody")))
    assert list(omni.loaded) == ["thinker"]
