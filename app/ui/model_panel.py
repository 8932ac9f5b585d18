"""Says what is the matter with the model while there is none: how to get one, or how far it is. Knows no model."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFileDialog, QFrame, QProgressBar, QVBoxLayout, QWidget

from app.ui.button import Button
from app.ui.flow import Flow
from app.ui.motion import is_allowed
from app.ui.sentence import Sentence
from app.words import translate


class ModelPanel(QFrame):
    """Hidden once the model is there."""

    folder_chosen = Signal(Path)
    small_wanted = Signal()
    built_in_wanted = Signal()
    again_wanted = Signal()
    cancelled = Signal()

    def __init__(self, parent: QWidget | None = None, *, has_built_in: bool = False) -> None:
        """`has_built_in`: whether the demonstration model is there, which is offered instead of random weights."""
        super().__init__(parent)
        self.setObjectName("model")
        self.sentence = Sentence(translate("ModelPanel", "Model"))
        self.sentence.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.progress = QProgressBar(textVisible=False)
        self.progress.setAccessibleName(translate("ModelPanel", "Progress"))
        self.again = Button(
            translate("ModelPanel", "Load it a&gain"),
            "again",
            translate("ModelPanel", "Load the model that was used last"),
        )
        self.more = Button(
            translate("ModelPanel", "Mode&ls…"),
            "model",
            translate("ModelPanel", "Download a model that suits this computer, or see which are here"),
        )
        self.choose = Button(
            translate("ModelPanel", "Choose a &folder…"),
            "folder",
            translate("ModelPanel", "Use a folder with a Qwen2.5-Omni checkpoint"),
        )
        self.make_small = Button(
            translate("ModelPanel", "&Make a small random model"),
            "spark",
            translate("ModelPanel", "To try things out: it answers at once, but its words are noise"),
        )
        self.built_in = Button(
            translate("ModelPanel", "Use the built-in &demonstration model"),
            "spark",
            translate(
                "ModelPanel",
                "Small and trained for a small world: coloured shapes, a few sounds, everyday sentences in English",
            ),
        )
        self._can_load = False
        self._leads_to_models = True
        self._without_folder = self.built_in if has_built_in else self.make_small
        self.cancel = Button(
            translate("ModelPanel", "Ca&ncel"), "remove", translate("ModelPanel", "Stop loading the model")
        )
        self._lay_out()
        self.again.clicked.connect(self.again_wanted)
        self.choose.clicked.connect(self._ask_for_folder)
        self.make_small.clicked.connect(self.small_wanted)
        self.built_in.clicked.connect(self.built_in_wanted)
        self.cancel.clicked.connect(self.cancelled)
        self.hide()

    def ask(self, sentence: str, *, can_load: bool = False) -> None:
        """There is none; why, and what can be done. `can_load`: one was there before and can come back."""
        self._can_load = can_load
        self.sentence.setText(sentence)
        self._show(is_busy=False)

    def show_progress(self, words: str, percent: int | None = None) -> None:
        """One is on its way; None while nobody knows how long it takes."""
        self.sentence.setText(words if percent is None else f"{words}: {percent} %")
        self.progress.setRange(0, 0 if percent is None else 100)
        if percent is not None:
            self.progress.setValue(percent)
        self._show(is_busy=True)

    def lead_to_models(self, *, on: bool) -> None:
        """Whether there is a way to the models from where it stands; beside them it would lead nowhere."""
        self._leads_to_models = on
        self.more.setVisible(on and self.cancel.isHidden())

    def _show(self, *, is_busy: bool) -> None:
        had_focus = self.isAncestorOf(self.focusWidget()) if self.focusWidget() else False
        self.cancel.setVisible(is_busy)
        self.progress.setVisible(is_busy and (self.progress.maximum() > 0 or is_allowed()))  # else it would run
        for widget in (self.choose, self._without_folder):
            widget.setVisible(not is_busy)
        self.more.setVisible(not is_busy and self._leads_to_models)
        self.again.setVisible(not is_busy and self._can_load)
        self.show()
        if had_focus:
            (self.cancel if is_busy else self.choose).setFocus()

    def _lay_out(self) -> None:
        buttons = Flow()
        for button in (self.again, self.more, self.choose, self._without_folder, self.cancel):
            buttons.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(12)
        column.addWidget(self.sentence)
        column.addWidget(self.progress)
        column.addLayout(buttons)

    def _ask_for_folder(self) -> None:
        folder = QFileDialog.getExistingDirectory(
            self, translate("ModelPanel", "Choose the folder of a Qwen2.5-Omni checkpoint")
        )
        if folder:
            self.folder_chosen.emit(Path(folder))
