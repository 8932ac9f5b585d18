"""The app beside a microphone that hears its speaker, for a moment; `echo_loop.py` has it at length."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
COMMAND = [sys.executable, "-m", "tests.app.echo_loop", "--minutes", "0.1", "--duplex", "full"]
"""By choice, so that no test for echo saves what the canceller does not: without it the app interrupts itself."""


@pytest.mark.skipif(sys.platform != "linux", reason="the rig's sound server is for Linux")
def test_it_does_not_hear_itself() -> None:
    ran = subprocess.run(COMMAND, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "to break in it takes" in ran.stdout
