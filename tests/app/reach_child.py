"""The window with its keys on the rig's own screen; a process of its own, since Qt chooses a platform once.

Gets its hotkeys as JSON, an action and a key each; tells what comes of them, line by line, until its input ends.
"""

from __future__ import annotations

import json
import sys
from threading import Thread

from PySide6.QtCore import QMetaObject, Qt
from PySide6.QtWidgets import QApplication

from app.devices.keyboard import keyboard_of_this_system
from app.hotkeys import Action, Hotkey
from app.phase import Phase
from app.reach import Reach
from app.settings import Settings
from app.transcript import Transcript
from app.ui.window import Window


def tell(*words: object) -> None:
    sys.stdout.write(json.dumps(words) + "\n")
    sys.stdout.flush()


def end_with_input(application: QApplication) -> None:
    sys.stdin.read()
    QMetaObject.invokeMethod(application, "quit", Qt.ConnectionType.QueuedConnection)


if __name__ == "__main__":
    application = QApplication([])
    window = Window(Transcript())
    window.show_phase(Phase.LISTENING)
    reach = Reach(window, keyboard_of_this_system())
    reach.complained.connect(lambda sentence: tell("complained", sentence))
    window.composer.talk.talking.connect(lambda on: tell("talking", on))
    window.senses.mute.toggled.connect(lambda on: tell("muted", on))
    chosen = json.loads(sys.argv[1])
    reach.choose(Settings(hotkeys=tuple(Hotkey(Action(action), keys) for action, keys in chosen)))
    window.show()
    tell("ready", window.settings.hotkeys.about.text())
    Thread(target=end_with_input, args=[application], daemon=True).start()
    application.exec()
    reach.close()
