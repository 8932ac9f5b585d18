"""From a fresh home to the first answer by keyboard alone: `python -m tests.app.first_talk [--out DIR]`.

Starts `python main.py --profile blind` as somebody does who cannot see, on the rigs: a virtual microphone and speaker,
no camera, no voice of the system's. What a page says and where the focus is are read through a screen reader's eye. The
built-in demonstration model answers; in a copy without it a small random one is made on the page of models, which
answers with noise.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from app.paths import built_in_model
from app.settings import Settings, load
from model.loading import Checkpoint
from tests.helpers.desktop import Desktop, MissingError, start_desktop
from tests.helpers.rig_eye import EyeError, Node
from tests.helpers.stage import Room, open_room, until

HEADINGS = (
    "Welcome to Sightline",
    "What suits you?",
    "Microphone and speaker",
    "Camera",
    "Model",
    "Speed",
    "What it can get wrong",
    "That is all",
)
QUESTION = "What can you see on the desk?"
CHECKED = 4
MOST_TABS = 40
SOUND_SECONDS = 0.3
"""Of an answer, and more than the sound that says whose turn it is."""


class Beginner:
    """Who sits before it: keys go in, what a screen reader is told comes out."""

    def __init__(self, room: Room, desktop: Desktop) -> None:
        self.room = room
        self.desktop = desktop
        self.window = desktop.window()

    def press(self, *keys: str) -> None:
        for key in keys:
            self.room.screen.press(key)

    def focus(self) -> str:
        """The name of what has it; empty while that changes."""
        try:
            return self.room.eye.name(self.room.eye.focused(self.window))
        except EyeError:
            return ""

    def await_focus(self, name: str) -> None:
        until(lambda: self.focus() == name)

    def tab_to(self, name: str) -> None:
        """Waits for each step: keys that come faster than they are obeyed lead too far."""
        for _ in range(MOST_TABS):
            before = self.focus()
            if before == name:
                return
            self.press("Tab")
            until(partial(self._has_left, before))
        raise MissingError(f"Tab does not lead to {name}")

    def _has_left(self, name: str) -> bool:
        return self.focus() not in {"", name}

    def find(self, role: str, name: str = "", description: str = "") -> Node:
        return self.room.eye.find(self.window, role, name, description)

    def read(self, description: str) -> str:
        """A sentence, by what it is about."""
        return self.room.eye.name(self.find("label", description=description))


def begin(beginner: Beginner) -> None:
    """Language, and the profile that was asked for at the start."""
    beginner.await_focus(HEADINGS[0])
    told = beginner.room.eye.description(beginner.room.eye.focused(beginner.window))
    assert told.startswith("Step 1 of 8."), told
    assert "Ctrl+2" in told, told
    beginner.press("Return")
    beginner.await_focus(HEADINGS[1])
    assert beginner.room.eye.has(beginner.find("radio button", "Blind or low vision"), CHECKED)
    beginner.press("Return")


def try_devices(beginner: Beginner) -> None:
    """The microphone hears, the test for echo says what came of it, and that there is no camera is said."""
    beginner.await_focus(HEADINGS[2])
    beginner.tab_to("Test the microphone")
    beginner.press("space")
    until(lambda: beginner.read("Microphone test").startswith("Speak"))
    beginner.room.say(QUESTION)
    until(lambda: beginner.read("Microphone test") == "You are heard.")
    about_echo = "What is known of the echo, and what follows from it"
    untested = beginner.read(about_echo)
    beginner.tab_to("Test for echo")
    beginner.press("space")
    until(lambda: not beginner.read(about_echo).startswith(("Testing", untested)))
    beginner.press("alt+Right")
    beginner.await_focus(HEADINGS[3])
    assert beginner.find("label", "No camera was found: plug one in, it is used at once.")
    beginner.press("Return")


def choose_model(beginner: Beginner) -> None:
    """The one that is there; else one comes while one goes on. Its speed is tested once it is there."""
    beginner.await_focus(HEADINGS[4])
    if built_in_model() is None:
        beginner.tab_to("Make a small random model")
        beginner.press("space")
    beginner.press("alt+Right")
    beginner.await_focus(HEADINGS[5])
    until(lambda: beginner.read("State").startswith("Ready"))
    beginner.tab_to("Test the speed")
    beginner.press("space")
    until(lambda: beginner.read("Speed of the model").startswith("Speed: "))
    beginner.press("alt+Right")


def finish(beginner: Beginner) -> None:
    """What it cannot be trusted with, then the conversation; this time without hands-free."""
    beginner.await_focus(HEADINGS[6])
    told = beginner.room.eye.description(beginner.room.eye.focused(beginner.window))
    assert all(word in told for word in ("crossed", "medicine", "allergic")), told
    beginner.press("Return")
    beginner.await_focus(HEADINGS[7])
    beginner.tab_to("Listen hands-free: I just speak")
    beginner.press("space", "Return")
    beginner.await_focus("Your question")


def ask(beginner: Beginner) -> tuple[float, float | None]:
    """By voice; returns how long after the question the first text and the first sound came.

    A built-in model that does not speak leaves that to the system's voice, which there is none of here: that is said.
    """
    watch = beginner.desktop.watch
    watch.wait(lambda look: look.phase == "Ready")
    beginner.press("ctrl+t")
    watch.wait(lambda look: look.phase == "Listening to you")
    beginner.room.say(QUESTION)
    asked = time.monotonic()
    beginner.press("ctrl+t")
    text = watch.wait(lambda look: look.answer, after=asked).time
    built_in = built_in_model()
    if built_in is not None and not Checkpoint.open(built_in).speaks:
        # Of the status bar or, in whole words, of the settings: both tell it.
        until(lambda: "no voice" in beginner.read("Voice in use"))
        return text - asked, None
    return text - asked, beginner.room.await_sound(SOUND_SECONDS, asked) - asked


@contextmanager
def meet(room: Room) -> Iterator[Beginner]:
    """A Sightline that nobody has started before."""
    environment = room.environment | {"OMP_NUM_THREADS": "1"}  # a tiny model loses by more than one
    with start_desktop(room.eye, environment, "--profile", "blind") as desktop:
        room.screen.await_window("Sightline")
        yield Beginner(room, desktop)


def kept(room: Room) -> Settings:
    return load(room.folder / "home" / ".config" / "sightline" / "settings.json").settings


def run(out: Path) -> None:
    with open_room() as room, meet(room) as beginner:
        began = time.monotonic()
        for scene in (begin, try_devices, choose_model, finish):
            scene(beginner)
        done = time.monotonic()
        text, sound = ask(beginner)
        room.photograph(out / "first-talk.png")
    sys.stdout.write(f"start to the end of the first run      {done - began:.1f} s\n")
    heard = "none, it is written only" if sound is None else f"{sound:.1f} s"
    sys.stdout.write(f"end of the question to text, sound     {text:.1f} s, {heard}\n")


def main() -> None:
    parser = argparse.ArgumentParser(description="A fresh home, by keyboard alone, to the first spoken answer.")
    parser.add_argument("--out", type=Path, default=Path("build/first-talk"), help="where a picture goes")
    choice = parser.parse_args()
    choice.out.mkdir(parents=True, exist_ok=True)
    run(choice.out)


if __name__ == "__main__":
    main()
