"""In which language the window speaks: translators from resources and from Qt's own. Knows no window."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator

from app import paths
from app.settings import Language

TRANSLATIONS = paths.RESOURCES / "translations"
OURS = "sightline"
QTS = "qtbase"


def speak(language: Language, application: QCoreApplication) -> QLocale:
    """From here on; what was said before stays as it is. Dates and numbers follow. Returns whose they are."""
    locale = locale_of(language)
    for before in application.findChildren(QTranslator):
        application.removeTranslator(before)
        before.deleteLater()
    QLocale.setDefault(locale)
    for name, folder in (
        (QTS, QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)),
        (OURS, str(TRANSLATIONS)),  # asked first, since it is the newest
    ):
        translator = QTranslator(application)
        if translator.load(locale, name, "_", folder):
            application.installTranslator(translator)
    return locale


def locale_of(language: Language) -> QLocale:
    """Of the languages of the system the first that Sightline speaks; English where it speaks none."""
    if language is not Language.SYSTEM:
        return QLocale(language.value)
    spoken = {known.value for known in Language if known is not Language.SYSTEM}
    system = QLocale.system()
    for name in system.uiLanguages():
        if name.replace("_", "-").split("-")[0] in spoken:
            return QLocale(name)
    return QLocale(Language.ENGLISH.value)
