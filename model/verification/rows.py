"""One line of the verification table. Knows nothing of what is compared."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor


@dataclass(frozen=True, slots=True)
class Row:
    """A comparison: what was compared, what was found, and whether that is good; `passed` None is information only."""

    part: str
    check: str
    found: str
    passed: bool | None

    @classmethod
    def close(cls, part: str, check: str, ours: Tensor, theirs: Tensor, *, rounded: bool = False) -> Row:
        """Largest difference, as a share of the largest value; bounds are those of the precision computed in.

        `rounded` where our products take activations as whole numbers, as those with packed weights do.
        """
        if ours.shape != theirs.shape:
            return cls(part, check, f"{list(ours.shape)} instead of {list(theirs.shape)}", passed=False)
        difference = float((ours.float() - theirs.float()).abs().max()) / max(float(theirs.float().abs().max()), 1e-6)
        bound = bound_of(torch.bfloat16 if rounded else theirs.dtype)
        return cls(part, check, f"differs by {difference:.1e} (bound {bound:.0e})", passed=difference <= bound)

    @classmethod
    def same(cls, part: str, check: str, ours: list[int], theirs: list[int], *, exact: bool) -> Row:
        """Ids one by one; where the precision does not allow exactness the share that agrees is information only."""
        agreed = sum(a == b for a, b in zip(ours, theirs, strict=False))
        found = f"all {len(theirs)} agree" if ours == theirs else f"{agreed} of {len(theirs)} agree"
        return cls(part, check, found, passed=(ours == theirs) if exact else None)

    def line(self) -> str:
        """The row as text; the columns of several rows stand below one another."""
        return f"{_MARKS[self.passed]:<7}  {self.part:<15}  {self.check:<45}  {self.found}"


def bound_of(dtype: torch.dtype) -> float:
    """Relative difference that reordering sums may cause through a whole model."""
    return 1e-4 if dtype == torch.float32 else 8e-2


_MARKS = {True: "same", False: "DIFFERS", None: "note"}
