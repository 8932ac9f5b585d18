"""What `ask` was asked for, as it is handed on. Reads no arguments and knows no model."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from model.cli.script import Script


@dataclass(frozen=True, slots=True)
class AskOptions:
    """What was asked and how it shall be answered; None leaves a choice to the session."""

    model: Path
    adapters: Path | None
    script: Script
    speak: Path | None
    voice: str | None
    early: bool
    solver: str | None
    json: bool
    seed: int
    greedy: bool
    max_tokens: int | None
    max_codes: int | None
    context: int | None
    stops: tuple[str, ...]
    system: str | None
    fps: float | None
    picture_tokens: int | None
    frame_tokens: int | None
    threads: int | None
    device: str | None
    dtype: str | None
