"""The files and pictures that the next question takes along, each with a button that takes it off."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import count
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.senses import Frame
from app.ui.button import Button
from app.words import translate

SHOWN_LETTERS = 28


class Attachments(QWidget):
    """Hidden while there are none."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._buttons: dict[Path | Frame, Button] = {}
        self._numbers = count(1)
        """Of pictures without a name."""
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setAlignment(Qt.AlignmentFlag.AlignLeft)
        self.hide()

    @property
    def files(self) -> tuple[Path | Frame, ...]:
        """In the order in which they were added."""
        return tuple(self._buttons)

    def add(self, files: Iterable[Path | Frame]) -> None:
        """What is there already is not added again."""
        for file in files:
            if file not in self._buttons:
                self._buttons[file] = self._new_button(file)
        self._show()

    def clear(self) -> None:
        """Nothing is taken along."""
        for file in self.files:
            self._remove(file)
        self._numbers = count(1)

    def _new_button(self, file: Path | Frame) -> Button:
        name = file.name if isinstance(file, Path) else _number(next(self._numbers))
        button = Button(_shorten(name), "remove", translate("Attachments", "Take {name} off").format(name=name), self)
        button.setObjectName("attachment")
        button.setAccessibleName(translate("Attachments", "Attached: {name}").format(name=name))
        button.clicked.connect(lambda: self._remove(file))
        self._row.addWidget(button)
        return button

    def _remove(self, file: Path | Frame) -> None:
        button = self._buttons.pop(file)
        if button.hasFocus():
            self.focusNextChild()
        self._row.removeWidget(button)
        button.hide()
        button.deleteLater()
        self._show()

    def _show(self) -> None:
        self.setVisible(bool(self._buttons))
        self.changed.emit()


def _shorten(name: str) -> str:
    """The ends of a long name tell most. Doubled, since a button would underline what follows a single one."""
    half = SHOWN_LETTERS // 2
    short = name if len(name) <= SHOWN_LETTERS else f"{name[:half]}…{name[-half:]}"
    return short.replace("&", "&&")


def _number(number: int) -> str:
    return translate("Attachments", "Pasted picture {number}").format(number=number)
