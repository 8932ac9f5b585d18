"""What the window says, and what happens when a folder is chosen in it."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from app.application import build_window, describe
from app.options import Options


@pytest.fixture
def model_folder(tmp_path: Path) -> Path:
    (tmp_path / "config.json").write_text("{}")
    return tmp_path


def test_without_a_folder_the_window_says_so(qtbot: QtBot) -> None:
    window = build_window(Options(model=None, camera=None))
    qtbot.addWidget(window)
    assert window.state.text() == "No model has been chosen yet."


def test_given_folder_and_camera_are_named(model_folder: Path) -> None:
    words = describe(model_folder, "0")
    assert words.startswith(f"Model folder: {model_folder}\n")
    assert "Camera: 0. It is not opened yet." in words


def test_wrong_folder_is_called_wrong(tmp_path: Path) -> None:
    assert "is not a model folder" in describe(tmp_path, None)


@pytest.mark.parametrize("chosen", [True, False])
def test_choosing_a_folder_by_keyboard(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, model_folder: Path, *, chosen: bool
) -> None:
    answer = str(model_folder) if chosen else ""
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: answer)  # the system's own dialog
    window = build_window(Options(model=None, camera=None))
    qtbot.addWidget(window)
    window.show()
    window.choose.setFocus()
    qtbot.keyClick(window.choose, Qt.Key.Key_Space)
    assert window.state.text() == describe(model_folder if chosen else None, None)


def test_everything_in_the_window_has_a_name_for_a_screen_reader(qtbot: QtBot) -> None:
    window = build_window(Options(model=None, camera=None))
    qtbot.addWidget(window)
    assert window.state.accessibleName()
    assert window.choose.text()
