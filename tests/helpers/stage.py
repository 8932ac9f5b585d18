"""All rigs at once around a running Sightline: a room in which one speaks to it, hears it and looks at it."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Event

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageGrab

from app.duplex import Duplex, Echo
from app.first_steps import Step
from app.settings import load, save
from model.protocol import HEARING_RATE
from tests.helpers.desktop import PATIENCE, Desktop, MissingError, start_desktop
from tests.helpers.loudness import AUDIBLE, STEP, Loudness
from tests.helpers.rig import RATE, SoundRig, start_rig
from tests.helpers.rig_eye import Eye, start_eye
from tests.helpers.rig_screen import Screen, start_screen
from tests.helpers.rig_voice import speak
from tests.helpers.scenery import film_desk

WINDOW = (1040, 700)
"""The screen is as large as the window is at first."""
PAUSE_SECONDS = 0.5
"""Silence that no question has inside it."""
POLL_SECONDS = 0.03

Question = tuple[float, float]
"""When it began and ended at the microphone."""


@dataclass(frozen=True)
class Room:
    """The rigs, and what was heard so far: `said` by people, `heard` from the speaker."""

    folder: Path
    rig: SoundRig
    screen: Screen
    eye: Eye
    said: Loudness
    heard: Loudness

    @property
    def environment(self) -> dict[str, str]:
        """What a process needs to live in here, at home in a folder of its own."""
        home = {"HOME": str(self.folder / "home"), "XDG_RUNTIME_DIR": str(self.folder)}
        speech = {"SPEECHD_CMD": "/bin/false"}  # no service of the system's is started in here that would stay
        return {**self.rig.environment, **self.screen.environment, **self.eye.environment, **home, **speech}

    def say(self, text: str, voice: str = "en") -> Question:
        """To the microphone; returns when it is over."""
        spoken = speak(text, self.folder / "spoken.wav", voice=voice)
        before = time.monotonic()
        with self.rig.playing(spoken, HEARING_RATE) as player:
            player.wait()
            begin = until(lambda: self.said.onset(before))
            return begin, until(lambda: self.said.silence(begin, PAUSE_SECONDS))

    def await_sound(self, seconds: float, after: float) -> float:
        """Waits until the speaker has sounded for so long since a moment; returns when it began to."""
        until(lambda: self.sounded(after) >= seconds)
        return until(lambda: self.heard.onset(after))

    def sounded(self, after: float) -> float:
        """For how many seconds the speaker has not been silent since a moment."""
        times, peaks = self.heard.peaks()
        return int(((times >= after) & (peaks > AUDIBLE)).sum()) * STEP / RATE

    def picture(self, place: tuple[int, int, int, int] | None = None) -> NDArray[np.uint8]:
        """What is to be seen of the screen, or in a part of it (left, top, width, height): RGB."""
        whole = ImageGrab.grab(xdisplay=self.screen.environment["DISPLAY"]).convert("RGB")
        if place is not None:
            left, top, width, height = place
            whole = whole.crop((left, top, left + width, top + height))
        return np.asarray(whole, np.uint8)

    def photograph(self, file: Path) -> None:
        """All that is to be seen."""
        Image.fromarray(self.picture()).save(file, optimize=True)


def until(what: Callable[[], float | bool | None], seconds: float = PATIENCE) -> float:
    """The first of its values that is something; MissingError if none comes."""
    end, pause = time.monotonic() + seconds, Event()
    while time.monotonic() < end:
        if (value := what()) is not None and value is not False:
            return float(value)
        pause.wait(POLL_SECONDS)
    raise MissingError("it did not happen")


@contextmanager
def open_room() -> Iterator[Room]:
    """Ended afterwards with all that was started in it."""
    with ExitStack() as opened:
        folder = Path(opened.enter_context(tempfile.TemporaryDirectory(prefix="room")))
        (folder / "home").mkdir()
        rig = opened.enter_context(start_rig(folder))
        screen = opened.enter_context(start_screen(*WINDOW))
        eye = opened.enter_context(start_eye(folder, screen.environment))
        said = Loudness(opened.enter_context(rig.recording(source="virtmic.monitor")))
        heard = Loudness(opened.enter_context(rig.recording()))
        yield Room(folder, rig, screen, eye, said, heard)


def keep_full_duplex(file: Path) -> None:
    """Nothing comes back in this room, but its silence is so complete that no test for echo would believe it.

    Whoever lives here has gone through the first run.
    """
    nothing = Echo("mic", "speaker", Duplex.FULL, -80.0, 0.0, 0.0)
    save(replace(load(file).settings, duplex=Duplex.FULL, echoes=(nothing,), first_run=Step.OVER), file)


@contextmanager
def enter(room: Room, model: Path, threads: int) -> Iterator[Desktop]:
    """Sightline with a model and a video in place of a camera; ready, and the keyboard is its own."""
    keep_full_duplex(room.folder / "home" / ".config" / "sightline" / "settings.json")
    environment = room.environment | {"OMP_NUM_THREADS": str(threads)}  # a tiny model loses by more than one
    video = film_desk(room.folder / "desk.mp4")
    with start_desktop(room.eye, environment, "--model", str(model), "--camera", str(video)) as desktop:
        desktop.watch.wait(lambda look: look.phase == "Ready")
        room.screen.await_window("Sightline")
        yield desktop
