"""From the catalogue to a model that can be loaded, through real children and a hub on this computer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog, QMessageBox
from pytestqt.qtbot import QtBot

from app import offers, shelf
from app.settings import Settings
from app.supply import Supply
from app.ui.models_page import ModelsPage
from model.catalogue import GIGABYTE, SMALLER, Hardware, Precision
from model.recognition import is_model
from tests.helpers.hub import CONFIG, Ask, Bend, Hub, serve
from tests.helpers.listener import TIMEOUT, newest_child

NAME = SMALLER.name


@pytest.fixture
def hub(small_folder: Path) -> Iterator[Hub]:
    with serve(Hub(small_folder)) as served:
        yield served


@pytest.fixture
def models(tmp_path: Path) -> Path:
    return tmp_path / "models"


@pytest.fixture
def page(qtbot: QtBot) -> ModelsPage:
    page = ModelsPage()
    qtbot.addWidget(page)
    return page


@pytest.fixture
def supply(hub: Hub, models: Path, page: ModelsPage) -> Iterator[Supply]:
    supply = Supply(page, Settings(models=models), None, hub.url)
    yield supply
    supply.close()


def largest(hub: Hub) -> str:
    return max(hub.files(), key=lambda file: file.stat().st_size).name


def stalling(hub: Hub) -> None:
    """The largest file stops coming after its first part, once."""
    name = largest(hub)

    def bend(ask: Ask) -> Bend | None:
        return Bend(stall_after=500_000) if ask.path == name and ask.earlier == 0 else None

    hub.bend = bend


def await_rest(qtbot: QtBot, page: ModelsPage, words: str) -> None:
    qtbot.waitUntil(lambda: words in page.job.sentence.text(), timeout=TIMEOUT)


def begin_and_stall(qtbot: QtBot, hub: Hub, page: ModelsPage, models: Path) -> Path:
    stalling(hub)
    page.wanted.emit(NAME, "published")
    part = shelf.unfinished(models / NAME) / f"{largest(hub)}.part"
    qtbot.waitUntil(lambda: part.exists() and part.stat().st_size >= 400_000, timeout=TIMEOUT)
    return part


def same(folder: Path, hub: Hub) -> bool:
    return all((folder / name).read_bytes() == (hub.folder / name).read_bytes() for name in hub.names())


def test_downloaded_and_converted_in_one_go(
    qtbot: QtBot, supply: Supply, page: ModelsPage, hub: Hub, models: Path
) -> None:
    with qtbot.waitSignal(supply.wanted, timeout=2 * TIMEOUT) as wanted:
        page.wanted.emit(NAME, "int4")
    assert wanted.args == [models / f"{NAME}-int4"]
    assert same(models / NAME, hub)
    found = shelf.stored([models], [], None)
    assert [(item.name, item.plain) for item in found] == [(NAME, True), (f"{NAME}-int4", False)]
    assert f"{NAME} (9 MB) is only needed to convert it again" in page.job.sentence.text()


def test_paused_and_resumed(qtbot: QtBot, supply: Supply, page: ModelsPage, hub: Hub, models: Path) -> None:
    part = begin_and_stall(qtbot, hub, page, models)
    page.job.pause.click()
    await_rest(qtbot, page, "Paused")
    there = part.stat().st_size
    with qtbot.waitSignal(supply.wanted, timeout=TIMEOUT) as wanted:
        page.job.resume.click()
    assert wanted.args == [models / NAME]
    assert same(models / NAME, hub)
    assert hub.starts(part.name.removesuffix(".part")) == [0, there]


def test_killed_it_goes_on_where_it_was(qtbot: QtBot, supply: Supply, page: ModelsPage, hub: Hub, models: Path) -> None:
    part = begin_and_stall(qtbot, hub, page, models)
    newest_child().kill()
    await_rest(qtbot, page, "what is there is kept")
    there = part.stat().st_size
    with qtbot.waitSignal(supply.wanted, timeout=TIMEOUT):
        page.job.resume.click()
    assert hub.starts(part.name.removesuffix(".part")) == [0, there]
    assert same(models / NAME, hub)


def test_cancelled_nothing_is_left(qtbot: QtBot, supply: Supply, page: ModelsPage, hub: Hub, models: Path) -> None:
    begin_and_stall(qtbot, hub, page, models)
    page.job.cancel.click()
    await_rest(qtbot, page, "Deleted")
    assert list(models.iterdir()) == []


def test_hub_that_has_nothing_is_a_sentence(qtbot: QtBot, supply: Supply, page: ModelsPage, hub: Hub) -> None:
    hub.bend = lambda _: Bend(status=404)
    page.wanted.emit(NAME, "published")
    await_rest(qtbot, page, "does not give it out (status 404)")
    assert not page.job.resume.isHidden()


def test_damage_is_found_and_mended(qtbot: QtBot, supply: Supply, page: ModelsPage, hub: Hub, models: Path) -> None:
    with qtbot.waitSignal(supply.wanted, timeout=TIMEOUT):
        page.wanted.emit(NAME, "published")
    (models / NAME / "config.json").write_text("damage")
    page.checked.emit(models / NAME)
    await_rest(qtbot, page, "Damaged: config.json. Repair")
    page.mended.emit(models / NAME)
    await_rest(qtbot, page, "Fetched again and right: config.json.")
    assert same(models / NAME, hub)


def make(folder: Path) -> Path:
    folder.mkdir(parents=True)
    (folder / "config.json").write_text(CONFIG)
    return folder


def test_deleted_after_it_was_let_go_of(qtbot: QtBot, supply: Supply, page: ModelsPage, models: Path) -> None:
    folder = make(models / "a")
    released: list[Path] = []
    chosen: list[Settings] = []
    supply.released.connect(released.append)
    supply.chosen.connect(chosen.append)
    supply.choose(Settings(models=models, model=folder))
    supply.use(folder)
    page.deleted.emit(folder)
    await_rest(qtbot, page, "Deleted")
    assert not folder.exists()
    assert released == [folder]
    assert chosen[-1].model is None


def test_models_folder_moves_with_all_in_it(
    qtbot: QtBot, supply: Supply, page: ModelsPage, models: Path, tmp_path: Path
) -> None:
    folder = make(models / "a")
    chosen: list[Settings] = []
    supply.chosen.connect(chosen.append)
    supply.choose(Settings(models=models, model=folder))
    with qtbot.waitSignal(supply.wanted, timeout=TIMEOUT) as wanted:
        page.moved.emit(tmp_path / "new", True)  # noqa: FBT003 -- a signal's argument
    assert wanted.args == [tmp_path / "new" / "a"]
    assert is_model(tmp_path / "new" / "a")
    assert chosen[-1].models == supply.folder == tmp_path / "new"
    page.moved.emit(models, False)  # noqa: FBT003 -- a signal's argument
    assert supply.folder == models
    assert is_model(tmp_path / "new" / "a")


def test_an_unfinished_download_moves_too(
    qtbot: QtBot, supply: Supply, page: ModelsPage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = shelf.unfinished(supply.folder / NAME)
    make(begun)
    page.show()
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(tmp_path / "new"))  # the system's own
    monkeypatch.setattr(QMessageBox, "question", lambda *_: QMessageBox.StandardButton.Yes)
    page.move_to.click()
    await_rest(qtbot, page, "The models are in")
    assert shelf.unfinished(tmp_path / "new" / NAME).is_dir()
    assert not begun.exists()
    assert page.card(NAME).download.text() == "Resume the download"


def test_after_a_move_that_was_not_finished_all_models_are_seen(
    qtbot: QtBot, supply: Supply, page: ModelsPage, models: Path, tmp_path: Path
) -> None:
    """As it is when a move to another disk ends halfway: one model is there already, one is not."""
    there, stays, other = make(tmp_path / "new" / "a"), make(models / "b"), make(tmp_path / "new" / "b")
    left, gone = make(tmp_path / "new" / "c.moving"), models / "d.sightline-moved"
    (other / "config.json").write_text(f"{CONFIG}\n")
    supply.choose(Settings(models=models, model=models / "a"))
    page.show()
    page.moved.emit(tmp_path / "new", True)  # noqa: FBT003 -- a signal's argument
    await_rest(qtbot, page, "has b already")
    assert supply.folder == models
    assert supply._settings.model == there
    for folder in (there, stays, other):
        assert page.row(folder).about.text().startswith(folder.name)
    make(gone)
    page.job.cancel.click()
    await_rest(qtbot, page, "Deleted")
    assert not left.exists()
    assert not gone.exists()
    assert there.exists()
    assert supply._settings.moved_to == (tmp_path / "new",)


def test_a_move_that_is_taken_up_again_loads_what_was_used(
    qtbot: QtBot, supply: Supply, page: ModelsPage, models: Path, tmp_path: Path
) -> None:
    there, taken = make(tmp_path / "new" / "a"), make(tmp_path / "new" / "b")
    make(models / "b")
    (taken / "config.json").write_text(f"{CONFIG}\n")
    supply.choose(Settings(models=models, model=models / "a"))
    page.moved.emit(tmp_path / "new", True)  # noqa: FBT003 -- a signal's argument
    await_rest(qtbot, page, "has b already")
    taken.rename(tmp_path / "another")
    with qtbot.waitSignal(supply.wanted, timeout=TIMEOUT) as wanted:
        page.job.resume.click()
    assert wanted.args == [there]
    assert supply.folder == tmp_path / "new"
    assert supply._settings.moved_to == ()


def test_what_has_come_of_a_download_does_not_change_the_recommendation(
    supply: Supply, page: ModelsPage, models: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It takes the room that was free for it."""
    need = SMALLER.room(Precision.INT4)
    computer = Hardware(16 * GIGABYTE, need - GIGABYTE, 4)
    monkeypatch.setattr(offers, "measured", lambda *_: computer)
    monkeypatch.setattr(shelf, "size", lambda folder: GIGABYTE if folder == shelf.unfinished(models / NAME) else 0)
    page.show()
    assert page.card(NAME).reason.text()
    monkeypatch.setattr(shelf, "size", lambda _: 0)
    supply.refresh()
    assert not page.card(NAME).reason.text()


def test_page_shows_this_computer_and_what_is_on_it(
    qtbot: QtBot, supply: Supply, page: ModelsPage, models: Path
) -> None:
    make(models / "a")
    part = shelf.unfinished(models / NAME)
    make(part)
    page.show()
    assert "GB of memory" in page.computer.text()
    assert page.row(models / "a").about.text().startswith("a: as published")
    assert page.card(NAME).download.text() == "Resume the download"
    assert str(models) in page.place.text()
    before = supply._settings
    page.accepted.emit(NAME)
    assert supply._settings == replace(before, licences=(NAME,))
    page.accepted.emit(NAME)
    assert supply._settings.licences == (NAME,)
