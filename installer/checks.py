"""The gate: every check and every test, several beside one another, by the Python that dev.py has filled.

Standard library only. Knows nothing of what the tests show: only which must be in time, and which give way to those.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from typing import IO

ROOT = Path(__file__).resolve().parent.parent
BESIDE = 3
"""So many checks run beside the one that must be in time: that and the conversations mostly wait, and leave one and a
half of two processors to the others.
"""

# import-linter has no `python -m` of its own, and its script is called something else on Windows.
LINT_IMPORTS = "from importlinter.cli import lint_imports_command; lint_imports_command()"


@dataclass(frozen=True)
class Check:
    """What Python is given, under the name that it has in the verdict.

    `yields` is how far it gives way to others: from 0, not at all, to 19.
    """

    name: str
    arguments: tuple[str, ...]
    yields: int = 0


def tests(name: str, places: Sequence[str], without: Sequence[str] = (), *, yields: int = 0) -> Check:
    """What yields may stand still for minutes while the others compute, which is no hang of it."""
    patience = (f"--timeout={PATIENCE}",) if yields else ()
    return Check(name, ("-m", "pytest", *patience, *places, *(f"--ignore={place}" for place in without)), yields)


PATIENCE = 480
"""Seconds, of the clock and not of a processor, for one test of those that yield."""
STATIC = (
    Check("ruff format", ("-m", "ruff", "format", "--check", "."), 5),
    Check("ruff check", ("-m", "ruff", "check", "."), 5),
    Check("mypy", ("-m", "mypy"), 5),
    Check("import contracts", ("-c", LINT_IMPORTS), 5),
    Check("dead code", ("-m", "vulture"), 5),
)
WINDOW = ("tests/app/ui", "tests/installer", "tests/test_house_rules.py", "tests/test_screens.py")
TRAINING = ("tests/model/training", "tests/model/kernels")
CONVERSING = tuple(
    f"tests/model/test_{name}.py"
    for name in ("benchmark", "cli", "context", "partner", "process", "reply", "session", "session_life")
)

LIVE = tests("tests of the app", ["tests/app"], without=WINDOW)
"""Plays, records and films in time; half of it is waiting, which the others use."""
OTHERS = (
    tests("tests of conversations", CONVERSING, yields=19),
    tests("tests of the runner", ["tests/model"], without=(*CONVERSING, *TRAINING), yields=19),
    tests("tests of training and kernels", TRAINING, yields=19),
    *STATIC,
    tests("tests of the window", WINDOW, yields=5),
)
"""The longest first."""


def main(pytest_arguments: list[str]) -> int:
    """Runs everything, also after something has failed, and says at the end what did; of tests only those asked for."""
    if pytest_arguments:
        failed = [check.name for check in (*STATIC, tests("pytest", pytest_arguments)) if not passes(check)]
    else:
        failed = run_beside(LIVE, OTHERS)
    headline(f"Failed: {', '.join(failed)}" if failed else "Every check passed")
    return 1 if failed else 0


def run_beside(live: Check, others: Sequence[Check]) -> list[str]:
    """Names of the checks that failed. What the others say comes once the live one is over."""
    stopped = Event()
    with contextlib.ExitStack() as opened:
        words = [opened.enter_context(tempfile.TemporaryFile("a+", encoding="utf-8")) for _ in others]
        pool = opened.enter_context(ThreadPoolExecutor(BESIDE))
        running = [pool.submit(passes, check, stopped, file) for check, file in zip(others, words, strict=True)]
        try:
            failed = [] if passes(live) else [live.name]
        except BaseException:  # Ctrl-C, which whatever runs got too
            stopped.set()
            raise
        for check, ending, file in zip(others, running, words, strict=True):
            failed += [] if ending.result() else [check.name]
            file.seek(0)
            shutil.copyfileobj(file, sys.stdout)
    return failed


def passes(check: Check, stopped: Event | None = None, words: IO[str] | None = None) -> bool:
    """Runs it, unless all was stopped before. `words` takes what it says, and its headlines."""
    if stopped is not None and stopped.is_set():
        return False
    headline(check.name, words)
    began = time.monotonic()
    passed = start(check, words).wait() == 0
    headline(f"{check.name}: {'passed' if passed else 'failed'} in {time.monotonic() - began:.0f} s", words)
    return passed


def start(check: Check, words: IO[str] | None = None) -> subprocess.Popen[bytes]:
    command = [sys.executable, *check.arguments]
    if sys.platform == "win32":
        manner = subprocess.IDLE_PRIORITY_CLASS if check.yields else 0
        return subprocess.Popen(command, cwd=ROOT, stdout=words, stderr=words, creationflags=manner)
    started = subprocess.Popen(command, cwd=ROOT, stdout=words, stderr=words)
    if check.yields:
        with contextlib.suppress(ProcessLookupError):  # it may have ended already
            os.setpriority(os.PRIO_PROCESS, started.pid, os.getpriority(os.PRIO_PROCESS, 0) + check.yields)
    return started


def headline(text: str, words: IO[str] | None = None) -> None:
    words = words or sys.stdout
    words.write(f"== {text}\n")
    words.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
