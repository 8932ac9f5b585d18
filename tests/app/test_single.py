"""One Sightline a home, with real second processes."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.single import Place, Single

ROOT = Path(__file__).resolve().parents[2]
TIMEOUT = 20_000
ANOTHER = """
import sys
from pathlib import Path
from PySide6.QtCore import QCoreApplication
from app.single import Single
application = QCoreApplication(sys.argv)
single = Single(Path(sys.argv[1]))
print(single.take().name, flush=True)
if sys.argv[2] == "stay":
    sys.stdin.read()
"""
CRAMPED = f"""
import resource
resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
{ANOTHER}
"""
"""The same where every disk is full: not one byte may be written into any file."""


def another(folder: Path, manner: str = "go", script: str = ANOTHER) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", script, str(folder), manner]
    return subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def place_of(process: subprocess.Popen[str]) -> Place:
    assert process.stdout is not None
    return Place[process.stdout.readline().strip()]


def end(process: subprocess.Popen[str]) -> None:
    process.kill()
    process.communicate()


@pytest.fixture
def first(qtbot: QtBot, tmp_path: Path) -> Iterator[Single]:
    single = Single(tmp_path / "home")
    assert single.take() is Place.FIRST
    yield single
    single.close()


def test_the_second_start_calls_the_first(qtbot: QtBot, first: Single, tmp_path: Path) -> None:
    with qtbot.waitSignal(first.called, timeout=TIMEOUT):
        second = another(tmp_path / "home")
    assert place_of(second) is Place.SECOND
    assert second.wait() == 0
    second.communicate()


def test_another_home_is_another_s(first: Single, tmp_path: Path) -> None:
    other = another(tmp_path / "other")
    assert place_of(other) is Place.FIRST
    end(other)


def test_who_was_killed_holds_nothing(qtbot: QtBot, tmp_path: Path) -> None:
    killed = another(tmp_path / "home", "stay")
    assert place_of(killed) is Place.FIRST
    end(killed)
    next_one = Single(tmp_path / "home")
    assert next_one.take() is Place.FIRST
    with qtbot.waitSignal(next_one.called, timeout=TIMEOUT):
        second = another(tmp_path / "home")
    end(second)
    next_one.close()


def test_after_the_first_has_left_the_next_is_the_first(first: Single, tmp_path: Path) -> None:
    first.close()
    following = another(tmp_path / "home")
    assert place_of(following) is Place.FIRST
    end(following)


def test_one_that_does_not_answer_is_not_disturbed(tmp_path: Path, first: Single) -> None:
    first._server.close()
    second = another(tmp_path / "home")
    assert place_of(second) is Place.ALONE
    end(second)


def test_a_full_disk_keeps_nobody_from_starting(tmp_path: Path) -> None:
    starting = another(tmp_path / "home", "stay", CRAMPED)
    assert place_of(starting) is Place.FIRST
    second = another(tmp_path / "home", script=CRAMPED)
    assert place_of(second) is Place.SECOND
    for process in (second, starting):
        end(process)


def test_what_was_left_behind_on_a_full_disk_keeps_nobody_from_starting(tmp_path: Path) -> None:
    killed = another(tmp_path / "home", "stay")
    assert place_of(killed) is Place.FIRST
    end(killed)
    assert (tmp_path / "home" / "running").exists()
    starting = another(tmp_path / "home", script=CRAMPED)
    assert place_of(starting) is Place.FIRST
    end(starting)


def test_a_home_that_cannot_be_made_keeps_nobody_from_starting(qtbot: QtBot, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    single = Single(tmp_path / "file" / "home")
    assert single.take() is Place.FIRST
    assert single.hindrance() == "Not a directory"
    second = another(tmp_path / "file" / "home")
    with qtbot.waitSignal(single.called, timeout=TIMEOUT):
        assert place_of(second) is Place.SECOND
    end(second)
    single.close()


def test_where_something_can_be_written_nothing_hinders(first: Single) -> None:
    assert first.hindrance() == ""
