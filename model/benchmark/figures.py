"""Named figures with their floor and goal, and how they are printed. Knows nothing of how they were taken."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Bar:
    """What a figure is held against: at least (ratios of speed) or, with `most`, at most."""

    floor: float
    goal: float
    most: bool = False

    def verdict(self, value: float) -> str:
        """In a word."""
        if self.most:
            return "goal" if value <= self.goal else "floor" if value <= self.floor else "missed"
        return "goal" if value >= self.goal else "floor" if value >= self.floor else "missed"


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table; `ours` and `theirs` in words, `value` is the ratio or share that the bar is for."""

    name: str
    what: str
    ours: str
    theirs: str
    value: float
    unit: str
    bar: Bar | None = None

    @property
    def verdict(self) -> str:
        """Goal, floor or missed; empty where there is no bar."""
        return "" if self.bar is None else self.bar.verdict(self.value)


def markdown(figures: Iterable[Figure]) -> str:
    """A table for docs/benchmarks.md."""
    lines = ["| figure | what | ours | beside | value | floor | goal | reached |", "|---|---|---|---|---|---|---|---|"]
    for figure in figures:
        floor, goal = ("", "") if figure.bar is None else (f"{figure.bar.floor:g}", f"{figure.bar.goal:g}")
        cells = [figure.name, figure.what, figure.ours, figure.theirs, f"{figure.value:.2f} {figure.unit}".strip()]
        lines.append(f"| {' | '.join([*cells, floor, goal, figure.verdict])} |")
    return "\n".join(lines)


def record(figure: Figure) -> dict[str, object]:
    """One JSON line."""
    return asdict(figure) | {"verdict": figure.verdict}
