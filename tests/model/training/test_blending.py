"""The mean of two trainings: of the Thinker alone, in a folder that is else one of theirs, or a speaking one."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file
from torch import Tensor

from model.cli.program import main
from model.shards import SINGLE_NAME
from model.training import tiny

TALKER = "talker.codec_head.weight"


@pytest.fixture
def other(tiny_folder: Path, tmp_path: Path) -> Path:
    """Where every weight is one more; and a Talker, which the first has none of."""
    folder = tmp_path / "other"
    folder.mkdir()
    for file in tiny_folder.iterdir():
        (folder / file.name).write_bytes(file.read_bytes())
    tensors = {name: tensor + 1.0 for name, tensor in load_file(tiny_folder / SINGLE_NAME).items()}
    save_file(tensors | {TALKER: torch.ones(2, 2)}, folder / SINGLE_NAME, metadata={"format": "pt"})
    return folder


def weights(folder: Path) -> dict[str, Tensor]:
    return {name: tensor.float() for name, tensor in load_file(folder / SINGLE_NAME).items()}


@pytest.mark.parametrize(("chosen", "share"), [((), 0.5), (("--share", "0.25"), 0.25)])
def test_it_is_so_much_of_the_other(
    tiny_folder: Path, other: Path, tmp_path: Path, chosen: tuple[str, ...], share: float
) -> None:
    to = tmp_path / "blended"
    assert main(["blend", "--model", str(tiny_folder), "--with", str(other), *chosen, "--to", str(to)]) == 0
    first, blended = weights(tiny_folder), weights(to)
    assert blended.keys() == first.keys()
    for name in first:
        assert torch.allclose(blended[name], first[name] + share, atol=4e-3), name  # as stored, in half precision
    tiny.load_thinker(to)
    assert json.loads((to / "config.json").read_text()) == json.loads((tiny_folder / "config.json").read_text())


def test_talker_and_voice_come_from_the_one_that_speaks(tiny_folder: Path, other: Path, tmp_path: Path) -> None:
    to = tmp_path / "blended"
    command = ["blend", "--model", str(tiny_folder), "--with", str(tiny_folder), "--speaking", str(other)]
    assert main([*command, "--to", str(to)]) == 0
    blended, first = weights(to), weights(tiny_folder)
    assert torch.equal(blended[TALKER], torch.ones(2, 2))
    assert all(torch.allclose(blended[name], first[name], atol=4e-3) for name in first if name.startswith("thinker."))


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (("--share", "1.5"), "give one from 0 to 1"),
        (("--with", "nowhere"), "nowhere"),
        (("--to", "{model}"), "choose another folder"),
    ],
)
def test_what_cannot_be_blended_is_refused(
    tiny_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], change: tuple[str, str], sentence: str
) -> None:
    before = (tiny_folder / SINGLE_NAME).read_bytes()
    chosen = [part.format(model=tiny_folder) for part in change]
    command = ["blend", "--model", str(tiny_folder), "--with", str(tiny_folder), "--to", str(tmp_path / "to")]
    assert main([*command, *chosen]) != 0
    assert sentence in capsys.readouterr().err
    assert (tiny_folder / SINGLE_NAME).read_bytes() == before
    assert not (tmp_path / "to").exists()
