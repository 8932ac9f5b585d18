"""Models, from the catalogue to the one in use: puts the parts in their places. Knows no model and no disk."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFileDialog, QGroupBox, QHBoxLayout, QMessageBox, QVBoxLayout, QWidget

from app.ui.alcove import Alcove
from app.ui.button import Button
from app.ui.in_use import InUse
from app.ui.job_panel import JobPanel
from app.ui.offer_card import OfferCard
from app.ui.page import Page
from app.ui.sentence import Sentence
from app.ui.stored_row import StoredRow
from app.wares import Offer, Stored, gigabytes
from app.words import QT_TRANSLATE_NOOP, translate

EMPTY = QT_TRANSLATE_NOOP("ModelsPage", "There is none yet: download one above, or use a folder that you have.")
DEMONSTRATION = QT_TRANSLATE_NOOP(
    "ModelsPage", "Small and trained for a small world: coloured shapes, a few sounds, everyday sentences in English"
)
MOVE_MODELS = QT_TRANSLATE_NOOP(
    "ModelsPage",
    "Move the models that are there ({size}) too? “No” leaves them where they are: they can still be used as "
    "folders that you have.",
)
MOVE_BEGUN = QT_TRANSLATE_NOOP(
    "ModelsPage",
    "Move what was begun and is not finished ({size}) too? “No” leaves it where it is, and a download begins anew.",
)


class ModelsPage(Page):
    """`moved` carries the new models folder, and whether what is there moves with it."""

    shown = Signal()
    wanted = Signal(str, str)
    accepted = Signal(str)
    used = Signal(Path)
    built_in_wanted = Signal()
    converted = Signal(Path, int)
    checked = Signal(Path)
    mended = Signal(Path)
    deleted = Signal(Path)
    moved = Signal(Path, bool)

    def __init__(self, parent: QWidget | None = None, *, has_built_in: bool = False) -> None:
        """`has_built_in`: whether the demonstration model is in this copy."""
        content = QWidget()
        super().__init__(translate("ModelsPage", "Models"), content, parent)
        self.in_use = InUse()
        self.job = JobPanel()
        self.computer = Sentence(translate("ModelsPage", "This computer"))
        self.others = Button(
            translate("ModelsPage", "Other models"),
            "list",
            translate("ModelsPage", "Show or hide the models that are not recommended here"),
        )
        self.others.setCheckable(True)
        self.none_here = Sentence(translate("ModelsPage", "Models on this computer"))
        self.choose = Button(
            translate("ModelsPage", "Use a folder I have…"),
            "folder",
            translate("ModelsPage", "Load a Qwen2.5-Omni checkpoint from any folder"),
        )
        self.built_in = Button(
            translate("ModelsPage", "Use the demonstration model"), "spark", translate("ModelsPage", DEMONSTRATION)
        )
        self.built_in.setVisible(has_built_in)
        self.place = Sentence(translate("ModelsPage", "Models folder"))
        self.move_to = Button(
            translate("ModelsPage", "Another folder…"),
            "export",
            translate("ModelsPage", "Keep models in another folder, perhaps on another disk"),
        )
        self._cards: dict[str, OfferCard] = {}
        self._rows: dict[Path, StoredRow] = {}
        self._stored_size = self._begun_size = 0
        self.offers = QWidget()
        """What can be had, the recommended one first: the first run shows it too."""
        self.ways = QWidget()
        """To a model that need not be downloaded, which the first run shows too."""
        self._folded = QWidget()
        self._first, self._rest, self._shelf = QVBoxLayout(), QVBoxLayout(self._folded), QVBoxLayout()
        self._lay_out(content)
        self._join()
        self.show_stored((), is_free=True)

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 -- Qt's name
        super().showEvent(event)
        self.shown.emit()

    @property
    def is_seen(self) -> bool:
        """Whether anybody looks at what there is, here or in the first run."""
        return self.isVisible() or self.offers.isVisible()

    def show_offers(self, offers: Sequence[Offer], computer: str, *, is_free: bool) -> None:
        """The recommended one first, the others folded away; all of them where none is recommended."""
        self.computer.setText(computer)
        recommended = any(offer.reason for offer in offers)
        for offer in offers:
            card = self._cards.get(offer.name) or self._new_card(offer)
            card.show_offer(offer, is_free=is_free)
            (self._first if offer.reason else self._rest).addWidget(card)
        self.others.setVisible(recommended and len(offers) > 1)
        self._folded.setVisible(self.others.isChecked() or not recommended)

    def show_stored(self, stored: Sequence[Stored], *, is_free: bool) -> None:
        """What lies on this computer."""
        for folder in self._rows.keys() - {item.folder for item in stored}:
            row = self._rows.pop(folder)
            row.hide()
            row.deleteLater()
        for item in stored:
            row = self._rows.get(item.folder) or self._new_row(item)
            row.show_stored(item, is_free=is_free)
        self._stored_size = sum(item.size for item in stored if item.ours)
        self.none_here.setText("" if stored else translate("ModelsPage", EMPTY))
        self.none_here.setVisible(not stored)
        self.move_to.setEnabled(is_free)

    def show_place(self, folder: Path, begun: int = 0) -> None:
        """Where models are kept, and how many bytes are there of what is to become one."""
        self._begun_size = begun
        self.place.setText(translate("ModelsPage", "Downloaded models are kept in {folder}.").format(folder=folder))

    def card(self, name: str) -> OfferCard:
        """Of a model of the catalogue."""
        return self._cards[name]

    def row(self, folder: Path) -> StoredRow:
        """Of a model on this computer."""
        return self._rows[folder]

    def _new_card(self, offer: Offer) -> OfferCard:
        card = self._cards[offer.name] = OfferCard(offer)
        card.wanted.connect(self.wanted)
        card.accepted.connect(self.accepted)
        return card

    def _new_row(self, item: Stored) -> StoredRow:
        row = self._rows[item.folder] = StoredRow(item)
        for theirs, ours in (
            (row.used, self.used),
            (row.converted, self.converted),
            (row.checked, self.checked),
            (row.mended, self.mended),
            (row.deleted, self.deleted),
        ):
            theirs.connect(ours)
        self._shelf.addWidget(row)
        return row

    def _join(self) -> None:
        self.others.toggled.connect(self._folded.setVisible)
        self.built_in.clicked.connect(self.built_in_wanted)
        self.choose.clicked.connect(self._ask_for_folder)
        self.move_to.clicked.connect(self._ask_for_place)

    def _ask_for_folder(self) -> None:
        folder = QFileDialog.getExistingDirectory(
            self, translate("ModelsPage", "Choose the folder of a Qwen2.5-Omni checkpoint")
        )
        if folder:
            self.used.emit(Path(folder))

    def _ask_for_place(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, translate("ModelsPage", "Choose a folder for models"))
        if not folder:
            return
        if not self._stored_size + self._begun_size:
            self.moved.emit(Path(folder), False)  # noqa: FBT003 -- a signal's argument
            return
        buttons = QMessageBox.StandardButton
        answer = QMessageBox.question(
            self,
            translate("ModelsPage", "Models folder"),
            self._question(),
            buttons.Yes | buttons.No | buttons.Cancel,
            buttons.Yes,
        )
        if answer != buttons.Cancel:
            self.moved.emit(Path(folder), answer == buttons.Yes)

    def _question(self) -> str:
        words = translate("ModelsPage", MOVE_MODELS if self._stored_size else MOVE_BEGUN)
        return words.format(size=gigabytes(self._stored_size + self._begun_size))

    def _lay_out(self, content: QWidget) -> None:
        here = QGroupBox(translate("ModelsPage", "On this computer"))
        shelf = QVBoxLayout(here)
        ways = QVBoxLayout(self.ways)  # beside each other they would not fit with large text
        ways.setContentsMargins(0, 0, 0, 0)
        for button in (self.choose, self.built_in):
            ways.addWidget(button, alignment=Qt.AlignmentFlag.AlignLeft)
        shelf.addWidget(self.none_here)
        shelf.addLayout(self._shelf)
        shelf.addWidget(Alcove(self.ways))
        place = QGroupBox(translate("ModelsPage", "Models folder"))
        folder = QVBoxLayout(place)
        folder.addWidget(self.place)
        way = QHBoxLayout()
        way.addWidget(self.move_to)
        way.addStretch()
        folder.addLayout(way)
        for group in (shelf, folder):
            group.setContentsMargins(16, 12, 16, 16)
            group.setSpacing(12)
        column = QVBoxLayout(content)
        offers = QVBoxLayout(self.offers)
        for layout in (column, offers, self._first, self._rest):
            layout.setContentsMargins(0, 0, 0, 0)
            layout.setSpacing(20)
        fold = QHBoxLayout()
        fold.addWidget(self.others)
        fold.addStretch()
        offers.addWidget(self.computer)
        offers.addLayout(self._first)
        offers.addLayout(fold)
        offers.addWidget(self._folded)
        for widget in (Alcove(self.job), self.in_use, Alcove(self.offers), here, place):
            column.addWidget(widget)
        column.addStretch()
