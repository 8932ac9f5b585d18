"""What is going on, and with which model, in words."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from app.phase import Phase
from app.ui.status_bar import StatusBar


@pytest.fixture
def bar(qtbot: QtBot) -> StatusBar:
    bar = StatusBar()
    qtbot.addWidget(bar)
    return bar


def test_every_phase_has_words_of_its_own(bar: StatusBar) -> None:
    told = set()
    for phase in Phase:
        bar.show_phase(phase)
        told.add(bar.phase.text())
    assert len(told) == len(Phase)


def test_model_is_named_with_its_label(bar: StatusBar) -> None:
    bar.show_model("small", "random weights: words are noise", "cpu")
    assert bar.model.text() == "small  ·  random weights: words are noise  ·  cpu"
    bar.show_model("Qwen2.5-Omni-3B", "", "cuda")
    assert bar.model.text() == "Qwen2.5-Omni-3B  ·  cuda"


def test_memory_and_speed_are_told_as_long_as_they_are_true(bar: StatusBar) -> None:
    bar.show_model("Qwen2.5-Omni-3B", "", "cpu", "4.9 GB of memory")
    bar.show_speed("13.1 tokens a second")
    assert bar.model.text() == "Qwen2.5-Omni-3B  ·  cpu  ·  4.9 GB of memory  ·  13.1 tokens a second"
    bar.show_model("other", "", "cpu", "1.0 GB of memory")
    assert "tokens" not in bar.model.text()
    bar.show_model("", "", "")
    assert not bar.model.text()


def test_detail_lasts_until_the_phase_changes(bar: StatusBar) -> None:
    bar.show_phase(Phase.THINKING)
    bar.show_detail("loading the eye, 40 %")
    assert bar.phase.text() == "Thinking: loading the eye, 40 %"
    bar.show_detail("")
    assert bar.phase.text() == "Thinking"
