"""What the app takes of the computer while nothing happens: `python -m tests.app.at_rest [--seconds N]`.

Starts it as a user does on the rigs, with a small random model, and prints for each state of microphone and camera how
much of one core the desktop and the model's process take (processor time, which other work does not lengthen much), the
desktop's threads that take most of it, and the desktop's memory. Ends with 1 where a bar is missed.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import psutil

from app.settings import load, save
from model.protocol import HEARING_RATE
from tests.helpers.checkpoints import make_talkative
from tests.helpers.desktop import Desktop, MissingError, start_desktop
from tests.helpers.rig_voice import murmur
from tests.helpers.scenery import film_desk
from tests.helpers.stage import Room, keep_full_duplex, open_room

MOST_SHARE, MOST_MEGABYTES = 3.0, 300.0
"""Of one core while it listens, and of the desktop's own memory."""
SETTLING_SECONDS = 3.0
THREADS_TOLD = 4


@dataclass(frozen=True)
class Rest:
    """A state in which nothing happens."""

    name: str
    camera: bool
    hands_free: bool
    is_noisy: bool = False
    """Whether the microphone hears the hiss of a room, and not nothing at all."""


STATES = (
    Rest("microphone and camera off", camera=False, hands_free=False),
    Rest("listening", camera=False, hands_free=True),
    Rest("listening to a room's hiss", camera=False, hands_free=True, is_noisy=True),
    Rest("camera on", camera=True, hands_free=False),
    Rest("camera on, listening", camera=True, hands_free=True),
)


def measure(room: Room, model: Path, video: Path, state: Rest, seconds: float) -> tuple[float, float]:
    """Share of one core in per cent, and megabytes, of the desktop."""
    with resting(room, model, video, state) as desktop, hissing(room, 2 * seconds + 60, state):
        time.sleep(SETTLING_SECONDS)
        processes = [desktop.family()[0], desktop.child()]
        before, threads = [spent(each) for each in processes], by_thread(processes[0])
        began = time.monotonic()
        time.sleep(seconds)  # what is measured is that nothing happens
        taken = time.monotonic() - began
        shares = [100 * (spent(each) - was) / taken for each, was in zip(processes, before, strict=True)]
        memory = processes[0].memory_full_info()
        own, whole = memory.uss / 1e6, memory.rss / 1e6
        most = busiest(threads, by_thread(processes[0]), taken)
    say(
        state.name, f"desktop {shares[0]:.1f} %, child {shares[1]:.1f} %; {own:.0f} MB its own, {whole:.0f} with shared"
    )
    say("", most)
    return shares[0], own


@contextmanager
def resting(room: Room, model: Path, video: Path, state: Rest) -> Iterator[Desktop]:
    """The app in the state, its model ready, and nobody looking."""
    file = room.folder / "home" / ".config" / "sightline" / "settings.json"
    keep_full_duplex(file)
    save(replace(load(file).settings, hands_free=False), file)  # the state before may have left it on
    camera = ("--camera", str(video)) if state.camera else ()
    environment = room.environment | {"OMP_NUM_THREADS": "1"}
    with start_desktop(room.eye, environment, "--model", str(model), *camera) as desktop:
        desktop.watch.wait(lambda look: look.phase == "Ready")
        room.screen.await_window("Sightline")
        if state.hands_free:
            room.screen.press("ctrl+shift+t")
        desktop.rest()
        yield desktop


@contextmanager
def hissing(room: Room, seconds: float, state: Rest) -> Iterator[None]:
    """What the microphone hears meanwhile, for so long at most."""
    if not state.is_noisy:
        yield
        return
    with room.rig.playing(murmur(seconds), HEARING_RATE):
        yield


def spent(process: psutil.Process) -> float:
    """Processor seconds so far."""
    return float(sum(process.cpu_times()[:2]))


def by_thread(process: psutil.Process) -> dict[tuple[int, str], float]:
    """Processor seconds of each thread, by number and name."""
    found = {}
    for thread in process.threads():
        name = Path(f"/proc/{process.pid}/task/{thread.id}/comm")
        found[thread.id, name.read_text().strip() if name.exists() else ""] = thread.user_time + thread.system_time
    return found


def busiest(before: dict[tuple[int, str], float], after: dict[tuple[int, str], float], seconds: float) -> str:
    """The threads that took most, each with its share of one core."""
    shares = {key: 100 * (time - before.get(key, 0.0)) / seconds for key, time in after.items()}
    most = sorted(shares, key=lambda key: -shares[key])[:THREADS_TOLD]
    return ", ".join(f"{name} {number}: {shares[number, name]:.1f} %" for number, name in most)


def say(what: str, figure: str) -> None:
    sys.stdout.write(f"{what:<28}{figure}\n")
    sys.stdout.flush()


def run(model: Path, seconds: float) -> bool:
    """Whether the bars are held."""
    say("processors, load", f"{os.cpu_count()}, {os.getloadavg()[0]:.1f}")
    with open_room() as room:
        video = film_desk(room.folder / "desk.mp4")
        figures = {state.name: measure(room, model, video, state, seconds) for state in STATES}
    most = max(memory for _, memory in figures.values())
    shares = {state.name: figures[state.name][0] for state in STATES if state.hands_free and not state.camera}
    for name, share in shares.items():
        say(name, f"{share:.1f} % (bar {MOST_SHARE:.0f}): {held(bar=share <= MOST_SHARE)}")
    say("desktop's own memory", f"{most:.0f} MB (bar {MOST_MEGABYTES:.0f}): {held(bar=most <= MOST_MEGABYTES)}")
    return max(shares.values()) <= MOST_SHARE and most <= MOST_MEGABYTES


def held(*, bar: bool) -> str:
    return "held" if bar else "missed"


def main() -> None:
    parser = argparse.ArgumentParser(description="What the app takes of the computer while nothing happens.")
    parser.add_argument("--seconds", type=float, default=20.0, help="for how long each state is measured")
    parser.add_argument("--out", type=Path, default=Path("build/at-rest"), help="where the small model goes")
    choice = parser.parse_args()
    model = choice.out / "small"
    if not model.exists():
        make_talkative(model)
    try:
        all_held = run(model.absolute(), choice.seconds)
    except MissingError as error:
        sys.exit(f"Missing: {error}")
    sys.exit(0 if all_held else 1)


if __name__ == "__main__":
    main()
