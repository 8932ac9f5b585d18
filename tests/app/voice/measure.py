"""How soon the system's real voice is silent: `python -m tests.app.voice.measure`, on the rig, ten times.

Times are until the last sample that can be heard has come from the recorder, its own delay included.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PySide6.QtCore import QCoreApplication, QEventLoop, QTimer

from app.voice.system_voice import SystemVoice, There
from tests.helpers.rig import RATE, Recording, start_rig
from tests.helpers.rig_speech import start_speech

LOUD = 0.02
TEXT = "One two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen. And"


def run_until(holds: Callable[[], bool]) -> None:
    """Qt's loop, until something holds."""
    loop, timer = QEventLoop(), QTimer(interval=10)
    timer.timeout.connect(lambda: loop.quit() if holds() else None)
    timer.start()
    loop.exec()


def loud(recording: Recording, place: int) -> list[int]:
    return [place + int(sample) for sample in np.flatnonzero(np.abs(recording.samples()[place:]) > LOUD)]


def hush(voice: SystemVoice, recording: Recording, after: float) -> float:
    begun = len(recording.samples())
    voice.begin()
    voice.say(TEXT)
    run_until(lambda: bool(loud(recording, begun)))
    run_until(lambda: len(recording.samples()) > begun + after * RATE)
    hushed, place = time.monotonic(), len(recording.samples())
    voice.hush()
    run_until(lambda: len(recording.samples()) > place + RATE)
    return recording.arrival(max(loud(recording, place), default=place)) - hushed


def main() -> None:
    application = QCoreApplication([])
    with tempfile.TemporaryDirectory(prefix="rig") as name, start_rig(Path(name)) as rig, start_speech(rig) as where:
        os.environ.update({**rig.environment, **where})
        voice = SystemVoice()
        asked = time.monotonic()
        voice.ask()
        run_until(lambda: voice.there is There.READY)
        sys.stdout.write(f"voices after {time.monotonic() - asked:.1f} s\n")
        with rig.recording() as recording:
            silences = sorted(hush(voice, recording, 0.8 + 0.07 * number) for number in range(10))
        sys.stdout.write(f"silent after {np.median(silences):.3f} s, at most {silences[-1]:.3f} s\n")
        voice.close()
    application.quit()


if __name__ == "__main__":
    main()
