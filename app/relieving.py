"""Joins what can be done where memory runs out to the window: offered once it did, done when the user says so.

Knows neither why it ran out nor how a model is loaded.
"""

from __future__ import annotations

from pathlib import Path
from typing import assert_never

from PySide6.QtCore import QObject, Signal

from app.relief import Fewer, Relief, Shorter, Smaller, relieve
from app.settings import Settings
from app.supply import Supply
from app.ui.window import Window
from app.wares import words_in
from app.words import translate


class Relieving(QObject):
    """Signals: `wanted` a folder to load, `shortened` how many tokens are to be kept in mind."""

    wanted = Signal(Path)
    shortened = Signal(int)

    def __init__(self, window: Window, supply: Supply, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._window = window
        self._panel = window.relief
        self._supply = supply
        self._relief: Relief | None = None
        self._panel.accepted.connect(self._do)
        self._panel.leave.clicked.connect(lambda _: window.composer.edit.setFocus())

    def offer(self, folder: Path | None, settings: Settings) -> None:
        """Memory ran out with the model in this folder."""
        self._relief = None if folder is None else relieve(folder, self._supply.stored(folder), settings.context)
        if self._relief is None:
            self._panel.hide()
            return
        sentence, action = words(self._relief)
        self._panel.offer(sentence, action)
        self._window.transcript.announce(sentence)

    def _do(self) -> None:
        self._panel.hide()
        self._window.composer.edit.setFocus()
        match self._relief:
            case Smaller(folder):
                self.wanted.emit(folder)
            case Fewer(folder):
                self._window.show_page(self._window.models)
                self._supply.shrink(folder)
            case Shorter(tokens):
                self.shortened.emit(tokens)
            case None:
                pass
            case _:
                assert_never(self._relief)


def words(relief: Relief) -> tuple[str, str]:
    """A sentence on what it is, and what its button says."""
    match relief:
        case Smaller(_, name):
            return (
                translate(
                    "Relieving", "Memory did not suffice. A smaller model is on this computer ({name}): it needs less."
                ).format(name=name),
                translate("Relieving", "Use the smaller model"),
            )
        case Fewer():
            return (
                translate(
                    "Relieving",
                    "Memory did not suffice. Converted to 4 bits, this model needs less than half of it; that takes "
                    "some minutes.",
                ),
                translate("Relieving", "Convert to 4 bits"),
            )
        case Shorter(tokens):
            return (
                translate(
                    "Relieving",
                    "Memory did not suffice. If the model keeps less of a conversation in mind ({tokens} tokens, about "
                    "{words} words), it needs less.",
                ).format(tokens=f"{tokens:,}", words=f"{words_in(tokens):,}"),
                translate("Relieving", "Keep less in mind"),
            )
        case _:
            assert_never(relief)
