"""Which folders are models, by a look at their small files. Knows no weights, and changes nothing."""

from __future__ import annotations

import json
from pathlib import Path

CONFIG, MANIFEST = "config.json", "quantization.json"
RECEIPT, SPEED = "sightline-download.json", "sightline-speed.json"
"""What is true of one folder only: what was fetched into it, and how fast it was found to be."""
KIND = "qwen2_5_omni"
"""What a checkpoint calls itself in its configuration."""


def is_model(folder: Path) -> bool:
    """Whether it is one that Sightline runs, downloaded or made: other programs have a config.json too.

    One that was downloaded, or converted, is known by its other files even if its configuration is damaged.
    """
    config = folder / CONFIG
    if not config.is_file():
        return False
    return (folder / RECEIPT).is_file() or is_converted(folder) or _kind(config) == KIND


def is_converted(folder: Path) -> bool:
    """Whether it was made of a published folder, in fewer bits."""
    return (folder / MANIFEST).is_file()


def is_comparable(folder: Path) -> bool:
    """Whether its files have hashes to be compared with.

    A converted folder has none: the receipt that some of them hold is a copy of their source's.
    """
    return (folder / RECEIPT).is_file() and not is_converted(folder)


def _kind(config: Path) -> object:
    try:
        page = json.loads(config.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return page.get("model_type") if isinstance(page, dict) else None
