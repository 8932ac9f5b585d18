"""What is held over the window is announced, and what is dropped is taken along."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.transcript import Transcript
from app.ui.drop_sign import DropSign
from app.ui.window import Window

MIDDLE = QPointF(200, 200)
HELD = (Qt.DropAction.CopyAction,)


@pytest.fixture
def window(qtbot: QtBot) -> Window:
    window = Window(Transcript())
    qtbot.addWidget(window)
    window.show()
    return window


def whole(window: Window) -> QWidget:
    """All of it."""
    inside = window.centralWidget()
    assert inside is not None
    return inside


def enter(widget: QWidget, data: QMimeData) -> bool:
    """Whether it is taken."""
    event = QDragEnterEvent(MIDDLE.toPoint(), *HELD, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    event.ignore()
    QApplication.sendEvent(widget, event)
    return event.isAccepted()


def files(*paths: Path) -> QMimeData:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return data


def test_files_are_dropped_anywhere_under_a_sign(window: Window, tmp_path: Path) -> None:
    sign = window.findChild(DropSign)
    assert sign is not None
    clip = tmp_path / "clip.mp4"
    clip.write_bytes(b"film")
    window.show_page(window.settings)
    data = files(clip, tmp_path)
    assert not sign.isVisible()
    assert enter(whole(window), data)
    assert sign.isVisible()
    assert sign.geometry() == whole(window).rect()
    sign.event(QDragLeaveEvent())  # the application itself sends it only where a real drag has been
    assert not sign.isVisible()
    assert enter(whole(window), data)
    assert enter(sign, data)
    drop = QDropEvent(MIDDLE, *HELD, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    sign.event(drop)
    assert not sign.isVisible()
    assert window.composer.attachments.files == (clip,)
    assert window.composer.isVisible()


def test_words_raise_no_sign(window: Window) -> None:
    data = QMimeData()
    data.setText("words")
    enter(whole(window), data)
    sign = window.findChild(DropSign)
    assert sign is not None
    assert not sign.isVisible()
