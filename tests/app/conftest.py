"""What tests of the desktop need that has to be closed again."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from app.model_link import ModelLink
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
