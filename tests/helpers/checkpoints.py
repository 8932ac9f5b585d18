"""Small random checkpoints and the transformers model that reads the same folder."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file
from tokenizers import Tokenizer
from transformers import Qwen2_5OmniForConditionalGeneration

from model.loading import Checkpoint, Placement
from model.omni import Omni
from model.small import make_small

__all__ = ["make_small", "make_talkative", "omni", "placement", "reference", "small_checkpoint"]

torch.set_num_threads(1)  # small models lose far more to waiting threads than they win

LETTERS = "".join(map(chr, range(ord(" "), ord("~") + 1)))
"""More than twice as many as are ever drawn from."""


def make_talkative(folder: Path) -> None:
    """A small random checkpoint that writes nothing but letters and signs, and hardly ever comes to an end.

    Of the Thinker's last layer the rows of all other tokens are made zero, which is less than half of the letters get.
    """
    make_small(folder)
    name = "thinker.lm_head.weight"
    file = folder / json.loads((folder / "model.safetensors.index.json").read_text())["weight_map"][name]
    tensors = load_file(file)
    letters = Tokenizer.from_file(str(folder / "tokenizer.json")).encode(LETTERS).ids
    kept = torch.zeros_like(tensors[name])
    kept[letters] = tensors[name][letters]
    save_file(tensors | {name: kept}, file, metadata={"format": "pt"})


@pytest.fixture(scope="session")
def small_checkpoint(small_folder: Path) -> Checkpoint:
    return Checkpoint.open(small_folder)


@pytest.fixture(scope="session")
def placement() -> Placement:
    return Placement.cpu()


@pytest.fixture(scope="session")
def omni(small_folder: Path, placement: Placement) -> Omni:
    """All of the small checkpoint, loaded once."""
    return Omni.load(small_folder, placement, speaks=True)


@pytest.fixture(scope="session")
def reference(small_folder: Path) -> Qwen2_5OmniForConditionalGeneration:
    """The small checkpoint as transformers runs it, in single precision."""
    model: Qwen2_5OmniForConditionalGeneration = Qwen2_5OmniForConditionalGeneration.from_pretrained(
        small_folder, dtype=torch.float32, attn_implementation="sdpa"
    )
    model.eval()
    return model
