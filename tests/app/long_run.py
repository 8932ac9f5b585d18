"""An hour without dying or drifting: `python -m tests.app.long_run [--minutes 60] [--model DIR]`.

The whole app on the virtual microphone and speaker, hands-free, with a real model in its child. A fact is typed in
minute 2; then it is spoken to again and again, answers by voice, and is stopped after a while. Watched from outside:
memory of all its processes, how long answers take, and whether the child's context still holds the tokens of the fact.
Without `--model` that is a small random checkpoint: it can say nothing sensible, so what is measured is that the fact
is still among what the model is given, not that it is recalled. Ends with 1 where a bar is missed.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median
from threading import Event

import psutil

from app.duplex import Duplex
from app.settings import Settings, Speech, save
from model.note import Note
from model.schemes import Bits
from tests.app.spoken_loop import ask
from tests.helpers.checkpoints import make_talkative
from tests.helpers.desktop import Desktop, MissingError, start_desktop
from tests.helpers.figures import Sheet, seconds
from tests.helpers.mindful import HELD
from tests.helpers.rig_eye import EyeError
from tests.helpers.stage import Room, open_room, until

FACT = "Remember that the spare key lies under the blue flowerpot."
FACT_MINUTE = 2.0
FACT_SHARE = 0.2
"""Of a run so short that minute 2 would come too late."""
QUESTIONS = ("What can you see on the desk?", "Where has the sun gone?", "How far is it to the river?")
PERIOD = 20.0
"""Seconds from one question to the next."""
SHARE = 0.2
"""Of all turns, at the beginning and at the end, whose middle is compared."""
FEWEST = 3
MOST_GROWTH, MOST_DRIFT = 0.05, 0.20
PROMPTLY = 0.2
"""Seconds before the end of patience by which an answer to a turn that was taken for complete is there."""
MEGABYTE = 1e6
BITS: Bits = 8
MEDIA = 2048
"""The small random model is computed with as the built-in one is, by kernels made for long contexts, and keeps so many
tokens of what it heard in mind, but all words: the built-in one drops old turns whole.
"""
MIND = r"The context holds (\d+) tokens in (\d+) bytes; the words are (\w+)"


@dataclass(frozen=True)
class Moment:
    """After a question: seconds to its first text and first sound, bytes that desktop and child took, and those of the
    latter that the conversation's context took.
    """

    text: float
    sound: float
    desktop: int
    child: int
    mind: int

    @property
    def memory(self) -> int:
        """Of both, beside what is kept in mind, which grows until the context is full."""
        return self.desktop + self.child - self.mind

    @property
    def is_prompt(self) -> bool:
        """Whether the turn was over at once, without patience, which is no work and would hide what is."""
        return self.text < Settings().patience - PROMPTLY


@dataclass
class Course:
    """What became of the run; `died` is how often the model's process was another one than before."""

    moments: list[Moment]
    died: int = 0


# Scenes


@contextmanager
def come_in(room: Room, model: Path) -> Iterator[Desktop]:
    """Sightline with a model that is ready, hands-free."""
    chosen = Settings(hands_free=True, duplex=Duplex.FULL, speech=Speech.MODEL)
    save(chosen, room.folder / "home" / ".config" / "sightline" / "settings.json")
    environment = room.environment | {"OMP_NUM_THREADS": "1"}  # a small model loses by more than one
    main = ("-m", "tests.helpers.mindful")
    with start_desktop(room.eye, environment, str(model), FACT, main=main) as desktop:
        room.screen.await_window("Sightline")
        until(lambda: is_at_rest(desktop))
        desktop.watch.wait(lambda look: look.phase == "Ready")
        yield desktop


def is_at_rest(desktop: Desktop) -> bool:
    """Whether the window can be looked at: while its lists are filled, what was just there is gone."""
    try:
        return bool(desktop.watch)
    except EyeError:
        return False


def speak_once(room: Room, desktop: Desktop, number: int, sound: float) -> Moment:
    """A spoken question; its answer is stopped once so many seconds of it were heard."""
    until(lambda: is_at_rest(desktop))
    answered = ask(room, desktop, QUESTIONS[number % len(QUESTIONS)], sound)
    silence(room, desktop)
    minds = desktop.log.matches(MIND)
    mind = int(minds[-1][2]) if minds else 0
    return Moment(answered.text, answered.sound, taken(desktop.family()[0]), taken(desktop.child()), mind)


def taken(process: psutil.Process) -> int:
    """Bytes that are in no file: whether a library's pages count as its own depends on who else runs."""
    status = Path(f"/proc/{process.pid}/status").read_text(encoding="utf-8")
    (kilobytes,) = re.findall(r"^RssAnon:\s+(\d+) kB$", status, re.MULTILINE)
    return 1024 * int(kilobytes)


def silence(room: Room, desktop: Desktop) -> None:
    pressed = time.monotonic()
    room.screen.press("Escape")
    desktop.watch.wait(lambda look: look.phase == "Ready", after=pressed)


def tell_fact(room: Room, desktop: Desktop) -> None:
    """Typed, so that its very words are in the context."""
    until(lambda: is_at_rest(desktop))
    room.screen.write(FACT)
    typed = time.monotonic()
    room.screen.press("Return")
    desktop.watch.wait(lambda look: look.answer, after=typed)
    silence(room, desktop)


def pass_time(room: Room, desktop: Desktop, choice: argparse.Namespace) -> Course:
    """All turns; in between nobody looks, which takes time of the window's."""
    began, end = time.monotonic(), time.monotonic() + 60.0 * choice.minutes
    fact_due = began + 60.0 * min(FACT_MINUTE, FACT_SHARE * choice.minutes)
    course, is_told, child = Course([]), False, desktop.child().pid
    while time.monotonic() < end or len(course.moments) < choice.turns:
        due = time.monotonic() + choice.period
        if not is_told and time.monotonic() >= fact_due:
            tell_fact(room, desktop)
            is_told = True
            course.moments.clear()  # what is compared is the time since then
        course.moments.append(speak_once(room, desktop, len(course.moments), choice.sound))
        course.died += desktop.child().pid != child
        child = desktop.child().pid
        tell_progress(course, began)
        desktop.rest()
        Event().wait(max(0.0, due - time.monotonic()))
    return course


def tell_progress(course: Course, began: float) -> None:
    """On standard error, for whoever waits."""
    last = course.moments[-1]
    words = f"minute {(time.monotonic() - began) / 60:.1f}: {last.memory / MEGABYTE:.0f} MB, "
    sys.stderr.write(f"{words}text {last.text:.2f} s, sound {last.sound:.2f} s, load {os.getloadavg()[0]:.1f}\n")


# What came of it


def judge(sheet: Sheet, course: Course, desktop: Desktop, minutes: float) -> None:
    count = min(max(FEWEST, round(SHARE * len(course.moments))), -(-len(course.moments) // 2))
    first, last = course.moments[:count], course.moments[-count:]
    sheet.note("turns, and after how many minutes it ended", f"{len(course.moments)}, {minutes:.1f}")
    sheet.tell("the model's process died", f"{course.died} times", "never", holds=course.died == 0)
    compare(
        sheet,
        "memory beside what is kept in mind, MB",
        [m.memory / MEGABYTE for m in first],
        [m.memory / MEGABYTE for m in last],
    )
    for name, about in (("desktop", "the desktop's"), ("child", "the child's, all"), ("mind", "what is kept in mind")):
        before, after = (median(getattr(m, name) for m in part) / MEGABYTE for part in (first, last))
        sheet.note(f"{about}, MB", f"{before:.0f} to {after:.0f}")
    for prompt, about in ((True, "turn over at once"), (False, "after patience")):
        parts = [[m for m in part if m.is_prompt is prompt] for part in (first, last)]
        if not all(parts):
            if any(parts):  # what was slow enough to change sides would hide among the others
                sheet.tell(f"end of speech to text, {about}", "at one end only", "at both", holds=False)
            continue
        drift(sheet, f"end of speech to text, {about}", *([m.text for m in part] for part in parts))
        drift(sheet, f"end of speech to sound, {about}", *([m.sound for m in part] for part in parts))
    recall(sheet, desktop)


def compare(sheet: Sheet, what: str, first: list[float], last: list[float]) -> None:
    growth = median(last) / median(first) - 1.0
    measured = f"{median(first):.0f} to {median(last):.0f} ({100 * growth:+.1f} %)"
    sheet.tell(what, measured, f"grows by at most {100 * MOST_GROWTH:.0f} %", holds=growth <= MOST_GROWTH)


def drift(sheet: Sheet, what: str, first: list[float], last: list[float]) -> None:
    change = median(last) / median(first) - 1.0
    measured = f"{seconds(median(first))} to {seconds(median(last))} ({100 * change:+.0f} %)"
    sheet.tell(what, measured, f"at most {100 * MOST_DRIFT:.0f} % later", holds=change <= MOST_DRIFT)


def recall(sheet: Sheet, desktop: Desktop) -> None:
    minds = desktop.log.matches(MIND)
    tokens, found = (minds[-1][1], minds[-1][3]) if minds else ("no", "unknown")
    what = "what was said in minute 2 is in what the model is given"
    sheet.tell(what, f"{found}, {tokens} tokens in all", "held", holds=found == HELD)


def main() -> int:
    parser = argparse.ArgumentParser(description="Whether the app stays as it is for an hour.")
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--model", type=Path, help="a checkpoint's folder; a small random one is made without it")
    parser.add_argument("--period", type=float, default=PERIOD, help="seconds from one question to the next")
    parser.add_argument("--turns", type=int, default=2 * FEWEST, help="at least so many, however long they take")
    parser.add_argument("--sound", type=float, default=2.0, help="seconds of each answer that are listened to")
    choice = parser.parse_args()
    sheet, began = Sheet(), time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        model = choice.model or Path(folder) / "small"
        if choice.model is None:
            make_talkative(model)
            replace(Note.read(model), bits=BITS, media=MEDIA).write(model)
        try:
            with open_room() as room, come_in(room, model.absolute()) as desktop:
                course = pass_time(room, desktop, choice)
                judge(sheet, course, desktop, (time.monotonic() - began) / 60)
        except (MissingError, EyeError, psutil.Error) as error:
            sheet.tell("it went on to the end", str(error)[:200], "it does", holds=False)
    return sheet.close()


if __name__ == "__main__":
    sys.exit(main())
