"""Camera and microphone joined to window and conversation: what is opened when, and where what they tell goes."""

from __future__ import annotations

from PySide6.QtCore import QObject

from app.conversation import Conversation
from app.devices.camera import Camera
from app.devices.canceller import Canceller
from app.devices.catalogue import Catalogue
from app.devices.device import Device, choose
from app.devices.endpointer import Endpointer
from app.devices.guard import Guard
from app.devices.microphone import Microphone
from app.devices.ports import SoundPorts
from app.devices.speaker import Speaker
from app.devices.voice_activity import VoiceActivity
from app.ears import Ears
from app.echo_check import EchoCheck
from app.ui.window import Window

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
        self._guard = Guard(VoiceActivity.load(), Canceller(ports.far_end))
        self._microphone = Microphone(ports, self._guard.canceller, Endpointer(self._guard, patience), self)
        self._ears = Ears(self)
        self.echo: EchoCheck | None = None

    def join(self, window: Window, conversation: Conversation) -> None:
        """Once."""
        self._window = window
        self._conversation = conversation
        self._join_microphone(window, conversation)
        self._camera.seen.connect(conversation.take_frame)
        self._camera.preview.connect(window.senses.picture.show_frame)
        self._camera.lost.connect(self._lose_camera)
        window.senses.camera.toggled.connect(self._switch_camera)

    def check_echo(self, speaker: Speaker) -> EchoCheck:
        """Once, after `join`: how much of what the speaker plays comes back, and what is done about it."""
        self.echo = echo = EchoCheck(self._microphone, speaker, self._guard, self._sound_devices, self)
        echo.listening.connect(self._open_ears)
        self._conversation.phase_changed.connect(echo.take_phase)
        self.catalogue.microphones_changed.connect(echo.review)
        self.catalogue.speakers_changed.connect(echo.review)
        panel = self._window.settings.echo
        echo.changed.connect(panel.show_echo)
        panel.test.clicked.connect(echo.test)
        panel.told.connect(self._window.transcript.announce)
        echo.changed.connect(
            lambda state: self._window.status.show_detail("testing for echo" if state.is_testing else "")
        )
        return echo

    def be_patient(self, seconds: float) -> None:
        """After so much silence a turn is over."""
        self._microphone.set_patience(seconds)

    def listen_hands_free(self, *, on: bool) -> None:
        """Whoever speaks begins a turn."""
        self._ears.is_hands_free = on
        self._open_ears()
        if self.echo is not None:
            self.echo.listen_hands_free(on=on)

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
        is_tested = self.echo is not None and self.echo.needs_microphone
        if not self._ears.are_open and not is_tested:
            self._microphone.stop()
        elif not self._microphone.is_listening:
            self._microphone.start(choose(self.catalogue.microphones()))

    def _sound_devices(self) -> tuple[Device | None, Device | None]:
        return choose(self.catalogue.microphones()), choose(self.catalogue.speakers())

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
