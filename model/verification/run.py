"""All comparisons, one part of the model after the other, as far as the memory goes. Knows no output."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import torch

from model.loading import Checkpoint, Placement
from model.omni import SPARE_BYTES, Omni, free_bytes
from model.verification import conversation, encoders, language, positions, speech
from model.verification.rows import Row


@dataclass(frozen=True, slots=True)
class Stage:
    """A comparison and the parts of the model that it holds; `twice` are those of which the reference has its own."""

    run: Callable[[Omni], Iterator[Row]]
    parts: tuple[str, ...]
    twice: tuple[str, ...] = ()

    def needs(self, omni: Omni) -> int:
        """Bytes of memory."""
        return sum(map(omni.resident_bytes, self.parts + self.twice)) + SPARE_BYTES


STAGES = (
    Stage(positions.mixes, ()),
    Stage(encoders.hearing, ("ear",)),
    Stage(encoders.sight, ("eye",)),
    Stage(language.thinker, ("thinker",), twice=("thinker",)),
    Stage(language.talker, ("thinker", "talker"), twice=("talker",)),
    Stage(speech.voice, ("voice",), twice=("voice",)),
    Stage(conversation.interruption, ("thinker",)),
)


def verify(folder: Path, placement: Placement, *, narrow: bool = True) -> Iterator[Row]:
    """Compare the folder's model with transformers, part by part, so that two whole models are never in memory.

    A part that does not fit in the placement's precision is compared in bfloat16 if `narrow`, else left out; either
    is said in a row. Keys and values are kept in the placement's own precision, as transformers keeps them. Raises
    CheckpointError if the folder is not usable.
    """
    placement = replace(placement, narrow=None)
    checkpoint = Checkpoint.open(folder)
    for stage in STAGES:
        if "voice" in stage.parts and not checkpoint.speaks:
            yield Row("voice", "not run", "its config.json says that it does not speak", passed=None)
            continue
        chosen = next((p for p in _precisions(placement, narrow=narrow) if _fits(stage, checkpoint, p)), None)
        names = " + ".join(stage.parts) or "ids"
        if chosen is None:
            needed = stage.needs(Omni(checkpoint, placement)) / 1e9
            yield Row(names, "not run", f"needs {needed:.1f} GB of memory", passed=None)
            continue
        if chosen != placement:
            yield Row(names, "in bfloat16", "too little memory for single precision", passed=None)
        # A fresh model for every stage: what the last one held is free again.
        yield from stage.run(Omni(checkpoint, chosen))


def _precisions(placement: Placement, *, narrow: bool) -> Iterator[Placement]:
    yield placement
    if narrow and placement.dtype == torch.float32:
        yield replace(placement, dtype=torch.bfloat16)


def _fits(stage: Stage, checkpoint: Checkpoint, placement: Placement) -> bool:
    return stage.needs(Omni(checkpoint, placement)) <= free_bytes(placement.device)
