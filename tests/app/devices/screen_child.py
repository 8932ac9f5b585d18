"""Looks at the rig's screen, told what to do line by line; a process of its own, since Qt chooses a platform once.

`paint COLOUR`, `hide`, `show`, `views`, `look KIND` (screen or window), `save FILE`, `ages N`: each is answered.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from threading import Thread

from PIL import Image
from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QApplication, QWidget

from app.devices.screen import Screen
from app.senses import Frame, Origin


class Child(QObject):
    """A coloured window, and who looks at it."""

    said = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.window = QWidget()
        self.window.setWindowTitle("Scene")
        self.window.setGeometry(100, 80, 300, 200)
        self.paint("#00c000")
        self.window.show()
        self.screen = Screen()
        self.newest: Frame | None = None
        self.screen.seen.connect(self.take)
        self.screen.opened.connect(lambda width, height: tell("opened", width, height))
        self.screen.lost.connect(lambda sentence: tell("lost", sentence))
        self.said.connect(self.do)

    def take(self, frame: Frame) -> None:
        self.newest = frame

    def paint(self, colour: str) -> None:
        self.window.setStyleSheet(f"background: {colour}")

    def do(self, line: str) -> None:
        word, _, rest = line.partition(" ")
        match word:
            case "paint":
                self.paint(rest)
            case "hide":
                self.window.hide()
            case "show":
                self.window.show()
                tell("window", int(self.window.winId()))
            case "views":
                tell("views", [[view.origin.value, view.name] for view in self.screen.views()])
            case "look":
                views = self.screen.views()
                self.newest = None
                self.screen.start(next(view for view in views if view.origin is Origin(rest)))
            case "save" if self.newest is not None:
                Image.fromarray(self.newest.pixels).save(rest)
                tell("saved", time.monotonic() - self.newest.time)
            case "ages":
                self.measure([], int(rest))
            case "end":
                self.screen.close()
                QApplication.quit()

    def measure(self, ages: list[float], count: int) -> None:
        """How old the newest frame is, at moments that have nothing to do with it."""
        if len(ages) == count:
            tell("ages", ages)
            return
        if self.newest is not None:
            ages.append(time.monotonic() - self.newest.time)
        QTimer.singleShot(37, lambda: self.measure(ages, count))


def tell(*words: object) -> None:
    sys.stdout.write(json.dumps(words) + "\n")
    sys.stdout.flush()


def listen(child: Child) -> None:
    for line in sys.stdin:
        child.said.emit(line.strip())
    child.said.emit("end")


if __name__ == "__main__":
    application = QApplication([])
    application.setQuitOnLastWindowClosed(False)
    child = Child()
    Thread(target=listen, args=[child], daemon=True).start()
    child.do("show")
    application.exec()
    tell("closed", str(Path.cwd().name))
