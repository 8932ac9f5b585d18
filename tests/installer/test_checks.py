"""The gate itself, with small checks of its own."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import psutil
import pytest

from installer import checks
from installer.checks import LIVE, OTHERS, Check

WORDS = "import sys; sys.stdout.write('{word}\\n'); sys.exit({status})"


def check(name: str, word: str, status: int = 0) -> Check:
    return Check(name, ("-c", WORDS.format(word=word, status=status)), 19)


def test_each_says_its_words_in_order_and_what_failed_is_named(capfd: pytest.CaptureFixture[str]) -> None:
    others = [check("one", "first", 1), check("two", "second"), check("three", "third", 2)]
    assert checks.run_beside(check("live", "now", 3), others) == ["live", "one", "three"]
    lines = capfd.readouterr().out.splitlines()
    assert [line for line in lines if line.isalpha()] == ["now", "first", "second", "third"]
    assert lines[-1].startswith("== three: failed in")


@pytest.mark.skipif(sys.platform == "win32", reason="there are no named pipes in its folders")
def test_they_run_beside_one_another(tmp_path: Path) -> None:
    """Each waits for the other."""
    met, other = tmp_path / "met", tmp_path / "other"
    for pipe in (met, other):
        os.mkfifo(pipe)
    one = Check("one", ("-c", f"open({str(met)!r}, 'w').close(); open({str(other)!r}).close()"))
    two = Check("two", ("-c", f"open({str(met)!r}).close(); open({str(other)!r}, 'w').close()"))
    assert checks.run_beside(one, [two]) == []


@pytest.mark.skipif(sys.platform == "win32", reason="there the system has classes of priority, no numbers")
def test_what_gives_way_is_less_urgent(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "end")
    started = checks.start(Check("waiting", ("-c", f"open({str(tmp_path / 'end')!r}).close()"), 19))
    priority = psutil.Process(started.pid).nice()
    (tmp_path / "end").open("w").close()
    assert started.wait() == 0
    assert priority == 19


def test_every_test_is_run_once() -> None:
    """Checks are made of folders and files, and of what they leave out; together they are all there is."""
    commands = [one.arguments for one in (LIVE, *OTHERS) if "pytest" in one.arguments]
    files = [file.relative_to(checks.ROOT) for file in (checks.ROOT / "tests").rglob("test_*.py")]
    assert files
    assert [file for file in files if sum(is_run(file, command) for command in commands) != 1] == []
    named = [place for command in commands for place in places_of(command)]
    assert all((checks.ROOT / place.removeprefix("--ignore=")).exists() for place in named)


def test_what_yields_may_stand_still_for_minutes() -> None:
    for one in (LIVE, *OTHERS):
        if "pytest" in one.arguments:
            assert (f"--timeout={checks.PATIENCE}" in one.arguments) == bool(one.yields)


def places_of(command: tuple[str, ...]) -> list[str]:
    return [place for place in command[command.index("pytest") + 1 :] if not place.startswith("--timeout=")]


def is_run(file: Path, command: tuple[str, ...]) -> bool:
    places = places_of(command)
    left_out = [place.removeprefix("--ignore=") for place in places if place.startswith("--ignore=")]
    taken = [place for place in places if not place.startswith("--")]
    return any(map(file.is_relative_to, taken)) and not any(map(file.is_relative_to, left_out))
