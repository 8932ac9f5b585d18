"""Whether anything may move by itself: what moves here only tells what stands in words too. Knows not what moves."""

from __future__ import annotations

import sys

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

GENERAL = Qt.UIEffect.UI_General
STILL = 0


class Motion:
    """As the user wants it, and never more than the system does where Qt tells of that: on Windows it does."""

    def __init__(self) -> None:
        self._system_allows = sys.platform != "win32" or QApplication.isEffectEnabled(GENERAL)
        self._flash = QApplication.styleHints().cursorFlashTime()

    def allow(self, *, on: bool) -> None:
        """What is about to move asks `is_allowed`; the caret stands still too where nothing may."""
        QApplication.setEffectEnabled(GENERAL, on and self._system_allows)
        QApplication.styleHints().setCursorFlashTime(self._flash if is_allowed() else STILL)


def is_allowed() -> bool:
    """Asked by what is about to move, each time."""
    return QApplication.isEffectEnabled(GENERAL)
