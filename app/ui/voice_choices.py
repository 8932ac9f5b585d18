"""Who speaks the answers, and how. Knows not who does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QGroupBox, QWidget

from app.settings import Settings, Speech
from app.ui.alcove import Alcove
from app.ui.button import Button
from app.ui.choice import Choice, fill, translated
from app.ui.form import lay_form
from app.ui.level import WHOLE, Level
from app.ui.sentence import Sentence
from app.words import QT_TRANSLATE_NOOP, translate

SPEAKERS = {
    QT_TRANSLATE_NOOP("VoiceChoices", "Automatic: the model, unless it is too slow"): Speech.AUTOMATIC,
    QT_TRANSLATE_NOOP("VoiceChoices", "The model's voice"): Speech.MODEL,
    QT_TRANSLATE_NOOP("VoiceChoices", "The system's voice"): Speech.SYSTEM,
    QT_TRANSLATE_NOOP("VoiceChoices", "Nobody: answers are only written"): Speech.NOBODY,
}
USUAL = QT_TRANSLATE_NOOP("VoiceChoices", "The system's usual one")
SPEEDS = (0.75, 1.0, 1.25, 1.5, 1.75, 2.0)


class VoiceChoices(QGroupBox):
    """`chosen` after each choice; `opened` when it comes to be seen."""

    chosen = Signal()
    opened = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(translate("VoiceChoices", "Voice"), parent)
        self._settings = Settings()
        self._model_voices: tuple[str, ...] = ()
        self._system_voices: tuple[str, ...] = ()
        self.speaker = Choice()
        self.in_force = Sentence(translate("VoiceChoices", "Voice in use"))
        self.model_voice = Choice()
        self.system_voice = Choice()
        self.speed = Choice()
        self.volume = Level()
        self.preview = Button(
            translate("VoiceChoices", "Hear it"),
            "hands-free",
            translate("VoiceChoices", "Says a sentence as answers are spoken now"),
        )
        self.preview.setEnabled(False)
        lay_form(
            self,
            [
                (translate("VoiceChoices", "Who speaks"), self.speaker),
                (translate("VoiceChoices", "Now"), self.in_force),
                (translate("VoiceChoices", "Model's voice"), self.model_voice),
                (translate("VoiceChoices", "System's voice"), self.system_voice),
                (translate("VoiceChoices", "Speed of speech"), self.speed),
                (translate("VoiceChoices", "Volume of the voice"), self.volume),
                (translate("VoiceChoices", "Try it out"), Alcove(self.preview)),
            ],
        )
        self.preview.setAccessibleName(self.preview.text())
        self._explain()
        self._join()

    def show_settings(self, settings: Settings) -> None:
        """As they are."""
        self._settings = settings
        fill(self.speaker, translated("VoiceChoices", SPEAKERS), settings.speech)
        fill(self.speed, {_times(speed): speed for speed in sorted({*SPEEDS, settings.speed})}, settings.speed)
        with QSignalBlocker(self.volume):
            self.volume.setValue(round(settings.volume * WHOLE))
        self._fill_voices()

    def show_known(self, model: Sequence[str], system: Sequence[str], in_force: str) -> None:
        """Which voices model and system have, none where they are not known, and who speaks now."""
        self.in_force.setText(in_force)
        if (known := (tuple(model), tuple(system))) != (self._model_voices, self._system_voices):
            self._model_voices, self._system_voices = known
            self._fill_voices()

    def applied(self, settings: Settings) -> Settings:
        """With what is chosen here."""
        self._settings = replace(
            settings,
            speech=Speech(self.speaker.currentData()),
            voice=self.model_voice.currentData(),
            system_voice=self.system_voice.currentData(),
            speed=self.speed.currentData(),
            volume=self.volume.value() / WHOLE,
        )
        return self._settings

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 -- Qt's name
        super().showEvent(event)
        self.opened.emit()

    def _fill_voices(self) -> None:
        """A choice that nobody has now is still the choice."""
        settings = self._settings
        names = dict.fromkeys([*self._model_voices, settings.voice])
        fill(self.model_voice, {name: name for name in names}, settings.voice)
        others = dict.fromkeys([*self._system_voices, *([settings.system_voice] if settings.system_voice else [])])
        fill(
            self.system_voice,
            {translate("VoiceChoices", USUAL): None, **{name: name for name in others}},
            settings.system_voice,
        )

    def _explain(self) -> None:
        for widget, words in (
            (self.speaker, translate("VoiceChoices", "Who speaks the answers; without a voice they come sooner")),
            (self.model_voice, translate("VoiceChoices", "Which of the model's own voices speaks")),
            (self.system_voice, translate("VoiceChoices", "Which of the voices that came with your system speaks")),
            (
                self.speed,
                translate("VoiceChoices", "How fast answers are spoken; of the system's voices this is about right"),
            ),
            (self.volume, translate("VoiceChoices", "How loud answers are spoken")),
        ):
            widget.setToolTip(words)
            widget.setAccessibleDescription(words)

    def _join(self) -> None:
        for box in (self.speaker, self.model_voice, self.system_voice, self.speed):
            box.currentIndexChanged.connect(self.chosen)
        self.volume.valueChanged.connect(self.chosen)


def _times(speed: float) -> str:
    return f"{speed:g} ×"
