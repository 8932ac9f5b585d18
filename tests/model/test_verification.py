"""The verification table says "same" for a model that is, and "DIFFERS" for one that is not."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from torch import Tensor

from model import decoder
from model.loading import Checkpoint, Placement
from model.mel import FeatureStream
from model.omni import Omni
from model.positions import Positions
from model.quantization import quantize
from model.verification import conversation, encoders, language, positions, run, speech
from model.verification.quantized import compare
from model.verification.rows import Row


@pytest.fixture
def small(small_folder: Path, placement: Placement) -> Omni:
    return Omni(Checkpoint.open(small_folder), placement)


def test_every_part_of_a_sound_model_is_the_same(small_folder: Path, placement: Placement) -> None:
    rows = list(run.verify(small_folder, placement))
    assert {row.part for row in rows} >= {"positions", "ear", "eye", "thinker", "talker", "voice", "session"}
    assert [row.line() for row in rows if row.passed is False] == []
    assert sum(row.passed is True for row in rows) >= 11


def test_a_sound_model_with_packed_weights_agrees_and_a_broken_one_does_not(
    small_folder: Path, placement: Placement, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Our products take activations as whole numbers, the reference does not: that much is no fault."""
    folder = tmp_path / "packed"
    quantize(small_folder, folder, bits=8, progress=lambda _: None, check=lambda: None)
    assert [row.line() for row in run.verify(folder, placement) if row.passed is False] == []
    monkeypatch.setattr(decoder, "rotate", _unturned)
    wrong = {row.part for row in language.thinker(Omni(Checkpoint.open(folder), placement)) if row.passed is False}
    assert wrong == {"thinker"}


def _shifted(self: Positions, first: int, count: int) -> Tensor:
    return self._append(torch.arange(self.base + first + 1, self.base + first + 1 + count).expand(3, -1))


def _unturned(x: Tensor, _angles: tuple[Tensor, Tensor]) -> Tensor:
    return x


def _deaf(_self: FeatureStream, _samples: Tensor) -> list[Tensor]:
    return []


BREAKAGES: list[tuple[str, object, str, object, Callable[[Omni], object]]] = [
    ("sound ids", Positions, "sound", _shifted, positions.mixes),
    ("rotation", decoder, "rotate", _unturned, language.thinker),
    ("rotation of the talker", decoder, "rotate", _unturned, language.talker),
    ("mel", FeatureStream, "push", _deaf, encoders.hearing),
]


@pytest.mark.parametrize(("name", "owner", "attribute", "broken", "stage"), BREAKAGES, ids=[b[0] for b in BREAKAGES])
def test_a_broken_part_is_found(  # noqa: PLR0917
    name: str,
    owner: object,
    attribute: str,
    broken: object,
    stage: Callable[[Omni], list[Row]],
    small: Omni,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(owner, attribute, broken)
    assert any(row.passed is False for row in stage(small)), name


def test_what_does_not_fit_is_said(small_folder: Path, placement: Placement, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "free_bytes", lambda _device: 0)
    rows = list(run.verify(small_folder, placement))
    assert len(rows) == len(run.STAGES)
    assert all(row.check == "not run" and "GB of memory" in row.found for row in rows)


def test_reduced_precision_is_chosen_and_said(
    small_folder: Path, placement: Placement, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage = run.Stage(language.thinker, ("thinker",))
    half = stage.needs(Omni(Checkpoint.open(small_folder), Placement(placement.device, torch.bfloat16)))
    monkeypatch.setattr(run, "STAGES", (stage,))
    monkeypatch.setattr(run, "free_bytes", lambda _device: half)
    first, *others = run.verify(small_folder, placement)
    assert first.check == "in bfloat16"
    assert all(row.passed is not False for row in others)


def test_quantised_model_is_verified_and_compared(small_folder: Path, placement: Placement, tmp_path: Path) -> None:
    folder = tmp_path / "int4"
    quantize(small_folder, folder, bits=4, progress=lambda _: None, check=lambda: None)
    omni = Omni(Checkpoint.open(folder), placement)
    rows = [*language.thinker(omni), *language.talker(omni), *conversation.interruption(omni)]
    assert [row.line() for row in rows if row.passed is False] == []
    compared = {row.check: row for row in compare(small_folder, folder, placement)}
    agreed = int(compared["greedy agreement with float"].found.split()[0])
    assert 5 < agreed < 40, "int4 on random weights changes some choices, not all"
    assert any("mlp.up_proj" in check for check in compared)
    assert list(speech.voice(omni))
