"""How far the work on model folders is, and what can be done about it. Knows not what is being done."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from app.ui.button import Button
from app.ui.motion import is_allowed
from app.ui.sentence import Sentence
from app.words import translate

STEPS = 1000


class JobPanel(QFrame):
    """Hidden while there is nothing to tell; `told` carries how far it is, whenever that changes."""

    told = Signal(str)
    paused = Signal()
    resumed = Signal()
    cancelled = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("model")
        self.sentence = Sentence(translate("JobPanel", "Work on models"))
        self.about = Sentence(translate("JobPanel", "What hinders the work"))
        self.about.setObjectName("quiet")
        self.progress = QProgressBar(textVisible=False)
        self.progress.setAccessibleName(translate("JobPanel", "Progress of the work on models"))
        self.progress.setAccessibleDescription(translate("JobPanel", "Of all of it"))
        self.pause = Button(
            translate("JobPanel", "Pause"),
            "stop",
            translate("JobPanel", "Stop here; what has come is kept, even if Sightline is closed"),
        )
        self.resume = Button(translate("JobPanel", "Resume"), "again", translate("JobPanel", "Go on where it stopped"))
        self.cancel = Button(
            translate("JobPanel", "Cancel"), "remove", translate("JobPanel", "Stop, and delete what has come so far")
        )
        self._lay_out()
        self.pause.clicked.connect(self.paused)
        self.resume.clicked.connect(self.resumed)
        self.cancel.clicked.connect(self.cancelled)
        self.hide()

    def show_progress(self, words: str, share: float | None, *, can_pause: bool) -> None:
        """`share` of the whole, None while nobody knows."""
        self._tell(words)
        self.progress.setRange(0, 0 if share is None else STEPS)
        if share is not None:
            self.progress.setValue(round(share * STEPS))
        visible: set[QWidget] = {self.cancel}
        if share is not None or is_allowed():  # else it would run
            visible.add(self.progress)
        if can_pause:
            visible.add(self.pause)
        self._show(visible)

    def hinder(self, sentence: str) -> None:
        """Work goes on by itself after this; empty once it does."""
        self.about.setText(sentence)
        self.about.setVisible(bool(sentence))

    def show_rest(self, sentence: str, *, can_resume: bool) -> None:
        """It has stopped: `can_resume` where it was not done."""
        self._tell(sentence)
        self.hinder("")
        self._show({self.resume, self.cancel} if can_resume else set())

    def _tell(self, words: str) -> None:
        self.sentence.setText(words)
        self.told.emit(words)

    def _show(self, visible: set[QWidget]) -> None:
        had_focus = self.isAncestorOf(self.focusWidget()) if self.focusWidget() else False
        for widget in (self.progress, self.pause, self.resume, self.cancel):
            widget.setVisible(widget in visible)
        self.show()
        if had_focus and (focus := next((b for b in (self.resume, self.pause, self.cancel) if b in visible), None)):
            focus.setFocus()

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        for button in (self.pause, self.resume, self.cancel):
            buttons.addWidget(button)
        buttons.addStretch()
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(12)
        column.addWidget(self.sentence)
        column.addWidget(self.progress)
        column.addWidget(self.about)
        column.addLayout(buttons)
        self.about.hide()
