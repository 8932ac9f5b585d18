"""A training's life: stages in order, checkpoints to go on from, what moves and what stays, and what is told."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from model.cli import train
from model.cli.program import main
from model.errors import Cancelled, SightlineError
from model.loading import Placement
from model.omni import Omni
from model.training import evaluation, losses
from model.training.corpus.dialogues import counted, screened
from model.training.corpus.speakers import installed
from model.training.course import STAGES, Course, Order
from model.training.example import Example
from model.training.learner import Learner, Read
from model.training.progress import CHECKPOINT, Entry, Ledger, Progress
from model.training.scores import exact, facts_found, facts_invented, word_errors
from model.training.shelves import PROLONGED, REMOTE
from model.training.understanding import LESSONS, MODEL_FOLDER, Understanding

BRIEFLY = 0.001
"""Minutes: a step or a few."""


class Stopped:
    """A check that gives up after so many calls."""

    def __init__(self, calls: int) -> None:
        self._left = calls

    def __call__(self) -> None:
        self._left -= 1
        if self._left < 0:
            raise Cancelled


@pytest.fixture(scope="module", autouse=True)
def _soon() -> Iterator[None]:
    """Conversations of thousands of tokens take some seconds a step; here they are others that are imagined."""
    soon = {REMOTE: replace(REMOTE, make=counted), PROLONGED: replace(PROLONGED, make=screened)}
    lessons = (replace(each, streams=tuple(soon.get(stream, stream) for stream in each.streams)) for each in LESSONS)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("model.training.understanding.LESSONS", tuple(lessons))
        yield


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A training that is through all stages, each of a step or a few."""
    folder = tmp_path_factory.mktemp("course")
    for name in Understanding.order:
        Course(Order(folder, name, BRIEFLY)).run()
    return folder


def weights(folder: Path) -> dict[str, torch.Tensor]:
    return Ledger(folder).load()[1]


def test_the_command_offers_the_stages_that_exist() -> None:
    assert train.STAGES == STAGES


def test_a_stage_that_was_stopped_goes_on_where_it_was(tmp_path: Path) -> None:
    with pytest.raises(Cancelled):
        Course(Order(tmp_path, "words", 60.0), check=Stopped(1)).run()
    stopped, learned, optimiser = Ledger(tmp_path).load()
    assert (stopped.stage, stopped.step, stopped.finished) == ("words", 1, [])
    assert optimiser is not None
    course = Course(Order(tmp_path, "words", 60.0), check=Stopped(0))
    assert course.progress == stopped
    with pytest.raises(Cancelled):
        course.run()
    assert all(torch.equal(learned[name], weight) for name, weight in weights(tmp_path).items())


def test_stopped_and_gone_on_is_the_same_as_never_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the learning rate held, which follows the clock."""
    monkeypatch.setattr(Course, "_rate", lambda _self, _share: 1e-3)
    for calls, name in (((2,), "at once"), ((1, 1), "in parts")):
        for part in calls:
            with pytest.raises(Cancelled):
                Course(Order(tmp_path / name, "words", 60.0), check=Stopped(part)).run()
    once, parts = weights(tmp_path / "at once"), weights(tmp_path / "in parts")
    assert all(torch.equal(once[name], parts[name]) for name in once)


def test_what_is_learned_from_at_once_is_of_about_one_length(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    batches: list[list[int]] = []

    def measured(learner: Learner, read: Read, examples: list[Example]) -> object:
        batches.append([len(example.ids) for example in examples])
        return usual(learner, read, examples)

    usual = losses.reply_loss
    monkeypatch.setattr(losses, "reply_loss", measured)
    with pytest.raises(Cancelled):
        Course(Order(tmp_path, "words", 60.0), check=Stopped(8)).run()
    padded = sum(len(batch) * max(batch) for batch in batches)
    assert sum(map(sum, batches)) > 0.7 * padded


def test_two_trainings_never_share_a_folder(tmp_path: Path) -> None:
    """The lock goes with the process that holds it, however that ends."""
    holding = (
        "import sys; from pathlib import Path; from model.training.claim import claimed\n"
        "with claimed(Path(sys.argv[1])):\n    print(flush=True); sys.stdin.read()"
    )
    command = [sys.executable, "-c", holding, str(tmp_path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        other.stdout.readline()
        with pytest.raises(SightlineError, match="in use by another training"):
            Course(Order(tmp_path, "words", BRIEFLY)).run()
        assert not Ledger(tmp_path).begun
        other.kill()
        other.wait()
    Course(Order(tmp_path, "words", BRIEFLY)).run()
    assert Ledger(tmp_path).load()[0].finished == ["words"]


def test_stages_come_in_their_order(tmp_path: Path) -> None:
    with pytest.raises(SightlineError, match="not ready for hearing: train words first"):
        Course(Order(tmp_path, "hearing", 1.0))
    with pytest.raises(Cancelled):
        Course(Order(tmp_path, "words", 1.0), check=Stopped(1)).run()
    with pytest.raises(SightlineError, match="not ready for letters: train words first"):
        Course(Order(tmp_path, "letters", 1.0))


def test_another_stage_waits_for_the_one_under_way(trained: Path, tmp_path: Path) -> None:
    progress, learned, _ = Ledger(trained).load()
    progress.stage = "hearing"
    Ledger(tmp_path).save(progress, learned, None)
    with pytest.raises(SightlineError, match="is amid hearing: go on with that first"):
        Course(Order(tmp_path, "thinking", 1.0))


def test_every_stage_leaves_its_mark(trained: Path) -> None:
    progress, _, optimiser = Ledger(trained).load()
    assert progress.finished == list(Understanding.order)
    assert progress.stage == ""
    assert optimiser is None
    assert progress.shown["jumbled as text"] > 0
    assert progress.shown["spoken"] > 0
    label = Omni.load(trained / MODEL_FOLDER, Placement.cpu(), speaks=False).checkpoint.note.label
    assert label == f"in training: it learned {', '.join(Understanding.order)} so far and does not speak"


def test_hearing_leaves_the_language_model_alone(trained: Path, tmp_path: Path) -> None:
    progress, before, _ = Ledger(trained).load()
    Ledger(tmp_path).save(progress, before, None)
    (tmp_path / "speech").symlink_to(trained / "speech")
    Course(Order(tmp_path, "hearing", BRIEFLY)).run()
    after = weights(tmp_path)
    moved = {name for name in before if not torch.equal(before[name], after[name])}
    assert moved
    assert all(name.startswith(("thinker.model.audio_tower.", "speller.")) for name in moved)


def test_a_checkpoint_of_another_corpus_is_refused(tmp_path: Path) -> None:
    Ledger(tmp_path).save(Progress(0), {"prefix": torch.zeros(1)}, None)
    with pytest.raises(SightlineError, match="begun with another corpus"):
        Course(Order(tmp_path, "words", 1.0))


def test_a_damaged_checkpoint_is_told(tmp_path: Path) -> None:
    (tmp_path / CHECKPOINT).write_bytes(b"not a checkpoint")
    with pytest.raises(SightlineError, match="is damaged: delete it"):
        Course(Order(tmp_path, "words", 1.0))


def test_the_journal_survives_a_line_cut_short(tmp_path: Path) -> None:
    entry = Entry("words", 7, 1.5, 1e-3, {"reply": 2.0}, 30.0)
    ledger = Ledger(tmp_path)
    ledger.note(entry)
    with (tmp_path / "journal.jsonl").open("a", encoding="utf-8") as file:
        file.write('{"stage": "wor')
    assert ledger.entries() == [entry]


@pytest.mark.parametrize(
    ("written", "wanted", "errors"),
    [
        ("The red circle.", "the red circle", (0, 3)),
        ("The circle.", "The red circle.", (1, 3)),
        ("The big red circle.", "The red circle.", (1, 3)),
        ("A red square.", "The red circle.", (2, 3)),
        ("", "Stop.", (1, 1)),
    ],
)
def test_word_errors(written: str, wanted: str, errors: tuple[int, int]) -> None:
    assert word_errors(written, wanted) == errors


def test_exact_is_exact() -> None:
    assert exact("El círculo.", "El círculo.") == (1, 1)
    assert exact("El circulo.", "El círculo.") == (0, 1)


def test_facts_told_and_invented() -> None:
    wanted = "I see a red circle at the top and the number seven on the left."
    written = "I see a red circle at the top, a blue star on the right and the number six on the left."
    assert facts_found(wanted, wanted) == (2, 2)
    assert facts_invented(wanted, wanted) == (0, 2)
    assert facts_found(written, wanted) == (1, 2)
    assert facts_invented(written, wanted) == (2, 3)
    assert facts_found("", wanted) == (0, 2)
    assert facts_invented("", wanted) == (0, 0)


def test_evaluation_asks_everything_of_the_held_out_split() -> None:
    assert all(measure.stream.split == "held-out" for measure in evaluation.MEASURES)
    names = [score.name for measure in evaluation.MEASURES for score in measure.scores]
    assert len(set(names)) == len(names)


def test_the_commands_train_and_evaluate(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("model.training.shelves.CHUNK", 1)
    order = ["train", "--out", str(tmp_path), "--minutes", str(BRIEFLY), "--stage"]
    assert main([*order, "words"]) == 0
    folder = Path(capsys.readouterr().out.splitlines()[-1])
    assert main([*order, "thinking"]) != 0
    assert "train copying first" in capsys.readouterr().err
    folder = folder / MODEL_FOLDER
    assert main(["evaluate", "--model", str(folder), "--count", "1", "--wrong", "1"]) == 0
    told = capsys.readouterr().out
    asked = [each for each in evaluation.MEASURES if each.stream.maker is None or installed(each.stream.maker)]
    assert all(score.name in told for measure in asked if not measure.scrambled for score in measure.scores)
    assert "films: the sound's positions shuffled" in told
    assert "wanted: " in told


@pytest.mark.parametrize("value", ["0", "-1", "soon", "nan"])
def test_minutes_are_a_number(value: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["train", "--out", "x", "--stage", "words", "--minutes", value])
    assert "is not a number of minutes above 0" in capsys.readouterr().err


def test_without_a_synthesiser_only_words_can_be_trained(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert main(["train", "--out", str(tmp_path / "t"), "--stage", "letters", "--minutes", "1"]) == 1
    assert capsys.readouterr().err.strip().startswith("espeak-ng is not installed: install it")
