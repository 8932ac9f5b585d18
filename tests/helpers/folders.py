"""Folders of small random checkpoints. What makes them brings torch, which tests of the window do without."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def small_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small random checkpoint in several shards; tests read it and never write to it."""
    from tests.helpers.checkpoints import make_small  # noqa: PLC0415 -- as above

    folder = tmp_path_factory.mktemp("checkpoints") / "small"
    make_small(folder, shard_bytes=2_000_000)
    return folder


@pytest.fixture(scope="session")
def talkative_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """For answers that something can break into."""
    from tests.helpers.checkpoints import make_talkative  # noqa: PLC0415 -- as above

    folder = tmp_path_factory.mktemp("checkpoints") / "small"
    make_talkative(folder)
    return folder
