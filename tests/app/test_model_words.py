"""What the model's side says is known again whatever stands in its places, and what it never says is not listed."""

from __future__ import annotations

import ast
import string
from collections.abc import Iterator

import pytest

from app.model_words import SENTENCES, of_model
from installer.translations import ROOT
from model.catalogue import CATALOGUE, GIGABYTE, Hardware, Precision, advise
from model.speed import Speed


@pytest.fixture(scope="module")
def said() -> set[str]:
    """All that stands between places in what the model's side can say."""
    files = (ROOT / "model").rglob("*.py")
    nodes = (node for file in files for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))))
    return {node.value.strip() for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}


ERRORS = {"SightlineError", "CheckpointError", "MemoryFullError", "MediaError", "ContextFullError", "DownloadError"}
TELLING = {"MoveError", "Noticed", "Done", "Broken", "Hindered", "_fail"} | ERRORS
NOT_FOR_THE_WINDOW = ("cli", "training", "benchmark", "verification", "adapters.py", "catalogue.py", "small.py")
"""Commands of the terminal, and what only they lead to."""
OF_PROGRAMS = {
    "is no precision that is supported",
    "name the folder that `quantize` wrote",
    "choose another place",
    "mix them to mono first",
    "give floats or signed integers",
    "A frame must be RGB bytes",
}
"""What only a program can do wrong that calls the runner."""


def told() -> Iterator[str]:
    """Every sentence with which the model's side can refuse something, X in its places."""
    for file in sorted((ROOT / "model").rglob("*.py")):
        if not any(part in NOT_FOR_THE_WINDOW for part in file.relative_to(ROOT / "model").parts):
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and name_of(node.func) in TELLING:
                    yield from (text for argument in node.args if " " in (text := filled(argument)))


def name_of(called: ast.expr) -> str:
    return called.id if isinstance(called, ast.Name) else called.attr if isinstance(called, ast.Attribute) else ""


def filled(node: ast.expr) -> str:
    parts = node.values if isinstance(node, ast.JoinedStr) else [node]
    return "".join(text_of(part) for part in parts)


def text_of(node: ast.expr) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else "X"


@pytest.mark.parametrize("sentence", [said for said in told() if not any(words in said for words in OF_PROGRAMS)])
def test_nothing_is_said_in_english_only(spanish: None, sentence: str) -> None:
    assert of_model(sentence) != sentence


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
