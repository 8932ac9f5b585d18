"""What is known of the echo, in words, and the button that has it tested. Knows no device."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.duplex import Duplex, Echo, EchoState, Trouble
from app.ui.button import Button
from app.ui.sentence import Sentence
from app.words import QT_TRANSLATE_NOOP, translate

TEST, STOP = QT_TRANSLATE_NOOP("EchoPanel", "Test for echo"), QT_TRANSLATE_NOOP("EchoPanel", "Stop the test")
TESTING = QT_TRANSLATE_NOOP("EchoPanel", "Testing: a short sound is played. Please be quiet until it is over.")
UNTESTED = QT_TRANSLATE_NOOP("EchoPanel", "How much of the speaker this microphone hears was not tested yet.")
NOTHING = QT_TRANSLATE_NOOP("EchoPanel", "This microphone hears next to nothing of the speaker.")
SOMETHING = QT_TRANSLATE_NOOP(
    "EchoPanel", "This microphone hears the speaker, {delay} ms late; of that Sightline takes {removed} decibels away."
)
FAINT = -40.0
"""Decibels of what is played that come back as next to nothing."""
TROUBLES = {
    Trouble.NO_MICROPHONE: QT_TRANSLATE_NOOP(
        "EchoPanel", "There is no microphone to test with: plug one in, then test again."
    ),
    Trouble.NO_SPEAKER: QT_TRANSLATE_NOOP(
        "EchoPanel", "There is no speaker to test with: plug one in, then test again."
    ),
    Trouble.SILENT: QT_TRANSLATE_NOOP(
        "EchoPanel", "Nothing was to be heard of the test: turn the volume up, then test again."
    ),
    Trouble.DEAF: QT_TRANSLATE_NOOP(
        "EchoPanel", "The microphone heard nothing at all, not even the room: unmute it, then test again."
    ),
    Trouble.NOISE: QT_TRANSLATE_NOOP(
        "EchoPanel", "There was other sound during the test: test again when it is quiet."
    ),
}
HOLDS = {
    Duplex.FULL: QT_TRANSLATE_NOOP("EchoPanel", "You can break into an answer by speaking."),
    Duplex.GUARDED: QT_TRANSLATE_NOOP("EchoPanel", "To break into an answer, speak up for a moment."),
    Duplex.PUSH: QT_TRANSLATE_NOOP(
        "EchoPanel", "While an answer is spoken the microphone is not listened to: press Talk to break into it."
    ),
}


PAST = QT_TRANSLATE_NOOP(
    "EchoPanel", "While the system's voice speaks the microphone is not listened to: press Talk to break into it."
)
BOTH = QT_TRANSLATE_NOOP("EchoPanel", "{found} {holds}")
"""Two sentences, in this order."""


class EchoPanel(QWidget):
    """`told` carries what a screen reader may say: that a test begins, and what has come of it."""

    told = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._is_testing = False
        self.words = Sentence(translate("EchoPanel", "What is known of the echo, and what follows from it"))
        self.test = Button(
            translate("EchoPanel", TEST),
            "hands-free",
            translate("EchoPanel", "Plays a short sound and listens to how much of it comes back"),
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.words)
        column.addWidget(self.test)
        self.show_echo(EchoState())

    def show_echo(self, state: EchoState) -> None:
        """In words."""
        self.words.setText(describe(state))
        self.test.setText(translate("EchoPanel", STOP if state.is_testing else TEST))
        if state.is_testing is not self._is_testing:
            self._is_testing = state.is_testing
            self.told.emit(self.words.text())


def describe(state: EchoState) -> str:
    """What was found, then what holds."""
    if state.is_testing:
        return translate("EchoPanel", TESTING)
    if state.trouble is not None:
        found = translate("EchoPanel", TROUBLES[state.trouble])
    else:
        found = translate("EchoPanel", UNTESTED) if state.echo is None else _describe_echo(state.echo)
    holds = translate("EchoPanel", PAST if state.is_past else HOLDS[state.duplex])
    return translate("EchoPanel", BOTH).format(found=found, holds=holds)


def _describe_echo(echo: Echo) -> str:
    if echo.returned < FAINT:
        return translate("EchoPanel", NOTHING)
    words = translate("EchoPanel", SOMETHING)
    return words.format(delay=max(0, round(1000 * echo.delay)), removed=round(echo.removed))
