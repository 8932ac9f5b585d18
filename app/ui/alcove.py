"""Where a part of the window stands that is shown in more than one place. Knows not what it is."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QLayout, QVBoxLayout, QWidget

EXPLICIT = Qt.WidgetAttribute.WA_WState_ExplicitShowHide


class Alcove(QWidget):
    """The part comes here when this is shown: of several alcoves the one that was seen last has it.

    Takes no room while the part is hidden by whoever owns it.
    """

    def __init__(self, part: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._part = part
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        if part.parentWidget() is None:
            self._column.addWidget(part)
        if _is_put_away(part):
            self.hide()
        part.installEventFilter(self)

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 -- Qt's name
        super().showEvent(event)
        if self._part.parentWidget() is not self:
            self._take()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 -- Qt's name
        if event.type() is QEvent.Type.ShowToParent:
            self.show()
        elif event.type() is QEvent.Type.HideToParent:
            QTimer.singleShot(0, self, self._follow)  # it may only be on its way from one place to another
        return super().eventFilter(watched, event)

    def _take(self) -> None:
        is_put_away = _is_put_away(self._part)
        self._column.addWidget(self._part)
        self._part.setVisible(not is_put_away)
        QTimer.singleShot(0, self, self._measure)

    def _measure(self) -> None:
        """What layouts remember of heights is from before: nobody tells them that their parts have moved."""
        for layout in self._part.findChildren(QLayout):
            layout.invalidate()
        self._part.updateGeometry()

    def _follow(self) -> None:
        self.setVisible(not _is_put_away(self._part))


def _is_put_away(part: QWidget) -> bool:
    return part.isHidden() and part.testAttribute(EXPLICIT)
