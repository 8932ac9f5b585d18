"""Speaker and voice joined to the window: who speaks and on what, and what the user is told of it. Knows no model."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject

from app.conversation import Conversation
from app.devices.chime import chime, your_turn
from app.devices.device import Device, choose, is_missing
from app.devices.speaker import Speaker
from app.echo_check import EchoCheck
from app.phase import Phase
from app.settings import Settings
from app.ui.window import Window
from app.voice.voice import Force, Voice
from app.words import QT_TRANSLATE_NOOP, translate

if TYPE_CHECKING:
    from app.devices.catalogue import Catalogue

NOT_THE_CHOSEN = QT_TRANSLATE_NOOP(
    "Speaking", "The speaker that you chose is not plugged in: the system's default is used until it is."
)
GONE = QT_TRANSLATE_NOOP("Speaking", "{lost} is gone: {used} is used until it is plugged in again.")
BACK = QT_TRANSLATE_NOOP("Speaking", "{name} is back and used again.")
PREVIEW = QT_TRANSLATE_NOOP("Speaking", "This is how I sound.")
NOT_NOW = QT_TRANSLATE_NOOP("Speaking", "An answer is being spoken: play the test sound when it is over.")


class Speaking(QObject):
    """Of one window, from its making on; of devices it knows from `meet` on."""

    def __init__(
        self, speaker: Speaker, voice: Voice, conversation: Conversation, window: Window, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._speaker = speaker
        self._voice = voice
        self._conversation = conversation
        self._window = window
        self._settings = Settings()
        self._model_voices: tuple[str, ...] = ()
        self._catalogue: Catalogue | None = None
        self._device: Device | None = None
        """What is spoken through."""
        self._lost: Device | None = None
        """What another one has taken the place of, until it is back."""
        self._echo: EchoCheck | None = None
        self._join()

    def meet(self, catalogue: Catalogue, echo: EchoCheck) -> None:
        """Once, when devices can be used."""
        self._catalogue, self._echo = catalogue, echo
        catalogue.speakers_changed.connect(self._use_speakers)
        self._use_speakers()
        self._show()

    def choose(self, settings: Settings) -> None:
        """At once, but for the voice, which is another from the next answer on."""
        before, self._settings = self._settings, settings
        self._speaker.set_volume(settings.volume)
        self._voice.choose(settings)
        if settings.speaker != before.speaker:
            self._lost = None
            self._use_speakers()

    def take_model(self, name: str, voices: tuple[str, ...]) -> None:
        """It was loaded and has these voices."""
        self._model_voices = voices
        self._voice.take_model(name, voices)

    def _join(self) -> None:
        self._speaker.drained.connect(self._voice.take_drained)
        self._speaker.lost.connect(self._complain)
        self._voice.drained.connect(self._conversation.drained)
        self._voice.told.connect(self._conversation.notice)
        self._voice.changed.connect(self._show)
        choices = self._window.settings.voices
        choices.opened.connect(self._voice.system.ask)
        choices.preview.clicked.connect(lambda: self._conversation.preview(translate("Speaking", PREVIEW)))
        self._conversation.phase_changed.connect(self._take_phase)
        self._window.devices.tone_wanted.connect(self._play_tone)

    def _take_phase(self, phase: Phase) -> None:
        self._show()
        is_testing = self._echo is None or self._echo.state.is_testing
        if self._settings.signals and phase is Phase.LISTENING and not is_testing:
            self._sound(your_turn())

    def _show(self) -> None:
        """Who speaks, and whether it can be heard now."""
        voice, choices = self._voice, self._window.settings.voices
        self._window.status.show_voice(voice.words)
        choices.show_known(self._model_voices, voice.system.voices, voice.sentence)
        is_free = self._conversation.phase is Phase.LISTENING and voice.in_force is not Force.NOBODY
        choices.preview.setEnabled(is_free)
        if self._echo is not None:
            self._echo.take_voice(past=voice.in_force is Force.SYSTEM)

    def _use_speakers(self) -> None:
        if self._catalogue is None:
            return
        speakers, chosen = self._catalogue.speakers(), self._settings.speaker
        before, self._device = self._device, choose(speakers, chosen or (self._lost.identity if self._lost else None))
        is_other = self._device is not None and is_missing(speakers, chosen)
        self._window.senses.about_speaker.tell(translate("Speaking", NOT_THE_CHOSEN) if is_other else "")
        self._speaker.check(speakers, self._device)
        self._speaker.use(self._device)
        self._tell_change(before, self._device, speakers)

    def _tell_change(self, before: Device | None, used: Device | None, speakers: Sequence[Device]) -> None:
        """One is gone and another takes its place, or the one that was missed is back."""
        if before is not None and is_missing(speakers, before.identity):
            self._lost = self._lost or before
            if used is not None:
                self._complain(translate("Speaking", GONE).format(lost=before.name, used=used.name))
        elif self._lost is not None and used is not None and used.identity == self._lost.identity:
            self._lost = None
            self._window.senses.about_speaker.tell("")
            self._window.transcript.announce(translate("Speaking", BACK).format(name=used.name))

    def _complain(self, sentence: str) -> None:
        self._window.senses.about_speaker.tell(sentence)
        self._window.transcript.announce(sentence)

    def _play_tone(self) -> None:
        """Where no answer is being spoken."""
        if self._conversation.phase.is_answer:
            self._complain(translate("Speaking", NOT_NOW))
            return
        if self._echo is not None:
            self._echo.stop()
        self._sound(chime())

    def _sound(self, wave: NDArray[np.float32]) -> None:
        self._speaker.begin()
        self._speaker.play(wave)
        self._speaker.finish()
