"""A folder's results beside the reference's, in one sentence. Knows no window."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from model.errors import CheckpointError
from model.omni import place
from model.verification.run import verify


def verdict(folder: Path, check: Callable[[], None]) -> str:
    """As far as the memory goes. Raises CheckpointError where a result differs."""
    same = left_out = 0
    wrong = []
    for row in verify(folder, place()):
        check()
        same += row.passed is True
        left_out += row.passed is None and row.check == "not run"
        if row.passed is False:
            wrong.append(f"{row.part} ({row.check})")
    if wrong:
        raise CheckpointError(
            f"This computer computes {wrong[0]} of {folder.name} differently from the reference: do not trust this "
            "model here, and send the report of the log page to somebody."
        )
    if left_out:
        return f"{same} comparisons with the reference agree, and for {left_out} parts memory does not suffice."
    return f"All {same} comparisons with the reference agree."
