"""What the user has chosen, as it is now: each change is told, and kept in the file. Knows nobody who acts on it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app import paths, settings
from app.duplex import Echo, with_echo
from app.settings import Settings
from app.words import translate

NOT_ON_THE_PAGE = (
    *("model", "hands_free", "models", "moved_to", "idle_minutes", "licences", "context", "echoes", *settings.SENSES),
    *("first_run", "profile", "guidance"),
)
"""Settings that are chosen elsewhere than on their page."""
ON_THE_PAGE_OF_MODELS = ("model", "models", "moved_to", "idle_minutes", "licences", "context")


class Choices(QObject):
    """`changed` carries Settings, `complained` why they cannot be kept."""

    changed = Signal(object)
    complained = Signal(str)

    def __init__(self, now: Settings, file: Path, parent: QObject | None = None, *, is_unread: bool = False) -> None:
        """`is_unread`: the file holds settings that nobody could read, which are not to be lost."""
        super().__init__(parent)
        self._now = now
        self._file = file
        self._is_unread = is_unread

    @property
    def now(self) -> Settings:
        """All of them."""
        return self._now

    @property
    def models_folder(self) -> Path:
        """Where downloaded models lie."""
        return self._now.models or paths.models_folder()

    def take_page(self, chosen: Settings) -> None:
        """Of the page of settings."""
        self._change(replace(chosen, **{name: getattr(self._now, name) for name in NOT_ON_THE_PAGE}))

    def take_first_run(self, chosen: Settings) -> None:
        """Of the first run, which may be about anything."""
        self._change(chosen)

    def take_senses(self, chosen: Settings) -> None:
        """Of the page of devices."""
        self._change(settings.with_senses(self._now, chosen))

    def take_models(self, chosen: Settings) -> None:
        """Of the page of models."""
        self._change(replace(self._now, **{name: getattr(chosen, name) for name in ON_THE_PAGE_OF_MODELS}))

    def take_model(self, folder: Path | None) -> None:
        """What is loaded from here on; None is what is built in."""
        self._change(replace(self._now, model=folder))

    def take_context(self, tokens: int) -> None:
        """How much of a conversation is kept in mind."""
        self._change(replace(self._now, context=tokens))

    def take_hands_free(self, on: bool) -> None:  # noqa: FBT001 -- a signal's argument
        """Whether speech begins a turn."""
        self._change(replace(self._now, hands_free=on))

    def take_echo(self, echo: Echo) -> None:
        """What a test found of a pair of devices."""
        self._change(replace(self._now, echoes=with_echo(self._now.echoes, echo)))

    def _change(self, chosen: Settings) -> None:
        if chosen == self._now:
            return
        self._now = chosen
        self.changed.emit(chosen)
        try:
            self._keep(chosen)
        except OSError as error:
            words = translate("Choices", "Your settings cannot be kept in {file} ({reason}).")
            self.complained.emit(words.format(file=self._file, reason=error.strerror))

    def _keep(self, chosen: Settings) -> None:
        if self._is_unread:
            settings.set_aside(self._file)
            self._is_unread = False
        settings.save(chosen, self._file)
