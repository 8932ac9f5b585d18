"""One turn in the terminal, for a machine without a display. Knows the model's command line, not its code."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).resolve().parent.parent
BUILT_IN = ROOT / "resources" / "tiny-omni"
STOCK_QUESTION = "What can you do?"
NOISE_TOKENS = "60"  # enough to see words stream; noise would not end by itself


def hold_turn(model: Path | None) -> int:
    """Asks the model in `model` one question read from standard input; returns the exit status.

    Without a folder the built-in demonstration model answers; where that is not there either, random weights do.
    """
    say("No display was found, so Sightline holds one turn in this terminal instead of opening its window.")
    if model is not None:
        return ask(model)
    if (BUILT_IN / "config.json").is_file():
        say("No --model was given, so the built-in demonstration model answers: it knows a small world only.")
        return ask(BUILT_IN)
    say("No --model was given, so a small model of random weights answers: its words are noise.")
    with TemporaryDirectory(prefix="sightline-") as folder:
        small = Path(folder) / "small"
        made = run_model("make-small", str(small), output=subprocess.DEVNULL)
        return made or ask(small, "--max-tokens", NOISE_TOKENS)


def ask(model: Path, *limits: str) -> int:
    return run_model("ask", "--model", str(model.resolve()), f"--text={read_question()}", *limits)


def read_question() -> str:
    if sys.stdin.isatty():
        sys.stderr.write("Your question: ")
        sys.stderr.flush()
    question = sys.stdin.readline().strip()
    if not question:
        say(f"No question came in, so this one is asked: {STOCK_QUESTION}")
    return question or STOCK_QUESTION


def run_model(*arguments: str, output: int | None = None) -> int:
    """The runner's command line in a child process, so that nothing of torch is ever loaded here."""
    command = [sys.executable, "-m", "model", *arguments]
    try:
        return subprocess.run(command, cwd=ROOT, stdout=output, check=False).returncode
    except KeyboardInterrupt:  # the child got it too and has ended
        return 130


def say(sentence: str) -> None:
    """To standard error: standard output is the model's."""
    sys.stderr.write(f"{sentence}\n")
    sys.stderr.flush()
