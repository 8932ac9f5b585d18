"""Signs that something is listened to or looked at, an icon and a word each, and one way to end all.

Knows no device.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QWidget

from app.senses import Origin
from app.ui.button import Button
from app.ui.sentence import Sentence
from app.ui.theme import ICON_SIZE, icon

SEEING = {
    Origin.CAMERA: ("camera", "Camera on"),
    Origin.SCREEN: ("screen", "Screen watched"),
    Origin.WINDOW: ("window", "Window watched"),
}


MICROPHONE_ON = "Microphone on"
AROUND_SIGN = 30
"""Points beside icon and words."""
GAP = 8


class LiveSign(QFrame):
    """Hidden while there is nothing to tell."""

    def __init__(self, about: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("live")
        self.words = Sentence(about)
        self.words.setWordWrap(False)
        self._picture = ""
        self._icon = QLabel()
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 3, 10, 3)
        row.setSpacing(6)
        row.addWidget(self._icon)
        row.addWidget(self.words)
        self.hide()

    def tell(self, picture: str, words: str) -> None:
        """Both empty once it is off."""
        self._picture = picture
        self.words.setText(words)
        self._draw()
        self.setVisible(bool(words))

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 -- Qt's name
        super().changeEvent(event)
        if event.type() in {QEvent.Type.PaletteChange, QEvent.Type.StyleChange}:
            self._draw()

    def _draw(self) -> None:
        if self._picture:
            drawn = icon(self._picture, self.palette().color(QPalette.ColorRole.Text))
            self._icon.setPixmap(drawn.pixmap(ICON_SIZE, ICON_SIZE))


class LiveSigns(QWidget):
    """`changed` when there is more or less to tell."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.microphone = LiveSign("Microphone")
        self.sight = LiveSign("Camera or screen")
        self.off = Button("&Both off", "off", "Stop listening and looking at once (Ctrl+Shift+X)")
        self.off.setObjectName("small")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GAP)
        for widget in (self.microphone, self.sight, self.off):
            row.addWidget(widget)
        row.addStretch()
        self.hide()

    @property
    def widest(self) -> int:
        """Points that it may need."""
        words = [MICROPHONE_ON, max((words for _, words in SEEING.values()), key=len)]
        around = 2 * (ICON_SIZE + AROUND_SIGN) + 2 * GAP + self.off.sizeHint().width()
        return around + sum(self.fontMetrics().horizontalAdvance(word) for word in words)

    def show_microphone(self, *, on: bool) -> None:
        """Whether anything is listened to."""
        self.microphone.tell("talk" if on else "", MICROPHONE_ON if on else "")
        self._show()

    def show_sight(self, origin: Origin | None) -> None:
        """What is looked at."""
        picture, words = SEEING[origin] if origin is not None else ("", "")
        self.sight.tell(picture, words)
        self._show()

    def _show(self) -> None:
        is_any = bool(self.microphone.words.text() or self.sight.words.text())
        if self.off.hasFocus() and not is_any:
            self.focusNextChild()
        self.setVisible(is_any)
        self.changed.emit()
