"""Two trainings of a Thinker become one: the mean of their weights. Knows no corpus and no stages.

Of two that began with the same weights the mean is as good as either in what both learned, and keeps some of what only
one did (Wortsman et al. 2022, model soups). Of others it is nothing.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from safetensors.torch import load_file
from torch import Tensor

from model.errors import SightlineError
from model.shards import SINGLE_NAME
from model.training import tiny

_THINKER = "thinker."


def blend(first: Path, second: Path, share: float, destination: Path, speaking: Path | None = None) -> None:
    """Write or overwrite `destination`: the folder `first`, or `speaking` with its Talker and voice.

    Of the Thinker in it `share` (0 to 1) is of `second`.

    Raises SightlineError where a folder is missing, damaged or of other sizes.
    """
    base = first if speaking is None else speaking
    for folder in (first, second, base):
        tiny.load_thinker(folder)  # refuses what is none
    if destination.resolve() in {folder.resolve() for folder in (first, second, base)}:
        raise SightlineError(f"{destination} is one of those that are to be blended: choose another folder.")
    mine, other, stored = (load_file(folder / SINGLE_NAME) for folder in (first, second, base))
    blended = {name: _mean(mine[name], other[name], share) for name in mine if name.startswith(_THINKER)}
    shutil.copytree(base, destination, dirs_exist_ok=True)
    tiny.store({name: blended.get(name, tensor).to(tensor.dtype) for name, tensor in stored.items()}, destination)


def _mean(mine: Tensor, other: Tensor, share: float) -> Tensor:
    return (1.0 - share) * mine.float() + share * other.float()
