"""What is shown to the model, as the transcript has it: a file, or a picture made small. Knows neither of both ends."""

from __future__ import annotations

from pathlib import Path
from typing import assert_never

from app import thumbnails
from app.senses import Frame, Origin
from app.transcript import Attachment, Kind


def attach(shown: Path | Frame) -> Attachment:
    """What has no file is kept with its line as long as this conversation is open."""
    if isinstance(shown, Path):
        return Attachment(Kind.FILE, shown.name, shown)
    thumbnail = thumbnails.of_frame(shown.pixels)
    match shown.origin:
        case Origin.CAMERA:
            return Attachment(Kind.CAMERA, thumbnail=thumbnail)
        case Origin.SCREEN | Origin.WINDOW:
            return Attachment(Kind.SCREEN, thumbnail=thumbnail)
        case Origin.CLIPBOARD:
            return Attachment(Kind.PASTED, thumbnail=thumbnail, picture=shown)
        case _:
            assert_never(shown.origin)
