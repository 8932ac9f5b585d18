"""Starts the desktop: one Sightline a home, in its language and looks, the window before all that takes a while."""

from __future__ import annotations

import signal
import sys
from dataclasses import replace

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication, QMessageBox

from app import language, logs, paths, settings
from app.first_steps import Step
from app.options import Options
from app.single import Place, Single
from app.transcript import Transcript
from app.ui.theme import Theme
from app.ui.window import Window
from app.words import QT_TRANSLATE_NOOP, translate

UNSEEN_MILLISECONDS = 300
"""After which all else begins though no window was painted: in the tray, or behind others."""
ANEW = 3
"""The status of Qt's loop where the window is to be opened once more."""
UNWRITABLE = QT_TRANSLATE_NOOP(
    "Desktop",
    "Nothing can be written in {folder} ({reason}), so that your choices are not kept: make room there, or allow it.",
)


DEAF = QT_TRANSLATE_NOOP(
    "Desktop", "Another Sightline of yours is running and does not answer: end it, then start again."
)


def run(options: Options) -> int:
    """Opens the window and returns the exit status once it is closed."""
    desktop = QApplication(["Sightline"])
    if options.verbose:
        logs.show()
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # Qt's loop would keep Ctrl+C in the terminal waiting
    home = paths.home()
    single = Single(home.settings.parent)
    if (place := single.take()) is not Place.FIRST:
        return _leave(place, desktop, home)
    theme = Theme(desktop)
    try:
        while (status := _open(desktop, theme, single, options, home)) == ANEW:
            options = replace(options, profile=None)  # which was taken, and perhaps changed since
        return status
    finally:
        single.close()


def _open(desktop: QApplication, theme: Theme, single: Single, options: Options, home: paths.Home) -> int:
    """One window, until it is closed or, in another language, to be built ANEW."""
    language.speak(settings.language_in(home.settings), desktop)  # before the first word, on damaged settings too
    loaded = settings.load(home.settings)
    theme.follow(loaded.settings)  # what is made is of that size; later not all of a window would be that is not shown
    built_in = paths.built_in_model()
    window = Window(Transcript(), has_built_in=built_in is not None, is_whole=False)
    if loaded.settings.first_run is not Step.OVER:
        window.hold_back()
    if not options.in_tray:
        _show(window)
    from app.application import Application, Opened  # noqa: PLC0415 -- all else takes longer than what is seen at first

    application = Application(options, home, built_in=built_in, opened=Opened(window, loaded))
    application.dressed.connect(theme.follow)
    application.beginning.renewed.connect(lambda: desktop.exit(ANEW))
    single.called.connect(application.window.come_forward)
    if reason := single.hindrance():
        words = translate("Desktop", UNWRITABLE)
        application.conversation.notice(words.format(folder=home.settings.parent, reason=reason))
    application.presence.choose(application.choices.now)
    if not (options.in_tray and application.presence.can_stay):
        application.window.show()
    application.begin()
    window.painted.connect(application.start)  # devices and model come after the window,
    QTimer.singleShot(0 if window.is_painted else UNSEEN_MILLISECONDS, application, application.start)  # if it is seen
    try:
        return desktop.exec()
    finally:
        single.called.disconnect(application.window.come_forward)
        application.close()


def _show(window: Window) -> None:
    """Returns once it is painted. Nothing can be done in it yet."""
    painting = QEventLoop()
    window.painted.connect(painting.quit)
    QTimer.singleShot(UNSEEN_MILLISECONDS, painting.quit)
    window.show()
    painting.exec(QEventLoop.ProcessEventsFlag.ExcludeUserInputEvents)


def _leave(place: Place, desktop: QApplication, home: paths.Home) -> int:
    """Another Sightline has this home."""
    if place is Place.SECOND:
        return 0
    chosen = settings.load(home.settings).settings
    language.speak(settings.language_in(home.settings), desktop)
    Theme(desktop).follow(chosen)
    words = translate("Desktop", DEAF)
    sys.stderr.write(f"{words}\n")
    QMessageBox.critical(None, "Sightline", words)  # whoever has clicked on it sees no terminal
    return 1
