"""What can be had done while another program has the keyboard: keys joined to the window. Knows no system."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from app.devices.keyboard import Keyboard
from app.hotkeys import Action
from app.settings import Settings
from app.ui.window import Window
from app.words import QT_TRANSLATE_NOOP, translate

NOT_HAD = QT_TRANSLATE_NOOP(
    "Reach", "A key of yours that works everywhere is not to be had: the settings say which, and why (Ctrl+,)."
)
NO_MODEL = QT_TRANSLATE_NOOP("Reach", "Nobody hears you yet: there is no model that is ready.")


class Reach(QObject):
    """Follows what was chosen. `complained` carries a sentence."""

    complained = Signal(str)

    def __init__(self, window: Window, keyboard: Keyboard, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._window = window
        self._keyboard = keyboard
        panel = window.settings.hotkeys
        panel.recording.connect(lambda on: keyboard.rest(on=on))
        panel.again.clicked.connect(keyboard.ask_again)
        panel.told.connect(window.transcript.announce)
        keyboard.pressed.connect(self._press)
        keyboard.released.connect(self._release)
        keyboard.changed.connect(self._show)
        panel.show_system(keyboard.system, sees_release=keyboard.sees_release)

    def choose(self, settings: Settings) -> None:
        """From here on."""
        self._keyboard.want(settings.hotkeys)

    def close(self) -> None:
        """All keys go back."""
        self._keyboard.close()

    def _show(self) -> None:
        """Where the page that says it is not looked at, that there is something to be read there."""
        panel, keyboard = self._window.settings.hotkeys, self._keyboard
        panel.show_system(keyboard.system, sees_release=keyboard.sees_release)
        panel.show_refusals(keyboard.refusals)
        if keyboard.refusals and not panel.isVisible():
            self.complained.emit(translate("Reach", NOT_HAD))

    def _press(self, action: Action) -> None:
        window = self._window
        match action:
            case Action.TALK:
                self._talk()
            case Action.MUTE:
                window.senses.mute.click()
            case Action.HUSH:
                window.composer.stop.click()
            case Action.SHOW:
                window.come_forward()
            case Action.OFF:
                window.top.live.off.click()

    def _talk(self) -> None:
        talk = self._window.composer.talk
        if not talk.isEnabled():
            self.complained.emit(translate("Reach", NO_MODEL))
        elif self._keyboard.sees_release:
            talk.begin()
        else:
            talk.toggle_talk()

    def _release(self, action: Action) -> None:
        if action is Action.TALK:
            self._window.composer.talk.end()
