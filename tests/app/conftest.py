"""What tests of the desktop need that has to be closed again."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QLocale, QTranslator
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app import language
from app.model_link import ModelLink
from app.settings import Language
from tests.helpers.listener import Connect, Listener


@pytest.fixture
def connect(qtbot: QtBot) -> Iterator[Connect]:
    """Listens to a link, and stops it in the end."""
    links: list[ModelLink] = []

    def connected(link: ModelLink) -> Listener:
        links.append(link)
        return Listener(link, qtbot)

    yield connected
    for link in links:
        link.stop()


@pytest.fixture
def spanish(qapp: QApplication) -> Iterator[None]:
    """What is said meanwhile."""
    language.speak(Language.SPANISH, qapp)
    yield
    for translator in qapp.findChildren(QTranslator):
        qapp.removeTranslator(translator)
        translator.deleteLater()
    QLocale.setDefault(QLocale.c())
