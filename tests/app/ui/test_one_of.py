"""One of a few things, chosen by keyboard."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from app.ui.one_of import OneOf


@pytest.fixture
def fruit(qtbot: QtBot) -> OneOf:
    fruit = OneOf("Fruit", [("a", "Apple", "Red"), ("b", "Banana", ""), ("c", "Cherry", "Small")])
    qtbot.addWidget(fruit)
    fruit.show()
    fruit.activateWindow()  # arrow keys lead from what has the focus to the next choice
    qtbot.waitUntil(fruit.isActiveWindow)
    return fruit


def test_arrow_keys_choose_and_each_choice_is_told_once(qtbot: QtBot, fruit: OneOf) -> None:
    told: list[object] = []
    fruit.show_choice("a")
    fruit.chosen.connect(told.append)
    fruit.button("a").setFocus()
    qtbot.keyClick(fruit.button("a"), Qt.Key.Key_Down)
    assert (told, fruit.choice) == (["b"], "b")
    qtbot.keyClick(fruit.button("b"), Qt.Key.Key_Down)
    assert (told, fruit.choice) == (["b", "c"], "c")


def test_showing_a_choice_chooses_nothing(fruit: OneOf) -> None:
    told: list[object] = []
    fruit.chosen.connect(told.append)
    before = fruit.choice
    fruit.show_choice("c")
    fruit.show_choice("a")
    assert (told, before, fruit.choice) == ([], None, "a")


def test_a_sentence_stands_below_the_name_it_belongs_to(fruit: OneOf) -> None:
    (red, _) = fruit.findChildren(QLabel)
    assert red.contentsMargins().left() == fruit.button("a").indent > 10


def test_each_says_what_it_means_for_the_eye_and_for_a_screen_reader(fruit: OneOf) -> None:
    assert fruit.button("a").accessibleDescription() == "Red"
    assert fruit.button("b").accessibleDescription() == "Fruit"
    assert [label.text() for label in fruit.findChildren(QLabel)] == ["Red", "Small"]
