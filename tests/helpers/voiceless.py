"""The process of the system's voice on a system that has none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.voice.messages import Known, Quit

if TYPE_CHECKING:
    from app.voice.engine import Pipe


def voiceless(pipe: Pipe) -> None:
    """What the desktop spawns."""
    pipe.send(Known(()))
    while not isinstance(pipe.recv(), Quit):
        pass
