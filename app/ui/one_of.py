"""One of a few things, each with a sentence on what it means. Knows not what they are."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QRectF, QSignalBlocker, Qt, QTimer, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPalette, QShowEvent
from PySide6.QtWidgets import QGroupBox, QRadioButton, QStyle, QStyleOptionButton, QVBoxLayout, QWidget

from app.ui.sentence import Sentence

Entries = Sequence[tuple[object, str, str]]
"""What is meant, its name, and a sentence on it, which may be empty."""
DOT = 0.22
"""Its radius, as a share of the circle's width."""


class RadioButton(QRadioButton):
    """A style sheet that gives a circle its edge draws no dot."""

    @property
    def indent(self) -> int:
        """Where its name begins, in points from the left."""
        option = QStyleOptionButton()
        self.initStyleOption(option)
        return self.style().subElementRect(QStyle.SubElement.SE_RadioButtonContents, option, self).left()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 -- Qt's name
        super().paintEvent(event)
        if not self.isChecked():
            return
        option = QStyleOptionButton()
        self.initStyleOption(option)
        circle = QRectF(self.style().subElementRect(QStyle.SubElement.SE_RadioButtonIndicator, option, self))
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self.palette().color(QPalette.ColorRole.HighlightedText))
        painter.drawEllipse(circle.center(), DOT * circle.width(), DOT * circle.width())


class OneOf(QGroupBox):
    """`chosen` carries what is meant, at once: the arrow keys choose too."""

    chosen = Signal(object)

    def __init__(self, title: str, entries: Entries, parent: QWidget | None = None) -> None:
        super().__init__(title, parent)
        self._buttons: dict[object, RadioButton] = {}
        self._sentences: list[tuple[RadioButton, Sentence]] = []
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 16)
        column.setSpacing(4)
        for meant, name, words in entries:
            self._add(column, meant, name, words)

    @property
    def choice(self) -> object:
        """What is meant; None before there is a choice."""
        return next((meant for meant, button in self._buttons.items() if button.isChecked()), None)

    def show_choice(self, meant: object) -> None:
        """As it is; nothing is told."""
        button = self._buttons[meant]
        with QSignalBlocker(button):
            button.setChecked(True)
        self._lead_to_choice()

    def button(self, meant: object) -> RadioButton:
        """That chooses it."""
        return self._buttons[meant]

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 -- Qt's name
        super().showEvent(event)
        self._align()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 -- Qt's name
        super().changeEvent(event)
        if event.type() is QEvent.Type.FontChange:
            QTimer.singleShot(0, self, self._align)  # once the buttons know

    def _add(self, column: QVBoxLayout, meant: object, name: str, words: str) -> None:
        button = self._buttons[meant] = RadioButton(name)
        button.setAccessibleDescription(words or self.title())
        button.setToolTip(words or self.title())
        button.toggled.connect(lambda on: self._take(meant) if on else None)
        if self._buttons and column.count():
            column.addSpacing(8)
        column.addWidget(button)
        if words:
            about = Sentence(name)
            about.setText(words)
            about.setObjectName("quiet")
            self._sentences.append((button, about))
            column.addWidget(about)

    def _take(self, meant: object) -> None:
        self._lead_to_choice()
        self.chosen.emit(meant)

    def _lead_to_choice(self) -> None:
        """By Tab from either side; Qt sees to it only once one of them has had the focus."""
        for button in self._buttons.values():
            policies = Qt.FocusPolicy
            button.setFocusPolicy(policies.StrongFocus if button.isChecked() else policies.ClickFocus)

    def _align(self) -> None:
        for button, about in self._sentences:
            about.setContentsMargins(button.indent, 0, 0, 0)
