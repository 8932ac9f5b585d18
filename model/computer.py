"""What this computer has: memory, disk, cores, and the graphics card that torch can use. Knows no model."""

from __future__ import annotations

import shutil
from pathlib import Path

import psutil
import torch

from model.catalogue import Hardware


def measure(folder: Path) -> Hardware:
    """`folder` is where models would lie; its nearest folder that exists tells the disk."""
    video, card = _video()
    return Hardware(
        memory=int(psutil.virtual_memory().total),
        disk=free_disk(folder),
        cores=psutil.cpu_count(logical=False) or psutil.cpu_count() or 1,
        video=video,
        card=card,
    )


def free_disk(folder: Path) -> int:
    """Bytes that are free where the folder is, or would be."""
    place = folder.absolute()
    while not place.exists():
        place = place.parent
    return shutil.disk_usage(place).free


def _video() -> tuple[int, str]:
    """Apple's chips share the memory that is counted already."""
    if not torch.cuda.is_available():
        return 0, ""
    found = torch.cuda.get_device_properties(0)
    return int(found.total_memory), str(found.name)
