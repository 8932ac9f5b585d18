"""The detector: what it takes for speech, that it forgets, and that it keeps to one thread."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from app.devices.voice_activity import BLOCK_SAMPLES, VoiceActivity
from tests.helpers.rig_voice import Samples, murmur, speak

ROOT = Path(__file__).resolve().parents[3]
COUNT_THREADS = """
import os, sys
import numpy as np
from app.devices.voice_activity import BLOCK_SAMPLES, VoiceActivity
before = len(os.listdir("/proc/self/task"))
detector = VoiceActivity.load()
detector.probability(np.full(BLOCK_SAMPLES, 0.1, np.float32))
sys.stdout.write(f"{len(os.listdir('/proc/self/task')) - before} {os.environ.get('OMP_THREAD_LIMIT')}")
"""


def probabilities(detector: VoiceActivity, sound: Samples) -> list[float]:
    starts = range(0, len(sound) - BLOCK_SAMPLES + 1, BLOCK_SAMPLES)
    return [detector.probability(sound[start : start + BLOCK_SAMPLES]) for start in starts]


def test_speech_is_likelier_than_noise(tmp_path: Path) -> None:
    detector = VoiceActivity.load()
    speech = probabilities(detector, speak("Is there anybody at the door?", tmp_path / "spoken.wav"))
    detector.reset()
    noise = probabilities(detector, murmur(2.0, level=0.05))
    assert np.median(speech) > 0.9
    assert max(noise) < 0.3


def test_what_nobody_can_hear_is_no_speech(tmp_path: Path) -> None:
    """Speech at -75 dB; whatever comes after it is judged as ever."""
    detector = VoiceActivity.load()
    speech = speak("Is there anybody at the door?", tmp_path / "spoken.wav")
    soft = speech * np.float32(1.8e-4 / np.abs(speech).max())
    assert max(probabilities(detector, soft)) == 0.0
    assert np.median(probabilities(detector, speech)) > 0.9


def test_it_forgets_when_told(tmp_path: Path) -> None:
    detector = VoiceActivity.load()
    speech = speak("Is there anybody at the door?", tmp_path / "spoken.wav")
    fresh = probabilities(detector, speech[:8000])
    assert probabilities(detector, speech[:8000]) != fresh
    detector.reset()
    assert probabilities(detector, speech[:8000]) == fresh


@pytest.mark.skipif(sys.platform != "linux", reason="threads are counted in /proc")
def test_it_starts_no_threads_and_leaves_no_limit_to_child_processes() -> None:
    answer = subprocess.run([sys.executable, "-c", COUNT_THREADS], cwd=ROOT, capture_output=True, text=True, check=True)
    assert answer.stdout == "0 None"
