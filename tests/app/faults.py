"""Every fault that is acted out, one command after the other: `python -m tests.app.faults [--full] [--only 8 9]`.

In short form, which takes some minutes, or in full, which takes hours. Prints what each command measures as it comes,
and in the end one table: the gate, the command, how many of its figures reached their bars, how long it took. Ends with
1 where any did not.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from tests.helpers.figures import BAD, GOOD, is_figure

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Run:
    """What a command proves, with its words in short and in full."""

    gate: int
    about: str
    module: str
    short: str = ""
    full: str = ""


@dataclass(frozen=True)
class Outcome:
    run: Run
    good: int
    bad: int
    status: int
    seconds: float

    @property
    def holds(self) -> bool:
        return self.status == 0 and not self.bad

    def __str__(self) -> str:
        figures = f"{self.good} of {self.good + self.bad}" if self.good + self.bad else "no bars"
        about = f"{self.run.gate:>3}  {self.run.about:<44}"
        return f"{GOOD if self.holds else BAD}  {about}{self.run.module:<26}{figures:<10}{self.seconds:6.0f} s"


RUNS = (
    Run(5, "downloads", "download_faults"),
    Run(8, "devices pulled out in mid-sentence", "unplug", "--times 1", "--times 20"),
    Run(9, "the model's process dies, memory runs out", "child_faults", "--times 1", "--times 10"),
    Run(10, "the desktop dies, its files are damaged", "crash_faults", "--times 3", "--times 20"),
    Run(16, "what is said into an answer", "turn_taking", "--rounds 1 --pauses 16", "--rounds 3"),
    Run(17, "its own echo", "echo_loop", "--minutes 0.3", "--minutes 30"),
    Run(23, "an hour", "long_run", "--minutes 1 --period 5", "--minutes 60"),
)


def act(run: Run, words: str) -> Outcome:
    command = [sys.executable, "-m", f"tests.app.{run.module}", *words.split()]
    sys.stdout.write(f"\n{run.gate}: {run.about}: python {' '.join(command[1:])}\n")
    began, good, bad = time.monotonic(), 0, 0
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for line in process.stdout:
            sys.stdout.write(line)
            sys.stdout.flush()
            good += is_figure(line) and line.startswith(GOOD)
            bad += is_figure(line) and line.startswith(BAD)
    return Outcome(run, good, bad, process.returncode, time.monotonic() - began)


def main() -> int:
    gates = [run.gate for run in RUNS]
    parser = argparse.ArgumentParser(description="Every fault that is acted out, one after the other.")
    parser.add_argument("--full", action="store_true", help="as often and as long as the gates ask for")
    parser.add_argument("--only", type=int, nargs="+", choices=gates, default=gates, help="gates")
    choice = parser.parse_args()
    outcomes = [act(run, run.full if choice.full else run.short) for run in RUNS if run.gate in choice.only]
    sys.stdout.write("\n" + "\n".join(map(str, outcomes)) + "\n")
    return 0 if all(outcome.holds for outcome in outcomes) else 1


if __name__ == "__main__":
    sys.exit(main())
