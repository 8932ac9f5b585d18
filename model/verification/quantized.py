"""A quantised folder against the float one it was made from: how far weights lie, how often the next token is the same.

Knows nothing of transformers.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import torch

from model import quantization
from model.errors import never_cancelled
from model.loading import Checkpoint, Placement
from model.omni import Omni
from model.verification.rows import Row

CONTEXT_TOKENS = 64
STEPS = 40


def compare(source: Path, destination: Path, placement: Placement) -> Iterator[Row]:
    """The errors of each kind of module, then greedy agreement of the Thinkers. Both must fit into memory in turn."""
    groups: dict[tuple[str, str], list[quantization.Row]] = defaultdict(list)
    for row in quantization.accuracy(source, destination, never_cancelled):
        groups[re.sub(r"\.\d+\.", ".*.", row.module), row.scheme].append(row)
    for (module, scheme), rows in groups.items():
        largest = max(row.max_error for row in rows)
        relative = sum(row.relative_error for row in rows) / len(rows)
        yield Row(scheme, module, f"largest error {largest:.2e}, relative {relative:.2e}", passed=None)
    yield greedy_agreement(source, destination, placement)


@torch.inference_mode()
def greedy_agreement(source: Path, destination: Path, placement: Placement) -> Row:
    """Both continue the float Thinker's own greedy text; at how many steps is the quantised one's choice the same?"""
    text, _ = _greedy(source, placement, [])
    _, choices = _greedy(destination, placement, text)
    agreed = sum(a == b for a, b in zip(text, choices, strict=True))
    return Row("thinker", "greedy agreement with float", f"{agreed} of {STEPS} tokens", passed=None)


def _greedy(folder: Path, placement: Placement, forced: list[int]) -> tuple[list[int], list[int]]:
    """The tokens that were run (`forced` ones, else the choices) and the choices."""
    thinker = Omni(Checkpoint.open(folder), placement).thinker
    cache = thinker.decoder.cache()
    ids = torch.randint(0, 256, (CONTEXT_TOKENS,), generator=torch.Generator().manual_seed(0)).tolist()
    run: list[int] = []
    choices: list[int] = []
    for _ in range(STEPS):
        positions = torch.arange(cache.length, cache.length + len(ids)).expand(3, -1)
        hidden = thinker.decoder.run(thinker.embed(ids), positions, cache, never_cancelled)
        choices.append(int(thinker.logits(hidden[-1]).argmax()))
        run.append(forced[len(run)] if forced else choices[-1])
        ids = [run[-1]]
    return run, choices
