"""Camera and microphone as the user meets them: picture, switches, level, and what is missing. Knows no device."""

from __future__ import annotations

from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QVBoxLayout, QWidget

from app.ui.button import Button
from app.ui.camera_view import OFF, OPENING, CameraView
from app.ui.level_meter import LevelMeter
from app.ui.sentence import Sentence

SPACING = 12
NARROW_HEIGHT = 150
WIDGET_MOST = 16_777_215
"""Qt's own word for no limit."""


class Complaint(Sentence):
    """On what is missing; nothing is to be seen while all is well."""

    def __init__(self, about: str) -> None:
        super().__init__(about)
        self.setObjectName("quiet")
        self.hide()

    def tell(self, sentence: str) -> None:
        """Empty once all is well."""
        self.setText(sentence)
        self.setVisible(bool(sentence))


class SensesPanel(QWidget):
    """Beside the conversation, or above it where the window is narrow."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.picture = CameraView()
        self.camera = Button("&Camera", "camera", "Let the model see what the camera sees (Ctrl+K)")
        self.camera.setCheckable(True)
        self.hands_free = Button("&Hands-free", "hands-free", "Speak without pressing anything (Ctrl+Shift+T)")
        self.hands_free.setCheckable(True)
        self.mute = Button("M&ute", "mute", "Hear nothing for a while, and leave hands-free on (Ctrl+M)")
        self.mute.setCheckable(True)
        self.meter = LevelMeter()
        self.about_muting = Complaint("Muted")
        self.about_microphone = Complaint("Microphone")
        self.about_speaker = Complaint("Speaker")
        self._layout = QBoxLayout(QBoxLayout.Direction.TopToBottom)
        self._switches = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._lay_out()
        self.camera.toggled.connect(self._show_switched)

    def set_narrow(self, *, narrow: bool) -> None:
        """Side by side instead of one below the other."""
        directions = QBoxLayout.Direction
        self._layout.setDirection(directions.LeftToRight if narrow else directions.TopToBottom)
        self._switches.setDirection(directions.TopToBottom if narrow else directions.LeftToRight)
        self.picture.setMaximumHeight(NARROW_HEIGHT if narrow else WIDGET_MOST)

    def lose_camera(self, sentence: str) -> None:
        """It is off because it must be."""
        self.camera.setChecked(False)
        self.picture.tell(sentence)

    def _show_switched(self, on: bool) -> None:  # noqa: FBT001 -- a signal's argument
        self.picture.tell(OPENING if on else OFF)

    def _lay_out(self) -> None:
        self._switches.setSpacing(8)
        self._switches.addWidget(self.camera, 1)
        self._switches.addWidget(self.hands_free, 1)
        beside = QVBoxLayout()
        beside.setSpacing(SPACING)
        beside.addLayout(self._switches)
        heard = QHBoxLayout()
        heard.setSpacing(8)
        heard.addWidget(self.meter, 1)
        heard.addWidget(self.mute)
        beside.addLayout(heard)
        beside.addWidget(self.about_muting)
        beside.addStretch()
        self._layout.setSpacing(SPACING)
        self._layout.addWidget(self.picture)
        self._layout.addLayout(beside, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACING)
        column.addLayout(self._layout)
        column.addWidget(self.about_microphone)
        column.addWidget(self.about_speaker)
        column.addStretch(1)
