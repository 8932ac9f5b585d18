"""What can be done with one line, as buttons beside it. Knows no list."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from app.ui.button import Button


@dataclass(frozen=True, slots=True)
class Offer:
    """What is possible with a line, beside copying it."""

    edit: bool = False
    again: bool = False
    replay: bool = False


class LineActions(QFrame):
    """One bar, which goes where it is needed."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("actions")
        self.copy = self._new_button("copy", "Copy message", "Put the words of this message into the clipboard")
        self.edit = self._new_button("rename", "Edit and ask again", "Change this question; what followed is replaced")
        self.again = self._new_button("again", "Answer again", "Another answer in place of this one")
        self.replay = self._new_button("replay", "Speak again", "Hear this answer once more")
        row = QHBoxLayout(self)
        row.setContentsMargins(1, 1, 1, 1)
        row.setSpacing(1)
        for button in (self.copy, self.edit, self.again, self.replay):
            row.addWidget(button)
        self.hide()

    def offer(self, offer: Offer) -> None:
        """Just this, and copying."""
        self.edit.setVisible(offer.edit)
        self.again.setVisible(offer.again)
        self.replay.setVisible(offer.replay)
        self.adjustSize()

    @property
    def has_focus(self) -> bool:
        """Whether one of its buttons has the keyboard."""
        return any(button.hasFocus() for button in (self.copy, self.edit, self.again, self.replay))

    def _new_button(self, picture: str, name: str, explanation: str) -> Button:
        button = Button("", picture, explanation, self)
        button.setObjectName("quietly")
        button.setAccessibleName(name)
        return button
