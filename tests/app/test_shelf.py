"""Model folders are found by their small files, and nothing halfway is taken for one."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from app import shelf
from app.wares import gigabytes
from model import download, manifest, receipt, removal
from model.catalogue import SMALLER, Precision
from model.recognition import MANIFEST, RECEIPT
from tests.helpers.hub import CONFIG


def make(folder: Path, scheme: str | None = None) -> Path:
    folder.mkdir(parents=True)
    (folder / "config.json").write_text(CONFIG)
    if scheme is not None:
        (folder / MANIFEST).write_text(json.dumps({"modules": {"a": {"scheme": scheme}}}))
    return folder


def test_models_are_described(tmp_path: Path) -> None:
    plain, four = make(tmp_path / "models" / "a"), make(tmp_path / "models" / "b", "int4")
    eight = make(tmp_path / "elsewhere" / "c", "int8")
    for folder in (plain, four):  # an older Sightline copied it into what it converted
        (folder / RECEIPT).write_text("{}")
    found = shelf.stored([tmp_path / "models"], [eight, plain], four)
    assert [(item.folder, item.ours, item.in_use) for item in found] == [
        (plain, True, False),
        (four, True, True),
        (eight, False, False),
    ]
    assert [item.words.split(",")[0] for item in found] == ["as published", "4 bits", "8 bits"]
    assert [(item.plain, item.compared) for item in found] == [(True, True), (False, False), (False, False)]


def test_nothing_halfway_is_a_model(tmp_path: Path) -> None:
    target = tmp_path / "models" / "a"
    for ending in shelf.HALFWAY:
        make(target.with_name(target.name + ending))
    (tmp_path / "models" / "empty").mkdir()
    assert shelf.stored([tmp_path / "models"], [], None) == []
    assert shelf.stored([tmp_path / "missing"], [tmp_path / "missing too"], None) == []
    assert shelf.size(tmp_path / "missing") == 0


def test_names_are_those_of_the_runner(tmp_path: Path) -> None:
    target = tmp_path / "a"
    assert shelf.unfinished(target) == download.work_folder(target)
    assert (MANIFEST, RECEIPT) == (manifest.MANIFEST_NAME, receipt.NAME)
    assert (shelf.MOVING, shelf.MOVED) == (removal.MARK, removal.MOVED)
    assert (shelf.UNFINISHED, shelf.PARTIAL) == removal.BEGUN


def test_what_is_there_of_a_download_and_of_what_is_made_of_it_is_counted(tmp_path: Path) -> None:
    target = tmp_path / SMALLER.name
    made = shelf.converted(target, Precision.INT4)
    for folder, nbytes in ((shelf.unfinished(target), 1000), (made, 300), (shelf.partial(made), 20)):
        folder.mkdir()
        (folder / "weights").write_bytes(bytes(nbytes))
    assert shelf.size_there(tmp_path, SMALLER, Precision.PUBLISHED) == 1000
    assert shelf.size_there(tmp_path, SMALLER, Precision.INT4) == 1320
    assert shelf.size_there(tmp_path, SMALLER, Precision.INT8) == 1000


def test_what_is_to_become_a_model_is_found(tmp_path: Path) -> None:
    begun = [make(shelf.unfinished(tmp_path / "b")), make(shelf.partial(tmp_path / "a"))]
    make(tmp_path / "whole")
    assert shelf.begun(tmp_path) == sorted(begun)
    assert shelf.begun(tmp_path / "missing") == []


@pytest.mark.parametrize(
    ("nbytes", "words"),
    [
        (0, "0.0 GB"),
        (1, "1 MB"),
        (24_400_000, "24 MB"),
        (49_000_000, "49 MB"),
        (50_000_000, "0.1 GB"),
        (4.9e9, "4.9 GB"),
    ],
)
def test_a_size_that_is_no_gigabyte_is_told_in_megabytes(nbytes: int, words: str) -> None:
    assert gigabytes(nbytes) == words
