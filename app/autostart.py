"""Sightline among what the system starts when the user logs in: one way for each system. Knows no window."""

from __future__ import annotations

import plistlib
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QSettings, QStandardPaths

from app import paths

NAME = "Sightline"
IN_TRAY = "--in-tray"
RUN_KEY = r"HKEY_CURRENT_USER\Software\Microsoft\Windows\CurrentVersion\Run"
AGENT = "org.sightline.desktop"
QUOTED = '"`$\\'
"""Within quotes of an entry's command these have a backslash before them, as the Desktop Entry Specification says."""


class Autostart(Protocol):
    """One system's way."""

    @property
    def is_on(self) -> bool:
        """What the system has, which the user may have changed there."""

    def switch(self, *, on: bool) -> None:
        """Raises OSError."""


class Entry:
    """A file that is there, or not: a desktop entry on Linux, a launch agent on macOS."""

    def __init__(self, file: Path, content: bytes) -> None:
        self._file = file
        self._content = content

    @property
    def is_on(self) -> bool:
        """Whether it is there."""
        return self._file.is_file()

    def switch(self, *, on: bool) -> None:
        """Raises OSError."""
        if on:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            self._file.write_bytes(self._content)
        else:
            self._file.unlink(missing_ok=True)


class RunKey:
    """A value of Windows' registry."""

    def __init__(self, key: QSettings, command: Sequence[str]) -> None:
        self._key = key
        self._line = subprocess.list2cmdline(command)

    @property
    def is_on(self) -> bool:
        """Whether it is there."""
        return self._key.contains(NAME)

    def switch(self, *, on: bool) -> None:
        """Raises OSError."""
        if on:
            self._key.setValue(NAME, self._line)
        else:
            self._key.remove(NAME)
        self._key.sync()
        if self._key.status() is not QSettings.Status.NoError:
            raise OSError(0, "the registry cannot be written")


def of_this_system(system: str = sys.platform) -> Autostart:
    """The way that this system knows."""
    command = command_line()
    if system == "win32":
        return RunKey(QSettings(RUN_KEY, QSettings.Format.NativeFormat), command)
    if system == "darwin":
        return Entry(Path.home() / "Library" / "LaunchAgents" / f"{AGENT}.plist", launch_agent(command))
    config = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.GenericConfigLocation)
    return Entry(Path(config) / "autostart" / "sightline.desktop", desktop_entry(command).encode())


def command_line() -> list[str]:
    """With which this very Sightline is started, from source or frozen; without a window where that was chosen."""
    front_door = [] if getattr(sys, "frozen", False) else [str(paths.ROOT / "main.py")]
    return [sys.executable, *front_door, IN_TRAY]


def desktop_entry(command: Sequence[str]) -> str:
    """What Linux desktops read: https://specifications.freedesktop.org/autostart-spec/."""
    return "\n".join(
        (
            "[Desktop Entry]",
            "Type=Application",
            f"Name={NAME}",
            f"Exec={' '.join(map(_quote, command))}",
            "Terminal=false",
            "X-GNOME-Autostart-enabled=true",
            "",
        )
    )


def launch_agent(command: Sequence[str]) -> bytes:
    """What macOS reads: launchd.plist(5)."""
    return plistlib.dumps({"Label": AGENT, "ProgramArguments": list(command), "RunAtLoad": True})


def _quote(word: str) -> str:
    """For an Exec key, whose value is unescaped twice: as every string, and as a quoted word."""
    within = "".join(f"\\{letter}" if letter in QUOTED else letter for letter in word.replace("%", "%%"))
    return '"' + within.replace("\\", "\\\\") + '"'
