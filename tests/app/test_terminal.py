"""Where no display is: one turn in the terminal, through the front door as a user opens it."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from pathlib import Path

import pytest

from app import terminal

NO_DISPLAY = "No display was found, so Sightline holds one turn in this terminal instead of opening its window."


def open_front_door(*arguments: str, question: str) -> subprocess.CompletedProcess[str]:
    """main.py on a machine without a screen, started from some other folder; a small model wants one thread."""
    environment = {name: value for name, value in os.environ.items() if not name.endswith("DISPLAY")}
    return subprocess.run(
        [sys.executable, str(terminal.ROOT / "main.py"), *arguments],
        input=question,
        cwd=terminal.ROOT.parent,
        env={**environment, "OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.timeout(300)  # two children that load torch, on a machine that may be busy
def test_one_turn_is_held_without_a_folder() -> None:
    ended = open_front_door(question="Who is there?\n")
    assert ended.returncode == 0, ended.stderr
    assert ended.stderr.splitlines()[0] == NO_DISPLAY
    built_in = (terminal.BUILT_IN / "config.json").is_file()
    who = "the built-in demonstration model" if built_in else "a small model of random weights"
    assert f"so {who} answers" in ended.stderr
    assert terminal.STOCK_QUESTION not in ended.stderr
    assert ended.stdout.strip()


def test_unusable_folder_is_named_and_the_status_passed_on(tmp_path: Path) -> None:
    ended = open_front_door("--model", os.path.relpath(tmp_path, terminal.ROOT.parent), question="Hello\n")
    assert ended.returncode == 2
    assert ended.stderr.splitlines()[-1].startswith(f"{tmp_path} is not a model folder")
    assert "Traceback" not in ended.stderr
    assert ended.stdout == ""


@pytest.mark.parametrize(
    ("typed", "asked"), [("Who is there?\nAnd then?\n", "Who is there?"), ("\n", terminal.STOCK_QUESTION)]
)
def test_first_line_is_the_question(monkeypatch: pytest.MonkeyPatch, typed: str, asked: str) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(typed))
    assert terminal.read_question() == asked
