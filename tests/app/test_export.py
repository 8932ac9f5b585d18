"""A conversation as a file."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import pytest

from app import export
from app.transcript import Attachment, Kind, Line, LineState, Who

NOON = datetime(2025, 6, 1, 12, 5)
LINES = [
    Line(Who.USER, NOON, "What is this? 猫", (Attachment(Kind.FILE, "cat.jpg", Path("cat.jpg")),)),
    Line(Who.MODEL, NOON, "A cat.\n\n```\nmeow()\n```"),
    Line(Who.MODEL, NOON, "It sleeps all day.", state=LineState.CUT, heard=9),
]
MARKDOWN = """# Cats

## You, 2025-06-01 12:05

What is this? 猫

*cat.jpg*

## Sightline, 2025-06-01 12:05

A cat.

```
meow()
```

## Sightline, 2025-06-01 12:05

It sleeps

*interrupted*
"""


def test_markdown_is_what_was_said_and_heard(tmp_path: Path) -> None:
    file = tmp_path / "cats.md"
    export.write(file, "Cats", LINES)
    assert file.read_text(encoding="utf-8") == MARKDOWN
    assert list(tmp_path.iterdir()) == [file]


def test_json_has_all_that_is_known(tmp_path: Path) -> None:
    file = tmp_path / "cats.JSON"
    export.write(file, "Cats", LINES)
    stored = json.loads(file.read_text(encoding="utf-8"))
    assert stored["title"] == "Cats"
    question, _, cut = stored["lines"]
    assert (question["who"], question["text"]) == ("user", "What is this? 猫")
    assert question["when"] == "2025-06-01T12:05:00"
    assert question["attachments"] == [{"kind": "file", "name": "cat.jpg", "path": "cat.jpg"}]
    assert (cut["text"], cut["heard"], cut["state"]) == ("It sleeps all day.", "It sleeps", "cut")


def test_a_place_that_cannot_be_written_leaves_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "folder.md"
    folder.mkdir()
    with pytest.raises(OSError, match=r"folder\.md"):
        export.write(folder, "Cats", LINES)
    assert list(tmp_path.iterdir()) == [folder]


@pytest.mark.parametrize(
    ("title", "name"),
    [("Cats", "Cats"), ('a/b:c"d', "a b c d"), ("...", "Conversation"), ("w" * 90, "w" * 60), ("a\nb", "a b")],
)
def test_names_of_files_are_names_everywhere(title: str, name: str) -> None:
    assert export.file_name(title) == name


@pytest.mark.parametrize(
    ("name", "ending", "meant"),
    [
        ("Prices 3.5.md", ".md", "Prices 3.5.md"),  # as it was suggested
        ("Prices 3.5.md", ".json", "Prices 3.5.json"),
        ("mine", ".json", "mine.json"),
        ("mine", ".md", "mine.md"),
        ("mine.json", ".md", "mine.json"),
        ("mine.JSON", ".md", "mine.JSON"),
        ("mine.md", ".json", "mine.md"),
        ("mine.txt", ".md", "mine.txt"),
        ("mine 3.5", ".json", "mine 3.5.json"),
    ],
)
def test_an_ending_that_was_typed_wins_over_the_kind_that_was_chosen(name: str, ending: str, meant: str) -> None:
    assert export.with_ending(Path("out") / name, "Prices 3.5.md", ending) == Path("out") / meant
