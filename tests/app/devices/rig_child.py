"""Microphone and speaker joined with the catalogue, as the app does it, in a process of its own.

Says in lines what happens; ends when its input does.
"""

from __future__ import annotations

import sys
from threading import Thread

from PySide6.QtCore import QCoreApplication

from app.devices.canceller import Canceller
from app.devices.catalogue import Catalogue
from app.devices.device import Device, choose
from app.devices.endpointer import Endpointer
from app.devices.microphone import Microphone
from app.devices.ports import SoundPorts
from app.devices.speaker import Speaker
from app.devices.voice_activity import VoiceActivity


def say(*words: object) -> None:
    sys.stdout.write(" ".join(map(str, words)) + "\n")
    sys.stdout.flush()


def names(devices: tuple[Device, ...]) -> str:
    return ",".join(f"{device.identity}{'*' * device.is_default}" for device in devices) or "none"


def main() -> None:
    application = QCoreApplication([])
    catalogue = Catalogue()
    ports = SoundPorts()
    microphone = Microphone(ports, Canceller(ports.far_end), Endpointer(VoiceActivity.load()))
    speaker = Speaker(ports)
    catalogue.microphones_changed.connect(lambda devices: say("microphones", names(devices)))
    catalogue.microphones_changed.connect(microphone.check)
    catalogue.speakers_changed.connect(lambda devices: say("speakers", names(devices)))
    catalogue.speakers_changed.connect(speaker.check)
    microphone.opened.connect(lambda name: say("opened", name))
    microphone.lost.connect(lambda sentence: say("lost", sentence))
    speaker.lost.connect(lambda sentence: say("lost", sentence))
    say("microphones", names(catalogue.microphones()))
    say("speakers", names(catalogue.speakers()))
    say("cameras", names(catalogue.cameras()))
    microphone.start(choose(catalogue.microphones()))
    speaker.use(choose(catalogue.speakers()))
    Thread(target=lambda: (sys.stdin.read(), application.quit()), name="end of input", daemon=True).start()
    application.exec()
    catalogue.close()
    microphone.close()
    speaker.close()
    ports.close()
    say("closed")


if __name__ == "__main__":
    main()
