"""The built-in demonstration model still does what it was shipped for. Skipped in a copy without it."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.terminal import BUILT_IN
from model.loading import Placement
from model.omni import Omni
from model.training.corpus.dialogues import Speech, Text
from model.training.evaluation import Measure, asked_and_replied
from model.training.scores import Result, Score, exact, word_errors
from model.training.shelves import Stream
from model.training.spoken import evaluate_speech

pytestmark = pytest.mark.skipif(
    not (BUILT_IN / "config.json").is_file(), reason="this copy has no built-in demonstration model in resources"
)

FEW = 8
MOST_BYTES = 40_000_000


@pytest.fixture(scope="module")
def omni() -> Omni:
    return Omni.load(BUILT_IN, Placement.cpu(), speaks=False)


def test_it_is_small_and_says_what_it_is() -> None:
    assert sum(file.stat().st_size for file in BUILT_IN.iterdir()) <= MOST_BYTES
    assert "built-in demonstration model" in (BUILT_IN / "README.md").read_text(encoding="utf-8")


def test_it_hears_unseen_voices(omni: Omni, speech_folder: Path) -> None:
    stream = Stream("unseen-voices", ("transcribe",), "held-out", "espeak-ng")
    score = Score("word errors", word_errors, 15.0, "errors")
    result = Result.of_replies(score, asked_and_replied(omni, speech_folder, Measure(stream, (score,)), FEW))
    assert result.met, result.wrong


@pytest.mark.parametrize("form", [Text, Speech])
def test_it_answers(omni: Omni, speech_folder: Path, form: type[Text] | type[Speech]) -> None:
    score = Score("answers", exact, 75.0)
    measure = Measure(Stream("answered", ("answer",), "held-out", form=form), (score,))
    result = Result.of_replies(score, asked_and_replied(omni, speech_folder, measure, FEW))
    assert result.met, result.wrong


def test_it_speaks(speech_folder: Path) -> None:
    rows = [row for row in evaluate_speech(BUILT_IN, speech_folder, 4, Placement.cpu()) if isinstance(row, Result)]
    heard = [row for row in rows if "judge hears" in row.score.name]
    assert all(row.share >= row.score.bar - 15 for row in heard), [row.wrong for row in heard]
    assert all(row.counted <= 1 for row in rows if row.score.kind == "errors"), [row.line() for row in rows]
