"""The first turns of the scripted conversation, with what it says into answers; `conversation_script.py` has twenty."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from model.protocol import SPEECH_RATE
from tests.app.conversation_scenes import sounded_until

ROOT = Path(__file__).resolve().parents[2]
COMMAND = [sys.executable, "-m", "tests.app.conversation_script", "--short", "--busy"]


@pytest.mark.skipif(sys.platform != "linux", reason="the rigs are for Linux")
@pytest.mark.timeout(600)  # on a machine that is very busy; it takes half a minute on one that is not
def test_its_turns_keep_their_order_and_nobody_is_heard_who_did_not_speak() -> None:
    ran = subprocess.run(COMMAND, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr


def test_of_a_pause_at_the_end_of_what_is_told_nothing_could_be_heard() -> None:
    wave = np.zeros(3 * SPEECH_RATE, np.float32)
    wave[SPEECH_RATE : 2 * SPEECH_RATE] = 0.1
    assert sounded_until(wave, 1.5) == pytest.approx(1.5)
    assert sounded_until(wave, 2.9) == pytest.approx(2.0)
    assert sounded_until(wave, 0.5) == 0.0
