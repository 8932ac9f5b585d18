"""The first turns of the scripted conversation, with what it says into answers; `conversation_script.py` has twenty."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
COMMAND = [sys.executable, "-m", "tests.app.conversation_script", "--short", "--busy"]


@pytest.mark.skipif(sys.platform != "linux", reason="the rigs are for Linux")
@pytest.mark.timeout(600)  # on a machine that is very busy; it takes half a minute on one that is not
def test_its_turns_keep_their_order_and_nobody_is_heard_who_did_not_speak() -> None:
    ran = subprocess.run(COMMAND, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr
