"""How much of something: a slider that whoever scrolls the page past it does not move."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QSlider, QWidget

WHOLE = 100
"""Per cent."""
_STEP, _PAGE = 5, 20


class Level(QSlider):
    """From nothing to all."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setMaximum(WHOLE)
        self.setSingleStep(_STEP)
        self.setPageStep(_PAGE)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)  # the wheel would bring the focus, and then move it

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802 -- Qt's name
        """Moves it only if it was chosen before."""
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()
