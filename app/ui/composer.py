"""Where a turn is put together: text, files, voice, and a way to stop. Knows nothing of who is asked."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QFileDialog, QFrame, QHBoxLayout, QVBoxLayout, QWidget

from app.phase import Phase
from app.senses import Frame
from app.ui.attachments import Attachments
from app.ui.button import Button
from app.ui.question_edit import QuestionEdit
from app.ui.talk_button import TalkButton
from app.words import QT_TRANSLATE_NOOP, translate

MEDIA = QT_TRANSLATE_NOOP(
    "Composer",
    "Pictures, sound and video (*.png *.jpg *.jpeg *.webp *.bmp *.gif *.wav *.mp3 *.flac *.ogg *.m4a *.aac "
    "*.mp4 *.mov *.mkv *.webm *.avi)",
)


class Composer(QFrame):
    """What was typed is kept until it can be sent."""

    asked = Signal(str, object)
    """The text and a tuple of Path and Frame; one of them may be empty, not both."""
    asked_again = Signal(int, str, object)
    """The row of the question that it replaces, and as above."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("composer")
        self.edit = QuestionEdit()
        self.attachments = Attachments()
        self.attach = Button(
            translate("Composer", "&Attach…"),
            "attach",
            translate("Composer", "Attach pictures, sound or video (Ctrl+O)"),
        )
        self.talk = TalkButton()
        self.stop = Button(
            translate("Composer", "St&op"),
            "stop",
            translate("Composer", "Stop listening, thinking or answering (Escape)"),
        )
        self.send = Button(translate("Composer", "&Send"), "send", translate("Composer", "Send your question (Enter)"))
        self.send.emphasise()
        self.keep = Button(
            translate("Composer", "Keep the old question"),
            "remove",
            translate("Composer", "Leave the conversation as it is"),
        )
        self._replaced: int | None = None
        self._phase = Phase.STOPPED
        self._lay_out()
        self._join()
        self.keep.hide()
        self.show_phase(Phase.STOPPED)

    def show_phase(self, phase: Phase) -> None:
        """What can be done now, can be pressed now."""
        before, self._phase = self._phase, phase
        if self.stop.hasFocus() and not phase.can_be_stopped:
            self.edit.setFocus()
        self.stop.setEnabled(phase.can_be_stopped)
        self.talk.setEnabled(phase.takes_questions)
        is_over = before is Phase.HEARING and phase is not Phase.HEARING  # by Stop, or by a typed question
        if is_over or not phase.takes_questions:
            self.talk.end()
        self._offer_sending()

    def add_files(self, files: Sequence[Path | Frame]) -> None:
        """To what the next question takes along."""
        self.attachments.add(files)

    def change(self, row: int, text: str, files: Sequence[Path | Frame]) -> None:
        """A question that was asked before is here to be changed."""
        self._replaced = row
        self.attachments.clear()
        self.attachments.add(files)
        self.edit.setPlainText(text)
        self.edit.moveCursor(QTextCursor.MoveOperation.End)
        self.keep.show()
        self.edit.setFocus()

    def leave_question(self) -> None:
        """Nothing is changed; what was typed is gone if it was for that."""
        if self._replaced is not None:
            self._replaced = None
            self.edit.clear()
            self.attachments.clear()
        self.keep.hide()
        self.take_focus()

    def take_focus(self) -> None:
        """Only where it can be seen: whoever is on another page goes on there."""
        if self.isVisibleTo(self.window()):
            self.edit.setFocus()

    def _join(self) -> None:
        self.keep.clicked.connect(self.leave_question)
        self.edit.entered.connect(self._send)
        self.edit.textChanged.connect(self._offer_sending)
        self.attachments.changed.connect(self._offer_sending)
        self.edit.files_given.connect(self.add_files)
        self.edit.focus_changed.connect(self._show_focus)
        self.attach.clicked.connect(self._choose_files)
        self.send.clicked.connect(self._send)

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self.attach)
        buttons.addWidget(self.talk)
        buttons.addStretch()
        buttons.addWidget(self.stop)
        buttons.addWidget(self.send)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 12, 12, 12)
        column.setSpacing(8)
        column.addWidget(self.keep)
        column.addWidget(self.attachments)
        column.addWidget(self.edit)
        column.addLayout(buttons)

    def _offer_sending(self) -> None:
        has_content = bool(self.edit.toPlainText().strip() or self.attachments.files)
        self.send.setEnabled(has_content and self._phase.takes_questions)

    def _send(self) -> None:
        self._offer_sending()
        if self.send.isEnabled():
            text, files = self.edit.toPlainText().strip(), self.attachments.files
            replaced, self._replaced = self._replaced, None
            self.edit.clear()
            self.attachments.clear()
            self.keep.hide()
            if replaced is None:
                self.asked.emit(text, files)
            else:
                self.asked_again.emit(replaced, text, files)
            self.edit.setFocus()

    def _choose_files(self) -> None:
        names, _ = QFileDialog.getOpenFileNames(
            self,
            translate("Composer", "Attach pictures, sound or video"),
            "",
            translate("Composer", "{media};;All files (*)").format(media=translate("Composer", MEDIA)),
        )
        self.add_files([Path(name) for name in names])

    def _show_focus(self, focused: bool) -> None:  # noqa: FBT001 -- a signal's argument
        self.setProperty("focused", focused)
        self.style().unpolish(self)
        self.style().polish(self)
