"""The app beside a microphone that hears its speaker: `python -m tests.app.echo_loop [--minutes 2]`.

The whole desktop in this process, on a virtual speaker from which a cable leads to its virtual microphone, hands-free,
with a child that reads sentences aloud. Nobody says a word: whatever the app takes for speech is its own. Prints how
often it interrupted itself, how many turns it made out of nothing, how much of the echo was removed and at what cost.
Ends with 1 where it heard itself.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from pytest import MonkeyPatch

from app.devices.canceller import STEP_SECONDS, Canceller, Trace, decibels
from app.duplex import Duplex
from app.settings import Settings, save
from tests.helpers.rig import start_rig
from tests.helpers.rig_voice import Samples, murmur

SENTENCES = (
    "The weather in the mountains is fine today, and the sun will shine until late in the evening.",
    "Tomorrow there may be some rain, so please take an umbrella with you when you leave the house.",
    "On your desk I can see a green cup, a plant in a clay pot, and a window behind them.",
    "Stop at the second corner, then turn left, and walk on until you see the river.",
)
PAUSE = 1.0
"""Seconds between an answer and the next question: what comes late of the answer would begin a turn meanwhile."""
PLAYING = -50.0
"""Decibels of full scale of what is played, from which a step counts for how much was removed."""
ANSWER_SECONDS = 60.0
"""More than any answer takes, on a machine however busy."""


@dataclass
class Figures:
    """What was seen from inside."""

    answers: int = 0
    interrupted: int = 0
    phantoms: int = 0
    heard: list[float] = field(default_factory=list)
    left: list[float] = field(default_factory=list)
    wall: list[float] = field(default_factory=list)
    processor: list[float] = field(default_factory=list)

    @property
    def is_deaf_to_itself(self) -> bool:
        return self.answers > 0 and not self.interrupted and not self.phantoms

    def take(self, trace: Trace) -> None:
        """The steps of one answer in which something was played."""
        for far, near, cleaned in zip(trace.far, trace.near, trace.cleaned, strict=False):
            if decibels(far) > PLAYING:
                self.heard.append(float(np.mean(np.square(near))))
                self.left.append(float(np.mean(np.square(cleaned))))


def say(what: str, figure: str) -> None:
    sys.stdout.write(f"{what:<56}{figure}\n")
    sys.stdout.flush()


@contextmanager
def timed(figures: Figures, *, taken_out: bool) -> Iterator[None]:
    """The canceller's work is timed, or not done at all."""
    clean = Canceller._clean

    def timed_clean(canceller: Canceller, far: Samples, near: Samples) -> Samples:
        began, used = time.perf_counter(), time.thread_time()
        cleaned = near if taken_out else clean(canceller, far, near)
        figures.wall.append(time.perf_counter() - began)
        figures.processor.append(time.thread_time() - used)
        return cleaned

    with MonkeyPatch.context() as patch:
        patch.setattr(Canceller, "_clean", timed_clean)
        yield


def run(seconds: float, settings: Settings, folder: Path, figures: Figures) -> Duplex:
    """The app, started and used as its window does; returns what it took to break in, in the end."""
    from PySide6.QtCore import QEventLoop, QTimer  # noqa: PLC0415 -- Qt looks for sound devices once: after the rig is there
    from PySide6.QtWidgets import QApplication  # noqa: PLC0415

    from app.application import Application  # noqa: PLC0415
    from app.model_link import ModelLink  # noqa: PLC0415
    from app.options import Options  # noqa: PLC0415
    from app.paths import Home  # noqa: PLC0415
    from app.phase import Phase  # noqa: PLC0415
    from app.transcript import LineState, Who  # noqa: PLC0415
    from tests.helpers import reader  # noqa: PLC0415

    desktop = QApplication(["Sightline"])
    home = Home(folder / "settings.json", folder / "history.sqlite")
    save(settings, home.settings)
    model = folder / "good"
    model.mkdir()
    (model / "config.json").write_text("{}")
    application = Application(Options(model, None), home, ModelLink(reader.main))
    conversation = application.conversation

    def wait(signal: object, holds: object, seconds: float) -> None:
        loop = QEventLoop()
        QTimer.singleShot(round(1000 * seconds), loop.quit)
        signal.connect(lambda _: loop.quit() if holds() else None)  # type: ignore[attr-defined, operator]
        if not holds():  # type: ignore[operator]
            loop.exec()

    application.window.show()
    application.start()
    wait(conversation.phase_changed, lambda: conversation.phase is Phase.LISTENING, ANSWER_SECONDS)
    perception = application.perception
    assert perception is not None
    assert perception.echo is not None
    echo = perception.echo
    wait(
        echo.changed,
        lambda: echo.state.duplex is settings.duplex or echo.state.echo or echo.state.trouble,
        ANSWER_SECONDS,
    )
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        perception._guard.canceller.trace = trace = Trace()
        conversation.ask(SENTENCES[figures.answers % len(SENTENCES)])
        figures.answers += 1
        wait(conversation.phase_changed, lambda: conversation.phase is Phase.LISTENING, ANSWER_SECONDS)
        wait(conversation.phase_changed, lambda: False, PAUSE)
        wait(conversation.phase_changed, lambda: conversation.phase is Phase.LISTENING, ANSWER_SECONDS)
        figures.take(trace)
    lines = application.transcript.lines
    figures.phantoms = sum(line.who is Who.USER for line in lines) - figures.answers
    figures.interrupted = sum(line.who is Who.MODEL and line.state is LineState.CUT for line in lines)
    duplex = echo.state.duplex
    application.close()
    del desktop
    return duplex


def tell(figures: Figures, duplex: Duplex) -> None:
    heard, left = (10 * np.log10(np.mean(powers)) for powers in (figures.heard, figures.left))
    say("to break in it takes", duplex.value)
    say("answers, self-interruptions, phantom turns", f"{figures.answers}, {figures.interrupted}, {figures.phantoms}")
    say("echo at the microphone, after the canceller", f"{heard:.1f}, {left:.1f} dBFS: {heard - left:.1f} dB removed")
    for what, times in (("processor", figures.processor), ("wall clock", figures.wall)):
        median, high = np.percentile(1000 * np.array(times), [50, 99])
        say(f"for each {1000 * STEP_SECONDS:.0f} ms of sound, {what}", f"median {median:.2f}, p99 {high:.2f} ms")


def main() -> None:
    parser = argparse.ArgumentParser(description="Whether the app hears itself through a loudspeaker and a microphone.")
    parser.add_argument("--minutes", type=float, default=2.0, help="how long answers are spoken")
    parser.add_argument("--delay", type=float, default=0.06, help="seconds from the speaker to the microphone")
    parser.add_argument("--volume", type=int, default=60, help="of the echo, percent on a mixer: 60 is -13 dB")
    parser.add_argument("--duplex", type=Duplex, help="full, guarded or push; left to the test for echo without it")
    parser.add_argument("--without-canceller", action="store_true", help="to see that it is what does it")
    choice = parser.parse_args()
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    figures = Figures()
    say("processors, load", f"{os.cpu_count()}, {os.getloadavg()[0]:.1f}")
    with ExitStack() as opened:
        folder = Path(opened.enter_context(tempfile.TemporaryDirectory(prefix="rig")))
        rig = opened.enter_context(start_rig(folder))
        os.environ.update(rig.environment)
        opened.enter_context(rig.echoing(seconds=choice.delay, percent=choice.volume))
        hiss = murmur(60.0 * choice.minutes + ANSWER_SECONDS, 48_000, level=0.0005)
        opened.enter_context(rig.playing(hiss, 48_000))
        opened.enter_context(timed(figures, taken_out=choice.without_canceller))
        settings = Settings(hands_free=True, duplex=choice.duplex)
        duplex = run(60.0 * choice.minutes, settings, folder, figures)
    tell(figures, duplex)
    say("load at the end", f"{os.getloadavg()[0]:.1f}")
    sys.exit(0 if figures.is_deaf_to_itself else 1)


if __name__ == "__main__":
    main()
