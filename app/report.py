"""What helps to find out what is wrong: versions, devices, times and the log, and never a word of what was said."""

from __future__ import annotations

import logging
import os
import platform
import re
import sqlite3
import sys
from collections import deque
from collections.abc import Callable, Iterable
from importlib.metadata import PackageNotFoundError, version

import psutil
from PySide6.QtCore import qVersion

from app import logs
from app.wares import gigabytes
from model.protocol import Finished, Ready

MOST_LINES = 2000
MOST_TIMINGS = 20
PACKAGES = (
    "sightline",
    "PySide6-Essentials",
    "torch",
    "transformers",
    "numpy",
    "sounddevice",
    "opencv-python-headless",
    "av",
)
_MESSAGE = re.compile(r"^((?:\w+\.)*\w*(?:Error|Exception|Warning|Interrupt|Exit)): .*$", re.MULTILINE)
"""An exception's own words, which may be anybody's."""


class Report:
    """Collects from its making on."""

    def __init__(self) -> None:
        self._lines: deque[str] = deque(maxlen=MOST_LINES)
        self._timings: deque[str] = deque(maxlen=MOST_TIMINGS)
        self._model = "none"
        self._devices: tuple[str, ...] = ()
        self._way = _Way(self._lines.append)
        ours = logging.getLogger(logs.OURS)
        ours.addHandler(self._way)
        ours.setLevel(logging.INFO)

    def close(self) -> None:
        """Nothing is collected any more."""
        logging.getLogger(logs.OURS).removeHandler(self._way)

    def take_ready(self, ready: Ready) -> None:
        """The model that answers from here on."""
        label = f", {ready.label}" if ready.label else ""
        self._model = f"{ready.name}{label}, on {ready.device}, {gigabytes(ready.nbytes)}"

    def take_finished(self, finished: Finished) -> None:
        """How long a reply took, and not what it says."""
        took = finished.timings
        sound = "none" if took.first_audio is None else f"{took.first_audio:.2f} s"
        text = "none" if took.first_text is None else f"{took.first_text:.2f} s"
        self._timings.append(
            f"{took.prompt_tokens} tokens in, {took.text_tokens} out, {took.codes} codes; first text {text}, "
            f"first sound {sound}, all {took.total:.2f} s"
        )

    def take_devices(self, devices: Iterable[str]) -> None:
        """What there is now, in words."""
        self._devices = tuple(devices)

    def compose(self) -> str:
        """All of it."""
        memory = psutil.virtual_memory()
        parts = [
            ("Versions", _versions()),
            (
                "Computer",
                [platform.platform(), f"{os.cpu_count()} processors, {gigabytes(memory.total)} memory"],
            ),
            ("Devices", self._devices or ["not asked for yet"]),
            ("Model", [self._model]),
            ("Latest replies", self._timings or ["none"]),
            ("Log", self._lines or ["empty"]),
        ]
        return "\n\n".join("\n".join([title, *lines]) for title, lines in parts) + "\n"


class _Way(logging.Handler):
    """From the loggers to the report."""

    def __init__(self, take: Callable[[str], None]) -> None:
        super().__init__(logging.INFO)
        self._take = take
        self.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))

    def emit(self, record: logging.LogRecord) -> None:
        self._take(without_messages(self.format(record)))


def without_messages(text: str) -> str:
    """A traceback ends with words that may be the user's own: only the kind of error is kept."""
    return _MESSAGE.sub(r"\1", text)


def _versions() -> list[str]:
    known = [f"Python {sys.version.split()[0]}, Qt {qVersion()}, SQLite {sqlite3.sqlite_version}"]
    for name in PACKAGES:
        try:
            known.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            known.append(f"{name} is not installed")
    return known
