"""Words that change, for the eye and for a screen reader alike. Knows nothing of what they say."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget


class Sentence(QLabel):
    """`about` is what it tells of: a screen reader reads the words first, then that."""

    def __init__(self, about: str, parent: QWidget | None = None) -> None:
        # No accessible name: Qt would give it in place of the words, and tell of no change.
        super().__init__(parent, wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        self.setAccessibleDescription(about)
