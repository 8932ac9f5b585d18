"""Models taken to another folder: whole in one of both places at any time."""

from __future__ import annotations

import errno
import os
import shutil
from pathlib import Path

import pytest

from model import removal
from model.errors import Cancelled, never_cancelled
from model.removal import CONVERTING, MOVED, MoveError, move, remove, size_of
from tests.helpers.hub import CONFIG


@pytest.fixture
def source(tmp_path: Path) -> Path:
    for name in ("one", "two"):
        (tmp_path / "from" / name / "inner").mkdir(parents=True)
        (tmp_path / "from" / name / "config.json").write_text(CONFIG)
        (tmp_path / "from" / name / "inner" / "weights").write_bytes(bytes(10_000))
    return tmp_path / "from"


@pytest.fixture
def another_disk(monkeypatch: pytest.MonkeyPatch, source: Path) -> None:
    """Two disks are not to be had: renaming from one folder to the other is refused as between them."""
    rename = os.rename

    def refuse(old: Path, new: Path) -> None:
        if source in Path(old).parents and source not in Path(new).parents:
            raise OSError(errno.EXDEV, "Invalid cross-device link")
        rename(old, new)

    monkeypatch.setattr(os, "rename", refuse)


def stop(_folder: Path) -> None:
    """Where a folder was nearly gone."""
    raise OSError(errno.EIO, "Input/output error")


def contents(folder: Path) -> dict[str, bytes]:
    return {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


@pytest.mark.parametrize("disks", [1, 2])
def test_everything_moves(source: Path, tmp_path: Path, disks: int, request: pytest.FixtureRequest) -> None:
    if disks == 2:
        request.getfixturevalue("another_disk")
    before, told = contents(source), []
    move(source, tmp_path / "to", lambda *progress: told.append(progress), never_cancelled)
    assert contents(tmp_path / "to") == before
    assert list(source.iterdir()) == []
    assert told[-1][1] == told[-1][2] == sum(map(len, before.values()))


@pytest.mark.usefixtures("another_disk")
def test_broken_off_nothing_is_lost_and_another_try_goes_on(source: Path, tmp_path: Path) -> None:
    before = contents(source)

    def stop() -> None:
        if (tmp_path / "to" / "one").exists():
            raise Cancelled

    with pytest.raises(Cancelled):
        move(source, tmp_path / "to", lambda *_: None, stop)
    assert contents(source) | contents(tmp_path / "to") == before
    assert sorted(path.name for path in (tmp_path / "to").iterdir()) == ["one"]
    move(source, tmp_path / "to", lambda *_: None, never_cancelled)
    assert contents(tmp_path / "to") == before


def test_what_is_no_model_stays_where_it_is(source: Path, tmp_path: Path) -> None:
    (source / "taxes.ods").write_bytes(b"mine")
    (source / "thesis").mkdir()
    (source / "thesis" / "config.json").write_text('{"compilerOptions": {}}')
    (source / "begun.unfinished").mkdir()
    move(source, tmp_path / "to", lambda *_: None, lambda: None)
    assert sorted(item.name for item in source.iterdir()) == ["taxes.ods", "thesis"]
    assert (tmp_path / "to" / "begun.unfinished").is_dir()


def test_what_is_there_already_is_left_alone(source: Path, tmp_path: Path) -> None:
    (tmp_path / "to" / "two").mkdir(parents=True)
    with pytest.raises(MoveError, match="has two already"):
        move(source, tmp_path / "to", lambda *_: None, never_cancelled)
    assert (source / "one").is_dir()


def test_folder_inside_itself_is_refused(source: Path) -> None:
    with pytest.raises(MoveError, match="lies inside"):
        move(source, source / "deeper", lambda *_: None, never_cancelled)


def test_removed_folders_are_gone(source: Path) -> None:
    assert size_of(source) == 2 * (10_000 + len(CONFIG))
    remove(source)
    remove(source)
    assert not source.exists()
    assert size_of(source) == 0


def test_a_removal_that_is_broken_off_leaves_what_can_be_removed_again(
    source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (source / "one" / CONVERTING).touch()
    with monkeypatch.context() as broken:
        broken.setattr(shutil, "rmtree", stop)
        with pytest.raises(OSError, match="Input/output"):
            remove(source / "one")
    assert set(contents(source / "one")) == {"config.json", CONVERTING}
    remove(source / "one")
    assert not (source / "one").exists()


@pytest.mark.usefixtures("another_disk")
def test_what_a_killed_move_has_left_is_replaced(source: Path, tmp_path: Path) -> None:
    before = contents(source)
    left = tmp_path / "to" / f"one{removal.MARK}"
    left.mkdir(parents=True)
    (left / "stale").write_text("of another time")
    move(source, tmp_path / "to", lambda *_: None, never_cancelled)
    assert contents(tmp_path / "to") == before


@pytest.mark.usefixtures("another_disk")
def test_what_was_copied_and_had_still_to_go_goes(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = contents(source)
    with monkeypatch.context() as broken:
        broken.setattr(shutil, "rmtree", stop)
        with pytest.raises(MoveError):
            move(source, tmp_path / "to", lambda *_: None, never_cancelled)
    assert sorted(item.name for item in source.iterdir()) == [f"one{MOVED}", "two"]
    move(source, tmp_path / "to", lambda *_: None, never_cancelled)
    assert contents(tmp_path / "to") == before
    assert list(source.iterdir()) == []


@pytest.mark.parametrize("is_begun", [True, False])
def test_what_was_copied_by_a_move_that_was_killed_then_goes(source: Path, tmp_path: Path, *, is_begun: bool) -> None:
    """Between the names of the copy and of its source, or while an older Sightline removed the source."""
    before = contents(source)
    shutil.copytree(source / "one", tmp_path / "to" / "one")
    if is_begun:
        (source / "one" / "inner" / "weights").unlink()
    move(source, tmp_path / "to", lambda *_: None, never_cancelled)
    assert contents(tmp_path / "to") == before
    assert list(source.iterdir()) == []


def test_another_model_of_the_same_name_is_no_copy(source: Path, tmp_path: Path) -> None:
    shutil.copytree(source / "one", tmp_path / "to" / "one")
    os.utime(tmp_path / "to" / "one" / "inner" / "weights", ns=(0, 0))
    before = contents(source)
    with pytest.raises(MoveError, match="has one already"):
        move(source, tmp_path / "to", lambda *_: None, never_cancelled)
    assert contents(source) == before


@pytest.mark.parametrize("link", ["", "one", "one/inner", "one/inner/weights"])
def test_a_link_back_is_no_copy(source: Path, tmp_path: Path, link: str) -> None:
    remove(source / "two")
    to = tmp_path / "to"
    if link:
        shutil.copytree(source, to)
        remove(to / link)
    (to / link).symlink_to(source / link)
    before = contents(source)
    with pytest.raises(MoveError, match="already"):
        move(source, to, lambda *_: None, never_cancelled)
    assert contents(source) == before


def test_one_folder_by_two_ways_that_look_like_two_is_kept(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As a share that is mounted twice looks: the same names, sizes and times under other numbers."""
    (tmp_path / "to").symlink_to(source)
    monkeypatch.setattr(Path, "samefile", lambda *_: False)
    before = contents(source)
    with pytest.raises(MoveError, match="already"):
        move(source, tmp_path / "to", lambda *_: None, never_cancelled)
    assert contents(source) == before
