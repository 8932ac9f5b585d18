"""A child process that loads a Thinker and tells what that took: python -m tests.helpers.loading_peak SMALL BIG.

Loading a small checkpoint first brings in all code, so that the rest is the weights'.
"""

from __future__ import annotations

import resource
import sys
from pathlib import Path

import psutil
import torch

from model.loading import Checkpoint, Placement
from model.thinker import Thinker


def main(small: str, big: str) -> None:
    """Writes the growth of the peak and of what stays, in bytes."""
    torch.set_num_threads(1)
    Thinker(Checkpoint.open(Path(small)), Placement.cpu())
    peak, stays = _peak(), psutil.Process().memory_info().rss
    thinker = Thinker(Checkpoint.open(Path(big)), Placement.cpu())
    sys.stdout.write(f"{_peak() - peak} {psutil.Process().memory_info().rss - stays}")
    del thinker


def _peak() -> int:
    status = Path("/proc/self/status")
    if status.exists():  # on Linux getrusage would tell the parent's peak if that was higher
        return 1024 * next(int(line.split()[1]) for line in status.read_text().splitlines() if "VmHWM" in line)
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss  # macOS counts bytes


if __name__ == "__main__":
    main(*sys.argv[1:])
