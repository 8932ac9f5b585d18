"""Nothing leaves this computer but what the user starts: every connection of every process is watched."""

from __future__ import annotations

import ipaddress
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
WATCH = """
import os, sys
def watch(event, arguments, file={file!r}):
    if event in ("socket.connect", "socket.sendto", "socket.getaddrinfo", "socket.gethostbyname"):
        target = arguments[1] if event in ("socket.connect", "socket.sendto") else arguments[0]
        with open(file, "a") as log:
            log.write(f"{{os.getpid()}} {{event}} {{target!r}}\\n")
with open({file!r}, "a") as log:
    log.write(f"{{os.getpid()}} started {{sys.argv[-1:]!r}}\\n")
sys.addaudithook(watch)
"""
"""Read by every Python that starts, before anything else of it runs."""


@dataclass(frozen=True)
class Watched:
    """What processes did: `started` ones, and what they wanted to reach beyond this computer."""

    output: str
    started: int
    reached: list[str]


def watch(folder: Path, *arguments: str) -> Watched:
    log = folder / "connections"
    (folder / "sitecustomize.py").write_text(WATCH.format(file=str(log)))
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(folder), str(ROOT)]), "HOME": str(folder)}
    done = subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    lines = [line.split(" ", 2) for line in log.read_text().splitlines()]
    started = {pid for pid, event, _ in lines if event == "started"}
    reached = [f"{event} {target}" for _, event, target in lines if event != "started" and not is_here(target)]
    return Watched(done.stdout, len(started), reached)


def is_here(target: str) -> bool:
    """A socket of the file system, or an address of this computer alone."""
    if not target.startswith("("):
        return target.startswith(("'/", "b'", "'\\x00")) or target in {"'localhost'", "'127.0.0.1'", "'::1'", "None"}
    host = target[1:].split(",", maxsplit=1)[0].strip("'")
    return host == "localhost" or ipaddress.ip_address(host).is_loopback


@pytest.mark.timeout(400)  # three processes import torch or Qt one after the other, perhaps on a busy machine
def test_app_is_started_and_holds_a_turn_without_a_connection(small_folder: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    watched = watch(tmp_path, "-m", "tests.helpers.turn_alone", str(small_folder), str(home))
    assert len(watched.output) > len("['']\n"), "it was a real turn"
    assert watched.started >= 3, "the desktop, the model and what measures the computer were watched"
    assert watched.reached == []


@pytest.mark.parametrize(
    ("code", "reached"),
    [
        ("socket.create_connection(('192.0.2.1', 9), 0.01)", "socket.connect ('192.0.2.1', 9)"),
        ("socket.getaddrinfo('nowhere.invalid', 80)", "socket.getaddrinfo 'nowhere.invalid'"),
        ("socket.create_connection(('127.0.0.1', 9), 0.01)", None),
    ],
)
def test_watch_sees_what_leaves(tmp_path: Path, code: str, reached: str | None) -> None:
    """Also of a child that was spawned as the app spawns its own."""
    script = tmp_path / "leave.py"
    script.write_text(
        "import contextlib, multiprocessing, socket\n"
        f"def leave():\n    with contextlib.suppress(OSError):\n        {code}\n"
        "if __name__ == '__main__':\n"
        "    child = multiprocessing.get_context('spawn').Process(target=leave)\n    child.start()\n    child.join()\n"
    )
    watched = watch(tmp_path, str(script))
    assert watched.started >= 2
    assert (reached in watched.reached) if reached else watched.reached == []
