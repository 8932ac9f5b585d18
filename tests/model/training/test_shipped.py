"""The built-in demonstration model still does what it was shipped for. Skipped in a copy without it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import torch
from transformers import Qwen2_5OmniForConditionalGeneration

from app.terminal import BUILT_IN
from model.loading import Checkpoint, Placement
from model.note import Note
from model.omni import Omni, place
from model.training.corpus.chance import chance
from model.training.corpus.dialogues import Form, Speech, Text, Watched
from model.training.corpus.drawing import draw
from model.training.corpus.films import Film
from model.training.corpus.narrators import NARRATORS
from model.training.corpus.scenes import Scene, scene
from model.training.evaluation import BELATED, Measure, asked_and_replied
from model.training.scores import Counted, Result, Score, exact, facts_found, word_errors
from model.training.shelves import Shelf, Stream
from model.training.spoken import evaluate_speech
from tests.helpers import greedy

pytestmark = pytest.mark.skipif(
    not (BUILT_IN / "config.json").is_file(), reason="this copy has no built-in demonstration model in resources"
)

FEW = 8
"""Conversations: a tenth of a minute each row."""
MOST_BYTES = 40_000_000
# Per cent, a little worse than it was when it was put here: what is wanted of it is in docs/training.md.
MOST_MISHEARD = 10.0
LEAST_TOLD = 85.0
LEAST_ANSWERED, LEAST_ANSWERED_ALOUD = 85.0, 60.0
LEAST_ANSWERED_BEFORE_A_CAMERA = 60.0
LEAST_IN_TIME, LEAST_MOVED = 75.0, 75.0
LEAST_LOST_OUT_OF_TIME = 30.0
LEAST_TRANSLATED = 50.0
LEAST_HEARD = 60.0
LEAST_BELATED = 60.0


@pytest.fixture(scope="module", autouse=True)
def _few_threads() -> Iterator[None]:
    """As its own note has it where the app or a command loads it."""
    before = torch.get_num_threads()
    torch.set_num_threads(Note.read(BUILT_IN).threads or before)
    yield
    torch.set_num_threads(before)


def as_used() -> Placement:
    """As the app places it: rounded as its note says."""
    return place("cpu", note=Note.read(BUILT_IN))


@pytest.fixture(scope="module")
def omni() -> Omni:
    return Omni.load(BUILT_IN, as_used(), speaks=False)


@pytest.fixture(scope="module")
def library() -> Qwen2_5OmniForConditionalGeneration:
    """The folder as transformers reads it."""
    model: Qwen2_5OmniForConditionalGeneration = Qwen2_5OmniForConditionalGeneration.from_pretrained(
        BUILT_IN, dtype=torch.float32
    )
    return model


def test_it_is_small_and_says_what_it_is() -> None:
    assert sum(file.stat().st_size for file in BUILT_IN.iterdir()) <= MOST_BYTES
    assert (Note.read(BUILT_IN).threads, as_used().bits) == (1, 8)
    assert "built-in demonstration model" in (BUILT_IN / "README.md").read_text(encoding="utf-8")


def measured(
    omni: Omni, speech: Path, stream: Stream, count: Callable[[str, str], Counted], *, scrambled: bool = False
) -> Result:
    """Of a few conversations, in per cent."""
    score = Score(stream.name, count, 0.0)
    measure = Measure(stream, (score,), scrambled=scrambled)
    return Result.of_replies(score, asked_and_replied(omni, speech, measure, FEW))


def test_it_hears_unseen_voices(omni: Omni, speech_folder: Path) -> None:
    result = measured(
        omni, speech_folder, Stream("unseen-voices", ("transcribe",), "held-out", "espeak-ng"), word_errors
    )
    assert result.share <= MOST_MISHEARD, result.wrong


def test_it_writes_nothing_where_nobody_speaks(omni: Omni, speech_folder: Path) -> None:
    result = measured(omni, speech_folder, Stream("nothing-said", ("silence",), "held-out"), exact)
    assert result.share == 100, result.wrong


def test_it_tells_what_it_sees(omni: Omni, speech_folder: Path) -> None:
    stream = Stream("described", ("describe",), "held-out", shows=Scene)
    result = measured(omni, speech_folder, stream, facts_found)
    assert result.share >= LEAST_TOLD, result.wrong


@pytest.mark.parametrize(("form", "least"), [(Text, LEAST_ANSWERED), (Speech, LEAST_ANSWERED_ALOUD)])
def test_it_answers(omni: Omni, speech_folder: Path, form: Form, least: float) -> None:
    result = measured(omni, speech_folder, Stream("answered", ("answer",), "held-out", form=form), exact)
    assert result.share >= least, result.wrong


def test_it_answers_before_a_camera(omni: Omni, speech_folder: Path) -> None:
    stream = Stream("seen", ("answer",), "held-out", shows=Scene, form=Watched)
    result = measured(omni, speech_folder, stream, exact)
    assert result.share >= LEAST_ANSWERED_BEFORE_A_CAMERA, result.wrong


def test_behind_long_talk_it_still_sees_what_it_is_shown(omni: Omni, speech_folder: Path) -> None:
    """Until it was taught with long talk, and kept less of it in mind, it babbled behind thirty turns."""
    result = measured(omni, speech_folder, BELATED, exact)
    assert result.share >= LEAST_BELATED, result.wrong


def test_it_tells_what_was_there_at_a_sound_by_the_positions_of_time_alone(omni: Omni, speech_folder: Path) -> None:
    stream = Stream("what coincided", ("video",), "held-out", shows=Film, replies="was there")
    result = measured(omni, speech_folder, stream, exact)
    assert result.share >= LEAST_IN_TIME, result.wrong
    scrambled = measured(omni, speech_folder, stream, exact, scrambled=True)
    assert result.share - scrambled.share >= LEAST_LOST_OUT_OF_TIME


def test_it_tells_what_moved_where(omni: Omni, speech_folder: Path) -> None:
    stream = Stream("what moved", ("video",), "held-out", shows=Film, replies="moved to")
    result = measured(omni, speech_folder, stream, exact)
    assert result.share >= LEAST_MOVED, result.wrong


def test_it_translates_sentences_of_no_pattern_that_it_knows(omni: Omni, speech_folder: Path) -> None:
    stream = Stream("translated", ("translate",), "held-out")
    result = measured(omni, speech_folder, stream, exact)
    assert result.share >= LEAST_TRANSLATED, result.wrong


def test_transformers_and_the_runner_write_the_same(
    library: Qwen2_5OmniForConditionalGeneration, speech_folder: Path
) -> None:
    """Of what is said and shown to it, token by token the likeliest."""
    shelf = Shelf(speech_folder, Stream("unseen-voices", ("transcribe",), "held-out", "espeak-ng"), 0)
    for index, asked in enumerate(("Write down what is said.", "Describe the picture.", "What do you hear?")):
        picture = draw(scene(chance("shipped", index), "held-out"), chance("camera", index), width=168, height=168)
        (wave,) = shelf.recorded(index).waves
        ours, theirs = greedy.replies(BUILT_IN, library.thinker, wave, picture, asked)
        assert ours == theirs


@pytest.mark.skipif(
    (BUILT_IN / "config.json").is_file() and not Checkpoint.open(BUILT_IN).speaks,
    reason="the built-in demonstration model does not speak yet",
)
def test_it_speaks(speech_folder: Path) -> None:
    rows = [row for row in evaluate_speech(BUILT_IN, speech_folder, 4, as_used()) if isinstance(row, Result)]
    heard = [row for row in rows if "judge hears" in row.score.name]
    assert len(heard) == len(NARRATORS)
    assert all(row.share >= LEAST_HEARD for row in heard), [row.wrong for row in heard]
