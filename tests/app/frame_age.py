"""How old is what the model would be shown? `python -m tests.app.frame_age`: a video as camera, then the screen.

The whole desktop without a model; the newest frame of the conversation is looked at in moments that have nothing to do
with it.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication

from app.application import Application
from app.options import Options
from app.paths import Home
from app.senses import Origin
from tests.helpers.scenery import film_desk

MOMENTS = 200
PACE = 37
"""Milliseconds between two of them."""
BEGINNING = 5000
"""Milliseconds until the first."""


def wait(milliseconds: int) -> None:
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def measure(application: Application, name: str) -> None:
    ages: list[float] = []
    wait(BEGINNING)
    for _ in range(MOMENTS):
        wait(PACE)
        frame = application.conversation._frame
        ages.append(float("inf") if frame is None else time.monotonic() - frame.time)
    middle, late = np.percentile(ages, [50, 95])
    sys.stdout.write(f"{name}: age of the frame p50 {middle:.3f} s, p95 {late:.3f} s, most {max(ages):.3f} s\n")


def main() -> None:
    desktop = QApplication(["Sightline"])
    with TemporaryDirectory() as folder:
        video = film_desk(Path(folder) / "desk.mp4")
        home = Home(Path(folder) / "settings.json", Path(folder) / "data" / "history.sqlite")
        application = Application(Options(None, str(video)), home)
        application.window.show()
        application.start()
        senses = application.window.senses
        measure(application, "camera")
        senses.look_at.about_to_choose.emit()
        place = next(
            place for place in range(senses.look_at.count()) if senses.look_at.itemData(place).origin is Origin.SCREEN
        )
        senses.look_at.setCurrentIndex(place)
        measure(application, "screen")
        if len(sys.argv) > 1:
            desktop.primaryScreen().grabWindow(0).save(sys.argv[1])
        application.close()


if __name__ == "__main__":
    main()
