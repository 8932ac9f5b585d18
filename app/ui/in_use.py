"""The model that is loaded, how fast it is here, and how to be rid of its memory. Knows no model."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGroupBox, QHBoxLayout, QVBoxLayout, QWidget

from app.ui.alcove import Alcove
from app.ui.button import Button
from app.ui.choice import Choice, fill, translated
from app.ui.form import add_named, new_form
from app.ui.sentence import Sentence
from app.wares import words_in
from app.words import QT_TRANSLATE_NOOP, translate

NOTHING = QT_TRANSLATE_NOOP("InUse", "No model is in memory.")
UNTRIED = QT_TRANSLATE_NOOP("InUse", "How fast it is here was not tried yet.")
TRYING = QT_TRANSLATE_NOOP("InUse", "It is being tried: that takes some seconds.")
TIMES: dict[str, int | None] = {
    QT_TRANSLATE_NOOP("InUse", "Never"): None,
    QT_TRANSLATE_NOOP("InUse", "After 5 minutes"): 5,
    QT_TRANSLATE_NOOP("InUse", "After 15 minutes"): 15,
    QT_TRANSLATE_NOOP("InUse", "After 30 minutes"): 30,
    QT_TRANSLATE_NOOP("InUse", "After an hour"): 60,
}


CONTEXTS = (16_384, 8192, 4096)


class InUse(QGroupBox):
    """`idle_chosen` carries minutes, or None for never; `context_chosen` tokens, or None for as many as fit."""

    freed = Signal()
    wanted_again = Signal()
    tried = Signal()
    idle_chosen = Signal(object)
    context_chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(translate("InUse", "In use"), parent)
        self.pace = QWidget()
        """What is in memory, how fast it is, and the test: the first run shows it too."""
        self.about = Sentence(translate("InUse", "Model in memory"))
        self.speed = Sentence(translate("InUse", "Speed of the model"))
        self.free = Button(
            translate("InUse", "Free memory now"),
            "remove",
            translate("InUse", "Take the model out of memory; the conversation stays"),
        )
        self.load = Button(
            translate("InUse", "Load again"), "again", translate("InUse", "Load the model that was used last")
        )
        self.test = Button(
            translate("InUse", "Test the speed"),
            "spark",
            translate("InUse", "Measure how fast the model reads, writes and speaks here"),
        )
        self.idle = Choice()
        self.idle.setAccessibleDescription(translate("InUse", "When nothing was asked for so long"))
        self.idle.setToolTip(translate("InUse", "When nothing was asked for so long"))
        self.context = Choice()
        explanation = translate("InUse", "With less of a conversation in mind the model needs less memory")
        self.context.setAccessibleDescription(explanation)
        self.context.setToolTip(explanation)
        self._lay_out()
        self.free.clicked.connect(self.freed)
        self.load.clicked.connect(self.wanted_again)
        self.test.clicked.connect(self.tried)
        self.idle.currentIndexChanged.connect(lambda: self.idle_chosen.emit(self.idle.currentData()))
        self.context.currentIndexChanged.connect(lambda: self.context_chosen.emit(self.context.currentData()))
        self.show_model("")
        self.show_idle(None)
        self.show_context(None)

    def show_model(self, words: str, *, can_load: bool = False) -> None:
        """Empty where there is none in memory; `can_load` if one was there before."""
        self.about.setText(words or translate("InUse", NOTHING))
        self.show_speed(translate("InUse", UNTRIED) if words else "")
        self.free.setVisible(bool(words))
        self.test.setVisible(bool(words))
        self.load.setVisible(not words and can_load)

    def show_speed(self, sentence: str) -> None:
        """Figures, and what they are good for."""
        self.speed.setText(sentence)
        self.speed.setVisible(bool(sentence))
        self.test.setEnabled(sentence != translate("InUse", TRYING))

    def show_idle(self, minutes: int | None) -> None:
        """As it is set."""
        times = translated("InUse", TIMES)
        if minutes not in TIMES.values():
            times[translate("InUse", "After {minutes} minutes").format(minutes=minutes)] = minutes
        fill(self.idle, times, minutes)

    def show_context(self, tokens: int | None) -> None:
        """As it is set."""
        choices: dict[str, int | None] = {translate("InUse", "As much of a conversation as fits"): None}
        for count in sorted({*CONTEXTS, *(() if tokens is None else (tokens,))}, reverse=True):
            words = translate("InUse", "{tokens} tokens, about {words} words")
            choices[words.format(tokens=f"{count:,}", words=f"{words_in(count):,}")] = count
        fill(self.context, choices, tokens)

    def _lay_out(self) -> None:
        pace = QVBoxLayout(self.pace)
        pace.setContentsMargins(0, 0, 0, 0)
        pace.setSpacing(12)
        pace.addWidget(self.about)
        pace.addWidget(self.speed)
        pace.addLayout(_row(self.test))
        form = new_form()
        add_named(form, translate("InUse", "Free the memory by itself"), self.idle)
        add_named(form, translate("InUse", "Keep in mind"), self.context)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 16)
        column.setSpacing(12)
        column.addWidget(Alcove(self.pace))
        column.addLayout(_row(self.free, self.load))
        column.addLayout(form)


def _row(*buttons: Button) -> QHBoxLayout:
    """From the left, no wider than their words."""
    row = QHBoxLayout()
    for button in buttons:
        row.addWidget(button)
    row.addStretch()
    return row
