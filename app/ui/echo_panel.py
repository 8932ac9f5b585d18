"""What is known of the echo, in words, and the button that has it tested. Knows no device."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.duplex import Duplex, Echo, EchoState, Trouble
from app.ui.button import Button
from app.ui.sentence import Sentence

TEST, STOP = "Test for echo", "Stop the test"
TESTING = "Testing: a short sound is played. Please be quiet until it is over."
UNTESTED = "How much of the speaker this microphone hears was not tested yet."
NOTHING = "This microphone hears next to nothing of the speaker."
SOMETHING = "This microphone hears the speaker, {delay} ms late; of that Sightline takes {removed} decibels away."
FAINT = -40.0
"""Decibels of what is played that come back as next to nothing."""
TROUBLES = {
    Trouble.NO_MICROPHONE: "There is no microphone to test with: plug one in, then test again.",
    Trouble.NO_SPEAKER: "There is no speaker to test with: plug one in, then test again.",
    Trouble.SILENT: "Nothing was to be heard of the test: turn the volume up, then test again.",
    Trouble.DEAF: "The microphone heard nothing at all, not even the room: unmute it, then test again.",
    Trouble.NOISE: "There was other sound during the test: test again when it is quiet.",
}
HOLDS = {
    Duplex.FULL: "You can break into an answer by speaking.",
    Duplex.GUARDED: "To break into an answer, speak up for a moment.",
    Duplex.PUSH: "While an answer is spoken the microphone is not listened to: press Talk to break into it.",
}


class EchoPanel(QWidget):
    """`told` carries what a screen reader may say: that a test begins, and what has come of it."""

    told = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._is_testing = False
        self.words = Sentence("What is known of the echo, and what follows from it")
        self.test = Button(TEST, "hands-free", "Plays a short sound and listens to how much of it comes back")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addWidget(self.words)
        column.addWidget(self.test)
        self.setFocusProxy(self.test)
        self.show_echo(EchoState())

    def show_echo(self, state: EchoState) -> None:
        """In words."""
        self.words.setText(describe(state))
        self.test.setText(STOP if state.is_testing else TEST)
        if state.is_testing is not self._is_testing:
            self._is_testing = state.is_testing
            self.told.emit(self.words.text())


def describe(state: EchoState) -> str:
    """What was found, then what holds."""
    if state.is_testing:
        return TESTING
    if state.trouble is not None:
        found = TROUBLES[state.trouble]
    else:
        found = UNTESTED if state.echo is None else _describe_echo(state.echo)
    return f"{found} {HOLDS[state.duplex]}"


def _describe_echo(echo: Echo) -> str:
    if echo.returned < FAINT:
        return NOTHING
    return SOMETHING.format(delay=max(0, round(1000 * echo.delay)), removed=round(echo.removed))
