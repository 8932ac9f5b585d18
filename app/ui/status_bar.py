"""One line of words: what the conversation is doing, and with which model. Knows neither."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from app.phase import Phase
from app.ui.phase_sign import PhaseSign
from app.ui.sentence import Sentence
from app.words import translate


class StatusBar(QFrame):
    """Both texts can be read by a screen reader at any time."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("status")
        self._phase = Phase.STOPPED
        self.sign = PhaseSign()
        self.phase = Sentence(translate("StatusBar", "State"))
        self.phase.setObjectName("phase")
        self._known: tuple[str, ...] = ()
        self._speed = ""
        self.model = Sentence(translate("StatusBar", "Model in use"))
        self.model.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.voice = Sentence(translate("StatusBar", "Voice in use"))
        row = QHBoxLayout(self)
        row.setContentsMargins(20, 8, 20, 8)
        row.setSpacing(8)
        row.addWidget(self.sign)
        row.addWidget(self.phase)
        row.addWidget(self.model, 1)
        row.addWidget(self.voice)

    def show_phase(self, phase: Phase) -> None:
        """In words."""
        self._phase = phase
        self.sign.show_phase(phase)
        self.phase.setText(phase.words)

    def show_detail(self, words: str) -> None:
        """More about it, until it changes."""
        self.phase.setText(f"{self._phase.words}: {words}" if words else self._phase.words)

    def show_voice(self, words: str) -> None:
        """Who speaks the answers."""
        self.voice.setText(words)

    def show_model(self, name: str, label: str, device: str, memory: str = "") -> None:
        """What must be said wherever it is used is said here."""
        self._known, self._speed = (name, label, device, memory), ""
        self._show()

    def show_speed(self, words: str) -> None:
        """How fast it was last."""
        self._speed = words
        self._show()

    def _show(self) -> None:
        self.model.setText("  ·  ".join(part for part in (*self._known, self._speed) if part))
