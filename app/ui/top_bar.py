"""Above everything: what the conversation is called, whether it is kept, and the ways to the other pages."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QWidget

from app.ui.button import Button

NEW = "New conversation"
PRIVATE = "Private conversation: nothing of it is kept"


class TopBar(QFrame):
    """Its title is cut off where there is no room for it; a screen reader gets all of it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("top")
        self.list = self._new_button("list", "Conversations", "Show or hide the list of conversations (Ctrl+B)")
        self.list.setChecked(True)
        self.models = self._new_button("model", "Models", "Which model answers, others to download, and speed (Ctrl+M)")
        self.settings = self._new_button("settings", "Settings", "How Sightline looks, speaks and remembers (Ctrl+,)")
        self.log = self._new_button("log", "Log", "What happened, and a report to send to somebody (Ctrl+L)")
        self.title = QLabel()
        self.title.setObjectName("title")
        self.title.setTextFormat(Qt.TextFormat.PlainText)
        self.title.setMinimumWidth(1)
        self.title.setAccessibleDescription("Conversation that is open")
        self._words = NEW
        row = QHBoxLayout(self)
        row.setContentsMargins(20, 8, 20, 8)
        row.setSpacing(8)
        row.addWidget(self.list)
        row.addWidget(self.title, 1)
        row.addWidget(self.models)
        row.addWidget(self.log)
        row.addWidget(self.settings)

    def show_title(self, title: str, *, private: bool) -> None:
        """Empty where it has none yet."""
        self._words = PRIVATE if private else title or NEW
        self.title.setAccessibleName(self._words)
        self._elide()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 -- Qt's name
        super().resizeEvent(event)
        self._elide()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 -- Qt's name
        super().changeEvent(event)
        if event.type() is QEvent.Type.FontChange:
            self._elide()

    def _elide(self) -> None:
        room = self.title.width() - 2
        self.title.setText(self.title.fontMetrics().elidedText(self._words, Qt.TextElideMode.ElideRight, room))

    def _new_button(self, picture: str, name: str, explanation: str) -> Button:
        button = Button("", picture, explanation, self)
        button.setObjectName("quietly")
        button.setAccessibleName(name)
        button.setCheckable(True)
        return button
