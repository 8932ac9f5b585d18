"""The page of all pages shows every picture that is kept for it, and none that is not; they stay small."""

from __future__ import annotations

import re
from pathlib import Path

DOCS = Path(__file__).resolve().parents[1] / "docs"
MOST_BYTES = 3_000_000


def test_every_picture_is_shown_and_every_shown_picture_is_there() -> None:
    shown = re.findall(r"\]\(screens/([^)]+)\)", (DOCS / "screens.md").read_text(encoding="utf-8"))
    kept = list((DOCS / "screens").glob("*.png"))
    assert sorted(shown) == sorted(file.name for file in kept)
    assert len(kept) > 20
    assert sum(file.stat().st_size for file in kept) < MOST_BYTES
