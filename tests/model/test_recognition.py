"""A model is told from what other programs keep, by its small files."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from model.recognition import MANIFEST, RECEIPT, is_model


@pytest.mark.parametrize(
    ("files", "known"),
    [
        ({"config.json": json.dumps({"model_type": "qwen2_5_omni"})}, True),
        ({"config.json": json.dumps({"model_type": "llama"})}, False),
        ({"config.json": json.dumps({"compilerOptions": {}})}, False),
        ({"config.json": json.dumps(["qwen2_5_omni"])}, False),
        ({"config.json": "damage"}, False),
        ({"config.json": "damage", RECEIPT: "{}"}, True),
        ({"config.json": "damage", MANIFEST: "{}"}, True),
        ({RECEIPT: "{}"}, False),
    ],
)
def test_a_model_is_known_by_its_small_files(tmp_path: Path, files: dict[str, str], *, known: bool) -> None:
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    assert is_model(tmp_path) is known


def test_a_real_checkpoint_is_known(small_folder: Path) -> None:
    assert is_model(small_folder)
