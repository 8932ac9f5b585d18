"""Where a question is typed: grows with it, Enter sends, files are dropped in. Knows nothing of who is asked."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QMimeData, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QSizePolicy, QWidget

from app.ui.dropped import shown_in
from app.words import translate

MOST_LINES = 6


class QuestionEdit(QPlainTextEdit):
    """Shift+Enter begins a new line; Tab goes on to the next control."""

    entered = Signal()
    files_given = Signal(object)
    """A list of Path and Frame, dropped or pasted."""
    focus_changed = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(translate("QuestionEdit", "Your question"))
        self.setAccessibleDescription(
            translate("QuestionEdit", "Enter sends it, Shift+Enter begins a new line. Files can be dropped here.")
        )
        self.setPlaceholderText(translate("QuestionEdit", "Ask something"))
        self.setTabChangesFocus(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.document().documentLayout().documentSizeChanged.connect(self.updateGeometry)

    def sizeHint(self) -> QSize:  # noqa: N802 -- Qt's name
        lines = min(max(1, round(self.document().size().height())), MOST_LINES)
        around = 2 * self.document().documentMargin() + 6
        return QSize(240, round(lines * self.fontMetrics().lineSpacing() + around))

    def minimumSizeHint(self) -> QSize:  # noqa: N802 -- Qt's name
        return QSize(80, self.sizeHint().height())

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 -- Qt's name
        is_enter = event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}
        if is_enter and not event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.entered.emit()
        else:
            super().keyPressEvent(event)

    def canInsertFromMimeData(self, source: QMimeData) -> bool:  # noqa: N802 -- Qt's name
        return bool(shown_in(source)) or super().canInsertFromMimeData(source)

    def insertFromMimeData(self, source: QMimeData) -> None:  # noqa: N802 -- Qt's name
        if shown := shown_in(source):
            self.files_given.emit(shown)
        else:
            super().insertFromMimeData(source)

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802 -- Qt's name
        super().focusInEvent(event)
        self.focus_changed.emit(True)  # noqa: FBT003 -- a signal's arguments have no names

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802 -- Qt's name
        super().focusOutEvent(event)
        self.focus_changed.emit(False)  # noqa: FBT003 -- a signal's arguments have no names

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 -- Qt's name
        super().changeEvent(event)
        if event.type() is QEvent.Type.FontChange:
            self.updateGeometry()
