"""Whether the system lets a device be used, and what can be done where it does not. Knows no device and no system."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.senses import Permission
from app.ui.button import Button
from app.ui.sentence import Sentence
from app.words import QT_TRANSLATE_NOOP, translate


@dataclass(frozen=True, slots=True)
class Wording:
    """All that is said of one device; translated when it is shown."""

    title: str
    allowed: str
    not_asked: str
    blocked: str
    asking: str
    place: str

    def of(self, permission: Permission) -> str:
        """In the user's language."""
        words = {Permission.ALLOWED: self.allowed, Permission.ASK: self.not_asked, Permission.BLOCKED: self.blocked}
        return translate("PermissionRow", words[permission])


CAMERA = Wording(
    title=QT_TRANSLATE_NOOP("PermissionRow", "Permission for the camera"),
    allowed=QT_TRANSLATE_NOOP("PermissionRow", "Sightline may use the camera."),
    not_asked=QT_TRANSLATE_NOOP(
        "PermissionRow", "The system has not asked you yet whether Sightline may use the camera."
    ),
    blocked=QT_TRANSLATE_NOOP(
        "PermissionRow", "The system keeps the camera from Sightline: allow it in the system's settings."
    ),
    asking=QT_TRANSLATE_NOOP("PermissionRow", "Let the system ask whether Sightline may use the camera"),
    place=QT_TRANSLATE_NOOP("PermissionRow", "Where the camera can be allowed"),
)
MICROPHONE = Wording(
    title=QT_TRANSLATE_NOOP("PermissionRow", "Permission for the microphone"),
    allowed=QT_TRANSLATE_NOOP("PermissionRow", "Sightline may use the microphone."),
    not_asked=QT_TRANSLATE_NOOP(
        "PermissionRow", "The system has not asked you yet whether Sightline may use the microphone."
    ),
    blocked=QT_TRANSLATE_NOOP(
        "PermissionRow", "The system keeps the microphone from Sightline: allow it in the system's settings."
    ),
    asking=QT_TRANSLATE_NOOP("PermissionRow", "Let the system ask whether Sightline may use the microphone"),
    place=QT_TRANSLATE_NOOP("PermissionRow", "Where the microphone can be allowed"),
)


class PermissionRow(QWidget):
    """What the system says, and what can be done about it. Hidden where there is nothing to ask."""

    asked = Signal()
    page_wanted = Signal()
    looked = Signal()

    def __init__(self, wording: Wording, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._wording = wording
        self.words = Sentence(translate("PermissionRow", wording.title))
        self.ask = Button(translate("PermissionRow", "Allow…"), "spark", translate("PermissionRow", wording.asking))
        self.open = Button(
            translate("PermissionRow", "Open the system's settings"),
            "settings",
            translate("PermissionRow", wording.place),
        )
        self.look = Button(
            translate("PermissionRow", "Check again"),
            "again",
            translate("PermissionRow", "Ask the system once more what it allows"),
        )
        self.ask.clicked.connect(self.asked)
        self.open.clicked.connect(self.page_wanted)
        self.look.clicked.connect(self.looked)
        self._lay_out()
        self.hide()

    def show_permission(self, permission: Permission) -> None:
        """As the system has it."""
        self.words.setText(self._wording.of(permission))
        self.ask.setVisible(permission is Permission.ASK)
        self.open.setVisible(permission is Permission.BLOCKED)
        self.look.setVisible(permission is not Permission.ALLOWED)
        self.show()

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        for button in (self.ask, self.open, self.look):
            buttons.addWidget(button)
        buttons.addStretch()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.words)
        column.addLayout(buttons)
