"""What a fault script measured, each figure beside the bar it must reach: printed, counted, read by the runner."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass

GOOD, BAD = "good", "BAD "
WIDTHS = (58, 34)


@dataclass(frozen=True)
class Figure:
    """One line of the table."""

    what: str
    measured: str
    bar: str
    holds: bool

    def __str__(self) -> str:
        what, measured = (text.ljust(width) for text, width in zip((self.what, self.measured), WIDTHS, strict=True))
        return f"{GOOD if self.holds else BAD}  {what}  {measured}  {self.bar}"


class Sheet:
    """Tells each figure as soon as it is known; `status` is what the command ends with."""

    def __init__(self) -> None:
        self._figures: list[Figure] = []
        self.note("processors, load", f"{os.cpu_count()}, {os.getloadavg()[0]:.1f}")

    @property
    def status(self) -> int:
        """0 where every figure reached its bar."""
        return 0 if self._figures and all(figure.holds for figure in self._figures) else 1

    def tell(self, what: str, measured: str, bar: str, *, holds: bool) -> None:
        """A figure with its bar."""
        self._figures.append(Figure(what, measured, bar, holds))
        _write(str(self._figures[-1]))

    def note(self, what: str, measured: str) -> None:
        """What has no bar."""
        _write(f"      {what.ljust(WIDTHS[0])}  {measured}")

    def close(self) -> int:
        """The exit status, once the load is told."""
        self.note("load at the end", f"{os.getloadavg()[0]:.1f}")
        return self.status


def is_figure(line: str) -> bool:
    """Whether a line of a command's output is one of these."""
    return line.startswith((f"{GOOD}  ", f"{BAD}  "))


def seconds(*taken: float) -> str:
    """Several, or of many the middle and the worst."""
    if len(taken) <= FEW:
        return f"{', '.join(f'{each:.2f}' for each in taken)} s"
    ordered = sorted(taken)
    return f"median {ordered[len(ordered) // 2]:.2f}, worst {ordered[-1]:.2f} s"


FEW = 3


def _write(line: str) -> None:
    sys.stdout.write(f"{line.rstrip()}\n")
    sys.stdout.flush()
