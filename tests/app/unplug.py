"""Devices pulled out in mid-sentence: `python -m tests.app.unplug [--times 20] [--only microphone …]`.

The whole app (with a stand-in for the model, which talks faster than it is heard) on virtual devices, two of each kind.
In mid-sentence a microphone, a headset (microphone and speaker at once) or a camera is unplugged and, once another one
has taken its place, plugged in again. Told for each: how long until the other one is really in use and a screen reader
has been told, whether the conversation is what it was, and how long until the first is used again by itself. `alone`
does the same where there is no other one. Times are seen from outside, every 30 ms. Ends with 1 where a bar is missed.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event

from app.duplex import Duplex
from app.settings import Settings, save
from model.protocol import HEARING_RATE
from tests.helpers.cameras import Colour, RigCamera, plugged_in
from tests.helpers.desktop import Desktop, MissingError, start_desktop
from tests.helpers.figures import Sheet, seconds
from tests.helpers.loudness import Loudness
from tests.helpers.rig import DEVICE, SoundRig
from tests.helpers.rig_ear import Ear, start_ear
from tests.helpers.rig_eye import EyeError
from tests.helpers.rig_voice import speak
from tests.helpers.stage import Room, open_room
from tests.helpers.stage import until as until_long

SENTENCE = "I would like to hear something about the weather in the mountains, and about the sea, and about the river."
QUESTION = "What can you see on the desk?"
MOST_SECONDS = 2.0
RED, BLUE = (230, 30, 30), (30, 30, 230)
LONGEST = 60.0
"""Seconds after which something counts as missing."""
PAUSE_SECONDS = Settings().patience + 0.5
NEAR = 90
"""How far a colour on the screen may be from the camera's."""
USED = "{lost} is gone: {used} is used until it is plugged in again."
INSTEAD = "{lost} cannot be looked through now: {used} is used instead."
"""Where its pictures end before the system's list knows that it is gone."""
BACK = "{name} is back and used again."


def until(what: Callable[[], float | bool | None]) -> float:
    return until_long(what, LONGEST)


@dataclass
class Tries:
    """What was measured of one kind of device."""

    failover: list[float] = field(default_factory=list)
    back: list[float] = field(default_factory=list)
    kept: int = 0
    missing: list[str] = field(default_factory=list)


class Socket:
    """One virtual device that can be pulled out; preferred to those of the same kind that are plugged in without."""

    def __init__(self, rig: SoundRig, *words: str) -> None:
        self._rig = rig
        self._words = words
        self._module = ""

    def plug_in(self) -> None:
        self._module = self._rig.command("pactl", "load-module", *self._words)

    def unplug(self) -> None:
        self._rig.unplug(self._module)


def microphone(rig: SoundRig, name: str, master: str) -> Socket:
    properties = f"source_properties='device.description={name} device.class=sound'"
    return Socket(rig, "module-remap-source", f"master={master}.monitor", f"source_name={name}", properties)


def speaker(rig: SoundRig, name: str) -> Socket:
    properties = f"sink_properties='device.description={name} device.class=sound'"
    return Socket(rig, "module-null-sink", "rate=48000", "channels=1", "norewinds=1", f"sink_name={name}", properties)


def cable(rig: SoundRig, name: str) -> Socket:
    """For a microphone; nothing is played on it by itself."""
    return Socket(rig, *DEVICE.format(name=name).split())


@dataclass
class Table:
    """All that is plugged in around a running app."""

    room: Room
    desktop: Desktop
    ear: Ear
    spare: Loudness
    """What is heard from the other speaker."""
    mic: Socket
    loud: Socket
    cameras: tuple[RigCamera, RigCamera]

    # What can be seen from outside

    def listens_to(self, name: str) -> bool:
        """Whether the app records from this source: by the sound server's own account."""
        rig = self.room.rig
        sources = {line.split()[0]: line.split()[1] for line in rig.streams("sources")}
        outputs = rig.command("pactl", "list", "source-outputs").split("Source Output #")[1:]
        ours = [entry for entry in outputs if f'application.process.id = "{self.desktop.process.pid}"' in entry]
        return any(sources.get(_value(entry, "Source: ")) == name for entry in ours)

    def looks_through(self, colour: Colour) -> bool:
        try:
            seen = self.room.picture(self.desktop.place("panel", "Camera picture"))
        except EyeError:
            return False  # something of the window has just gone: the next look tells
        height, width, _ = seen.shape
        middle = seen[height // 3 : 2 * height // 3, width // 3 : 2 * width // 3].mean((0, 1))
        return bool(all(abs(float(part) - wanted) < NEAR for part, wanted in zip(middle, colour, strict=True)))

    def heard_of(self, sentence: str, after: float, or_else: str | None = None) -> float:
        """When a screen reader was told, in these words or in others."""
        sentences = [sentence] if or_else is None else [sentence, or_else]
        return until(lambda: next(filter(None, (self.ear.heard(each, after) for each in sentences)), None))

    def phase(self, name: str, after: float) -> None:
        self.desktop.watch.wait(lambda look: look.phase == name, after=after)

    def lines(self) -> tuple[str, ...]:
        """What is settled of the conversation: the latest question and answer may still change."""
        return self.desktop.watch.looks[-1].lines[:-2]

    def rest(self) -> None:
        """Nothing is said or answered any more."""
        if self.desktop.watch.looks[-1].phase != "Ready":
            pressed = time.monotonic()
            self.room.screen.press("Escape")
            self.phase("Ready", pressed)


def _value(entry: str, name: str) -> str:
    return next((line.split(name)[1] for line in entry.splitlines() if name in line), "")


# Scenes: each returns seconds until the other is used and told of, and until the first is used and told of again


def pull_microphone(table: Table) -> tuple[float, float]:
    with speaking(table, "virtmic"):
        pulled = time.monotonic()
        table.mic.unplug()
        moved = until(lambda: table.listens_to("other") and time.monotonic())
        told = table.heard_of(USED.format(lost="mic", used="other"), pulled)
    with speaking(table, "othercable"):  # and is really heard by the other one
        plugged = time.monotonic()
        table.mic.plug_in()
        back = until(lambda: table.listens_to("mic") and time.monotonic())
        told_back = table.heard_of(BACK.format(name="mic"), plugged)
    return max(moved, told) - pulled, max(back, told_back) - plugged


def pull_headset(table: Table) -> tuple[float, float]:
    """In the middle of an answer, whose rest the other speaker says."""
    with table.room.rig.recording(source="loud.monitor") as recording:
        answer(table)
        first = Loudness(recording)
        until(lambda: first.onset(0.0))
    pulled = time.monotonic()
    table.loud.unplug()
    table.mic.unplug()
    sounds = until(lambda: table.spare.onset(pulled))
    moved = until(lambda: table.listens_to("other") and time.monotonic())
    told = [table.heard_of(USED.format(lost=lost, used=used), pulled) for lost, used in HEADSET]
    plugged = time.monotonic()
    table.loud.plug_in()
    table.mic.plug_in()
    back = until(lambda: table.listens_to("mic") and time.monotonic())
    told_back = [table.heard_of(BACK.format(name=lost), plugged) for lost, _ in HEADSET]
    table.rest()
    return max(sounds, moved, *told) - pulled, max(back, *told_back) - plugged


HEADSET = (("loud", "spare"), ("mic", "other"))


def pull_camera(table: Table) -> tuple[float, float]:
    front, side = table.cameras
    until(lambda: table.looks_through(front.colour))
    with speaking(table, "virtmic"):
        pulled = time.monotonic()
        front.unplug()
        seen = until(lambda: table.looks_through(side.colour) and time.monotonic())
        names = {"lost": front.name, "used": side.name}
        told = table.heard_of(USED.format(**names), pulled, INSTEAD.format(**names))
    plugged = time.monotonic()
    front.plug_in()
    back = until(lambda: table.looks_through(front.colour) and time.monotonic())
    told_back = table.heard_of(BACK.format(name=front.name), plugged)
    return max(seen, told) - pulled, max(back, told_back) - plugged


def pull_only_microphone(table: Table) -> tuple[float, float]:
    with speaking(table, "virtmic"):
        pulled = time.monotonic()
        table.mic.unplug()
        told = table.heard_of("The microphone (mic) is gone", pulled)
    plugged = time.monotonic()
    table.mic.plug_in()
    back = until(lambda: table.listens_to("mic") and time.monotonic())
    return told - pulled, max(back, table.heard_of(BACK.format(name="mic"), plugged)) - plugged


def pull_only_camera(table: Table) -> tuple[float, float]:
    front, _ = table.cameras
    until(lambda: table.looks_through(front.colour))
    with speaking(table, "virtmic"):
        pulled = time.monotonic()
        front.unplug()
        told = table.heard_of(f"The camera ({front.name}) is gone", pulled)
    plugged = time.monotonic()
    front.plug_in()
    back = until(lambda: table.looks_through(front.colour) and time.monotonic())
    return told - pulled, max(back, table.heard_of(BACK.format(name=front.name), plugged)) - plugged


@contextmanager
def speaking(table: Table, cable: str) -> Iterator[None]:
    """Somebody is in the middle of a sentence, and the app is listening to it."""
    spoken = speak(SENTENCE, table.room.folder / "sentence.wav")
    Event().wait(PAUSE_SECONDS)  # what goes on without a pause is one utterance, and that was broken off
    began = time.monotonic()
    with table.room.rig.playing(spoken, HEARING_RATE, cable=cable):
        table.phase("Listening to you", began)
        yield


def answer(table: Table) -> None:
    """Asks by the keyboard."""
    typed = time.monotonic()
    table.room.screen.write(QUESTION)
    table.room.screen.press("Return")
    table.phase("Answering", typed)


SCENES: dict[str, Callable[[Table], tuple[float, float]]] = {
    "microphone": pull_microphone,
    "headset": pull_headset,
    "camera": pull_camera,
    "microphone alone": pull_only_microphone,
    "camera alone": pull_only_camera,
}
ALONE = "alone"


# What came of them


def play(table: Table, scene: Callable[[Table], tuple[float, float]], times: int) -> Tries:
    tries = Tries()
    for _ in range(times):
        answer(table)
        table.rest()
        before = table.lines()
        try:
            failover, back = scene(table)
        except MissingError as error:
            tries.missing += [str(error)[:120], *(f"announced: {said}" for _, said in table.ear.said[-4:])]
            return tries
        table.rest()
        tries.failover.append(failover)
        tries.back.append(back)
        tries.kept += table.desktop.watch.looks[-1].lines[: len(before)] == before
    return tries


def tell(sheet: Sheet, name: str, tries: Tries, times: int) -> None:
    in_time = sum(taken <= MOST_SECONDS for taken in tries.failover)
    what = "told" if name.endswith(ALONE) else "another is used, and told"
    bar = f"within {MOST_SECONDS:g} s, {times} of {times}"
    measured = f"{in_time} of {times}: {seconds(*tries.failover)}" if tries.failover else "never"
    sheet.tell(f"{name} unplugged in mid-sentence: {what}", measured, bar, holds=in_time == times)
    measured = f"{len(tries.back)} of {times}: {seconds(*tries.back)}" if tries.back else "never"
    sheet.tell(f"{name} plugged in: used again by itself, and told", measured, "always", holds=len(tries.back) == times)
    sheet.tell(
        f"{name}: the conversation is what it was", f"{tries.kept} of {times}", "always", holds=tries.kept == times
    )
    for missing in tries.missing:
        sheet.note("it ended with", missing)


@contextmanager
def lay(room: Room, *, alone: bool) -> Iterator[Table]:
    """The table, with the app running; without the other devices if each is `alone`."""
    with ExitStack() as opened:
        rig = room.rig
        initial = next(line.split()[0] for line in rig.streams("modules") if "source_name=mic" in line)
        rig.unplug(initial)
        mic, loud = microphone(rig, "mic", "virtmic"), speaker(rig, "loud")
        others = [cable(rig, "othercable"), microphone(rig, "other", "othercable"), speaker(rig, "spare")]
        for socket in (mic, loud, *(others[:0] if alone else others)):
            socket.plug_in()
        rig.command("pactl", "set-default-source", "mic")
        rig.command("pactl", "set-default-sink", "loud")
        listed = room.folder / f"cameras {alone}"
        listed.mkdir()
        cameras = RigCamera(listed, "front", RED), RigCamera(listed, "side", BLUE)
        opened.enter_context(plugged_in(*cameras[: 1 if alone else 2]))
        spare = Loudness(opened.enter_context(rig.recording(source="virtmic.monitor" if alone else "spare.monitor")))
        ear = opened.enter_context(start_ear(room.eye))
        desktop = opened.enter_context(start(room, listed))
        yield Table(room, desktop, ear, spare, mic, loud, cameras)


@contextmanager
def start(room: Room, cameras: Path) -> Iterator[Desktop]:
    """Sightline, hands-free and looking."""
    home = room.folder / "home" / ".config" / "sightline" / "settings.json"
    save(Settings(hands_free=True, duplex=Duplex.FULL), home)
    with tempfile.TemporaryDirectory() as model:
        main = ("-m", "tests.helpers.plugged")
        with start_desktop(room.eye, room.environment, model, str(cameras), main=main) as desktop:
            room.screen.await_window("Sightline")
            until(lambda: is_at_rest(desktop))
            desktop.watch.wait(lambda look: look.phase == "Ready")
            room.screen.press("ctrl+k")
            yield desktop


def is_at_rest(desktop: Desktop) -> bool:
    """Whether the window can be looked at: while its lists are filled, what was just there is gone."""
    try:
        return bool(desktop.watch)
    except EyeError:
        return False


def main() -> int:
    parser = argparse.ArgumentParser(description="Devices that are pulled out in mid-sentence.")
    parser.add_argument("--times", type=int, default=20, help="how often each is unplugged")
    parser.add_argument("--only", nargs="+", choices=[name.split()[0] for name in SCENES], help="of these devices")
    parser.add_argument("--with-others", action="store_true", help="only where another one can take the place")
    choice = parser.parse_args()
    sheet = Sheet()
    for alone in (False,) if choice.with_others else (False, True):
        names = [name for name in SCENES if name.endswith(ALONE) is alone]
        chosen = [name for name in names if choice.only is None or name.split()[0] in choice.only]
        if chosen:
            with open_room() as room, lay(room, alone=alone) as table:
                for name in chosen:
                    tell(sheet, name, play(table, SCENES[name], choice.times), choice.times)
    return sheet.close()


if __name__ == "__main__":
    sys.exit(main())
