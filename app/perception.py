"""Camera and microphone joined to window and conversation: what is opened when, and where what they tell goes."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from app.conversation import Conversation
from app.devices.camera import Camera
from app.devices.catalogue import Catalogue
from app.devices.device import choose
from app.devices.endpointer import Endpointer
from app.devices.microphone import Microphone
from app.devices.ports import SoundPorts
from app.devices.voice_activity import VoiceActivity
from app.ears import Ears
from app.ui.window import Window
from app.words import QT_TRANSLATE_NOOP, translate

NO_CAMERA = QT_TRANSLATE_NOOP("Perception", "No camera was found: plug one in, or go on without.")


class Perception(QObject):
    """The microphone is open only while somebody is meant to be heard, the camera while it is switched on."""

    live = Signal()
    """Microphone or camera was switched on or off."""

    def __init__(self, ports: SoundPorts, patience: float, parent: QObject | None = None) -> None:
        """Takes 0.2 s. On the main thread, before any child process is started."""
        super().__init__(parent)
        self.catalogue = Catalogue(self)
        self.camera_source: str | None = None
        """What to see with; None is the system's default camera."""
        self._camera = Camera(self)
        self._microphone = Microphone(ports, Endpointer(VoiceActivity.load(), patience), self)
        self._ears = Ears(self)

    def join(self, window: Window, conversation: Conversation) -> None:
        """Once."""
        self._window = window
        self._conversation = conversation
        self._join_microphone(window, conversation)
        self._camera.seen.connect(conversation.take_frame)
        self._camera.preview.connect(window.senses.picture.show_frame)
        self._camera.lost.connect(self._lose_camera)
        window.senses.camera.toggled.connect(self._switch_camera)

    @property
    def is_listening(self) -> bool:
        """Whether the microphone is on."""
        return self._microphone.is_listening

    @property
    def is_looking(self) -> bool:
        """Whether the camera is on."""
        return self._camera.is_looking

    def be_patient(self, seconds: float) -> None:
        """After so much silence a turn is over."""
        self._microphone.set_patience(seconds)

    def listen_hands_free(self, *, on: bool) -> None:
        """Whoever speaks begins a turn."""
        self._ears.is_hands_free = on
        self._open_ears()

    def close(self) -> None:
        """Returns when both devices are shut."""
        self._microphone.close()
        self._camera.close()

    def _join_microphone(self, window: Window, conversation: Conversation) -> None:
        self._microphone.level.connect(window.senses.meter.show_level)
        self._microphone.heard.connect(self._ears.take_block)
        self._microphone.speech.connect(self._ears.take_speech)
        self._microphone.opened.connect(lambda _: window.senses.about_microphone.tell(""))
        self._microphone.lost.connect(self._lose_microphone)
        self._ears.speech.connect(conversation.take_speech)
        self.catalogue.microphones_changed.connect(self._microphone.check)
        window.composer.talk.talking.connect(self._talk)
        window.senses.hands_free.toggled.connect(lambda on: self.listen_hands_free(on=on))

    # Sound

    def _talk(self, on: bool) -> None:  # noqa: FBT001 -- a signal's argument
        self._ears.talk(on=on)
        self._open_ears()

    def _open_ears(self) -> None:
        if not self._ears.are_open:
            self._microphone.stop()
        elif not self._microphone.is_listening:
            self._microphone.start(choose(self.catalogue.microphones()))
        self.live.emit()

    def _lose_microphone(self, sentence: str) -> None:
        self._window.composer.talk.end()
        self._window.senses.hands_free.setChecked(False)
        self._window.senses.about_microphone.tell(sentence)
        self._window.transcript.announce(sentence)
        self.live.emit()

    # Pictures

    def _switch_camera(self, on: bool) -> None:  # noqa: FBT001 -- a signal's argument
        if on:
            self._open_camera()
        else:
            self._camera.stop()
            self._conversation.take_frame(None)
        self.live.emit()

    def _open_camera(self) -> None:
        source = self.camera_source or self._default_source()
        if source is None:
            self._lose_camera(translate("Perception", NO_CAMERA))
        else:
            self._camera.start(source)

    def _default_source(self) -> str | None:
        camera = choose(self.catalogue.cameras())
        return None if camera is None else self.catalogue.source(camera)

    def _lose_camera(self, sentence: str) -> None:
        self._window.senses.lose_camera(sentence)  # which switches it off
        self._window.transcript.announce(sentence)
