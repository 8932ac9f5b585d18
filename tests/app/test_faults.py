"""What can go wrong, acted out in short with the app as a process of its own; each script has it at length."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="the rigs are for Linux"),
    pytest.mark.timeout(900),  # on a machine that is very busy
]


@pytest.mark.parametrize(
    "words",
    [
        "unplug --times 1 --only microphone headset --with-others",
        "child_faults --times 1 --only memory",
        "crash_faults --times 1 --without-damage",
    ],
    ids=lambda words: words.split()[0],
)
def test_the_app_survives(words: str) -> None:
    module, *choices = words.split()
    command = [sys.executable, "-m", f"tests.app.{module}", *choices]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "good" in ran.stdout


def test_what_was_said_at_first_is_still_in_mind() -> None:
    """Two turns tell nothing about drift: that takes an hour, and a quiet machine."""
    command = [sys.executable, "-m", "tests.app.long_run", "--minutes", "0", "--turns", "2", "--sound", "0.3"]
    ran = subprocess.run([*command, "--period", "0"], cwd=ROOT, capture_output=True, text=True, check=False)
    lines = [line.split("  ") for line in ran.stdout.splitlines()]
    verdicts = {line[1]: line[0] for line in lines if len(line) > 1}
    for what in ("the model's process died", "what was said in minute 2 is in what the model is given"):
        assert verdicts[what] == "good", ran.stdout + ran.stderr
