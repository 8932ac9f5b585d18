"""Getting a model by keyboard, and seeing it come."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from app.ui.model_panel import ModelPanel


@pytest.fixture
def panel(qtbot: QtBot) -> ModelPanel:
    panel = ModelPanel()
    qtbot.addWidget(panel)
    panel.show()
    return panel


@pytest.mark.parametrize("answer", ["models", ""])
def test_folder_is_chosen(qtbot: QtBot, panel: ModelPanel, monkeypatch: pytest.MonkeyPatch, answer: str) -> None:
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: answer)  # the system's own dialog
    chosen: list[Path] = []
    panel.folder_chosen.connect(chosen.append)
    panel.ask("There is none.")
    qtbot.keyClick(panel.choose, Qt.Key.Key_Space)
    assert chosen == ([Path(answer)] if answer else [])
    assert panel.sentence.text() == "There is none."


def test_small_model_is_wanted(qtbot: QtBot, panel: ModelPanel) -> None:
    panel.ask("There is none.")
    with qtbot.waitSignal(panel.small_wanted):
        qtbot.keyClick(panel.make_small, Qt.Key.Key_Space)


def test_the_built_in_model_is_offered_instead_of_random_weights(qtbot: QtBot) -> None:
    panel = ModelPanel(has_built_in=True)
    qtbot.addWidget(panel)
    panel.ask("There is none.")
    assert not panel.make_small.isVisible()
    with qtbot.waitSignal(panel.built_in_wanted):
        qtbot.keyClick(panel.built_in, Qt.Key.Key_Space)
    assert "built-in demonstration model" in panel.built_in.text().replace("&", "")
    panel.show_progress("Starting")
    assert not panel.built_in.isVisible()


def test_progress_is_told_in_words_and_can_be_cancelled(qtbot: QtBot, panel: ModelPanel) -> None:
    panel.show_progress("Loading the thinker", 42)
    assert panel.sentence.text() == "Loading the thinker: 42 %"
    assert panel.progress.value() == 42
    assert not panel.choose.isVisible()
    with qtbot.waitSignal(panel.cancelled):
        qtbot.keyClick(panel.cancel, Qt.Key.Key_Space)


def test_progress_that_nobody_knows(panel: ModelPanel) -> None:
    panel.show_progress("Starting")
    assert panel.sentence.text() == "Starting"
    assert panel.progress.maximum() == 0


def test_focus_goes_where_something_can_be_done(panel: ModelPanel) -> None:
    panel.ask("There is none.")
    panel.make_small.setFocus()
    panel.show_progress("Starting")
    assert panel.cancel.hasFocus()
    panel.ask("Cancelled.")
    assert panel.choose.hasFocus()


def test_the_last_model_can_come_back_where_there_was_one(qtbot: QtBot, panel: ModelPanel) -> None:
    panel.ask("Its memory was freed.", can_load=True)
    with qtbot.waitSignal(panel.again_wanted):
        qtbot.keyClick(panel.again, Qt.Key.Key_Space)
    panel.ask("There is none.")
    assert not panel.again.isVisible()
    assert panel.more.isVisible()
