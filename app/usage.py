"""The model in memory as page and status bar show it: what it is, how fast it is, when its memory is freed.

Knows the model by its messages only.
"""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.idle import Idle
from app.model_words import of_model
from app.phase import Phase
from app.ui.in_use import TRYING, UNTRIED
from app.ui.window import Window
from app.wares import gigabytes
from app.words import QT_TRANSLATE_NOOP, translate
from model.protocol import Finished, News, Ready, Tried, Try, Unload
from model.recognition import SPEED, is_converted
from model.speed import Speed

GAVE_WAY = QT_TRANSLATE_NOOP("Usage", "The test gave way to your question: try again when you like.")
FREED = QT_TRANSLATE_NOOP("Usage", "The model was taken out of memory: load it again when you need it.")
RESTED = QT_TRANSLATE_NOOP(
    "Usage", "The model was taken out of memory, since nothing was asked for a while: load it again when you need it."
)
FEWEST_TOKENS = 4
"""Fewer than these tell nothing about speed."""


class Usage(QObject):
    """`order` carries what the model shall do; `freed` why there is none from here on."""

    order = Signal(object)
    freed = Signal(str)

    def __init__(self, window: Window, idle_minutes: int | None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._window = window
        self._page = window.models.in_use
        self._folder: Path | None = None
        self._device = ""
        self._is_ready = False
        self._idle = Idle(idle_minutes, self)
        self._idle.passed.connect(lambda: self._free(RESTED))
        self._page.freed.connect(lambda: self._free(FREED))
        self._page.tried.connect(self._try)

    def choose(self, idle_minutes: int | None) -> None:
        """After how long the memory is freed."""
        self._idle.wait(idle_minutes)

    def enter(self, phase: Phase) -> None:
        """What the conversation does; a test would have to wait for an answer, and it for the test."""
        self._idle.enter(phase)
        self._page.test.setEnabled(phase is Phase.LISTENING)

    def begin(self, folder: Path) -> None:
        """It is being loaded, in place of whatever was in memory."""
        self._folder, self._is_ready = folder, False
        self._page.show_model("")

    def end(self) -> None:
        """None is in memory."""
        self._is_ready = False
        self._page.show_model("", can_load=self._folder is not None)
        self._window.status.show_model("", "", "")
        self._window.status.show_speed("")

    @property
    def folder(self) -> Path | None:
        """Of the model that is in memory."""
        return self._folder if self._is_ready else None

    def take_news(self, news: News) -> None:
        """What the model tells."""
        match news:
            case Ready():
                self._show(news)
            case Tried(speed):
                self._take_speed(speed)
            case Finished(timings=timings) if timings.text_tokens >= FEWEST_TOKENS and timings.thinker > 0:
                words = translate("Usage", "{count} tokens a second")
                self._window.status.show_speed(words.format(count=f"{timings.text_tokens / timings.thinker:.1f}"))
            case _:
                pass

    def _show(self, ready: Ready) -> None:
        self._is_ready, self._device = True, ready.device
        memory = translate("Usage", "{size} of memory").format(size=gigabytes(ready.nbytes))
        known = [part for part in (ready.name, ready.label, ready.device, memory) if part]
        self._window.status.show_model(ready.name, ready.label, ready.device, memory)
        self._page.show_model(", ".join(known))
        speed = None if self._folder is None else read_speed(self._folder, ready.device)
        if speed is not None:
            self._show_speed(speed)

    def _try(self) -> None:
        self._page.show_speed(translate("InUse", TRYING))
        self.order.emit(Try())

    def _take_speed(self, speed: Speed | None) -> None:
        if speed is None:
            gave_way, untried = translate("Usage", GAVE_WAY), translate("InUse", UNTRIED)
            self._page.show_speed(gave_way if self._is_ready else untried)
            return
        sentence = self._show_speed(speed)
        if self._folder is not None:
            write_speed(self._folder, self._device, speed)
        self._window.transcript.announce(sentence)

    def _show_speed(self, speed: Speed) -> str:
        sentence = describe(speed)
        self._page.show_speed(sentence)
        words = translate("Usage", "{count} tokens a second, {band}")
        self._window.status.show_speed(words.format(count=f"{speed.text:.1f}", band=of_model(speed.band)))
        return sentence

    def _free(self, sentence: str) -> None:
        if self._is_ready:
            self.freed.emit(translate("Usage", sentence))
            self.order.emit(Unload())


def describe(speed: Speed) -> str:
    """Figures, the band, and one sentence of advice."""
    silent = translate("Usage", "Speed: {band} ({prompt} tokens a second read, {text} written). {advice}")
    spoken = translate(
        "Usage",
        "Speed: {band} ({prompt} tokens a second read, {text} written, {speech} s of work for a second of speech). "
        "{advice}",
    )
    return (silent if speed.speech is None else spoken).format(
        band=of_model(speed.band),
        prompt=f"{speed.prompt:.0f}",
        text=f"{speed.text:.1f}",
        speech="" if speed.speech is None else f"{speed.speech:.1f}",
        advice=of_model(speed.advice),
    )


def read_speed(folder: Path, device: str) -> Speed | None:
    """As it was measured before on the same device; None if it was not. A converted folder may hold its source's."""
    try:
        page = json.loads((folder / SPEED).read_text(encoding="utf-8"))
        if page.pop("device") != device or page.pop("converted", False) != is_converted(folder):
            return None
        speed = Speed(**page)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None  # it is measured again when somebody wants to know
    figures = (speed.prompt, speed.text, 0.0 if speed.speech is None else speed.speech)
    return speed if all(isinstance(figure, float) for figure in figures) else None


def write_speed(folder: Path, device: str, speed: Speed) -> None:
    """Beside the model, so that it moves and goes with it; in a folder that is not ours to write to it is not kept."""
    page = {"device": device, "converted": is_converted(folder)} | asdict(speed)
    with suppress(OSError):
        (folder / SPEED).write_text(json.dumps(page) + "\n", encoding="utf-8")
