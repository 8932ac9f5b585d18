"""Screens and windows are seen as they are, and their going is a sentence: on a real X server, by a real capture."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageGrab

from tests.helpers.rig_screen import Screen, start_screen

ROOT = Path(__file__).resolve().parents[3]
FRESH_SECONDS = 1.5
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="Xvfb is for Linux")


class Child:
    """Who looks at the screen."""

    def __init__(self, process: subprocess.Popen[str], screen: Screen) -> None:
        self.process = process
        self.screen = screen
        (number,) = self.wait("window")
        assert isinstance(number, int)
        screen.list_windows(number)

    def say(self, line: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(f"{line}\n")
        self.process.stdin.flush()

    def wait(self, word: str) -> list[object]:
        """What follows this word; pytest's own limit ends a wait in vain."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            said = json.loads(line)
            if said[0] == word:
                return list(said[1:])
        raise AssertionError(f"the child has ended without telling: {word}")

    def frame(self, file: Path) -> NDArray[np.uint8]:
        self.say(f"save {file}")
        self.wait("saved")
        return np.asarray(Image.open(file).convert("RGB"), np.uint8)


@pytest.fixture
def child() -> Iterator[Child]:
    with start_screen(640, 480) as screen:
        environment = {**os.environ, **screen.environment, "XDG_SESSION_TYPE": "x11"}
        words = [sys.executable, "-m", "tests.app.devices.screen_child"]
        pipes = subprocess.PIPE
        with subprocess.Popen(words, cwd=ROOT, env=environment, stdin=pipes, stdout=pipes, text=True) as process:
            try:
                yield Child(process, screen)
                process.stdin.close()  # type: ignore[union-attr]
                assert process.wait(10) == 0
            finally:
                process.kill()


def test_what_is_seen_is_what_is_on_the_screen(child: Child, tmp_path: Path) -> None:
    child.say("views")
    (views,) = child.wait("views")
    assert views == [["screen", "1 (640 × 480)"], ["window", "Scene"]]
    child.say("look screen")
    assert child.wait("opened") == [640, 480]
    seen = child.frame(tmp_path / "seen.png")
    shown = np.asarray(ImageGrab.grab(xdisplay=child.screen.environment["DISPLAY"]).convert("RGB"))
    assert np.array_equal(seen, shown)
    assert (seen[80:280, 100:400] == [0, 0xC0, 0]).all()


def test_the_newest_picture_is_fresh(child: Child) -> None:
    child.say("look screen")
    child.wait("opened")
    child.say("ages 40")
    (ages,) = child.wait("ages")
    assert isinstance(ages, list)
    sys.stdout.write(f"age of the screen's frames: half up to {np.median(ages):.3f} s, all up to {max(ages):.3f} s\n")
    assert max(ages) <= FRESH_SECONDS


def test_a_window_is_followed_until_it_is_closed(child: Child, tmp_path: Path) -> None:
    child.say("look window")
    assert child.wait("opened") == [300, 200]
    assert (child.frame(tmp_path / "green.png") == [0, 0xC0, 0]).all()
    child.screen.resize_window("Scene", 400, 250)
    assert child.wait("opened") == [400, 250]
    child.say("hide")
    (sentence,) = child.wait("lost")
    assert "can no longer be seen" in str(sentence)
    child.say("show")
    child.say("look screen")
    assert child.wait("opened") == [640, 480]


def test_the_screen_becomes_smaller(child: Child) -> None:
    child.say("look screen")
    assert child.wait("opened") == [640, 480]
    child.screen.resize(320, 240)
    assert child.wait("opened") == [320, 240]
