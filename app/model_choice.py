"""The model that is talked with: chosen, loaded, cancelled, gone, and what the window shows of that.

Knows folders and the child's news; which models there are to be had, and what lies where, is the supply's.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.choices import Choices
from app.model_link import LinkState, ModelLink
from app.model_words import of_model
from app.settings import Settings
from app.small_model import SmallModel
from app.ui.window import Window
from app.usage import Usage
from app.words import QT_TRANSLATE_NOOP, translate
from model.protocol import Failed, Load, Loading, News, Ready, Unload

WHOLE = 100
NO_MODEL = QT_TRANSLATE_NOOP("ModelChoice", "No model has been chosen yet.")


@dataclass(frozen=True, slots=True)
class Brought:
    """What a start brings with it, whatever was chosen before."""

    manner: Load
    """How to talk with a model; its folder and voice are the user's choice."""
    named: Path | None = None
    """On the command line."""
    built_in: Path | None = None
    """Used until another one is chosen."""


class ModelChoice(QObject):
    """Signals: a model `comes` or `goes`, and the folder `in_use` (or None) is what is in memory."""

    comes = Signal()
    goes = Signal()
    in_use = Signal(object)

    def __init__(
        self,
        brought: Brought,
        choices: Choices,
        link: ModelLink,
        window: Window,
        usage: Usage,
    ) -> None:
        super().__init__()
        self._brought = brought
        self._choices = choices
        self._link = link
        self._window = window
        self._usage = usage
        self._small = SmallModel(self)
        self._is_coming = False
        self._why_none = translate("ModelChoice", NO_MODEL)
        self._join()

    def load_first(self) -> None:
        """What the command line names, or what was used last, or what is built in."""
        folder = self._brought.named or self._choices.now.model
        if folder is not None:
            self.load(folder)
        elif self._brought.built_in is not None:
            self.load_built_in()
        else:
            self._window.model.ask(translate("ModelChoice", NO_MODEL))

    def load_built_in(self) -> None:
        """Not kept as a choice: it makes room for the first model that is."""
        if self._brought.built_in is not None:
            self._choices.take_model(None)
            self._begin(self._brought.built_in)

    def load(self, folder: Path) -> None:
        """In place of what is loaded. The child tells what is wrong with a folder; that there is none is seen here."""
        folder = folder.absolute()
        if not (folder / "config.json").is_file():
            self._refuse(
                translate(
                    "ModelChoice", "{folder} is not a model folder: there is no config.json in it. Choose another one."
                ).format(folder=folder)
            )
            return
        self._choices.take_model(folder)
        self._begin(folder)

    @property
    def folder(self) -> Path | None:
        """Of the model that is chosen, or built in."""
        return self._choices.now.model or self._brought.built_in

    def keep_less(self, tokens: int) -> None:
        """Of a conversation in mind."""
        before = self._choices.now
        self._choices.take_context(tokens)
        self.renew(before)

    def renew(self, before: Settings) -> None:
        """A model has one voice or none, and room for so much of a conversation, from when it is loaded."""
        folder, now = before.model or self._brought.built_in, self._choices.now
        is_other = (now.made_voice, now.context) != (before.made_voice, before.context)
        if is_other and folder is not None and self._link.state is not LinkState.OFF:
            self._begin(folder)

    def close(self) -> None:
        """Nothing more is made."""
        self._small.cancel()

    def take_state(self, state: LinkState) -> None:
        """Of the link."""
        match state:
            case LinkState.STARTING | LinkState.LOADING:
                self._is_coming = True
                self.comes.emit()
                self._window.model.show_progress(translate("ModelChoice", "Starting the model"))
            case LinkState.OFF | LinkState.FAILED:
                self._is_coming = False
                self.goes.emit()
                self._usage.end()
                self.in_use.emit(None)
                self._window.model.ask(self._why_none, can_load=self.folder is not None)
            case LinkState.READY:
                self._window.model.hide()
            case LinkState.BUSY:
                pass

    def take_news(self, news: News) -> None:
        """Of the child."""
        self._usage.take_news(news)
        match news:
            case Loading(part, done, total):
                self._show_loading(part, done * 100 // max(1, total))
            case Ready():
                self._is_coming = False
                self.in_use.emit(self._usage.folder)
            case Failed(_, sentence) if self._is_coming or self._link.state is LinkState.FAILED:
                self._why_none = of_model(sentence)
                if self._is_coming:  # else the conversation has told it
                    self._window.transcript.announce(self._why_none)

    def _join(self) -> None:
        panel = self._window.model
        panel.folder_chosen.connect(self.load)
        panel.small_wanted.connect(self._make_small)
        panel.cancelled.connect(self._cancel)
        for built_in in (panel.built_in_wanted, self._window.models.built_in_wanted):
            built_in.connect(self.load_built_in)
        for again in (panel.again_wanted, self._window.models.in_use.wanted_again):
            again.connect(self.load_first)
        self._small.made.connect(self.load)
        self._small.failed.connect(self._refuse)
        self._usage.freed.connect(self._tell_freed)

    def _begin(self, folder: Path) -> None:
        self._why_none = translate("ModelChoice", NO_MODEL)
        self._usage.begin(folder)
        self.in_use.emit(None)
        manner, now = self._brought.manner, self._choices.now
        context = now.context or manner.context
        self._link.send(replace(manner, folder=folder, voice=now.made_voice, context=context))

    def _show_loading(self, part: str, percent: int) -> None:
        """A part that only some turns need, as the eye, is loaded with the first of them."""
        if self._is_coming:
            words = translate("ModelChoice", "Loading the {part}").format(part=part)
            self._window.model.show_progress(words, percent)
        else:
            words = translate("ModelChoice", "loading the {part}, {percent} %").format(part=part, percent=percent)
            self._window.status.show_detail(words if percent < WHOLE else "")

    def _make_small(self) -> None:
        self._window.model.show_progress(
            translate("ModelChoice", "Making a small random model, which may take a minute")
        )
        self._small.make(self._choices.models_folder)

    def _cancel(self) -> None:
        if self._small.is_busy:
            self._small.cancel()
            self._window.model.ask(self._why_none)
        else:
            self._why_none = translate("ModelChoice", "Loading was cancelled: no model is in memory.")
            self._link.send(Unload())

    def _tell_freed(self, sentence: str) -> None:
        self._why_none = sentence
        self._window.transcript.announce(sentence)

    def _refuse(self, sentence: str) -> None:
        """What is loaded stays; without that, here is where another one can be chosen."""
        self._why_none = sentence
        self._window.model.ask(sentence)
        self._window.transcript.announce(sentence)
