"""The desktop starts whatever its home is like, and tells what is wrong with it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
OPENED = """
import sys
from PySide6.QtWidgets import QApplication
from app import desktop
from app.application import Application
from app.options import Options

def tell(application):
    for line in application.transcript.lines:
        print(line.text)
    QApplication.exit(0)

Application.start = tell
sys.exit(desktop.run(Options(None, None)))
"""
"""Says what the window tells, and closes it in place of opening devices and a model."""


def told(home: Path, config: Path) -> str:
    here = {"HOME": str(home), "XDG_CONFIG_HOME": str(config), "XDG_DATA_HOME": str(home / "data")}
    command = [sys.executable, "-c", OPENED]
    ran = subprocess.run(command, cwd=ROOT, env={**os.environ, **here}, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


def test_a_usual_home_has_nothing_to_tell(tmp_path: Path) -> None:
    assert told(tmp_path, tmp_path / "config") == ""
    assert (tmp_path / "config" / "sightline").is_dir()


def test_a_home_where_nothing_can_be_written_is_told_and_opens(tmp_path: Path) -> None:
    (tmp_path / "config").write_text("in the way")
    assert f"Nothing can be written in {tmp_path / 'config' / 'sightline'} (Not a directory)" in told(
        tmp_path, tmp_path / "config"
    )
