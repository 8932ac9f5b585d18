"""Reads the first run aloud by the system's voice, for who has no screen reader on yet. Knows no page.

What has the focus is said as a screen reader would: its name, what it is, how it stands, what it is for.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QWidget

from app.ui.step_page import Heading
from app.voice.system_voice import SystemVoice, There
from app.words import QT_TRANSLATE_NOOP, translate

ROLES = {
    QAccessible.Role.Button: QT_TRANSLATE_NOOP("Guide", "button"),
    QAccessible.Role.CheckBox: QT_TRANSLATE_NOOP("Guide", "tick box"),
    QAccessible.Role.RadioButton: QT_TRANSLATE_NOOP("Guide", "choice"),
    QAccessible.Role.ComboBox: QT_TRANSLATE_NOOP("Guide", "list"),
    QAccessible.Role.Slider: QT_TRANSLATE_NOOP("Guide", "slider"),
}
ON, OFF = QT_TRANSLATE_NOOP("Guide", "on"), QT_TRANSLATE_NOOP("Guide", "off")
CONTROL = QT_TRANSLATE_NOOP("Guide", "{name}, {kind}.")
IN_A_STATE = QT_TRANSLATE_NOOP("Guide", "{name}, {kind}, {state}.")


class Guide(QObject):
    """`silenced` where it is wanted and the system has no voice."""

    silenced = Signal()

    def __init__(self, around: QWidget, voice: SystemVoice, is_free: Callable[[], bool]) -> None:
        """It reads what is inside of `around`, while that is to be seen and `is_free` says that nobody else speaks."""
        super().__init__(around)
        self._around = around
        self._voice = voice
        self._is_free = is_free
        self._is_wanted = False
        self._met: QWidget | None = None
        desktop = QApplication.instance()
        if isinstance(desktop, QApplication):
            desktop.focusChanged.connect(self._take_focus)
        voice.known.connect(self._hear_of_voice)

    def want(self, *, on: bool) -> None:
        """Whether anything is read."""
        if self._is_wanted and not on:
            self.hush()
        self._is_wanted = on

    def tell(self, words: str) -> None:
        """In place of what is just being said."""
        if self._is_wanted:
            self.offer(words)
            self._hear_of_voice()

    def offer(self, words: str) -> None:
        """Though nobody has asked for it."""
        if self._around.isVisible() and self._is_free():
            self._voice.begin()
            self._voice.say(words)
            self._voice.finish()

    def hush(self) -> None:
        """Silent at once; an answer is not its own."""
        if self._is_free():
            self._voice.hush()

    def meet(self, focused: QWidget | None) -> None:
        """It has the focus now, and what becomes of it until another one has is said too."""
        self._forget()
        if focused is None or not self._around.isAncestorOf(focused) or isinstance(focused, Heading):
            return  # a heading is read with its page
        self._met = focused
        if isinstance(focused, QAbstractButton):
            focused.toggled.connect(self._tell_met)
        elif isinstance(focused, QComboBox):
            focused.currentTextChanged.connect(self._tell_met)
        self.tell(describe(focused, whole=True))

    def _hear_of_voice(self) -> None:
        if self._is_wanted and self._voice.there is There.NONE:
            self.silenced.emit()

    def _take_focus(self, _: QWidget | None, focused: QWidget | None) -> None:
        self.meet(focused)

    def _forget(self) -> None:
        met, self._met = self._met, None
        if isinstance(met, QAbstractButton):
            met.toggled.disconnect(self._tell_met)
        elif isinstance(met, QComboBox):
            met.currentTextChanged.disconnect(self._tell_met)

    def _tell_met(self) -> None:
        if self._met is not None:
            self.tell(describe(self._met, whole=False))


def describe(widget: QWidget, *, whole: bool) -> str:
    """In words; `whole` with what it is for."""
    met = QAccessible.queryAccessibleInterface(widget)
    kind = translate("Guide", ROLES.get(met.role(), ROLES[QAccessible.Role.Button]))
    state = _state(widget)
    name = widget.accessibleName() or met.text(QAccessible.Text.Name).replace("&", "")  # which of a list is its choice
    said = translate("Guide", IN_A_STATE if state else CONTROL).format(name=name, kind=kind, state=state)
    about = met.text(QAccessible.Text.Description) if whole else ""
    return f"{said} {about}." if about else said


def _state(widget: QWidget) -> str:
    if isinstance(widget, QComboBox):
        return widget.currentText()
    if isinstance(widget, QAbstractButton) and widget.isCheckable():
        return translate("Guide", ON if widget.isChecked() else OFF)
    return ""
