"""Another language is another window, of the same process."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.timeout(400)  # on a machine that is very busy
def test_another_language_goes_on_with_the_next_page_in_its_own_words(tmp_path: Path) -> None:
    places = {
        "HOME": str(tmp_path),
        "XDG_CONFIG_HOME": str(tmp_path / "config"),
        "XDG_DATA_HOME": str(tmp_path / "data"),
    }
    environment = {**os.environ, **places, "QT_QPA_PLATFORM": "offscreen", "LC_ALL": "C", "PYTHONIOENCODING": "utf-8"}
    words = [sys.executable, "-m", "tests.helpers.renewed"]
    done = subprocess.run(
        words, cwd=ROOT, env=environment, capture_output=True, text=True, encoding="utf-8", timeout=300, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == ["language: Welcome to Sightline", "profile: ¿Qué le conviene?"]
