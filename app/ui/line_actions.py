"""What can be done with one line, as buttons beside it. Knows no list."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from app.ui.button import Button
from app.words import translate


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
        self.copy = self._new_button(
            "copy",
            translate("LineActions", "Copy message"),
            translate("LineActions", "Put the words of this message into the clipboard"),
        )
        self.edit = self._new_button(
            "rename",
            translate("LineActions", "Edit and ask again"),
            translate("LineActions", "Change this question; what followed is replaced"),
        )
        self.again = self._new_button(
            "again",
            translate("LineActions", "Answer again"),
            translate("LineActions", "Another answer in place of this one"),
        )
        self.replay = self._new_button(
            "replay", translate("LineActions", "Speak again"), translate("LineActions", "Hear this answer once more")
        )
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
