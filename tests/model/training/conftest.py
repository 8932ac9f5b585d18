"""What the tests of training share: an untrained tiny model, and the corpus written down for it."""

from __future__ import annotations

import copy
from pathlib import Path

import pytest
from transformers import Qwen2_5OmniConfig, Qwen2_5OmniThinkerForConditionalGeneration

from model.training import tiny
from model.training.vocabulary import tokenizer
from model.training.writer import Writer


@pytest.fixture(scope="session")
def tiny_config() -> Qwen2_5OmniConfig:
    return tiny.tiny_config()


@pytest.fixture(scope="session")
def tiny_thinker(tiny_config: Qwen2_5OmniConfig) -> Qwen2_5OmniThinkerForConditionalGeneration:
    """Untrained; tests leave its weights as they are."""
    thinker = tiny.new_thinker(tiny_config, seed=0)
    thinker.eval()
    return thinker


@pytest.fixture
def own_thinker(
    tiny_thinker: Qwen2_5OmniThinkerForConditionalGeneration,
) -> Qwen2_5OmniThinkerForConditionalGeneration:
    """The same, whose weights a test may change."""
    return copy.deepcopy(tiny_thinker)


@pytest.fixture(scope="session")
def tiny_folder(
    tmp_path_factory: pytest.TempPathFactory,
    tiny_config: Qwen2_5OmniConfig,
    tiny_thinker: Qwen2_5OmniThinkerForConditionalGeneration,
) -> Path:
    """The untrained model's folder."""
    folder = tmp_path_factory.mktemp("tiny") / "model"
    tiny.save_folder(tiny_thinker, tiny_config, tokenizer(), folder, "untrained")
    return folder


@pytest.fixture(scope="session")
def writer(tiny_folder: Path) -> Writer:
    return Writer(tiny_folder)


@pytest.fixture(scope="session")
def speech_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where what was spoken for one test is found by the others."""
    return tmp_path_factory.mktemp("speech")
