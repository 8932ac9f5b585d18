"""Folders that are wrong in one point, and the sentence that says so."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from model.errors import SightlineError


def refusal(attempt: Callable[[], object]) -> str:
    """The sentence that refuses; it is one, and it says what to do or what there is."""
    with pytest.raises(SightlineError) as caught:
        attempt()
    sentence = str(caught.value)
    assert re.fullmatch(r"[^\n]+\.", sentence)
    assert not re.search(r"\.\s", sentence), "one sentence"
    return sentence


def linked(source: Path, destination: Path) -> Path:
    """A copy of a folder that costs nothing; its files may be replaced, not written to."""
    destination.mkdir(parents=True)
    for file in source.iterdir():
        os.link(file, destination / file.name)
    return destination


def replaced(file: Path, content: bytes | None) -> None:
    """The file with other content, or none at all; the folder it was linked from keeps its own."""
    file.unlink()
    if content is not None:
        file.write_bytes(content)
