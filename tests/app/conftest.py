"""What tests of the desktop need that has to be closed again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QLocale, QTranslator
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app import language
from app.model_link import ModelLink
from app.settings import Language, Settings
from tests.app.desk import Desk, Sit
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


@pytest.fixture
def sit(qtbot: QtBot, tmp_path: Path) -> Iterator[Sit]:
    """Opens desks that keep their conversations in one file, and closes them in the end."""
    desks: list[Desk] = []

    def seated(settings: Settings | None = None) -> Desk:
        desk = Desk(tmp_path / "data" / "history.sqlite", qtbot, settings or Settings())
        desks.append(desk)
        qtbot.addWidget(desk.window)
        desk.keeping.start()
        return desk

    yield seated
    for desk in desks:
        desk.keeping.close()
