"""What a folder's maker says of it beside the published files: `sightline.json`. Knows no weights.

A folder without it is an ordinary one: nothing is to be said of it, and its tokens are drawn as published.
"""

from __future__ import annotations

import json
import math
import os
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Literal, cast, get_args

from model.errors import CheckpointError
from model.sampling import TALKER_SAMPLING, THINKER_SAMPLING, Sampling
from model.schemes import Bits

_NAME = "sightline.json"
_Solver = Literal["rk4", "euler"]


@dataclass(frozen=True, slots=True)
class Note:
    """Of one folder; everything but the label holds unless whoever asks chooses otherwise."""

    label: str = ""
    """What must be said wherever the model is used; empty for an ordinary one."""
    thinker: Sampling = THINKER_SAMPLING
    """How tokens of text are drawn. A small model's doubts are mistakes."""
    talker: Sampling = TALKER_SAMPLING
    """The same of codes of speech."""
    threads: int | None = None
    """How many compute; None: as many as there are. A tiny model loses by more than one."""
    solver: _Solver = "rk4"
    """How codes become sound: the published way, or one that costs a quarter."""
    bits: Bits | None = None
    """In how many bits a processor computes Thinker and Talker; None: as they are stored. The folder stays as it is."""
    media: int | None = None
    """Tokens of sound, speech too, and pictures that are kept in mind; None: all that the context holds. A small model
    pays for each.
    """
    earlier: int | None = None
    """Tokens of earlier turns that are kept in mind, of the last one all; None: as many as the context holds. A small
    model is lost behind more than it has learned with.
    """

    @classmethod
    def read(cls, folder: Path) -> Note:
        """Of threads never more than this computer has. Raises CheckpointError where it cannot be understood."""
        file = folder / _NAME
        if not file.is_file():
            return cls()
        try:
            stored = json.loads(file.read_text(encoding="utf-8"))
            return cls(
                _text(stored["label"]),
                _sampling(THINKER_SAMPLING, stored.get("thinker", {})),
                _sampling(TALKER_SAMPLING, stored.get("talker", {})),
                _threads(stored.get("threads")),
                _solver(stored.get("solver", "rk4")),
                _bits(stored.get("bits")),
                _count(stored.get("media")),
                _count(stored.get("earlier")),
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
        if self.bits is not None:
            stored["bits"] = self.bits
        if self.media is not None:
            stored["media"] = self.media
        if self.earlier is not None:
            stored["earlier"] = self.earlier
        for name, chosen, usual in (
            ("thinker", self.thinker, THINKER_SAMPLING),
            ("talker", self.talker, TALKER_SAMPLING),
        ):
            if changed := {key: value for key, value in asdict(chosen).items() if value != getattr(usual, key)}:
                stored[name] = changed
        (folder / _NAME).write_text(json.dumps(stored), encoding="utf-8")


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(value)
    return value


def _threads(value: object) -> int | None:
    count = _count(value)
    return None if count is None else min(count, os.cpu_count() or 1)


def _count(value: object) -> int | None:
    if value is None:
        return None
    if type(value) is not int or value < 1:
        raise ValueError(value)
    return value


def _solver(value: object) -> _Solver:
    if value not in get_args(_Solver):
        raise ValueError(value)
    return cast(_Solver, value)


def _bits(value: object) -> Bits | None:
    if value is not None and (type(value) is not int or value not in get_args(Bits)):
        raise ValueError(value)
    return cast("Bits | None", value)


def _sampling(usual: Sampling, stored: dict[str, Any]) -> Sampling:
    """Numbers of the same kind as the usual ones."""
    for key, value in stored.items():
        whole = type(getattr(usual, key)) is int
        if type(value) not in ((int,) if whole else (int, float)) or not math.isfinite(value):
            raise ValueError(value)
    return replace(usual, **stored)
