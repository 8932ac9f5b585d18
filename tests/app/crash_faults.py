"""What is left when the desktop dies, or finds its files damaged: `python -m tests.app.crash_faults [--times 20]`.

A whole app in a home of its own, whose answers say what time it is while its settings change fifty times a second, is
killed with signal 9 at moments drawn by chance: what was said is read again, and the last time that was kept tells how
much was lost. Then history and settings are damaged in several ways, each before a start; a conversation is exported;
and a private one is looked for in every byte of the home. Ends with 1 where a bar is missed.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event

from app import export, settings
from app.history import History, HistoryError
from app.transcript import Line
from tests.helpers.figures import Sheet, seconds

ROOT = Path(__file__).resolve().parents[2]
WORDS = "heliotrope quince marmalade"
"""That nothing else on a disk says."""
MOST_LOST = 5.0
SHORTEST, LONGEST = 0.2, 4.0
"""Seconds of an answer after which the app is killed."""
PAGE = 4096


class App:
    """A running `tests.helpers.ticking`."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        self.told: list[str] = []

    def wait(self, wanted: str) -> str:
        """The first line from here on with these words in it; what is told meanwhile is kept."""
        assert self._process.stdout is not None
        for line in self._process.stdout:
            if line.startswith("told "):
                self.told.append(line.removeprefix("told ").strip())
            if wanted in line:
                return line.strip()
        raise AssertionError(f"the app has ended without saying {wanted}")

    def kill(self) -> float:
        """With all of its processes' ends; returns when."""
        moment = time.monotonic()
        self._process.send_signal(signal.SIGKILL)
        self._process.wait()
        return moment


@contextmanager
def running(home: Path, *words: str) -> Iterator[App]:
    (home / "tmp").mkdir(exist_ok=True)
    here = {"HOME": str(home), "TMPDIR": str(home / "tmp"), "QT_QPA_PLATFORM": "offscreen"}
    here |= {"QT_LOGGING_RULES": "qt.multimedia*=false"}
    command = [sys.executable, "-m", "tests.helpers.ticking", str(home), *words]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=ROOT, env={**os.environ, **here}, stdout=pipe, text=True) as process:
        try:
            yield App(process)
        finally:
            process.kill()


def history(home: Path) -> Path:
    return home / "data" / "history.sqlite"


def settings_file(home: Path) -> Path:
    return home / "settings" / "settings.json"


def kept(home: Path) -> list[tuple[str, list[Line]]]:
    """Titles and lines, as the next start finds them; raises HistoryError where the file is damaged."""
    base = History(history(home))
    try:
        base.check()
        return [(entry.title, [kept.line for kept in base.lines(entry.id)]) for entry in base.entries()]
    finally:
        base.close()


# Killed


def lost(home: Path, killed: float) -> float:
    """Seconds of the latest answer that nobody will ever read again."""
    times = [float(found) for _, lines in kept(home) for line in lines for found in re.findall(r"\d+\.\d\d", line.text)]
    return killed - max(times, default=0.0)


def act_kills(sheet: Sheet, home: Path, times: int, dice: random.Random) -> None:
    taken, whole, clean = [], 0, 0
    for _ in range(times):
        with running(home, WORDS) as app:
            app.wait("SPEAKING")
            Event().wait(dice.uniform(SHORTEST, LONGEST))  # the moment is what is drawn
            killed = app.kill()
        try:
            taken.append(lost(home, killed))
            whole += 1
        except HistoryError:
            continue
        clean += not settings.load(settings_file(home)).sentence
    bar = f"at most {MOST_LOST:g} s"
    sheet.tell("killed while it answers: lost of it", seconds(*taken), bar, holds=max(taken, default=99.0) <= MOST_LOST)
    sheet.tell("killed: the history is whole", f"{whole} of {times}", "always", holds=whole == times)
    sheet.tell(
        "killed while settings are written: they are whole", f"{clean} of {times}", "always", holds=clean == times
    )
    with running(home) as app:
        app.wait("LISTENING")
        app.kill()
    sheet.tell("the next start complains of nothing", f"{len(app.told)} sentences", "none", holds=not app.told)


# Damaged


def overwrite(file: Path, start: int, data: bytes) -> None:
    with file.open("r+b") as opened:
        opened.seek(start)
        opened.write(data)


def halve(file: Path) -> None:
    os.truncate(file, file.stat().st_size // 2)


def scramble(file: Path) -> None:
    """All pages but the first."""
    size = file.stat().st_size - PAGE
    overwrite(file, PAGE, random.Random(1).randbytes(max(PAGE, size)))


def noise(file: Path) -> None:
    file.write_bytes(random.Random(2).randbytes(500))


def lie(file: Path) -> None:
    file.write_text('{"version": 1, "speed": "fast"}')


DAMAGES: dict[str, tuple[Callable[[Path], Path], Callable[[Path], None]]] = {
    "history, its beginning": (history, lambda file: overwrite(file, 0, b"no database" * 20)),
    "history, cut in half": (history, halve),
    "history, its pages": (history, scramble),
    "settings, cut in half": (settings_file, halve),
    "settings, noise": (settings_file, noise),
    "settings, a wrong value": (settings_file, lie),
}


def act_damage(sheet: Sheet, home: Path) -> None:
    """Each before a start that must say so in one sentence, keep the file, and work."""
    for name, (of, damage) in DAMAGES.items():
        file = of(home)
        for beside in ("-wal", "-shm"):
            file.with_name(file.name + beside).unlink(missing_ok=True)  # else it would be mended from there
        damage(file)
        damaged = file.read_bytes()
        with running(home, WORDS) as app:
            app.wait("SPEAKING")
            Event().wait(2.0)  # until it is on the disk
            app.kill()
        works = any(WORDS in line.text for _, lines in kept(home) for line in lines)
        others = [item for item in file.parent.iterdir() if "damaged" in item.name]
        is_aside = any(item.read_bytes() == damaged for item in others)
        said = [sentence for sentence in app.told if "damaged" in sentence or "could not be read" in sentence]
        facts = {"said": len(said) == 1, "kept aside": is_aside, "works": works}
        measured = ", ".join(name for name, holds in facts.items() if holds) or "nothing"
        sheet.tell(f"damaged: {name}", measured, "said, kept aside, works", holds=all(facts.values()))


# Exported, private


def act_export(sheet: Sheet, home: Path) -> None:
    title, lines = kept(home)[0]
    for ending in ("md", "json"):
        file = home / f"exported.{ending}"
        export.write(file, title, lines)
        text = file.read_text(encoding="utf-8")
        if ending == "json":
            text = "\n".join(line["text"] for line in json.loads(text)["lines"])
        found = sum(line.text.strip() in text for line in lines)
        sheet.tell(f"exported as {ending}: lines", f"{found} of {len(lines)}", "all", holds=found == len(lines) > 0)


def found(home: Path) -> list[Path]:
    """Files with any of the words in them, in whatever letters."""
    wanted = [word.encode(code) for word in WORDS.split() for code in ("utf-8", "utf-16-le")]
    files = [file for file in home.rglob("*") if file.is_file()]
    return [file for file in files if any(word in file.read_bytes() for word in wanted)]


def act_private(sheet: Sheet, folder: Path) -> None:
    """What is looked for is found where the conversation is not private, or the search would prove nothing."""
    count = {}
    for private in (False, True):
        home = folder / f"private {private}"
        home.mkdir()
        with running(home, WORDS, *(["--private"] if private else [])) as app:
            app.wait("SPEAKING")
            Event().wait(LONGEST)
            meanwhile = found(home)
            app.kill()
        count[private] = len({*meanwhile, *found(home)})
    measured = f"in {count[True]} files; in {count[False]} where it is not private"
    sheet.tell("private: its words are on the disk", measured, "in none", holds=not count[True] and bool(count[False]))


def main() -> int:
    parser = argparse.ArgumentParser(description="What is left when the desktop dies, or its files are damaged.")
    parser.add_argument("--times", type=int, default=20, help="how often the desktop is killed")
    parser.add_argument("--without-damage", action="store_true", help="only killed, exported and private")
    parser.add_argument("--seed", type=int, default=0, help="of the moments at which it is")
    choice = parser.parse_args()
    sheet = Sheet()
    with tempfile.TemporaryDirectory() as name:
        home = Path(name) / "home"
        home.mkdir()
        act_kills(sheet, home, choice.times, random.Random(choice.seed))
        act_export(sheet, home)
        if not choice.without_damage:
            act_damage(sheet, home)
        act_private(sheet, Path(name))
    return sheet.close()


if __name__ == "__main__":
    sys.exit(main())
