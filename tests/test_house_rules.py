"""Rules of the house that no linter knows."""

from __future__ import annotations

import ast
import re
import statistics
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ("app", "model", "installer", "tests")
VAGUE_WORDS = {"manager", "handler", "helper", "helpers", "util", "utils", "common"}
TEXT_SUFFIXES = {".py", ".md", ".toml", ".txt", ".json", ".yml", ".yaml", ".cfg", ".qss", ".spec", ""}
# Folders of some person's or build machine's own; system folders that every machine has are no secret.
PRIVATE_PATH = re.compile(r"(?<![\w.~-])/(?:home|root|Users|work|opt)/\w|[A-Z]:\\Users\\")
LONG_FILE = 400
LONG_FUNCTION = 40

FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef


def python_files() -> list[Path]:
    return [ROOT / "main.py", *(path for room in ROOMS for path in sorted((ROOT / room).rglob("*.py")))]


def nodes(path: Path) -> Iterator[ast.AST]:
    return ast.walk(ast.parse(path.read_text(encoding="utf-8")))


def words(name: str) -> set[str]:
    """ "FrameHandler2" and "frame_handler" -> {"frame", "handler"}."""
    return {word.lower() for word in re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", name)}


def is_vague(name: str) -> bool:
    return bool(words(name) & VAGUE_WORDS)


def tracked_texts() -> list[Path]:
    listing = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    paths = [ROOT / name for name in listing.split("\0") if name]
    return [path for path in paths if path.suffix in TEXT_SUFFIXES and path.is_file()]


def test_desktop_never_loads_torch() -> None:
    question = "import main, app.desktop, app.terminal, sys; print(*sys.modules)"
    answer = subprocess.run([sys.executable, "-c", question], cwd=ROOT, capture_output=True, text=True, check=True)
    assert "PySide6" in answer.stdout.split()
    assert not {"torch", "transformers"} & set(answer.stdout.split())


def test_front_door_loads_no_widgets_by_itself() -> None:
    """A spawned child imports main.py anew: it must not pay for the desktop."""
    question = "import main, sys; print(*sys.modules)"
    answer = subprocess.run([sys.executable, "-c", question], cwd=ROOT, capture_output=True, text=True, check=True)
    assert "PySide6" not in answer.stdout.split()


@pytest.mark.parametrize(
    ("name", "vague"),
    [("FrameManager", True), ("image_utils", True), ("HTTPHandler", True), ("Commonplace", False), ("Ear", False)],
)
def test_vague_words_are_found(name: str, *, vague: bool) -> None:
    assert is_vague(name) == vague


def test_no_vague_names() -> None:
    found = [str(path.relative_to(ROOT)) for path in python_files() if is_vague(path.stem)]
    for path in python_files():
        classes = (node.name for node in nodes(path) if isinstance(node, ast.ClassDef))
        found += [f"{path.relative_to(ROOT)}: class {name}" for name in classes if is_vague(name)]
    assert not found


@pytest.mark.skipif(not (ROOT / ".git").exists(), reason="this is no git checkout, so nothing is tracked")
def test_no_private_paths_in_tracked_files() -> None:
    found = []
    for path in tracked_texts():
        lines = path.read_text(encoding="utf-8").splitlines()
        found += [
            f"{path.relative_to(ROOT)}:{number}: {line.strip()}"
            for number, line in enumerate(lines, start=1)
            if PRIVATE_PATH.search(line)
        ]
    assert not found


def test_sizes_are_told(capsys: pytest.CaptureFixture[str]) -> None:
    """Sizes are advice: they are printed, and only their being counted is tested."""
    advice = []
    lengths = []
    for path in python_files():
        line_count = len(path.read_text(encoding="utf-8").splitlines())
        if line_count > LONG_FILE:
            advice.append(f"{path.relative_to(ROOT)} has {line_count} lines")
        for node in nodes(path):
            if isinstance(node, FunctionNode):
                lengths.append(length := (node.end_lineno or node.lineno) - node.lineno + 1)
                if length > LONG_FUNCTION:
                    advice.append(f"{path.relative_to(ROOT)}:{node.lineno} {node.name} has {length} lines")
    assert len(lengths) > 1
    with capsys.disabled():
        sys.stdout.write(f"\nfunctions: {len(lengths)}, median {statistics.median(lengths):.0f} lines\n")
        sys.stdout.writelines(f"long: {line}\n" for line in advice)
