"""Above everything: what the conversation is called, what is live, and the ways to the other pages."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from app.ui.button import Button
from app.ui.live_signs import LiveSigns
from app.words import QT_TRANSLATE_NOOP, translate

NEW = QT_TRANSLATE_NOOP("TopBar", "New conversation")
LEAST_TITLE = 24
"""Letters of it."""
PRIVATE = QT_TRANSLATE_NOOP("TopBar", "Private conversation: nothing of it is kept")


class TopBar(QFrame):
    """Its title is cut off where there is no room for it; a screen reader gets all of it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("top")
        self.list = self._new_button(
            "list",
            translate("TopBar", "Conversations"),
            translate("TopBar", "Show or hide the list of conversations (Ctrl+B)"),
        )
        self.list.setChecked(True)
        self.models = self._new_button(
            "model",
            translate("TopBar", "Models"),
            translate("TopBar", "Which model answers, others to download, and speed (Ctrl+Shift+M)"),
        )
        self.settings = self._new_button(
            "settings",
            translate("TopBar", "Settings"),
            translate("TopBar", "How Sightline looks, speaks and remembers (Ctrl+,)"),
        )
        self.devices = self._new_button(
            "devices",
            translate("TopBar", "Devices"),
            translate("TopBar", "Camera, microphone and speaker (Ctrl+D)"),
        )
        self.live = LiveSigns()
        self.log = self._new_button(
            "log",
            translate("TopBar", "Log"),
            translate("TopBar", "What happened, and a report to send to somebody (Ctrl+L)"),
        )
        self.title = QLabel()
        self.title.setObjectName("title")
        self.title.setTextFormat(Qt.TextFormat.PlainText)
        self.title.setMinimumWidth(1)
        self.title.setAccessibleDescription(translate("TopBar", "Conversation that is open"))
        self._title = self._words = translate("TopBar", NEW)
        self._has_ways = True
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(20, 8, 20, 8)
        self._row = QHBoxLayout()
        self._row.setSpacing(8)
        self._column.addLayout(self._row)
        self._buttons = (self.list, self.models, self.devices, self.log, self.settings)
        for widget in (self.list, self.title, self.live, *self._buttons[1:]):
            self._row.addWidget(widget, int(widget is self.title))
        self.live.changed.connect(self._place_signs)

    def show_title(self, title: str, *, private: bool) -> None:
        """Empty where it has none yet."""
        self._title = translate("TopBar", PRIVATE) if private else title or translate("TopBar", NEW)
        self._name()
        self._elide()

    def show_ways(self, *, on: bool) -> None:
        """Whether there are ways to the other pages; without them it only tells what is live."""
        for button in self._buttons:
            button.setVisible(on)
        self._has_ways = on
        self._name()
        self._place_signs()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 -- Qt's name
        super().resizeEvent(event)
        self._place_signs()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 -- Qt's name
        super().changeEvent(event)
        if event.type() is QEvent.Type.FontChange:
            self._elide()

    def _place_signs(self) -> None:
        """Below, where they would leave the title no room."""
        buttons = sum(button.sizeHint().width() for button in self._buttons if not button.isHidden())
        fits = (
            self.width() - buttons - self.live.sizeHint().width() >= LEAST_TITLE * self.fontMetrics().averageCharWidth()
        )
        if fits != (self._row.indexOf(self.live) >= 0):
            self._row.removeWidget(self.live)
            self._column.removeWidget(self.live)
            if fits:
                self._row.insertWidget(2, self.live)
            else:
                self._column.addWidget(self.live)
        self._column.activate()
        self._elide()

    def _name(self) -> None:
        self._words = self._title if self._has_ways else translate("TopBar", "First steps")
        self.title.setAccessibleName(self._words)

    def _elide(self) -> None:
        room = self.title.width() - 2
        self.title.setText(self.title.fontMetrics().elidedText(self._words, Qt.TextElideMode.ElideRight, room))

    def _new_button(self, picture: str, name: str, explanation: str) -> Button:
        button = Button("", picture, explanation, self)
        button.setObjectName("quietly")
        button.setAccessibleName(name)
        button.setCheckable(True)
        return button
