"""Says over the whole window that what is held over it can be dropped. Knows nothing of who takes it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QMimeData, QObject, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent, QResizeEvent
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from app.ui.dropped import shown_in
from app.words import translate

MARGIN = 20


class DropSign(QWidget):
    """Covers its parent while something is held over it. `dropped` carries a list of Path and Frame."""

    dropped = Signal(object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._covered = parent
        self.setObjectName("drop")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAcceptDrops(True)
        words = QLabel(translate("DropSign", "Drop pictures, sound or video here"))
        words.setObjectName("heading")
        words.setAccessibleDescription(translate("DropSign", "Files held over the window"))
        words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        words.setWordWrap(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        column.addWidget(words)
        parent.installEventFilter(self)
        parent.setAcceptDrops(True)
        self.hide()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 -- Qt's name
        """What is held over the parent is held over this; where it goes, this goes."""
        if isinstance(event, QDragEnterEvent) and can_take(event.mimeData()):
            self.dragEnterEvent(event)
            return True
        if isinstance(event, QDragLeaveEvent):
            self.dragLeaveEvent(event)
        elif isinstance(event, QDropEvent) and event.type() is QEvent.Type.Drop:
            self.dropEvent(event)
            return True
        elif isinstance(event, QResizeEvent) and self.isVisible():
            self._cover()
        return super().eventFilter(watched, event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802 -- Qt's name
        if can_take(event.mimeData()):
            self._cover()
            event.acceptProposedAction()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:  # noqa: N802 -- Qt's name
        super().dragLeaveEvent(event)
        self.hide()

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802 -- Qt's name
        self.hide()
        event.acceptProposedAction()
        self.dropped.emit(shown_in(event.mimeData()))

    def _cover(self) -> None:
        self.setGeometry(self._covered.rect())
        self.show()
        self.raise_()


def can_take(data: QMimeData) -> bool:
    """Files of this computer, or a picture."""
    return data.hasImage() or any(url.isLocalFile() for url in data.urls())
