"""The page of models by keyboard: what is offered, what is here, what is in use, and what is being done."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QComboBox, QFileDialog, QMessageBox
from pytestqt.qtbot import QtBot

from app.settings import Settings
from app.ui.in_use import NOTHING, TRYING
from app.ui.models_page import EMPTY, ModelsPage
from app.ui.theme import Theme
from app.wares import Offer, Stored, Variant
from tests.helpers.looks import controls_of, tab_chain

GIGABYTE = 1_000_000_000
FOUR = Variant("int4", "4 bits", 5 * GIGABYTE, 6 * GIGABYTE, 17 * GIGABYTE)
OFFER = Offer(
    name="Small",
    about="The smaller one",
    languages="English",
    voices="Chelsie",
    licence="Research",
    terms="Never for business.",
    link="https://example.org/licence",
    variants=(Variant("published", "as published", 12 * GIGABYTE, 13 * GIGABYTE, 12 * GIGABYTE), FOUR),
    chosen=1,
    reason="It fits.",
)
OTHER = replace(OFFER, name="Large", reason="", chosen=0)
HERE = Stored(Path("models/Small"), "Small", "as published, 12.0 GB", 12 * GIGABYTE, plain=True, compared=True)


@pytest.fixture
def page(qtbot: QtBot) -> ModelsPage:
    page = ModelsPage(has_built_in=True)
    qtbot.addWidget(page)
    page.resize(760, 900)
    page.show_offers([OFFER, OTHER], "This computer: fast.", is_free=True)
    page.show_stored([HERE], is_free=True)
    page.show_place(Path("models"))
    page.show()
    return page


def answer(monkeypatch: pytest.MonkeyPatch, button: QMessageBox.StandardButton) -> list[str]:
    asked: list[str] = []

    def question(*arguments: object) -> QMessageBox.StandardButton:
        asked.append(str(arguments[2]))
        return button

    monkeypatch.setattr(QMessageBox, "question", question)
    return asked


def test_the_recommended_one_is_open_and_the_others_are_folded_away(qtbot: QtBot, page: ModelsPage) -> None:
    assert page.card("Small").isVisible()
    assert "Recommended for this computer. It fits." in page.card("Small").reason.text()
    assert page.card("Small").variant.currentText() == "4 bits: 5.0 GB of disk, 6.0 GB of memory"
    assert not page.card("Large").isVisible()
    qtbot.keyClick(page.others, Qt.Key.Key_Space)
    assert page.card("Large").isVisible()
    assert not page.card("Large").reason.isVisible()


def test_without_a_recommendation_all_are_open(page: ModelsPage) -> None:
    page.show_offers([replace(OFFER, reason=""), OTHER], "Too small.", is_free=True)
    assert page.card("Small").isVisible()
    assert page.card("Large").isVisible()
    assert not page.others.isVisible()


def test_nothing_is_downloaded_before_the_licence_is_accepted(qtbot: QtBot, page: ModelsPage) -> None:
    card = page.card("Small")
    assert card.terms.text() == "Research: Never for business."
    assert not card.download.isEnabled()
    with qtbot.waitSignal(page.accepted) as accepted:
        qtbot.keyClick(card.accept, Qt.Key.Key_Space)
    assert accepted.args == ["Small"]
    with qtbot.waitSignal(page.wanted) as wanted:
        qtbot.keyClick(card.download, Qt.Key.Key_Space)
    assert wanted.args == ["Small", "int4"]


def test_shortfall_of_disk_is_named_and_fewer_bits_may_fit(page: ModelsPage) -> None:
    short = replace(OFFER, accepted=True, variants=(replace(OFFER.variants[0], shortfall=3 * GIGABYTE), FOUR))
    page.show_offers([short, OTHER], "", is_free=True)
    card = page.card("Small")
    assert card.download.isEnabled()
    card.variant.setCurrentIndex(0)
    assert not card.download.isEnabled()
    assert "3.0 GB of them are not free" in card.shortfall.text()


def test_an_earlier_try_is_resumed_and_what_is_here_is_not_offered(page: ModelsPage) -> None:
    page.show_offers([replace(OFFER, accepted=True, fetched=4 * GIGABYTE), OTHER], "", is_free=True)
    card = page.card("Small")
    assert card.download.text() == "Resume the download"
    assert "4.0 GB of it are here" in card.shortfall.text()
    page.show_offers([replace(OFFER, accepted=True, is_here=True), OTHER], "", is_free=True)
    assert not card.download.isVisible()


def test_while_something_is_done_nothing_else_is_begun(page: ModelsPage) -> None:
    page.show_offers([replace(OFFER, accepted=True), OTHER], "", is_free=False)
    page.show_stored([HERE], is_free=False)
    row = page.row(HERE.folder)
    assert not page.card("Small").download.isEnabled()
    assert not any(button.isEnabled() for button in (row.check, row.mend, row.to_four, row.to_eight, row.delete))
    assert row.use.isEnabled()


@pytest.mark.parametrize(
    ("button", "signal", "arguments"),
    [
        ("use", "used", [HERE.folder]),
        ("to_four", "converted", [HERE.folder, 4]),
        ("to_eight", "converted", [HERE.folder, 8]),
        ("check", "checked", [HERE.folder]),
        ("mend", "mended", [HERE.folder]),
    ],
)
def test_what_can_be_done_with_a_model(
    qtbot: QtBot, page: ModelsPage, button: str, signal: str, arguments: list[object]
) -> None:
    with qtbot.waitSignal(getattr(page, signal)) as told:
        qtbot.keyClick(getattr(page.row(HERE.folder), button), Qt.Key.Key_Space)
    assert told.args == arguments


def test_deleting_asks_first_and_says_what_it_frees(
    qtbot: QtBot, page: ModelsPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    deleted: list[Path] = []
    page.deleted.connect(deleted.append)
    asked = answer(monkeypatch, QMessageBox.StandardButton.Cancel)
    qtbot.keyClick(page.row(HERE.folder).delete, Qt.Key.Key_Space)
    assert "frees 12.0 GB" in asked[0]
    assert deleted == []
    answer(monkeypatch, QMessageBox.StandardButton.Yes)
    qtbot.keyClick(page.row(HERE.folder).delete, Qt.Key.Key_Space)
    assert deleted == [HERE.folder]


def test_somebody_elses_folder_is_not_deleted_from_here(page: ModelsPage) -> None:
    page.show_stored([replace(HERE, ours=False, plain=False, compared=False, in_use=True)], is_free=True)
    row = page.row(HERE.folder)
    assert not any(button.isVisible() for button in (row.delete, row.mend, row.to_four, row.to_eight, row.use))
    assert "in use" in row.about.text()


def test_rows_come_and_go(page: ModelsPage) -> None:
    page.show_stored([], is_free=True)
    assert page.none_here.text() == EMPTY
    assert page.none_here.isVisible()
    with pytest.raises(KeyError):
        page.row(HERE.folder)


@pytest.mark.parametrize(
    ("button", "moves"), [(QMessageBox.StandardButton.Yes, True), (QMessageBox.StandardButton.No, False)]
)
def test_models_folder_is_moved_or_left(
    qtbot: QtBot, page: ModelsPage, monkeypatch: pytest.MonkeyPatch, button: QMessageBox.StandardButton, *, moves: bool
) -> None:
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: "other")  # the system's own dialog
    asked = answer(monkeypatch, button)
    with qtbot.waitSignal(page.moved) as moved:
        qtbot.keyClick(page.move_to, Qt.Key.Key_Space)
    assert moved.args == [Path("other"), moves]
    assert "12.0 GB" in asked[0]


def test_what_is_not_finished_is_moved_too(qtbot: QtBot, page: ModelsPage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: "other")  # the system's own dialog
    asked = answer(monkeypatch, QMessageBox.StandardButton.Yes)
    for stored in ([], [HERE]):
        page.show_stored(stored, is_free=True)
        page.show_place(Path("models"), 3 * GIGABYTE)
        with qtbot.waitSignal(page.moved) as moved:
            qtbot.keyClick(page.move_to, Qt.Key.Key_Space)
        assert moved.args == [Path("other"), True]
    assert "begun and is not finished (3.0 GB)" in asked[0]
    assert "models that are there (15.0 GB)" in asked[1]


def test_where_nothing_is_nothing_is_asked(qtbot: QtBot, page: ModelsPage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: "other")  # the system's own dialog
    asked = answer(monkeypatch, QMessageBox.StandardButton.Yes)
    page.show_stored([], is_free=True)
    with qtbot.waitSignal(page.moved) as moved:
        qtbot.keyClick(page.move_to, Qt.Key.Key_Space)
    assert moved.args == [Path("other"), False]
    assert asked == []


def test_folder_that_the_user_has(qtbot: QtBot, page: ModelsPage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: "mine")  # the system's own dialog
    with qtbot.waitSignal(page.used) as used:
        qtbot.keyClick(page.choose, Qt.Key.Key_Space)
    assert used.args == [Path("mine")]
    with qtbot.waitSignal(page.built_in_wanted):
        qtbot.keyClick(page.built_in, Qt.Key.Key_Space)


def test_the_work_is_told_and_can_be_paused(qtbot: QtBot, page: ModelsPage) -> None:
    job = page.job
    assert not job.isVisible()
    job.show_progress("Downloading", 0.25, can_pause=True)
    assert (job.progress.value(), job.progress.maximum()) == (250, 1000)
    job.pause.setFocus()
    with qtbot.waitSignal(job.paused):
        qtbot.keyClick(job.pause, Qt.Key.Key_Space)
    job.hinder("The connection broke.")
    assert job.about.isVisible()
    job.show_rest("Paused.", can_resume=True)
    assert job.resume.hasFocus(), "focus goes where something can be done"
    assert not job.about.isVisible()
    with qtbot.waitSignal(job.resumed):
        qtbot.keyClick(job.resume, Qt.Key.Key_Space)
    with qtbot.waitSignal(job.cancelled):
        qtbot.keyClick(job.cancel, Qt.Key.Key_Space)
    job.show_progress("Converting", None, can_pause=False)
    assert not job.pause.isVisible()
    assert job.progress.maximum() == 0
    assert job.progress.isVisible()
    job.show_rest("Done.", can_resume=False)
    assert not any(button.isVisible() for button in (job.pause, job.resume, job.cancel))


@pytest.fixture
def still(theme: Theme) -> Iterator[None]:
    theme.follow(Settings(reduce_motion=True))
    yield
    theme.follow(Settings())


@pytest.mark.usefixtures("still")
def test_no_bar_runs_where_motion_is_reduced(page: ModelsPage) -> None:
    page.job.show_progress("Converting", None, can_pause=False)
    assert not page.job.progress.isVisible()
    page.job.show_progress("Converting", 0.5, can_pause=False)
    assert page.job.progress.isVisible()


def test_what_is_in_use_is_freed_loaded_and_tried(qtbot: QtBot, page: ModelsPage) -> None:
    used = page.in_use
    assert used.about.text() == NOTHING
    used.show_model("Small, cpu, 5.0 GB")
    for button, signal in ((used.free, used.freed), (used.test, used.tried)):
        with qtbot.waitSignal(signal):
            qtbot.keyClick(button, Qt.Key.Key_Space)
    used.show_speed(TRYING)
    assert not used.test.isEnabled()
    used.show_model("", can_load=True)
    assert not used.free.isVisible()
    with qtbot.waitSignal(used.wanted_again):
        qtbot.keyClick(used.load, Qt.Key.Key_Space)


def test_time_without_a_question_is_chosen(qtbot: QtBot, page: ModelsPage) -> None:
    chosen: list[object] = []
    page.in_use.idle_chosen.connect(chosen.append)
    page.in_use.show_idle(15)
    page.in_use.show_idle(7)
    assert page.in_use.idle.currentText() == "After 7 minutes"
    page.in_use.idle.setCurrentIndex(0)
    page.in_use.idle.setCurrentIndex(2)
    assert chosen == [None, 15]


def test_every_control_has_a_name_and_an_explanation_and_is_reached(qtbot: QtBot, page: ModelsPage) -> None:
    page.in_use.show_model("Small")
    page.job.show_progress("Downloading", 0.5, can_pause=True)
    page.others.setChecked(True)
    reached = tab_chain(page)
    controls = [*controls_of(page), *page.findChildren(QComboBox)]
    shown = [control for control in controls if control.isVisible() and control.isEnabled()]
    assert len(shown) > 15
    for control in shown:
        face = QAccessible.queryAccessibleInterface(control)
        assert face.text(QAccessible.Text.Name), control
        assert face.text(QAccessible.Text.Description), control
        assert control in reached, control
