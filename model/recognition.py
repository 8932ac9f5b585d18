"""Which folders are models, by a look at their small files. Knows no weights, and changes nothing."""

from __future__ import annotations

import json
from pathlib import Path

CONFIG, MANIFEST, RECEIPT = "config.json", "quantization.json", "sightline-download.json"
KIND = "qwen2_5_omni"
"""What a checkpoint calls itself in its configuration."""


def is_model(folder: Path) -> bool:
    """Whether it is one that Sightline runs, downloaded or made: other programs have a config.json too.

    One that was downloaded, or converted, is known by its other files even if its configuration is damaged.
    """
    config = folder / CONFIG
    if not config.is_file():
        return False
    return (folder / RECEIPT).is_file() or (folder / MANIFEST).is_file() or _kind(config) == KIND


def _kind(config: Path) -> object:
    try:
        page = json.loads(config.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return page.get("model_type") if isinstance(page, dict) else None
