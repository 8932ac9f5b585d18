"""What becomes of the app when its model fails: `python -m tests.app.child_faults [--times 10] [--only killed …]`.

The whole app with a small random model in its child, on a virtual screen and speaker. In mid-answer the child is killed
with signal 9, or is given no more memory by the system (a limit on its address space), so that its next allocation
really fails; or its graphics card fails. Asked of each: the window stays, says so, loads the model again, keeps the
conversation and answers the next question; where memory ran out, that something smaller is offered and can be taken by
its button. There is no graphics card here: those that fail are torch's own devices (`tests/helpers/cards.py`). Ends
with 1 where a bar is missed.
"""

from __future__ import annotations

import argparse
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from app.model_link import RESTARTS
from app.settings import Settings, Speech, load, save
from tests.helpers.checkpoints import make_talkative
from tests.helpers.desktop import Desktop, Look, MissingError, start_desktop
from tests.helpers.figures import Sheet, seconds
from tests.helpers.rig_eye import EyeError
from tests.helpers.stage import Room, open_room, until

QUESTION = "What can you see on the desk?"
SPARE = 1_000_000
"""Bytes that the child may still allocate: less than its next step takes."""
BUTTON = "push button"
IN_A_ROW = RESTARTS
"""The app gives up a model that dies more often with no whole answer in between; here every answer is broken off."""
LESS_IN_MIND = "Keep less in mind"


@dataclass
class Ends:
    """How often what held, of the times that it was tried."""

    stayed: int = 0
    told: int = 0
    kept: int = 0
    answered: int = 0
    offered: int = 0
    reload: list[float] = field(default_factory=list)


# Around a running app


@contextmanager
def come_in(room: Room, *words: str, main: tuple[str, ...] = ("main.py", "--verbose")) -> Iterator[Desktop]:
    """Ready for a question by the keyboard."""
    save(Settings(speech=Speech.MODEL), settings_file(room))
    environment = room.environment | {"OMP_NUM_THREADS": "1"}  # a small model loses by more than one
    with start_desktop(room.eye, environment, *words, main=main) as desktop:
        room.screen.await_window("Sightline")
        until(lambda: is_at_rest(desktop))
        desktop.watch.wait(lambda look: look.phase == "Ready")
        yield desktop


def settings_file(room: Room) -> Path:
    return room.folder / "home" / ".config" / "sightline" / "settings.json"


def is_at_rest(desktop: Desktop) -> bool:
    """Whether the window can be looked at: while its lists are filled, what was just there is gone."""
    try:
        return bool(desktop.watch)
    except EyeError:
        return False


def ask(room: Room, desktop: Desktop) -> Look:
    """Asks, and waits until there is some of the answer."""
    room.screen.write(QUESTION)
    typed = time.monotonic()
    room.screen.press("Return")
    return desktop.watch.wait(lambda look: look.answer and look.phase == "Answering", after=typed)


def rest(room: Room, desktop: Desktop) -> None:
    pressed = time.monotonic()
    room.screen.press("Escape")
    desktop.watch.wait(lambda look: look.phase == "Ready", after=pressed)


def has_button(desktop: Desktop, name: str) -> bool:
    try:
        return desktop.place(BUTTON, name)[2] > 0
    except EyeError:
        return False


def press(room: Room, desktop: Desktop, name: str) -> None:
    left, top, width, height = desktop.place(BUTTON, name)
    room.screen.click(left + width // 2, top + height // 2)


# Faults


def kill(desktop: Desktop) -> int:
    """Returns whose number is no more."""
    child = desktop.child()
    child.kill()
    return int(child.pid)


def starve(desktop: Desktop) -> int:
    """The system refuses the child any more memory from here on; returns its number."""
    child = desktop.child()
    limit = child.memory_info().vms + SPARE
    resource.prlimit(child.pid, resource.RLIMIT_AS, (limit, limit))
    return int(child.pid)


def recover(room: Room, desktop: Desktop, dying: int, sentence: str, ends: Ends) -> None:
    """After a fault: what holds of what must."""
    struck = time.monotonic()
    before = desktop.watch.looks[-1].lines[:-1]  # the answer that is broken off may grow
    told = desktop.watch.wait(lambda look: any(sentence in line for line in look.of("Notice")[-1:]), after=struck)
    ends.told += 1
    ready = desktop.watch.wait(lambda look: look.phase == "Ready", after=told.time)
    ends.reload.append(ready.time - struck)
    ends.stayed += desktop.process.poll() is None and desktop.child().pid != dying
    ends.kept += ready.lines[: len(before)] == before and any("Broken off" in line for line in ready.lines)
    ends.offered += has_button(desktop, LESS_IN_MIND)
    ask(room, desktop)
    ends.answered += 1
    rest(room, desktop)


def tell(sheet: Sheet, what: str, ends: Ends, times: int) -> None:
    for asked, count in (
        ("the window stays, with a new child", ends.stayed),
        ("it says so", ends.told),
        ("the conversation is what it was", ends.kept),
        ("the next question is answered", ends.answered),
    ):
        sheet.tell(f"{what}: {asked}", f"{count} of {times}", "always", holds=count == times)
    if ends.reload:
        sheet.note(f"{what}: until it is ready again", seconds(*ends.reload))


# Scenes


def act_killed(sheet: Sheet, room: Room, model: Path, times: int) -> None:
    ends = Ends()
    for done in range(0, times, IN_A_ROW):
        with come_in(room, "--model", str(model)) as desktop:
            for _ in range(min(IN_A_ROW, times - done)):
                ask(room, desktop)
                recover(room, desktop, kill(desktop), "stopped", ends)
    tell(sheet, "child killed in mid-answer", ends, times)


def act_memory(sheet: Sheet, room: Room, model: Path, times: int) -> None:
    ends = Ends()
    for done in range(0, times, IN_A_ROW):
        with come_in(room, "--model", str(model)) as desktop:
            for _ in range(min(IN_A_ROW, times - done)):
                ask(room, desktop)
                recover(room, desktop, starve(desktop), "memory ran out", ends)
            if done + IN_A_ROW >= times:
                take_offer(sheet, room, desktop)
    tell(sheet, "no more memory in mid-answer", ends, times)
    what = "no more memory: something smaller is offered by a button"
    sheet.tell(what, f"{ends.offered} of {times}", "always", holds=ends.offered == times)


def take_offer(sheet: Sheet, room: Room, desktop: Desktop) -> None:
    """The button does what it says, and the model is loaded with it."""
    pressed = time.monotonic()
    press(room, desktop, LESS_IN_MIND)
    desktop.watch.wait(lambda look: look.phase == "Loading the model", after=pressed)
    desktop.watch.wait(lambda look: look.phase == "Ready", after=pressed + 0.05)
    tokens = load(settings_file(room)).settings.context
    is_gone = not has_button(desktop, LESS_IN_MIND)
    ask(room, desktop)
    sheet.tell(
        "the button is pressed: less is kept in mind",
        f"{tokens} tokens",
        "fewer than before",
        holds=bool(tokens) and is_gone,
    )


def act_card(sheet: Sheet, room: Room, model: Path, _times: int) -> None:
    main = ("-m", "tests.helpers.cards")
    with come_in(room, str(model), "absent", main=main) as desktop:
        look = desktop.watch.wait(lambda look: look.of("Notice"))
        said = look.of("Notice")[-1]
        sheet.tell("a card that is not there: the processor takes over", said, "said why", holds="processor" in said)
        ask(room, desktop)
        rest(room, desktop)
    with come_in(room, str(model), "broken", main=main) as desktop:
        room.screen.write(QUESTION)
        asked = time.monotonic()
        room.screen.press("Return")
        look = desktop.watch.wait(lambda look: look.of("Notice"), after=asked)
        said = look.of("Notice")[-1]
        desktop.watch.wait(lambda look: look.phase == "Ready", after=look.time)
        kept = any(QUESTION in line for line in look.of("You"))
        ask(room, desktop)  # on the processor
        holds = "processor" in said and kept
        sheet.tell("a card that fails in mid-answer: the processor takes over", said, "said why; answers", holds=holds)


SCENES = {"killed": act_killed, "memory": act_memory, "card": act_card}


def main() -> int:
    parser = argparse.ArgumentParser(description="What becomes of the app when its model fails.")
    parser.add_argument("--times", type=int, default=10, help="how often the child dies in each way")
    parser.add_argument("--only", nargs="+", choices=list(SCENES), default=list(SCENES))
    choice = parser.parse_args()
    sheet = Sheet()
    with tempfile.TemporaryDirectory() as folder:
        model = Path(folder) / "small"
        make_talkative(model)
        for name in choice.only:
            try:
                with open_room() as room:
                    SCENES[name](sheet, room, model, choice.times)
            except (MissingError, EyeError) as error:
                sheet.tell(f"{name}: it went on to the end", str(error)[-160:], "it does", holds=False)
    return sheet.close()


if __name__ == "__main__":
    sys.exit(main())
