"""Sightline on the desktop beside its window: in the tray, and among what starts by itself. Knows no model."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QObject, Signal
from PySide6.QtWidgets import QSystemTrayIcon

from app.autostart import Autostart
from app.senses import Origin
from app.settings import Settings
from app.ui.tray import Tray
from app.ui.window import Window
from app.words import translate


class Presence(QObject):
    """Follows what was chosen. `complained` carries a sentence."""

    complained = Signal(str)

    def __init__(
        self,
        window: Window,
        autostart: Autostart,
        has_tray: Callable[[], bool] = QSystemTrayIcon.isSystemTrayAvailable,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._window = window
        self._autostart = autostart
        self._has_tray = has_tray
        self._chosen: Settings | None = None
        self.tray = Tray(window)
        self.tray.wanted.connect(window.come_forward)
        self.tray.off_wanted.connect(window.top.live.off.click)
        self.tray.end_wanted.connect(self._end)

    @property
    def starts_by_itself(self) -> bool:
        """What the system has, which the user may have changed there."""
        return self._autostart.is_on

    @property
    def can_stay(self) -> bool:
        """Whether there would be a way back to a window that is not to be seen."""
        return self.tray.isVisible() and self._has_tray()

    def choose(self, settings: Settings) -> None:
        """From here on. What the system refuses is said when it is asked for, not with every other choice."""
        before, self._chosen = self._chosen, settings
        self.tray.setVisible(settings.tray)
        self._window.stays = lambda: self.can_stay
        if settings.tray and not (before and before.tray) and not self._has_tray():
            self.complained.emit(
                translate("Presence", "This desktop shows no tray: closing the window ends Sightline.")
            )
        is_new = before is None or settings.autostart is not before.autostart
        if is_new and settings.autostart is not self._autostart.is_on:
            self._switch(on=settings.autostart)

    def show_senses(self, *, microphone: bool, origin: Origin | None) -> None:
        """Whether anything is listened to now, and what is looked at."""
        self.tray.show_senses(microphone=microphone, origin=origin)

    def close(self) -> None:
        """Nothing of it is left to be seen."""
        self.tray.hide()

    def _switch(self, *, on: bool) -> None:
        try:
            self._autostart.switch(on=on)
        except OSError as error:
            words = translate("Presence", "The system does not let Sightline change what starts by itself ({reason}).")
            self.complained.emit(words.format(reason=error.strerror))

    def _end(self) -> None:
        self._window.leave()
        QCoreApplication.quit()  # a window that is hidden is not closed a second time
