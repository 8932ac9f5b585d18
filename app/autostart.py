"""Sightline among what the system starts when the user logs in: one way for each system. Knows no window."""

from __future__ import annotations

import os
import plistlib
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QByteArray, QSettings, QStandardPaths

from app import paths

NAME = "Sightline"
IN_TRAY = "--in-tray"
WINDOWS = r"HKEY_CURRENT_USER\Software\Microsoft\Windows\CurrentVersion"
RUN_KEY = WINDOWS + r"\Run"
APPROVED_KEY = WINDOWS + r"\Explorer\StartupApproved\Run"
"""Where the system keeps what the user has switched off of the other key: the first byte is odd then."""
AGENT = "org.sightline.desktop"
SWITCHED_OFF = {"hidden=true", "x-gnome-autostart-enabled=false"}
"""Lines of a desktop entry, without spaces, by which a desktop switches it off."""
QUOTED = '"`$\\'
"""Within quotes of an entry's command these have a backslash before them, as the Desktop Entry Specification says."""


class Autostart(Protocol):
    """One system's way."""

    @property
    def is_on(self) -> bool:
        """What the system has, which the user may have changed there."""

    def switch(self, *, on: bool) -> None:
        """Raises OSError."""


class _File:
    """What is there, or not."""

    def __init__(self, file: Path, content: bytes) -> None:
        self._file = file
        self._content = content

    def switch(self, *, on: bool) -> None:
        """Raises OSError."""
        if on:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            self._file.write_bytes(self._content)
        else:
            self._file.unlink(missing_ok=True)


class Entry(_File):
    """A desktop entry on Linux. Desktops switch it off by a line of it."""

    @property
    def is_on(self) -> bool:
        """Whether it is there and not switched off."""
        try:
            lines = self._file.read_text(encoding="utf-8", errors="replace").splitlines()
        except OSError:
            return False
        return not {"".join(line.split()).lower() for line in lines} & SWITCHED_OFF


class Agent(_File):
    """A launch agent on macOS, which keeps a list of its own of those that the user has switched off."""

    @property
    def is_on(self) -> bool:
        """Whether it is there and not switched off."""
        if not self._file.is_file():
            return False
        return not is_disabled(_launchctl("print-disabled", f"gui/{os.getuid()}"))

    def switch(self, *, on: bool) -> None:
        """Raises OSError."""
        super().switch(on=on)
        if on:
            _launchctl("enable", f"gui/{os.getuid()}/{AGENT}")


def is_disabled(listing: str) -> bool:
    """Whether our agent is switched off, by what launchctl lists: lines of `"label" => disabled`, once of `true`."""
    return re.search(rf'"{re.escape(AGENT)}"\s*=>\s*(disabled|true)', listing) is not None


def _launchctl(*words: str) -> str:
    """What it says; nothing where there is none, or it cannot."""
    try:
        return subprocess.run(["/bin/launchctl", *words], capture_output=True, text=True, check=False).stdout
    except OSError:
        return ""


class RunKey:
    """A value of Windows' registry, and another one by which the system switches it off."""

    def __init__(self, key: QSettings, approved: QSettings, command: Sequence[str]) -> None:
        self._key = key
        self._approved = approved
        self._line = subprocess.list2cmdline(command)

    @property
    def is_on(self) -> bool:
        """Whether it is there and not switched off."""
        return self._key.contains(NAME) and not _first_byte(self._approved.value(NAME)) % 2

    def switch(self, *, on: bool) -> None:
        """Raises OSError."""
        if on:
            self._key.setValue(NAME, self._line)
        else:
            self._key.remove(NAME)
        self._approved.remove(NAME)
        for key in (self._key, self._approved):
            key.sync()
            if key.status() is not QSettings.Status.NoError:
                raise OSError(0, "the registry cannot be written")


def _first_byte(value: object) -> int:
    """Of binary data, which Qt reads from the registry as text of two bytes a letter."""
    if isinstance(value, str) and value:
        return ord(value[0]) & 0xFF
    data = bytes(value.data()) if isinstance(value, QByteArray) else b""
    return data[0] if data else 0


def of_this_system(system: str = sys.platform) -> Autostart:
    """The way that this system knows."""
    command = command_line()
    if system == "win32":
        native = QSettings.Format.NativeFormat
        return RunKey(QSettings(RUN_KEY, native), QSettings(APPROVED_KEY, native), command)
    if system == "darwin":
        return Agent(Path.home() / "Library" / "LaunchAgents" / f"{AGENT}.plist", launch_agent(command))
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
