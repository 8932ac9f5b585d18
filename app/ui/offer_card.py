"""One model that can be downloaded: what it takes, under which licence, and the button. Knows no network."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QGroupBox, QHBoxLayout, QVBoxLayout, QWidget

from app.ui.button import Button
from app.ui.choice import Choice
from app.ui.form import add_named, new_form
from app.ui.sentence import Sentence
from app.ui.tick_box import TickBox
from app.wares import Offer, Variant, gigabytes
from app.words import translate

SELECTABLE = Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard


class OfferCard(QGroupBox):
    """`wanted` carries the model's name and the precision; `accepted` its name once the licence is."""

    wanted = Signal(str, str)
    accepted = Signal(str)

    def __init__(self, offer: Offer, parent: QWidget | None = None) -> None:
        super().__init__(offer.name, parent)
        self._offer = offer
        self.reason = Sentence(translate("OfferCard", "Why {name}").format(name=offer.name))
        self.about = Sentence(translate("OfferCard", "About {name}").format(name=offer.name))
        self.variant = Choice()
        self.variant.setAccessibleName(translate("OfferCard", "Size of {name}").format(name=offer.name))
        self.variant.setAccessibleDescription(
            translate("OfferCard", "Fewer bits take less memory and answer sooner; more are more exact")
        )
        self.variant.setToolTip(
            translate("OfferCard", "Fewer bits take less memory and answer sooner; more are more exact")
        )
        self.terms = Sentence(translate("OfferCard", "Licence of {name}").format(name=offer.name))
        self.terms.setTextInteractionFlags(SELECTABLE)
        self.read = Button(
            translate("OfferCard", "Read the whole licence"),
            "export",
            translate("OfferCard", "Opens {address} in your browser").format(address=offer.link),
        )
        self.accept = TickBox(translate("OfferCard", "I have read the licence and accept it"))
        self.accept.setAccessibleDescription(
            translate("OfferCard", "Nothing of {name} is downloaded before").format(name=offer.name)
        )
        self.accept.setToolTip(translate("OfferCard", "Nothing of {name} is downloaded before").format(name=offer.name))
        self.shortfall = Sentence(translate("OfferCard", "Disk for {name}").format(name=offer.name))
        self.download = Button(
            translate("OfferCard", "Download"),
            "newest",
            translate("OfferCard", "Download {name} and load it").format(name=offer.name),
        )
        self.download.emphasise()
        self._lay_out()
        self._join()
        self.show_offer(offer, is_free=True)

    def show_offer(self, offer: Offer, *, is_free: bool) -> None:
        """`is_free`: nothing else is being done, so that a download may begin."""
        self._offer, self._is_free = offer, is_free
        recommended = translate("OfferCard", "Recommended for this computer. {reason}").format(reason=offer.reason)
        self.reason.setText(recommended if offer.reason else "")
        self.reason.setVisible(bool(offer.reason))
        about = translate("OfferCard", "{about}. {languages}. Voices: {voices}.")
        self.about.setText(about.format(about=offer.about, languages=offer.languages, voices=offer.voices))
        self.terms.setText(f"{offer.licence}: {offer.terms}")
        with QSignalBlocker(self.variant), QSignalBlocker(self.accept):
            self._fill(offer)
            self.accept.setChecked(offer.accepted)
        self._offer_download()

    def _fill(self, offer: Offer) -> None:
        """What was chosen here stays chosen."""
        before = self.variant.currentData()
        self.variant.clear()
        for variant in offer.variants:
            self.variant.addItem(_described(variant), variant.precision)
        known = [variant.precision for variant in offer.variants]
        self.variant.setCurrentIndex(known.index(before) if before in known else offer.chosen)

    def _offer_download(self) -> None:
        offer, variant = self._offer, self._offer.variants[self.variant.currentIndex()]
        begun = offer.fetched > 0
        resume, download = translate("OfferCard", "Resume the download"), translate("OfferCard", "Download")
        self.download.setText(resume if begun else download)
        self.download.setAccessibleName(f"{self.download.text()}: {offer.name}")
        self.download.setEnabled(self._is_free and self.accept.isChecked() and not variant.shortfall)
        for widget in (self.download, self.accept, self.variant):
            widget.setVisible(not offer.is_here)
        self.shortfall.setText(self._disk(offer, variant))

    def _disk(self, offer: Offer, variant: Variant) -> str:
        if offer.is_here:
            return translate("OfferCard", "It is on this computer: see below.")
        if variant.shortfall:
            words = translate(
                "OfferCard",
                "{size} of disk are needed and {shortfall} of them are not free: delete something, choose fewer bits, "
                "or move the models folder.",
            )
            return words.format(size=gigabytes(variant.room), shortfall=gigabytes(variant.shortfall))
        if offer.fetched:
            return translate("OfferCard", "{size} of it are here from an earlier try.").format(
                size=gigabytes(offer.fetched)
            )
        return translate("OfferCard", "Needs {size} of free disk until it is ready.").format(
            size=gigabytes(variant.room)
        )

    def _join(self) -> None:
        self.variant.currentIndexChanged.connect(self._offer_download)
        self.accept.toggled.connect(self._offer_download)
        self.accept.clicked.connect(self._tell_accepted)
        self.read.clicked.connect(lambda: QDesktopServices.openUrl(QUrl(self._offer.link)))
        self.download.clicked.connect(lambda: self.wanted.emit(self._offer.name, self.variant.currentData()))

    def _tell_accepted(self, on: bool) -> None:  # noqa: FBT001 -- a signal's argument
        if on:
            self.accepted.emit(self._offer.name)

    def _lay_out(self) -> None:
        form = new_form()
        add_named(form, translate("OfferCard", "Size"), self.variant)
        buttons = QHBoxLayout()
        buttons.addWidget(self.download)
        buttons.addWidget(self.read)
        buttons.addStretch()
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 16)
        column.setSpacing(12)
        column.addWidget(self.reason)
        column.addWidget(self.about)
        column.addLayout(form)
        column.addWidget(self.terms)
        column.addWidget(self.accept)
        column.addWidget(self.shortfall)
        column.addLayout(buttons)


def _described(variant: Variant) -> str:
    words = translate("OfferCard", "{bits}: {disk} of disk, {memory} of memory")
    return words.format(bits=variant.words, disk=gigabytes(variant.disk), memory=gigabytes(variant.memory))
