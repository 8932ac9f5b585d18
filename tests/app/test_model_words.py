"""What the model's side says is known again whatever stands in its places, and what it never says is not listed."""

from __future__ import annotations

import ast
import string
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QLocale, QTranslator
from PySide6.QtWidgets import QApplication

from app import language
from app.model_words import SENTENCES, of_model
from app.settings import Language
from installer.translations import ROOT
from model.catalogue import CATALOGUE, GIGABYTE, Hardware, Precision, advise
from model.speed import Speed


@pytest.fixture
def spanish(qapp: QApplication) -> Iterator[None]:
    language.speak(Language.SPANISH, qapp)
    yield
    for translator in qapp.findChildren(QTranslator):
        qapp.removeTranslator(translator)
        translator.deleteLater()
    QLocale.setDefault(QLocale.c())


@pytest.fixture(scope="module")
def said() -> set[str]:
    """All that stands between places in what the model's side can say."""
    files = (ROOT / "model").rglob("*.py")
    nodes = (node for file in files for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))))
    return {node.value.strip() for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}


@pytest.mark.parametrize("words", SENTENCES)
def test_each_is_said_in_just_these_words(said: set[str], words: str) -> None:
    pieces = {text.strip() for text, _, _, _ in string.Formatter().parse(words)}
    assert pieces - said - {""} == set()


def test_places_are_filled_in_again(spanish: None) -> None:
    assert of_model("Fetching a/b c.json") == "Descargando a/b c.json"
    assert of_model("The download of x stopped because the connection broke: it goes on by itself.") == (
        "La descarga de x se detuvo porque se cortó la conexión: continúa sola."
    )


def test_what_is_not_known_stays_as_it_is(spanish: None) -> None:
    assert of_model("Something else went wrong: restart.") == "Something else went wrong: restart."
    assert of_model("Checking good") == "Comprobando good"


def test_without_a_translation_nothing_changes() -> None:
    for words in SENTENCES:
        assert of_model(words.replace("{", "").replace("}", "")) == words.replace("{", "").replace("}", "")


def test_all_of_the_catalogue_is_known(spanish: None) -> None:
    for published in CATALOGUE:
        for words in (published.about, published.languages, published.licence.text):
            assert of_model(words) != words
    for memory, cores, video, disk in ((8, 4, 0, 99), (64, 16, 0, 99), (64, 16, 80, 99), (4, 4, 0, 99), (64, 16, 0, 1)):
        advice = advise(Hardware(memory * GIGABYTE, disk * GIGABYTE, cores, video * GIGABYTE))
        assert of_model(advice.reason) != advice.reason
    assert of_model(Precision.PUBLISHED.words) == "tal como se publicó"


@pytest.mark.parametrize("speed", [Speed(9, 20, 0.5), Speed(9, 20, 3.0), Speed(9, 5, None), Speed(9, 1, None)])
def test_every_advice_on_speed_is_known(spanish: None, speed: Speed) -> None:
    assert of_model(speed.band) != speed.band
    assert of_model(speed.advice) != speed.advice
