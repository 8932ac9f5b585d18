"""The desktop started, its pages looked at, one turn held with a real model, and closed: `… turn_alone FOLDER HOME`.

Prints the answer. Run by a test that watches its connections; knows nothing of it.
"""

from __future__ import annotations

import multiprocessing
import sys
from pathlib import Path

from PySide6.QtCore import QEventLoop, Qt, QTimer
from PySide6.QtWidgets import QApplication

from app.application import Application
from app.options import Options
from app.paths import Home
from app.phase import Phase
from app.transcript import Who
from model.protocol import Load

MOST_MILLISECONDS = 200_000
BRIEF = Load(Path(), max_tokens=12, max_codes=30, threads=1)


def wait(application: Application, phase: Phase) -> None:
    """Until the conversation is there."""
    loop = QEventLoop()
    application.conversation.phase_changed.connect(
        lambda now: loop.quit() if now is phase else None, Qt.ConnectionType.QueuedConnection
    )
    QTimer.singleShot(MOST_MILLISECONDS, loop, loop.quit)
    if application.conversation.phase is not phase:
        loop.exec()
    assert application.conversation.phase is phase, application.window.model.sentence.text()


def main(folder: Path, home: Path) -> None:
    desktop = QApplication(["Sightline"])
    application = Application(Options(folder, None), Home(home / "s.json", home / "h.sqlite"), manner=BRIEF)
    application.window.show()
    application.keeping.start()
    application.model.load_first()
    wait(application, Phase.LISTENING)
    for page in (application.window.models, application.window.settings, application.window.log):
        application.window.show_page(page)
    application.conversation.ask("What can you do?")
    wait(application, Phase.LISTENING)
    answers = [line.text for line in application.transcript.lines if line.who is Who.MODEL]
    application.close()
    desktop.quit()
    sys.stdout.write(f"{answers}\n")


if __name__ == "__main__":
    multiprocessing.freeze_support()
    main(Path(sys.argv[1]), Path(sys.argv[2]))
