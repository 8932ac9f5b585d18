"""What stands where no conversation is yet: what one can do, and by which control. Knows no control."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from app.ui.icons import icon
from app.ui.sentence import Sentence
from app.words import QT_TRANSLATE_NOOP, translate

HEADING = QT_TRANSLATE_NOOP("Welcome", "What would you like to know?")
WAYS = (
    ("rename", QT_TRANSLATE_NOOP("Welcome", "Type a question below, and press Enter.")),
    ("talk", QT_TRANSLATE_NOOP("Welcome", "Press Talk and speak, or switch Hands-free on and just speak.")),
    ("camera", QT_TRANSLATE_NOOP("Welcome", "Switch the camera on, and ask about what it sees.")),
    ("attach", QT_TRANSLATE_NOOP("Welcome", "Attach pictures, sound or video, or drop them here.")),
)
PRIVACY = QT_TRANSLATE_NOOP("Welcome", "Nothing that you say or show leaves this computer.")
SPACING = 16
WIDEST = 30
"""Heights of the text."""
ICON_SHARE = 1.4
"""Of the height of the text."""


class Welcome(QWidget):
    """Pictures beside sentences; a screen reader meets the sentences alone."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)  # files are dropped on what is behind
        self.heading = Sentence(translate("Welcome", "Welcome"))
        self.heading.setObjectName("heading")
        self._rows: list[tuple[QWidget, ...]] = []
        self._pictures = [(name, QLabel()) for name, _ in WAYS]
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(SPACING)
        self._grid.setVerticalSpacing(SPACING)
        self._grid.setColumnStretch(1, 1)
        self._lay_out()
        self._draw()

    def fit(self, width: int, height: int) -> QSize:
        """As many of the ways as there is room for; returns how large that is, too large if not even one fits."""
        for row in self._rows:
            for widget in row:
                widget.show()
        for row in reversed(self._rows):
            if self._grid.totalHeightForWidth(width) <= height:
                break
            for widget in row:
                widget.hide()
        return QSize(width, self._grid.totalHeightForWidth(width))

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 -- Qt's name
        super().changeEvent(event)
        if event.type() in {QEvent.Type.PaletteChange, QEvent.Type.FontChange, QEvent.Type.StyleChange}:
            self._draw()

    def _lay_out(self) -> None:
        self.heading.setText(translate("Welcome", HEADING))
        self._grid.addWidget(self.heading, 0, 0, 1, 2)
        for row, ((_, picture), (_, words)) in enumerate(zip(self._pictures, WAYS, strict=True), 1):
            sentence = Sentence(translate("Welcome", "Welcome"))
            sentence.setText(translate("Welcome", words))
            self._grid.addWidget(picture, row, 0, Qt.AlignmentFlag.AlignTop)
            self._grid.addWidget(sentence, row, 1)
            self._rows.append((picture, sentence))
        promise = Sentence(translate("Welcome", "Welcome"))
        promise.setText(translate("Welcome", PRIVACY))
        promise.setObjectName("quiet")
        self._grid.addWidget(promise, len(WAYS) + 1, 0, 1, 2)
        self._rows.append((promise,))

    def _draw(self) -> None:
        self.setMaximumWidth(WIDEST * self.fontMetrics().height())
        size = round(self.fontMetrics().height() * ICON_SHARE)
        colour = self.palette().color(QPalette.ColorRole.Link)
        for name, picture in self._pictures:
            picture.setPixmap(icon(name, colour, size).pixmap(QSize(size, size), self.devicePixelRatioF()))
