"""Everything that can go wrong with a download, acted out: `python -m tests.app.download_faults`.

A hub on this computer serves a small random checkpoint and fails in one way after the other; a real child downloads
from it. Prints each fault and what came of it; exits with 1 if anything but the right files or one sentence came.
"""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic

from model import receipt
from model.download import work_folder
from tests.helpers.hub import Ask, Bend, Hub, serve

ROOT = Path(__file__).resolve().parents[2]
PLACE = 500_000
"""Bytes of the largest file after which it breaks."""
UNTRUSTED = ROOT / "tests" / "helpers" / "untrusted.pem"
CHILD = """
import sys
from pathlib import Path
from model.errors import SightlineError, never_cancelled
from model.jobs import Fetch
from model.workshop import quiet_hub
quiet_hub()
from model.download import download
from model.transfer import Patience
try:
    hasty = Patience(stall=1.0, tries=3, first_wait=0.1, longest_wait=0.2)
    download(Fetch("Qwen/test", Path(sys.argv[2]), endpoint=sys.argv[1]), lambda _: None, never_cancelled, hasty)
except SightlineError as error:
    sys.exit(str(error))
"""
"""As the app's child downloads, but for its patience, which is a second here and half a minute there."""


@dataclass(frozen=True)
class Fault:
    """`bend` is what the hub does to the largest file; `recovers` whether the right files shall come in the end."""

    name: str
    bend: Callable[[Ask], Bend | None]
    recovers: bool = True
    kill: bool = False
    untrusted: bool = False


def once(bend: Bend) -> Callable[[Ask], Bend | None]:
    return lambda ask: bend if ask.earlier == 0 else None


def no_range(ask: Ask) -> Bend | None:
    return Bend(stop_after=PLACE) if ask.earlier == 0 else Bend(ignore_range=True) if ask.start else None


def refused_range(ask: Ask) -> Bend | None:
    return Bend(stop_after=PLACE) if ask.earlier == 0 else Bend(status=416) if ask.start else None


FAULTS = (
    Fault("nothing goes wrong", lambda _: None),
    Fault("the file is cut off", once(Bend(stop_after=PLACE))),
    Fault("the file is cut off without its length being known", once(Bend(stop_after=PLACE, unframed=True))),
    Fault("the line falls silent", once(Bend(stall_after=PLACE))),
    Fault("a byte comes wrong", once(Bend(flip=PLACE))),
    Fault("the server is busy (503)", once(Bend(status=503))),
    Fault("too many requests (429)", once(Bend(status=429, headers={"Retry-After": "1"}))),
    Fault("the server ignores where to go on", no_range),
    Fault("the server refuses to go on (416)", refused_range),
    Fault("killed with signal 9 in the middle, then started again", once(Bend(stall_after=PLACE)), kill=True),
    Fault("every byte comes wrong, always", lambda _: Bend(flip=PLACE), recovers=False),
    Fault("the line is always silent", lambda _: Bend(stall_after=0), recovers=False),
    Fault("the file is gone (404)", lambda _: Bend(status=404), recovers=False),
    Fault("the server cannot prove who it is", lambda _: None, recovers=False, untrusted=True),
)


def main() -> int:
    with TemporaryDirectory() as name:
        published = Path(name) / "published"
        command = [sys.executable, "-m", "model", "make-small", str(published)]
        subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
        results = [outcome(fault, published, Path(name) / f"model-{place}") for place, fault in enumerate(FAULTS)]
    return 0 if all(results) else 1


def outcome(fault: Fault, published: Path, folder: Path) -> bool:
    """Acts one fault out and prints what came of it; whether that is what should have come."""
    largest = max(published.iterdir(), key=lambda file: file.stat().st_size).name
    hub = Hub(published, lambda ask: fault.bend(ask) if ask.path == largest else None)
    began = monotonic()
    with serve(hub, UNTRUSTED if fault.untrusted else None):
        if fault.kill:
            kill_in_the_middle(hub, folder, largest)
        done = run(hub, folder)
    is_right = done.returncode == 0 and same(published, folder)
    as_wanted = is_right if fault.recovers else done.returncode == 1 and not folder.exists()
    told = "the right files" if is_right else done.stderr.strip().splitlines()[-1]
    twice = hub.sent - sum(file.stat().st_size for file in published.iterdir())
    again = f", {twice:,} bytes twice" if is_right and twice > 0 else ""
    mark = "good" if as_wanted else "BAD "
    sys.stdout.write(f"{mark}  {fault.name}: {told}{again} ({monotonic() - began:.1f} s)\n")
    sys.stdout.flush()
    return as_wanted


def run(hub: Hub, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", CHILD, hub.url, str(folder)], cwd=ROOT, check=False, stderr=subprocess.PIPE, text=True
    )


def kill_in_the_middle(hub: Hub, folder: Path, largest: str) -> None:
    process = subprocess.Popen([sys.executable, "-c", CHILD, hub.url, str(folder)], cwd=ROOT)
    part = work_folder(folder) / f"{largest}.part"
    while not part.exists() or part.stat().st_size < PLACE - (64 << 10):
        assert process.poll() is None
    process.send_signal(signal.SIGKILL)
    process.wait()


def same(published: Path, folder: Path) -> bool:
    return dict(contents(published)) == dict(contents(folder))


def contents(folder: Path) -> Iterator[tuple[str, bytes]]:
    for file in folder.iterdir():
        if file.name != receipt.NAME:
            yield file.name, file.read_bytes()


if __name__ == "__main__":
    sys.exit(main())
