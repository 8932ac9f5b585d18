"""A screen for tests without one: a private X server that can be looked at, clicked and typed on as by a person."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

WAIT_SECONDS = 30.0


class Screen:
    """`environment` is what a process needs to open its windows here. There is no window manager: nothing moves."""

    def __init__(self, display: str) -> None:
        self.environment = {"DISPLAY": display, "QT_QPA_PLATFORM": "xcb"}

    def picture(self, file: Path) -> Path:
        """All that is to be seen, in the format that the file's name says."""
        self._run("import", "-window", "root", str(file))
        return file

    def await_window(self, title: str) -> str:
        """Waits until a window is to be seen whose title contains this, and gives it the keyboard."""
        window = self._found("--sync", "--onlyvisible", "--name", title)
        self._run("xdotool", "windowfocus", "--sync", window)
        return window

    def _found(self, *wanted: str) -> str:
        """The first such window; a search gives up where another window goes while it is looked at."""
        end = time.monotonic() + WAIT_SECONDS
        while True:
            try:
                return self._run("xdotool", "search", *wanted).splitlines()[0]
            except subprocess.CalledProcessError:
                if time.monotonic() > end:
                    raise

    def shows(self, title: str) -> bool:
        """Whether a window is to be seen now whose title contains this."""
        words = ["xdotool", "search", "--onlyvisible", "--name", title]
        ran = subprocess.run(words, env={**os.environ, **self.environment}, capture_output=True, check=False)
        return ran.returncode == 0

    def write(self, text: str) -> None:
        """As on a keyboard."""
        self._run("xdotool", "type", "--delay", "5", text)

    def press(self, key: str) -> None:
        """A key or a chord in X's words: Return, ctrl+m."""
        self._run("xdotool", "key", key)

    def click(self, x: int, y: int) -> None:
        """The first button of the mouse, at a place of the screen."""
        self._run("xdotool", "mousemove", str(x), str(y), "click", "1")

    def list_windows(self, *numbers: int) -> None:
        """As a window manager does, which there is not: what is not listed cannot be chosen to be captured."""
        listed = ",".join(map(hex, numbers))
        self._run("xprop", "-root", "-f", "_NET_CLIENT_LIST", "32x", "-set", "_NET_CLIENT_LIST", listed)

    def resize(self, width: int, height: int) -> None:
        """The whole screen; not larger than it was at first."""
        sides = [str(side + more) for side in (width, height) for more in (0, 8, 16, 32)]
        for words in (("--newmode", "other", "5", *sides), ("--addmode", "screen", "other")):
            self._run("xrandr", *words)
        self._run("xrandr", "--output", "screen", "--mode", "other")

    def resize_window(self, title: str, width: int, height: int) -> None:
        """The first that is called so."""
        self._run("xdotool", "search", "--name", title, "windowsize", str(width), str(height))

    def _run(self, *words: str) -> str:
        environment = {**os.environ, **self.environment}
        ran = subprocess.run(words, env=environment, capture_output=True, text=True, check=True, timeout=WAIT_SECONDS)
        return ran.stdout


@contextmanager
def start_screen(width: int = 1280, height: int = 800) -> Iterator[Screen]:
    """Ended afterwards; the server chooses a number that is free."""
    words = ["Xvfb", "-displayfd", "1", "-screen", "0", f"{width}x{height}x24", "-nolisten", "tcp", "-noreset"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as server:
        try:
            assert server.stdout is not None
            number = server.stdout.readline().strip()  # said when it is ready
            if not number:
                raise RuntimeError("Xvfb did not start")
            yield Screen(f":{number}")
        finally:
            server.terminate()
