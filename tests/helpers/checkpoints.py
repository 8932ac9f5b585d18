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

LETTERS = "".join(map(chr, range(ord(" "), ord("~") + 1)))
"""More than twice as many as are ever drawn from."""


@pytest.fixture(scope="session")
def small_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small random checkpoint in several shards; tests read it and never write to it."""
    folder = tmp_path_factory.mktemp("checkpoints") / "small"
    make_small(folder, shard_bytes=2_000_000)
    return folder


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
def talkative_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """For answers that something can break into."""
    folder = tmp_path_factory.mktemp("checkpoints") / "small"
    make_talkative(folder)
    return folder


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
