"""Jobs on model folders, each to its end, by what they tell."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from huggingface_hub import close_session

from model.errors import Cancelled, never_cancelled
from model.jobs import (
    Advanced,
    Broken,
    Convert,
    Damaged,
    Done,
    Fetch,
    Halted,
    Inspect,
    Job,
    JobReport,
    Measure,
    Measured,
    Mend,
    Move,
    Remove,
)
from model.recognition import RECEIPT
from model.workshop import carry_out
from tests.helpers.hub import Hub, serve


class Told(list[JobReport]):
    """Reports of a job, its end last."""

    def __init__(self, job: Job) -> None:
        super().__init__()
        self.end = carry_out(job, self.append, never_cancelled)


@pytest.fixture
def hub(small_folder: Path) -> Iterator[Hub]:
    with serve(Hub(small_folder)) as served:
        yield served
    close_session()


def test_from_the_hub_to_a_converted_model(hub: Hub, tmp_path: Path) -> None:
    folder = tmp_path / "models" / "small"
    fetch = Fetch("Qwen/test", folder, endpoint=hub.url)
    assert isinstance(Told(fetch).end, Done)
    told = Told(Convert(folder, tmp_path / "models" / "small-int4", 4))
    assert told.end == Done("small-int4 is ready.")
    last = told[-1]
    assert isinstance(last, Advanced)
    assert last.done == last.total > 0
    weights = next(folder.glob("*.safetensors"))
    with weights.open("r+b") as file:
        file.seek(5000)
        file.write(b"damage")
    assert Told(Inspect(folder)).end == Damaged((weights.name,))
    assert Told(Mend(folder, hub.url)).end == Done(f"Fetched again and right: {weights.name}.")
    assert Told(Mend(folder, hub.url)).end == Done("No file was damaged.")
    assert Told(Fetch("Qwen/test", folder, endpoint=hub.url)).end == Broken(
        f"{folder} is there already: use it, mend it, or choose another place."
    )


def test_a_converted_folder_is_not_compared_with_its_source(hub: Hub, tmp_path: Path) -> None:
    """Though it holds its source's receipt, as an older Sightline copied it."""
    folder, made = tmp_path / "small", tmp_path / "small-int8"
    Told(Fetch("Qwen/test", folder, endpoint=hub.url))
    Told(Convert(folder, made, 8))
    shutil.copy(folder / RECEIPT, made)
    before = {file.name: file.read_bytes() for file in made.iterdir()}
    told = Told(Inspect(made))
    assert not isinstance(told.end, Damaged)
    assert [report.step for report in told if isinstance(report, Advanced)] == [
        "Comparing results with the reference's"
    ]
    end = Told(Mend(made, hub.url)).end
    assert isinstance(end, Broken)
    assert "no hashes to compare with" in end.sentence
    assert {file.name: file.read_bytes() for file in made.iterdir()} == before


def test_check_compares_results_with_the_reference(small_folder: Path) -> None:
    end = Told(Inspect(small_folder)).end
    assert isinstance(end, Done)
    assert "comparisons with the reference agree" in end.sentence


def test_computer_is_measured(tmp_path: Path) -> None:
    (measured,) = Told(Measure(tmp_path / "not" / "there"))
    assert isinstance(measured, Measured)
    hardware = measured.hardware
    assert min(hardware.memory, hardware.disk, hardware.cores) > 0


def test_moved_and_removed(tmp_path: Path) -> None:
    (tmp_path / "from" / "one").mkdir(parents=True)
    (tmp_path / "from" / "one" / "file").write_bytes(bytes(10))
    assert isinstance(Told(Move(tmp_path / "from", tmp_path / "to")).end, Done)
    assert isinstance(Told(Remove((tmp_path / "to" / "one",))).end, Done)
    assert list((tmp_path / "to").iterdir()) == []


def test_whatever_goes_wrong_is_a_sentence(tmp_path: Path) -> None:
    job = Convert(tmp_path / "nothing", tmp_path / "new", 4)
    end = Told(job).end
    assert isinstance(end, Broken)
    assert end.sentence.endswith(".")
    assert isinstance(Told(Inspect(tmp_path)).end, Broken)


def test_halted_conversion_leaves_nothing(small_folder: Path, tmp_path: Path) -> None:
    def stop() -> None:
        raise Cancelled

    job = Convert(small_folder, tmp_path / "new", 8)
    assert carry_out(job, lambda _: None, stop) == Halted()
    assert list(tmp_path.iterdir()) == []
