"""A key that is chosen by being pressed: the button shows it, and takes another one. Knows not what it is for."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QWidget

from app.hotkeys import PORTABLE, is_key
from app.ui.button import Button
from app.words import translate

WITH_IT = (
    Qt.KeyboardModifier.ControlModifier
    | Qt.KeyboardModifier.AltModifier
    | Qt.KeyboardModifier.ShiftModifier
    | Qt.KeyboardModifier.MetaModifier
    | Qt.KeyboardModifier.KeypadModifier
)


class KeyButton(Button):
    """Checked while it waits for a key. `recorded` carries one in Qt's portable text.

    Escape, Tab and a second press leave it as it is, so that nobody is caught in it.
    """

    recorded = Signal(str)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__("", "keys", "", parent)
        self._name = name
        self._keys = ""
        self.setCheckable(True)
        self.toggled.connect(self._show)
        self._show()

    def show_keys(self, keys: str) -> None:
        """Empty where there is none."""
        self._keys = keys
        self._show()

    def explain(self, words: str) -> None:
        """What it is for."""
        self.setToolTip(words)
        self.setAccessibleDescription(words)

    def event(self, event: QEvent) -> bool:
        """While it waits no key is a shortcut of the window's."""
        if self.isChecked() and event.type() is QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 -- Qt's name
        if not self.isChecked():
            super().keyPressEvent(event)
            return
        held = event.modifiers() & WITH_IT
        if not is_key(event.key()) or event.isAutoRepeat():
            return
        self.setChecked(False)
        if held or event.key() != Qt.Key.Key_Escape:
            self.recorded.emit(QKeySequence(held.value | event.key()).toString(PORTABLE))

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802 -- Qt's name
        super().focusOutEvent(event)
        self.setChecked(False)

    def _show(self) -> None:
        keys = native(self._keys) or translate("KeyButton", "No key")
        shown = translate("KeyButton", "Press the key…") if self.isChecked() else keys
        self.setText(shown.replace("&", "&&"))
        self.setAccessibleName(translate("KeyButton", "{action}: {keys}").format(action=self._name, keys=shown))


def native(keys: str) -> str:
    """As this system's keyboards and menus have it."""
    return QKeySequence.fromString(keys, PORTABLE).toString(QKeySequence.SequenceFormat.NativeText)
