"""Sightline as its users start it, watched from outside: window, log, processes.

The window is read through a screen reader's eye. Knows nothing of what is inside.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Condition, Event, Thread

import psutil

from tests.helpers.rig_eye import Eye, EyeError, Node

ROOT = Path(__file__).resolve().parents[2]
LOOK_SECONDS = 0.02
"""Between two looks at the window: how exact times of what is to be seen are."""
LINES_THAT_CHANGE = 3
"""At the end of the conversation; those before are settled."""
PATIENCE = 300.0
"""Seconds to wait for anything before it counts as missing: the machine may be slow, and the model large."""


class MissingError(AssertionError):
    """What should have happened did not; tells what was to be seen instead."""


@dataclass(frozen=True)
class Look:
    """What the window says at a moment. `took` is how long it kept its first answer waiting, in seconds."""

    time: float
    phase: str
    lines: tuple[str, ...]
    took: float

    def of(self, who: str) -> list[str]:
        """Somebody's lines, without name and time."""
        opening = re.compile(rf"{who}, \d\d:\d\d:? ?")
        return [opening.sub("", line, count=1) for line in self.lines if opening.match(line)]

    @property
    def answer(self) -> str:
        """The latest, as far as it is there; empty where the latest line is somebody else's."""
        return self.of("Sightline")[-1] if self.lines and self.lines[-1].startswith("Sightline, ") else ""


class Watch:
    """Looks at the window all the time, on a thread of its own."""

    def __init__(self, eye: Eye, window: Node) -> None:
        self.looks: list[Look] = []
        self._eye = eye
        self._phase = eye.find(window, "label", description="State")
        self._conversation = eye.find(window, "list", "Conversation")
        self._settled: list[str] = []
        self._seen = Condition()
        self._ended = Event()
        self._thread = Thread(target=self._run, name="watch", daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._ended.set()
        self._thread.join()
        self._eye.close()

    def wait(self, what: Callable[[Look], object], *, after: float = 0.0, seconds: float = PATIENCE) -> Look:
        """The first look after a moment at which this holds."""
        end, place = time.monotonic() + seconds, 0
        with self._seen:
            while True:
                fitting = (look for look in self.looks[place:] if look.time >= after and what(look))
                if (found := next(fitting, None)) is not None:
                    return found
                place = len(self.looks)
                if not self._thread.is_alive() or time.monotonic() > end:
                    raise MissingError(f"last seen: {self.looks[-1]}" if self.looks else "nothing was seen")
                self._seen.wait(1.0)

    def between(self, begin: float, end: float) -> list[Look]:
        return [look for look in self.looks if begin <= look.time <= end]

    def _run(self) -> None:
        while not self._ended.wait(LOOK_SECONDS):
            try:
                look = self._look()
            except EyeError:
                return  # the window is closed
            with self._seen:
                self.looks.append(look)
                self._seen.notify_all()

    def _look(self) -> Look:
        began = time.monotonic()
        phase = self._eye.name(self._phase)
        took = time.monotonic() - began
        rows = self._eye.children(self._conversation)
        settled = max(0, len(rows) - LINES_THAT_CHANGE)
        self._settled += [self._eye.name(row) for row in rows[len(self._settled) : settled]]
        lines = (*self._settled, *(self._eye.name(row) for row in rows[settled:]))
        return Look(began, phase, lines, took)


class Log:
    """What the app says on standard error."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.lines: list[str] = []
        assert process.stderr is not None
        self._stream = process.stderr
        self._thread = Thread(target=self._read, name="log", daemon=True)
        self._thread.start()

    def matches(self, pattern: str) -> list[re.Match[str]]:
        """Of Sightline's own lines."""
        return [found for line in self.lines if (found := re.search(pattern, line))]

    def join(self) -> None:
        self._thread.join()

    def _read(self) -> None:
        for line in self._stream:
            self.lines.append(line.rstrip())
        self._stream.close()


class Desktop:
    """A running Sightline."""

    def __init__(self, process: subprocess.Popen[str], eye: Eye, began: float) -> None:
        self.began = began
        self.process = process
        self.log = Log(process)
        self._eye = eye
        self._watch: Watch | None = None

    @property
    def watch(self) -> Watch:
        """Once the window is there."""
        if self._watch is None:
            self._watch = Watch(self._eye.another(), self.window())
        return self._watch

    def rest(self) -> None:
        """Nobody looks for a while, which takes time of the window's."""
        if self._watch is not None:
            self._watch.close()
            self._watch = None

    def window(self) -> Node:
        """Waits until it is there."""
        application = self._eye.application("Sightline", self.process)
        return self._eye.find(application, "frame", "Sightline")

    def place(self, role: str, name: str) -> tuple[int, int, int, int]:
        """Of a part of the window: left, top, width, height."""
        return self._eye.place(self._eye.find(self.window(), role, name))

    def child(self) -> psutil.Process:
        """The model's process, the youngest of what was spawned."""
        spawned = [
            child
            for child in psutil.Process(self.process.pid).children()
            if any("spawn_main" in word for word in child.cmdline())
        ]
        return max(spawned, key=lambda child: child.create_time())

    def family(self) -> list[psutil.Process]:
        """The app and all that it started."""
        app = psutil.Process(self.process.pid)
        return [app, *app.children(recursive=True)]

    def close(self) -> None:
        """However it stands."""
        family = self.family() if self.process.poll() is None else []
        for process in family:
            if process.is_running():
                process.kill()
        self.process.wait()
        self.log.join()
        self.rest()


@contextmanager
def start_desktop(
    eye: Eye, environment: dict[str, str], *arguments: str, main: tuple[str, ...] = ("main.py", "--verbose")
) -> Iterator[Desktop]:
    """`python main.py --verbose …` with only the given devices; killed afterwards if it has not ended by itself."""
    words = [sys.executable, *main, *arguments]
    everything = {**os.environ, **environment}
    began = time.monotonic()
    process = subprocess.Popen(words, cwd=ROOT, env=everything, stderr=subprocess.PIPE, text=True, errors="replace")
    desktop = Desktop(process, eye, began)
    try:
        yield desktop
    finally:
        desktop.close()
