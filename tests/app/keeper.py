"""Sightline as a process that can be killed: answers come from the stand-in. `python -m tests.app.keeper HOME [WORD…]`.

Asks the words one after the other, says on standard output when each is answered and then stays; `--private` asks in a
private conversation. With no words it only stays.
"""

from __future__ import annotations

import multiprocessing
import sys
from pathlib import Path

from PySide6.QtWidgets import QApplication

from app.application import Application
from app.model_link import ModelLink
from app.options import Options
from app.paths import Home
from app.phase import Phase
from tests.helpers import stand_in


def main(home: Path, words: list[str]) -> None:
    desktop = QApplication(["Sightline"])
    is_private = "--private" in words
    questions = iter([word for word in words if word != "--private"])
    model = home / "good"
    model.mkdir(exist_ok=True)
    (model / "config.json").write_text("{}")
    places = Home(home / "settings" / "settings.json", home / "data" / "history.sqlite")
    application = Application(Options(model, None), places, ModelLink(stand_in.main))
    application.window.show()
    application.keeping.start()
    if is_private:
        application.window.history.private.click()

    def ask_next(phase: Phase) -> None:
        if phase is Phase.SPEAKING or phase is Phase.LISTENING:
            sys.stdout.write(f"{phase.name}\n")
            sys.stdout.flush()
        if phase is Phase.LISTENING and (question := next(questions, None)) is not None:
            application.conversation.ask(question)

    application.conversation.phase_changed.connect(ask_next)
    application.model.load_first()
    desktop.exec()
    application.close()


if __name__ == "__main__":
    multiprocessing.freeze_support()
    main(Path(sys.argv[1]), sys.argv[2:])
