"""A kept conversation as a list shows it. Nothing but data."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Entry:
    """A conversation in a list; `excerpt` is where the words that were looked for were found."""

    id: str
    title: str
    changed: datetime
    excerpt: str = field(default="", repr=False)
