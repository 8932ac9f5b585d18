"""The window: puts the parts in their places and knows their shortcuts. Knows no device, no model, no conversation."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QBoxLayout, QMainWindow, QVBoxLayout, QWidget

from app.phase import Phase
from app.transcript import Transcript
from app.ui.composer import Composer
from app.ui.model_panel import ModelPanel
from app.ui.senses_panel import SensesPanel
from app.ui.status_bar import StatusBar
from app.ui.transcript_view import TranscriptView

NARROW = 760
"""Points of width below which the camera moves above the conversation."""
SENSES_WIDTH = 320
MARGIN = 20


class Window(QMainWindow):
    """Its parts are its interface."""

    def __init__(self, transcript: Transcript, *, has_built_in: bool = False) -> None:
        """`has_built_in`: whether a demonstration model can be offered where there is no other."""
        super().__init__()
        self.setWindowTitle("Sightline")
        self.senses = SensesPanel()
        self.model = ModelPanel(has_built_in=has_built_in)
        self.transcript = TranscriptView(transcript)
        self.composer = Composer()
        self.status = StatusBar()
        self._columns = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._lay_out()
        self._add_shortcuts()
        self.resize(1040, 700)
        self.setMinimumSize(480, 540)
        self.composer.edit.setFocus()

    def show_phase(self, phase: Phase) -> None:
        """What the conversation is doing."""
        self.status.show_phase(phase)
        self.composer.show_phase(phase)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 -- Qt's name
        super().resizeEvent(event)
        narrow = event.size().width() < NARROW
        directions = QBoxLayout.Direction
        self._columns.setDirection(directions.TopToBottom if narrow else directions.LeftToRight)
        self.senses.set_narrow(narrow=narrow)
        self.senses.setMaximumWidth(event.size().width() if narrow else SENSES_WIDTH)

    def _lay_out(self) -> None:
        talk = QVBoxLayout()
        talk.setSpacing(12)
        talk.addWidget(self.model)
        talk.addWidget(self.transcript, 1)
        talk.addWidget(self.composer)
        self._columns.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        self._columns.setSpacing(MARGIN)
        self._columns.addWidget(self.senses)
        self._columns.addLayout(talk, 1)
        page = QWidget()
        page.setObjectName("page")
        rows = QVBoxLayout(page)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(0)
        rows.addLayout(self._columns, 1)
        rows.addWidget(self.status)
        self.setCentralWidget(page)

    def _add_shortcuts(self) -> None:
        """Beside the letters that are underlined: a button's own shortcut would take the place of its letter."""
        for keys, press in (
            ("Ctrl+O", self.composer.attach.click),
            ("Escape", self.composer.stop.click),
            ("Ctrl+T", self._toggle_talk),
            ("Ctrl+Shift+T", self.senses.hands_free.click),
            ("Ctrl+K", self.senses.camera.click),
            ("Ctrl+Q", self.close),
        ):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WindowShortcut)
            shortcut.setAutoRepeat(False)
            shortcut.activated.connect(press)

    def _toggle_talk(self) -> None:
        if self.composer.talk.isEnabled():
            self.composer.talk.toggle_talk()
