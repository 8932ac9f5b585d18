"""Signs that something is listened to or looked at, an icon and a word each, and one way to end all.

Knows no device.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QWidget

from app.senses import Origin
from app.ui.button import Button
from app.ui.icons import USUAL_SIZE, icon
from app.ui.sentence import Sentence
from app.words import QT_TRANSLATE_NOOP, translate

SEEING = {
    Origin.CAMERA: ("camera", QT_TRANSLATE_NOOP("LiveSigns", "Camera on")),
    Origin.SCREEN: ("screen", QT_TRANSLATE_NOOP("LiveSigns", "Screen watched")),
    Origin.WINDOW: ("window", QT_TRANSLATE_NOOP("LiveSigns", "Window watched")),
}


MICROPHONE_ON = QT_TRANSLATE_NOOP("LiveSigns", "Microphone on")
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
        row.setContentsMargins(8, 4, 8, 4)
        row.setSpacing(8)
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
            self._icon.setPixmap(drawn.pixmap(QSize(USUAL_SIZE, USUAL_SIZE), self.devicePixelRatioF()))


class LiveSigns(QWidget):
    """`changed` when there is more or less to tell."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.microphone = LiveSign(translate("LiveSigns", "Microphone"))
        self.sight = LiveSign(translate("LiveSigns", "Camera or screen"))
        self.off = Button(
            translate("LiveSigns", "&Both off"),
            "off",
            translate("LiveSigns", "Stop listening and looking at once (Ctrl+Shift+X)"),
        )
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
        seeing = [translate("LiveSigns", words) for _, words in SEEING.values()]
        words = [translate("LiveSigns", MICROPHONE_ON), max(seeing, key=len)]
        around = 2 * (USUAL_SIZE + AROUND_SIGN) + 2 * GAP + self.off.sizeHint().width()
        return around + sum(self.fontMetrics().horizontalAdvance(word) for word in words)

    def show_microphone(self, *, on: bool) -> None:
        """Whether anything is listened to."""
        self.microphone.tell("talk" if on else "", translate("LiveSigns", MICROPHONE_ON) if on else "")
        self._show()

    def show_sight(self, origin: Origin | None) -> None:
        """What is looked at."""
        picture, words = SEEING[origin] if origin is not None else ("", "")
        self.sight.tell(picture, translate("LiveSigns", words) if words else "")
        self._show()

    def _show(self) -> None:
        is_any = bool(self.microphone.words.text() or self.sight.words.text())
        if self.off.hasFocus() and not is_any:
            self.focusNextChild()
        self.setVisible(is_any)
        self.changed.emit()
