"""Measures the devices on the rig: `python -m tests.app.devices.measure`. Asserts nothing, prints a table.

Each figure of sound is taken twice: on the machine as it is, and beside as many busy processes as it has processors.
"""

from __future__ import annotations

import itertools
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from PySide6.QtCore import QCoreApplication, QEventLoop, QTimer
from pytest import MonkeyPatch

from app.devices.canceller import Canceller
from app.devices.capture import Capture
from app.devices.device import Device
from app.devices.endpointer import Endpointer
from app.devices.entries import Shape
from app.devices.microphone import Microphone
from app.devices.playback import Playback
from app.devices.ports import Pace, Sound, SoundPorts
from app.devices.speaker import Speaker
from app.devices.voice_activity import BLOCK_SAMPLES, VoiceActivity
from app.devices.waves import Wave
from model.protocol import HEARING_RATE, SPEECH_RATE
from tests.helpers.clips import tone
from tests.helpers.rig import RATE, SoundRig, start_rig
from tests.helpers.rig_voice import murmur, speak

MIC, SPEAKER = Device("mic", "mic", is_default=True), Device("speaker", "speaker", is_default=True)
SECONDS = 10.0
BURN = "import time\nend = time.monotonic() + 600\nwhile time.monotonic() < end: sum(range(10**6))"


def say(what: str, *figures: str) -> None:
    sys.stdout.write(f"{what:<48}{'  '.join(figures)}\n")
    sys.stdout.flush()


def spread(milliseconds: list[float]) -> str:
    median, high = np.percentile(milliseconds, [50, 99])
    return f"median {median:.2f}, p99 {high:.2f}, worst {max(milliseconds):.2f} ms"


@contextmanager
def busy(count: int) -> Iterator[None]:
    burners = [subprocess.Popen([sys.executable, "-c", BURN]) for _ in range(count)]
    yield
    for burner in burners:
        burner.kill()
        burner.wait()


def run_loop(seconds: float) -> None:
    loop = QEventLoop()
    QTimer.singleShot(round(seconds * 1000), loop.quit)
    loop.exec()


def measure_detector(folder: Path) -> None:
    """What ends up on the microphone's thread for each block, as milliseconds of 10."""
    detector = VoiceActivity.load()
    endpointer = Endpointer(detector)
    sound = np.concatenate([speak("Is there anybody at the door?", folder / "spoken.wav"), murmur(2.0)])
    costs = []
    for start in range(0, len(sound) - BLOCK_SAMPLES, BLOCK_SAMPLES):
        began = time.perf_counter()
        detector.probability(sound[start : start + BLOCK_SAMPLES])
        costs.append((time.perf_counter() - began) * 1000 * (HEARING_RATE / 100) / BLOCK_SAMPLES)
    say("voice activity, for each 10 ms of sound", spread(costs))
    del endpointer


def measure_callbacks(ports: SoundPorts) -> None:
    """How much later than the one before a callback came than its samples last, and how long it took."""
    heard: list[tuple[float, float]] = []
    filled: list[tuple[float, float, float]] = []
    take, fill = Capture._take, Playback._fill

    def timed_take(capture: Capture, sound: Sound) -> None:
        heard.append((time.perf_counter(), len(sound.data) / 4 / HEARING_RATE))
        take(capture, sound)

    def timed_fill(playback: Playback, out: Wave, leaves: float, late: bool) -> None:  # noqa: FBT001
        began = time.perf_counter()
        fill(playback, out, leaves, late)
        filled.append((began, len(out) / SPEECH_RATE, time.perf_counter() - began))

    with MonkeyPatch.context() as patch:
        patch.setattr(Capture, "_take", timed_take)
        patch.setattr(Playback, "_fill", timed_fill)
        microphone, speaker = (
            Microphone(ports, Canceller(ports.far_end), Endpointer(VoiceActivity.load())),
            Speaker(ports),
        )
        speaker.use(SPEAKER)
        microphone.start(MIC)
        speaker.begin()
        speaker.play(tone(SECONDS + 5, SPEECH_RATE))
        used = time.process_time()
        run_loop(SECONDS)
        used = (time.process_time() - used) / SECONDS
        microphone.close()
        speaker.close()
    for name, calls in (("microphone", heard), ("speaker", [call[:2] for call in filled])):
        late = [1000 * (after[0] - before[0] - after[1]) for before, after in itertools.pairwise(calls[10:])]
        say(f"  {name}: callback later than its samples", spread(late))
    say("  speaker: time in the callback", spread([1000 * call[2] for call in filled]))
    say("  overflows, underruns, late", f"{microphone.overflows}, {speaker.underruns}, {speaker.late}")
    say("  processor, both running", f"{100 * used:.1f} % of one")


def measure_hush(ports: SoundPorts, rig: SoundRig) -> None:
    """From the call until the last sample that the recorder got, its own delay included; and how right `heard` is."""
    delays, errors = [], []
    speaker = Speaker(ports)
    speaker.use(SPEAKER)
    for number in range(8):
        with rig.recording() as recording:
            speaker.begin()
            speaker.play(tone(3.0, SPEECH_RATE))
            while speaker.heard() < 0.3 + 0.037 * number:
                run_loop(0.005)
            called = time.monotonic()
            heard = speaker.hush()
            run_loop(0.3)
        loud = np.flatnonzero(np.abs(recording.samples()) > 0.005)
        delays.append(1000 * (recording.arrival(int(loud[-1])) - called))
        errors.append(1000 * (heard - (loud[-1] - loud[0]) / RATE))
    speaker.close()
    say("  hush: call to silence in the recording", spread(delays))
    say("  heard: error in seconds told", f"{min(errors):.1f} to {max(errors):.1f} ms")


def main() -> None:
    application = QCoreApplication([])
    say("processors, load", f"{os.cpu_count()}, {os.getloadavg()[0]:.1f}")
    with tempfile.TemporaryDirectory(prefix="rig") as name, start_rig(Path(name)) as rig:
        os.environ.update(rig.environment)
        ports = SoundPorts()
        opened = time.perf_counter()
        port = ports.listen(MIC, Shape(HEARING_RATE, 1), Pace(0.035), lambda _: None, lambda: None)
        say("PortAudio loaded, microphone open", f"{1000 * (time.perf_counter() - opened):.0f} ms")
        ports.shut(port)
        for count, title in ((0, "as it is"), (os.cpu_count() or 1, "beside busy processes")):
            say(f"{title}:")
            with busy(count):
                measure_detector(Path(name))
                measure_callbacks(ports)
                measure_hush(ports, rig)
        ports.close()
    del application


if __name__ == "__main__":
    main()
