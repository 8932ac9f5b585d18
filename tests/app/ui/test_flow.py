"""A row that goes on below: nothing overlaps, nothing stands outside, and no room is kept for what is hidden."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QPushButton, QWidget
from pytestqt.qtbot import QtBot

from app.ui.flow import GAP, Flow


@pytest.fixture
def row(qtbot: QtBot) -> QWidget:
    row = QWidget()
    qtbot.addWidget(row)
    flow = Flow()
    for words in ("One", "Another one", "And the longest of them all"):
        flow.addWidget(QPushButton(words))
    row.setLayout(flow)
    return row


def buttons(row: QWidget) -> list[QPushButton]:
    return [button for button in row.findChildren(QPushButton) if not button.isHidden()]


@pytest.mark.parametrize("width", [1000, 300, 200])
def test_each_is_whole_and_none_overlaps(row: QWidget, width: int) -> None:
    row.resize(width, row.heightForWidth(width))
    row.show()
    places = [button.geometry() for button in buttons(row)]
    assert all(row.rect().contains(place) for place in places)
    assert not any(one.intersects(other) for one in places for other in places if one is not other)
    assert all(button.size() == button.sizeHint() for button in buttons(row))


def test_it_is_one_row_where_there_is_room(row: QWidget) -> None:
    one = max(button.sizeHint().height() for button in buttons(row))
    assert row.heightForWidth(1000) == one
    longest = max(button.sizeHint().width() for button in buttons(row))
    two = buttons(row)[0].sizeHint().width() + GAP + buttons(row)[1].sizeHint().width()
    rows = 2 if two <= longest else 3
    assert row.heightForWidth(row.minimumSizeHint().width()) == rows * one + (rows - 1) * GAP


def test_what_is_hidden_takes_no_room(row: QWidget) -> None:
    whole = row.sizeHint().width()
    buttons(row)[0].hide()
    assert row.sizeHint().width() < whole
