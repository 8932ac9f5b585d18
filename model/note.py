"""What a folder's maker says of it beside the published files: `sightline.json`. Knows no weights.

A folder without it is an ordinary one: nothing is to be said of it, and its tokens are drawn as published.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Literal, get_args

from model.errors import CheckpointError
from model.sampling import TALKER_SAMPLING, THINKER_SAMPLING, Sampling

_NAME = "sightline.json"
_MOST_THREADS = 1024
_Solver = Literal["rk4", "euler"]


@dataclass(frozen=True, slots=True)
class Note:
    """Of one folder."""

    label: str = ""
    """What must be said wherever the model is used; empty for an ordinary one."""
    thinker: Sampling = THINKER_SAMPLING
    """How tokens of text are drawn unless whoever asks chooses otherwise. A small model's doubts are mistakes."""
    talker: Sampling = TALKER_SAMPLING
    """The same of codes of speech."""
    threads: int | None = None
    """How many compute unless somebody chooses; None: as many as there are. A tiny model loses by more than one."""

    solver: _Solver = "rk4"
    """How codes become sound unless somebody chooses: the published way, or one that costs a quarter."""

    def __post_init__(self) -> None:
        if self.solver not in get_args(_Solver):
            raise ValueError(f"there is no solver {self.solver}")
        if self.threads is not None and not 1 <= self.threads <= _MOST_THREADS:
            raise ValueError(f"threads cannot be {self.threads}")

    @classmethod
    def read(cls, folder: Path) -> Note:
        """Raises CheckpointError where it cannot be understood."""
        file = folder / _NAME
        if not file.is_file():
            return cls()
        try:
            stored = json.loads(file.read_text(encoding="utf-8"))
            usual = cls(str(stored["label"]), threads=stored.get("threads"), solver=stored.get("solver", "rk4"))
            return replace(
                usual,
                thinker=replace(usual.thinker, **stored.get("thinker", {})),
                talker=replace(usual.talker, **stored.get("talker", {})),
            )
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise CheckpointError(f"{file} is damaged: make the folder again.") from error

    def write(self, folder: Path) -> None:
        """Nothing that is as published."""
        stored: dict[str, object] = {"label": self.label}
        if self.threads is not None:
            stored["threads"] = self.threads
        if self.solver != "rk4":
            stored["solver"] = self.solver
        for name, chosen, usual in (
            ("thinker", self.thinker, THINKER_SAMPLING),
            ("talker", self.talker, TALKER_SAMPLING),
        ):
            if changed := {key: value for key, value in asdict(chosen).items() if value != getattr(usual, key)}:
                stored[name] = changed
        (folder / _NAME).write_text(json.dumps(stored), encoding="utf-8")
