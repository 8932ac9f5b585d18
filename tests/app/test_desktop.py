"""The desktop starts whatever its home is like, and tells what is wrong with it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QLockFile

from app.desktop import DEAF
from app.first_steps import Step
from app.settings import Settings, save

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
HASTE = """
import sys
from app.ui.window import Window

whole = Window.furnish

def furnish(window):
    print("painted" if window.is_painted else "not yet", end=" ")
    whole(window)

Window.furnish = furnish
from app import desktop
print("imported too soon" if "app.application" in sys.modules else "late", end=" ")
"""
"""Says in what order things come."""


WATCHER = """
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QMessageBox
from app import single
single.ANSWER_MILLISECONDS = 100

def look():
    shown = QApplication.activeModalWidget()
    if isinstance(shown, QMessageBox):
        print(shown.text())
        shown.accept()

class Watched(QApplication):
    def __init__(self, words):
        super().__init__(words)
        self.watch = QTimer()
        self.watch.timeout.connect(look)
        self.watch.start(50)

from app import desktop
desktop.QApplication = Watched
"""
"""Says what a box says, and closes it."""


def told(home: Path, config: Path, before: str = "", status: int = 0) -> str:
    here = {"HOME": str(home), "XDG_CONFIG_HOME": str(config), "XDG_DATA_HOME": str(home / "data")}
    command = [sys.executable, "-c", before + OPENED]
    ran = subprocess.run(command, cwd=ROOT, env={**os.environ, **here}, capture_output=True, text=True, check=False)
    assert ran.returncode == status, ran.stderr
    return ran.stdout


def test_a_usual_home_has_nothing_to_tell(tmp_path: Path) -> None:
    assert told(tmp_path, tmp_path / "config") == ""
    assert (tmp_path / "config" / "sightline").is_dir()


def test_a_home_where_nothing_can_be_written_is_told_and_opens(tmp_path: Path) -> None:
    (tmp_path / "config").write_text("in the way")
    assert f"Nothing can be written in {tmp_path / 'config' / 'sightline'} (Not a directory)" in told(
        tmp_path, tmp_path / "config"
    )


@pytest.mark.parametrize("first_run", Step)
def test_the_window_is_painted_before_all_else_is_even_imported(tmp_path: Path, first_run: Step) -> None:
    folder = tmp_path / "config" / "sightline"
    folder.mkdir(parents=True)
    save(Settings(first_run=first_run), folder / "settings.json")
    assert told(tmp_path, tmp_path / "config", HASTE) == "late painted "


def test_another_that_does_not_answer_is_told_of_where_nobody_sees_a_terminal(tmp_path: Path) -> None:
    held = tmp_path / "config" / "sightline"
    held.mkdir(parents=True)
    lock = QLockFile(str(held / "running"))
    assert lock.tryLock(0)
    try:
        assert told(tmp_path, tmp_path / "config", WATCHER, status=1) == f"{DEAF}\n"
    finally:
        lock.unlock()
