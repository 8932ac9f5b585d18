"""What is shown to the model, as the transcript has it: a file, or a picture made small. Knows neither of both ends."""

from __future__ import annotations

from pathlib import Path
from typing import assert_never

from app import thumbnails
from app.senses import Frame, Origin
from app.transcript import Attachment, Kind, Line, Who
from app.words import QT_TRANSLATE_NOOP, translate

NO_SOUND = QT_TRANSLATE_NOOP("Conversation", "This question was spoken, and its sound is not kept: ask it again.")
NO_PICTURES = QT_TRANSLATE_NOOP("Conversation", "The pictures that this answer is about are not kept: show them again.")


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


def what_is_lost(question: Line) -> str:
    """Why one of an old conversation cannot be put again as it was, as a sentence; empty where it can."""
    if any(item.kind is Kind.SPEECH for item in question.attachments):
        return translate("Conversation", NO_SOUND)
    is_shown = any(item.shown is not None for item in question.attachments)
    if question.who is Who.ITSELF or not (question.text or is_shown):
        return translate("Conversation", NO_PICTURES)
    return ""
