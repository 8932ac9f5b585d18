"""Sightline that talks and chooses until it is killed: `python -m tests.helpers.ticking HOME [WORDS] [--private]`.

Answers come from a stand-in that says what time it is (`time.monotonic`, which all processes share), many times a
second, so that what was kept tells when it was said. Meanwhile the size of text is chosen anew all the time, which
writes the settings. Says on standard output what a screen reader would be told, and when an answer has begun. Without
words it only opens.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING

from model.process import serve
from model.protocol import Cancel, Cut, Load, Order, Read, Ready, Reply, Report, Said

if TYPE_CHECKING:
    from model.process import Pipe

TICK_SECONDS = 0.05
CHOICE_MILLISECONDS = 20
MODEL = "model"


class Clock:
    """Says the question again, and then the time for ever."""

    def __init__(self, tell: Callable[[Report], None], check: Callable[[], None]) -> None:
        self._tell = tell
        self._check = check
        self._asked = ""

    def obey(self, order: Order) -> None:
        match order:
            case Load(folder):
                self._tell(Ready(folder.name, "a stand-in", ("Chelsie",), "none", 0))
            case Read(_, text):
                self._asked = text
            case Reply(turn):
                self._tell(Said(turn, f"{self._asked} "))
                self._tick(turn)
            case Cancel(turn):
                self._tell(Cut(turn, ""))
            case _:
                pass

    def _tick(self, turn: int) -> None:
        while True:
            self._check()
            self._tell(Said(turn, f"{time.monotonic():.2f} "))
            Event().wait(TICK_SECONDS)  # as fast as a model, not as fast as a pipe


def main(pipe: Pipe) -> None:
    """What the desktop spawns."""
    serve(pipe, Clock)


def say(*words: str) -> None:
    sys.stdout.write(" ".join(words) + "\n")
    sys.stdout.flush()


def run(folder: Path, words: str, *, private: bool) -> int:
    from PySide6.QtCore import QTimer  # noqa: PLC0415 -- the child, which imports this room, has no need of it
    from PySide6.QtWidgets import QApplication  # noqa: PLC0415

    from app.application import Application  # noqa: PLC0415
    from app.model_link import ModelLink  # noqa: PLC0415
    from app.options import Options  # noqa: PLC0415
    from app.paths import Home  # noqa: PLC0415
    from app.phase import Phase  # noqa: PLC0415
    from app.settings import Settings, save  # noqa: PLC0415

    desktop = QApplication(["Sightline"])
    model = folder / MODEL
    model.mkdir(exist_ok=True)
    (model / "config.json").write_text("{}")
    home = Home(folder / "settings" / "settings.json", folder / "data" / "history.sqlite")
    if not home.settings.exists():
        save(Settings(), home.settings)  # of somebody who has been through the first run
    application = Application(Options(model, None), home, ModelLink(main))
    conversation, sizes = application.conversation, application.window.settings.text_size
    choosing = QTimer(interval=CHOICE_MILLISECONDS)
    choosing.timeout.connect(lambda: sizes.setCurrentIndex((sizes.currentIndex() + 1) % sizes.count()))

    def follow(phase: Phase) -> None:
        say(phase.name)
        if phase is Phase.LISTENING and words:
            conversation.ask(words)
            choosing.start()

    conversation.phase_changed.connect(follow)
    conversation.announced.connect(lambda sentence: say("told", sentence))
    for line in application.transcript.lines:  # what the settings had to say
        say("told", line.text)
    application.window.show()
    application.keeping.start()
    if private:
        application.window.history.private.click()
    application.model.load_first()
    try:
        return desktop.exec()
    finally:
        application.close()


if __name__ == "__main__":
    given = [word for word in sys.argv[2:] if word != "--private"]
    sys.exit(run(Path(sys.argv[1]), " ".join(given), private="--private" in sys.argv))
