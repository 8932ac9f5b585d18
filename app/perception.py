"""Camera and microphone joined to window and conversation: what is opened when, and where what they tell goes."""

from __future__ import annotations

from PySide6.QtCore import QObject

from app.attention import Attention
from app.conversation import Conversation
from app.devices.camera import Camera
from app.devices.catalogue import Catalogue
from app.devices.device import choose
from app.devices.endpointer import Endpointer
from app.devices.microphone import Microphone
from app.devices.ports import SoundPorts
from app.devices.prosody import is_complete
from app.devices.voice_activity import VoiceActivity
from app.ears import Ears
from app.spotting import Spotter
from app.ui.window import Window

STOP_SECONDS = 3.0
"""Of an utterance in which a word that stops is listened for: later the answer has given way to it anyway."""
MUTED = "The microphone is muted: nothing is heard until you unmute it (Ctrl+M)."
NO_CAMERA = "No camera was found: plug one in, or go on without."


class Perception(QObject):
    """The microphone is open only while somebody is meant to be heard, the camera while it is switched on."""

    def __init__(self, ports: SoundPorts, patience: float, parent: QObject | None = None) -> None:
        """Takes 0.2 s. On the main thread, before any child process is started."""
        super().__init__(parent)
        self.catalogue = Catalogue(self)
        self.camera_source: str | None = None
        """What to see with; None is the system's default camera."""
        self._camera = Camera(self)
        endpointer = Endpointer(VoiceActivity.load(), patience, is_complete=is_complete)
        self._microphone = Microphone(ports, endpointer, self)
        self._attention = Attention(Spotter.of_stop, STOP_SECONDS, self)
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
        self._attention.close()
        self._camera.close()

    def _join_microphone(self, window: Window, conversation: Conversation) -> None:
        self._microphone.level.connect(window.senses.meter.show_level)
        self._microphone.heard.connect(self._ears.take_block)
        self._microphone.speech.connect(self._ears.take_speech)
        self._microphone.opened.connect(lambda _: window.senses.about_microphone.tell(""))
        self._microphone.lost.connect(self._lose_microphone)
        self._ears.speech.connect(conversation.take_speech)
        self._ears.speech.connect(self._attention.take_speech)
        self._attention.spotted.connect(conversation.take_stop)
        self.catalogue.microphones_changed.connect(self._microphone.check)
        window.composer.talk.talking.connect(self._talk)
        window.senses.mute.toggled.connect(self._mute)
        window.senses.hands_free.toggled.connect(lambda on: self.listen_hands_free(on=on))

    # Sound

    def _talk(self, on: bool) -> None:  # noqa: FBT001 -- a signal's argument
        self._ears.talk(on=on)
        self._open_ears()

    def _mute(self, on: bool) -> None:  # noqa: FBT001 -- a signal's argument
        """Hands-free stays as it is: what is said is heard again once it is undone."""
        self._microphone.mute(on=on)
        self._window.senses.about_muting.tell(MUTED if on else "")
        self._window.transcript.announce(MUTED if on else "The microphone is on again.")

    def _open_ears(self) -> None:
        if not self._ears.are_open:
            self._microphone.stop()
        elif not self._microphone.is_listening:
            self._microphone.start(choose(self.catalogue.microphones()))

    def _lose_microphone(self, sentence: str) -> None:
        self._window.composer.talk.end()
        self._window.senses.hands_free.setChecked(False)
        self._window.senses.about_microphone.tell(sentence)
        self._window.transcript.announce(sentence)

    # Pictures

    def _switch_camera(self, on: bool) -> None:  # noqa: FBT001 -- a signal's argument
        if not on:
            self._camera.stop()
            self._conversation.take_frame(None)
            return
        source = self.camera_source or self._default_source()
        if source is None:
            self._lose_camera(NO_CAMERA)
        else:
            self._camera.start(source)

    def _default_source(self) -> str | None:
        camera = choose(self.catalogue.cameras())
        return None if camera is None else self.catalogue.source(camera)

    def _lose_camera(self, sentence: str) -> None:
        self._window.senses.lose_camera(sentence)
        self._window.transcript.announce(sentence)
