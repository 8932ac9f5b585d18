"""Sightline with a stand-in for the model that talks faster than it is heard: `python -m tests.helpers.fluent DIR`.

Everything else is the app's own. Where a processor is shared with others, a real model's speech has gaps of its own,
and nothing can be told from silences.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from model.process import serve
from model.protocol import (
    SPEECH_RATE,
    Cancel,
    Cut,
    Ending,
    Finished,
    Load,
    Order,
    Ready,
    Reply,
    Report,
    Said,
    Timings,
    Voiced,
)

if TYPE_CHECKING:
    from model.process import Pipe

CLAUSES = 30
CLAUSE_SECONDS, GAP_SECONDS = 1.8, 0.2


class Fluent:
    """Answers every question with a minute of clauses, at once."""

    def __init__(self, tell: Callable[[Report], None], check: Callable[[], None]) -> None:
        self._tell = tell
        self._check = check

    def obey(self, order: Order) -> None:
        match order:
            case Load(folder):
                self._tell(Ready(folder.name, "a stand-in", ("Chelsie",), "none", 0))
            case Reply(turn):
                self._reply(turn)
            case Cancel(turn, heard):
                self._tell(Cut(turn, "Cut."[: round(heard or 4.0)]))
            case _:
                pass

    def _reply(self, turn: int) -> None:
        for number in range(CLAUSES):
            self._check()
            self._tell(Said(turn, f"Clause {number}. "))
            self._tell(Voiced(turn, clause()))
        self._tell(Finished(turn, Ending.SAID, "", Timings(0, 0, 0, None, None, 0.0, 0.0, 0.0, 0.0)))


def clause() -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    times = np.arange(round(CLAUSE_SECONDS * SPEECH_RATE)) / SPEECH_RATE
    voice = 0.3 * np.sin(2 * np.pi * 200 * times) * (0.6 + 0.4 * np.sin(2 * np.pi * 4 * times))
    return np.concatenate([voice, np.zeros(round(GAP_SECONDS * SPEECH_RATE))]).astype(np.float32)


def main(pipe: Pipe) -> None:
    """What the desktop spawns."""
    serve(pipe, Fluent)


def run(folder: Path, child: Callable[[Pipe], None] = main) -> int:
    """The app with this child in place of its own, and a model's folder that this child understands."""
    from PySide6.QtCore import QTimer  # noqa: PLC0415 -- the child, which imports this room, has no need of it
    from PySide6.QtWidgets import QApplication  # noqa: PLC0415

    from app import logs, paths  # noqa: PLC0415
    from app.application import Application  # noqa: PLC0415
    from app.model_link import ModelLink  # noqa: PLC0415
    from app.options import Options  # noqa: PLC0415

    desktop = QApplication(["Sightline"])
    logs.show()
    application = Application(Options(model=folder, camera=None, verbose=True), paths.home(), ModelLink(child))
    application.window.show()
    QTimer.singleShot(0, application.start)
    try:
        return desktop.exec()
    finally:
        application.close()


def run_stand_in(folder: Path) -> int:
    """A folder is all that the stand-in needs."""
    (folder / "config.json").write_text("{}")
    return run(folder)


if __name__ == "__main__":
    sys.exit(run_stand_in(Path(sys.argv[1])))
