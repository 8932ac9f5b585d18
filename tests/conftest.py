"""What every test stands on: no screen needed, nothing left running."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator

import psutil
import pytest

from app import display

pytest_plugins = ["tests.helpers.folders"]

GRACE_SECONDS = 2.0  # for what was told to stop and is on its way out


def pytest_configure() -> None:
    if not display.is_present():
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


@pytest.fixture(autouse=True)
def nothing_left_running() -> Iterator[None]:
    """Fails a test that leaves a thread or a child process behind."""
    threads = set(threading.enumerate())
    children = set(child_processes())
    yield
    left = [f"thread {thread.name}" for thread in unfinished(set(threading.enumerate()) - threads)]
    _, alive = psutil.wait_procs(set(child_processes()) - children, timeout=GRACE_SECONDS)
    left += [f"process {process.pid} ({process.name()})" for process in alive]
    assert not left, f"left running: {', '.join(left)}"


def unfinished(threads: set[threading.Thread]) -> list[threading.Thread]:
    for thread in threads:
        thread.join(GRACE_SECONDS)
    return [thread for thread in threads if thread.is_alive()]


def child_processes() -> list[psutil.Process]:
    """This process's children, but for multiprocessing's own tracker, which lives as long as its parent."""
    return [child for child in psutil.Process().children(recursive=True) if not is_tracker(child)]


def is_tracker(process: psutil.Process) -> bool:
    try:
        return any("multiprocessing.resource_tracker" in word for word in process.cmdline())
    except psutil.NoSuchProcess:
        return False
