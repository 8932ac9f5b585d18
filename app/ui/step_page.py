"""One page of the first run: its heading, what it is for, and room for parts. Knows not what comes before and after."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from app.first_steps import PAGES, Step
from app.ui.column import Column
from app.ui.sentence import Sentence
from app.words import translate


class Heading(QLabel):
    """Has the focus when its page comes, so that a screen reader reads it and what the page is for, once."""

    def __init__(self, words: str) -> None:
        super().__init__(words, wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        self.setObjectName("step")
        self.setIndent(0)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)


class StepPage(QWidget):
    """`entered` and `gone` as it comes to be seen and ceases to be."""

    entered = Signal()
    gone = Signal()

    def __init__(
        self, step: Step, title: str, purpose: str, parts: Sequence[QWidget], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.step = step
        self._title = title
        self._purpose = purpose
        self.heading = Heading(title)
        self.purpose = Sentence(title)
        self.purpose.setText(purpose)
        self.place = Sentence(translate("StepPage", "How far it is"))
        self.place.setObjectName("quiet")
        self.place.setText(
            translate("StepPage", "Step {number} of {count}").format(number=step.number, count=len(PAGES))
        )
        self.setAccessibleName(title)
        self._lay_out(parts)
        self.say_more()

    @property
    def words(self) -> str:
        """All that is said of the page when it comes."""
        return translate("StepPage", "{title}. {about}").format(
            title=self._title, about=self.heading.accessibleDescription()
        )

    def say_more(self, *sentences: str) -> None:
        """That belongs to what the page is for, for who hears it instead of looking."""
        said = [f"{self.place.text()}.", self._purpose, *sentences]
        self.heading.setAccessibleDescription(" ".join(said))

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 -- Qt's name
        super().showEvent(event)
        self.entered.emit()

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802 -- Qt's name
        super().hideEvent(event)
        self.gone.emit()

    def _lay_out(self, parts: Sequence[QWidget]) -> None:
        content = QWidget()
        inner = QVBoxLayout(content)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(20)
        for widget in (self.place, self.heading, self.purpose, *parts):
            inner.addWidget(widget)
        inner.addStretch()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(Column(content))
