"""A conversation as a file for people, or for programs. Knows not where it is kept."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path

from app.transcript import Line, LineState

MOST_NAME_LETTERS = 60
MARKDOWN, JSON = ".md", ".json"


def write(file: Path, title: str, lines: Sequence[Line]) -> None:
    """JSON where the name ends so, else Markdown. Raises OSError."""
    text = to_json(title, lines) if file.suffix.lower() == JSON else to_markdown(title, lines)
    fresh = file.with_name(f"{file.name}.part")
    try:
        fresh.write_text(text, encoding="utf-8")
        fresh.replace(file)
    except OSError:
        fresh.unlink(missing_ok=True)
        raise


def file_name(title: str) -> str:
    """A name that every system takes, without its ending."""
    plain = re.sub(r'[\x00-\x1f<>:"/\\|?*]+', " ", title).strip(" .")
    return " ".join(plain.split())[:MOST_NAME_LETTERS].strip() or "Conversation"


def with_ending(file: Path, suggested: str, ending: str) -> Path:
    """Of the kind that was chosen, where the name is as it was suggested or tells no kind by its own ending."""
    if file.name == suggested:
        return file.with_suffix(ending)
    is_told = file.suffix.lower() in {MARKDOWN, JSON} or (file.suffix != "" and ending == MARKDOWN)
    return file if is_told else file.with_name(f"{file.name}{ending}")


def to_markdown(title: str, lines: Sequence[Line]) -> str:
    """A heading for each line; what was not heard of an answer is left out."""
    parts = [f"# {title}"]
    for line in lines:
        parts.append(f"## {line.who.words}, {line.when:%Y-%m-%d %H:%M}")
        parts += [text for text in (line.heard_text, _remarks(line)) if text]
    return "\n\n".join(parts) + "\n"


def to_json(title: str, lines: Sequence[Line]) -> str:
    """All that is known of each line but its pictures."""
    stored = {"title": title, "lines": [_describe(line) for line in lines]}
    return json.dumps(stored, ensure_ascii=False, indent=2) + "\n"


def _remarks(line: Line) -> str:
    remarks = [str(attachment) for attachment in line.attachments]
    if line.state is not LineState.WHOLE:
        remarks.append(line.state.words)
    return f"*{', '.join(remarks)}*" if remarks else ""


def _describe(line: Line) -> dict[str, object]:
    attachments = [
        {"kind": item.kind.value, "name": item.name, "path": None if item.path is None else str(item.path)}
        for item in line.attachments
    ]
    return {
        "who": line.who.name.lower(),
        "when": line.when.isoformat(timespec="seconds"),
        "text": line.text,
        "heard": line.heard_text,
        "state": line.state.name.lower(),
        "attachments": attachments,
    }
