"""Small random checkpoints and the transformers model that reads the same folder."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from transformers import Qwen2_5OmniForConditionalGeneration

from model.loading import Checkpoint, Placement
from model.omni import Omni
from model.small import make_small


@pytest.fixture(scope="session")
def small_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small random checkpoint in several shards; tests read it and never write to it."""
    folder = tmp_path_factory.mktemp("checkpoints") / "small"
    make_small(folder, shard_bytes=2_000_000)
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
