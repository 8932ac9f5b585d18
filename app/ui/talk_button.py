"""Push to talk: hold it down while you speak, or press once to begin and once to end. Knows no microphone."""

from __future__ import annotations

from time import monotonic

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.ui.button import Button
from app.words import translate

HOLD_SECONDS = 0.5
"""Shorter is a press, which keeps on until the next one."""


class TalkButton(Button):
    """Works by mouse, finger and space bar alike."""

    talking = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(
            translate("TalkButton", "&Talk"),
            "talk",
            translate("TalkButton", "Hold while you speak, or press to begin and again to end (Ctrl+T)"),
            parent,
        )
        self._began = 0.0
        self._is_talking = False
        self._ends_at_release = False
        self.pressed.connect(self._press)
        self.released.connect(self._release)

    @property
    def is_talking(self) -> bool:
        """Whether what is said now is meant for the model."""
        return self._is_talking

    def begin(self) -> None:
        """As if pressed once."""
        self._set(on=True)

    def end(self) -> None:
        """However it was begun."""
        self._set(on=False)

    def toggle_talk(self) -> None:
        """As if pressed and let go."""
        self._set(on=not self._is_talking)

    def _press(self) -> None:
        self._ends_at_release = self._is_talking
        if not self._is_talking:
            self._began = monotonic()
            self._set(on=True)

    def _release(self) -> None:
        if self._ends_at_release or monotonic() - self._began >= HOLD_SECONDS:
            self._set(on=False)

    def _set(self, *, on: bool) -> None:
        if on is self._is_talking:
            return
        self._is_talking = on
        self.setText(translate("TalkButton", "End &talk") if on else translate("TalkButton", "&Talk"))
        self.setObjectName("primary" if on else "")
        self.style().unpolish(self)
        self.style().polish(self)
        self._draw()
        self.talking.emit(on)
