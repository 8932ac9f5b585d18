"""What a new user sees: as much as there is room for, until something is said."""

from __future__ import annotations

from datetime import datetime

import pytest
from PySide6.QtCore import QSize
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from app.transcript import Line, Transcript, Who
from app.ui.transcript_view import TranscriptView
from app.ui.welcome import HEADING, PRIVACY, Welcome


@pytest.fixture
def view(qtbot: QtBot) -> TranscriptView:
    view = TranscriptView(Transcript())
    qtbot.addWidget(view)
    view.resize(600, 500)
    view.show()
    return view


def words(welcome: Welcome) -> list[str]:
    return [label.text() for label in welcome.findChildren(QLabel) if label.isVisible() and label.text()]


def test_it_stands_in_the_middle_until_something_is_said(qtbot: QtBot, view: TranscriptView) -> None:
    transcript = view.model()
    assert isinstance(transcript, Transcript)
    qtbot.waitUntil(view.welcome.isVisible)
    assert words(view.welcome)[0] == HEADING
    assert words(view.welcome)[-1] == PRIVACY
    assert abs(view.welcome.geometry().center().x() - view.viewport().geometry().center().x()) <= 1
    transcript.add(Line(Who.USER, datetime.now(), "Why?"))
    assert not view.welcome.isVisible()
    transcript.fill([])
    assert view.welcome.isVisible()


def test_with_less_room_there_are_fewer_ways(qtbot: QtBot, view: TranscriptView) -> None:
    qtbot.waitUntil(view.welcome.isVisible)
    whole = view.welcome.height()
    view.resize(600, whole - 20)
    assert PRIVACY not in words(view.welcome)
    assert HEADING in words(view.welcome)


def test_it_grows_back(qtbot: QtBot) -> None:
    welcome = Welcome()
    qtbot.addWidget(welcome)
    whole = welcome.fit(400, 2000)
    assert welcome.fit(400, whole.height() // 2).height() <= whole.height() // 2
    assert welcome.fit(400, 2000) == whole
    assert whole.width() == QSize(400, 0).width()
