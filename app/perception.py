"""Microphone, and through `looking` camera and screen, joined to window and conversation: what is opened when."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, Signal

from app import logs
from app.attention import Attention
from app.conversation import Conversation
from app.devices.canceller import Canceller
from app.devices.catalogue import Catalogue
from app.devices.device import Device, choose, is_missing
from app.devices.endpointer import Endpointer
from app.devices.guard import Guard
from app.devices.microphone import Microphone
from app.devices.permissions import Permissions, Sense
from app.devices.ports import SoundPorts
from app.devices.prosody import is_complete
from app.devices.speaker import Speaker
from app.devices.voice_activity import VoiceActivity
from app.duplex import EchoState
from app.ears import Ears
from app.echo_check import EchoCheck
from app.looking import Looking
from app.phase import Phase
from app.settings import Settings
from app.spotting import Spotter
from app.ui.devices_page import Listed
from app.ui.window import Window
from app.vigil import Vigil
from app.wake_phrase import WakePhrase
from app.waking import Waker
from app.words import QT_TRANSLATE_NOOP, translate

ALL_OFF = QT_TRANSLATE_NOOP("Perception", "Microphone, camera and screen are off.")
GONE = QT_TRANSLATE_NOOP("Perception", "{lost} is gone: {used} is used until it is plugged in again.")
FAILED = QT_TRANSLATE_NOOP("Perception", "{lost} cannot be listened to now: {used} is used instead.")
BACK = QT_TRANSLATE_NOOP("Perception", "{name} is back and used again.")
MUTED = QT_TRANSLATE_NOOP("Perception", "The microphone is muted: nothing is heard until you unmute it (Ctrl+M).")
ASLEEP = QT_TRANSLATE_NOOP("Perception", "Say “{phrase}” to be heard.")
CANNOT_WAKE = QT_TRANSLATE_NOOP(
    "Perception", "This computer cannot listen for a phrase: choose none in the settings; until then all is heard."
)
STOP_SECONDS = 3.0
"""Of an utterance in which a word that stops is listened for: later the answer has given way to it anyway."""
STOP_TAIL = 0.6
"""Of a silence in it: what the recogniser makes of the room, or of what is left of the answer, is nobody's word."""


class Perception(QObject):
    """The microphone is open only while somebody is meant to be heard, the camera while it is switched on."""

    live = Signal()
    """The microphone was switched on or off, or something else is looked at."""

    def __init__(self, ports: SoundPorts, patience: float, parent: QObject | None = None) -> None:
        """Takes 0.2 s. On the main thread, before any child process is started."""
        super().__init__(parent)
        self.catalogue = Catalogue(self)
        self._settings = Settings()
        self._device: Device | None = None
        """What is listened to."""
        self._lost: Device | None = None
        """What another one has taken the place of, or nobody could: hands-free, it is used again once it is back."""
        self._known: set[str] = set()
        """The microphones that there were at the latest look."""
        self._failing: dict[str, str] = {}
        """Which were tried since anything was heard, and why they could not be listened to."""
        self._guard = Guard(VoiceActivity.load(), Canceller(ports.far_end))
        endpointer = Endpointer(self._guard, patience, is_complete=is_complete)
        self._microphone = Microphone(ports, self._guard.canceller, endpointer, self)
        self._attention = Attention(Spotter.of_stop, STOP_SECONDS, STOP_TAIL, self)
        self._ears = Ears(self)
        self._vigil = Vigil(self)
        self._waking: Attention | None = None
        self._phrase: WakePhrase | None = None
        self._permissions = Permissions(self)
        self.echo: EchoCheck | None = None

    def join(self, window: Window, conversation: Conversation) -> None:
        """Once."""
        self._window = window
        self._conversation = conversation
        self.looking = Looking(self.catalogue, window, conversation, self)
        self.looking.changed.connect(self._show_looking)
        self._join_microphone(window, conversation)
        window.devices.trying.connect(self._try)
        window.devices.told.connect(window.transcript.announce)
        window.top.live.off.clicked.connect(self.shut)
        self._join_permissions(window)

    def choose(self, settings: Settings) -> None:
        """What is listened to and looked at from here on."""
        if settings.microphone != self._settings.microphone:
            self._miss_nothing()
        self._settings = settings
        self._window.devices.show_settings(settings)
        self.looking.choose(settings)
        self._meet_microphones(self.catalogue.microphones())
        self.list_speakers()
        if self.echo is not None:
            self.echo.review()

    def shut(self) -> None:
        """Neither listens nor looks from here on; what was just being said is forgotten."""
        if self._conversation.phase is Phase.HEARING:
            self._conversation.stop()
        self._window.senses_off()
        if self.echo is not None:
            self.echo.stop()
        self._window.transcript.announce(translate("Perception", ALL_OFF))

    @property
    def is_listening(self) -> bool:
        """Whether anybody can be heard."""
        return self._microphone.is_listening and not self._microphone.is_muted

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
        echo.changed.connect(lambda state: self._window.status.show_detail(_detail(state)))
        return echo

    def hear_past(self, *, sounding: bool) -> None:
        """Something is to be heard, or no longer, that our speaker does not play."""
        self._guard.is_deaf = sounding

    def be_patient(self, seconds: float) -> None:
        """After so much silence a turn is over."""
        self._microphone.set_patience(seconds)

    def wake_by(self, phrase: WakePhrase | None) -> None:
        """Nothing is heard hands-free before this is said; None hears whoever speaks."""
        if phrase is self._phrase:
            return
        self._phrase = phrase
        if self._waking is not None:
            self._ears.speech.disconnect(self._waking.take_speech)
            self._waking.close()
            self._waking.deleteLater()
            self._waking = None
        if phrase is not None:
            self._listen_for(phrase)
        self._vigil.use(phrase=self._waking is not None)
        self._show_vigil()

    def _listen_for(self, phrase: WakePhrase) -> None:
        try:
            waker = Waker.of(phrase)
        except (ImportError, OSError) as error:
            logs.devices.warning("Nothing here listens for a phrase: %s", error)
            return
        self._waking = Attention(lambda: waker, parent=self)
        self._ears.speech.connect(self._waking.take_speech)
        self._waking.spotted.connect(self._vigil.take_word)

    def _show_vigil(self) -> None:
        """What must be said, while something must."""
        words = ""
        if self._phrase is not None and self._waking is None:
            words = translate("Perception", CANNOT_WAKE)
        elif self._phrase is not None and self._vigil.is_asleep and self._ears.is_hands_free:
            words = translate("Perception", ASLEEP).format(phrase=self._phrase.words)
        self._window.senses.about_waking.tell(words)

    def listen_hands_free(self, *, on: bool) -> None:
        """Whoever speaks begins a turn."""
        self._ears.is_hands_free = on
        self._show_vigil()
        self._open_ears()
        if self.echo is not None:
            self.echo.listen_hands_free(on=on)

    def list_speakers(self) -> None:
        """As the page of devices has them."""
        self._window.devices.show_speakers(_list(self.catalogue.speakers()))

    def close(self) -> None:
        """Returns when all devices are shut."""
        self.catalogue.close()
        self._microphone.close()
        self._attention.close()
        if self._waking is not None:
            self._waking.close()
        self.looking.close()

    def _join_microphone(self, window: Window, conversation: Conversation) -> None:
        self._microphone.level.connect(window.senses.meter.show_level)
        self._microphone.level.connect(window.devices.show_level)
        self._microphone.heard.connect(self._failing_no_more)
        self._microphone.heard.connect(self._ears.take_block)
        self._microphone.speech.connect(self._ears.take_speech)
        self._microphone.opened.connect(lambda _: self._tell_missing())
        self._microphone.lost.connect(self._lose_microphone)
        self._ears.speech.connect(self._vigil.take_speech)
        self._vigil.speech.connect(conversation.take_speech)
        self._vigil.changed.connect(self._show_vigil)
        conversation.phase_changed.connect(self._vigil.follow)
        self._ears.speech.connect(self._attention.take_speech)
        self._attention.spotted.connect(conversation.take_word)
        self.catalogue.microphones_changed.connect(self._microphone.check)
        self.catalogue.microphones_changed.connect(self._meet_microphones)
        self.catalogue.speakers_changed.connect(self.list_speakers)
        window.composer.talk.talking.connect(self._talk)
        window.senses.mute.toggled.connect(self._mute)
        window.senses.hands_free.toggled.connect(lambda on: self.listen_hands_free(on=on))
        window.senses.hands_free.clicked.connect(lambda _: self._miss_nothing())

    # Sound

    def _talk(self, on: bool) -> None:  # noqa: FBT001 -- a signal's argument
        self._ears.talk(on=on)
        self._open_ears()

    def _try(self, on: bool) -> None:  # noqa: FBT001 -- a signal's argument
        self._ears.are_tried = on
        self._open_ears()

    def _mute(self, on: bool) -> None:  # noqa: FBT001 -- a signal's argument
        """Hands-free stays as it is: what is said is heard again once it is undone."""
        self._microphone.mute(on=on)
        if self.echo is not None:
            self.echo.take_mute(on=on)
        words = translate("Perception", MUTED)
        self._window.senses.about_muting.tell(words if on else "")
        self._window.transcript.announce(words if on else translate("Perception", "The microphone is on again."))
        self._show_listening()

    def _miss_nothing(self) -> None:
        """What is listened to is the user's own wish from here on."""
        self._lost = None

    def _failing_no_more(self) -> None:
        """Each may be tried again."""
        self._failing.clear()

    def _open_ears(self) -> None:
        is_tested = self.echo is not None and self.echo.needs_microphone
        if not self._ears.are_open and not is_tested:
            self._microphone.stop()
        elif not self._microphone.is_listening:
            self._listen()
        self._show_listening()

    def _listen(self) -> None:
        self._failing_no_more()
        self._device = self._wanted(self.catalogue.microphones())
        self._microphone.start(self._device)

    def _wanted(self, microphones: Sequence[Device]) -> Device | None:
        """What was chosen, or else what was listened to until it went, if it is there."""
        return choose(microphones, self._settings.microphone or (self._lost.identity if self._lost else None))

    def _show_listening(self) -> None:
        self._window.top.live.show_microphone(on=self.is_listening)
        self.live.emit()

    def _show_looking(self) -> None:
        self._window.top.live.show_sight(self.looking.origin)
        self.live.emit()

    def _meet_microphones(self, microphones: Sequence[Device]) -> None:
        """The one that was chosen is used once it is there, though another one was in the meantime."""
        self._window.devices.show_microphones(_list(microphones))
        known, self._known = self._known, {device.identity for device in microphones}
        wanted = self._wanted(microphones)
        if self._microphone.is_listening and wanted is not None and self._device is not None:
            is_used = wanted.identity == self._device.identity
            if not is_used and not is_missing(microphones, self._device.identity):
                self._listen()
                self._tell_back()
        elif self._lost is not None and self._lost.identity in self._known - known:
            self._window.senses.hands_free.setChecked(True)
            self._tell_back()

    def _tell_back(self) -> None:
        """What was missed is listened to again, or the user's choice is another."""
        lost, used = self._lost, self._device
        self._lost = None
        if lost is not None and used is not None and lost.identity == used.identity:
            self._window.transcript.announce(translate("Perception", BACK).format(name=used.name))

    def _tell_missing(self) -> None:
        """Where it is another one than it should be that is listened to."""
        used, lost = self._device, self._lost
        said = ""
        if used is not None and lost is not None and lost.identity != used.identity:
            said = self._replaced(lost, used)
        elif used is not None and is_missing(self.catalogue.microphones(), self._settings.microphone):
            said = translate(
                "Perception", "The microphone that you chose is not plugged in: {name} is used until it is."
            ).format(name=used.name)
        self._window.senses.about_microphone.tell(said)

    def _sound_devices(self) -> tuple[Device | None, Device | None]:
        """What is listened to and spoken through, or would be."""
        microphone = self._device if self._microphone.is_listening else None
        return (
            microphone or choose(self.catalogue.microphones(), self._settings.microphone),
            choose(self.catalogue.speakers(), self._settings.speaker),
        )

    def _lose_microphone(self, sentence: str) -> None:
        """Another one takes its place until it is back, if there is one."""
        lost, self._device = self._device, None
        if lost is not None and lost.identity:
            self._failing.setdefault(lost.identity, sentence)
            others = [one for one in self.catalogue.microphones() if one.identity not in self._failing]
            self._device = choose(others)
        if lost is not None and self._device is not None:
            self._lost = self._lost or lost
            self._microphone.start(self._device)
            sentence = self._replaced(lost, self._device)
        else:
            sentence = next(iter(self._failing.values()), sentence)  # of the one that was wanted
            self._fall_deaf(lost)
        self._window.senses.about_microphone.tell(sentence)
        self._window.transcript.announce(sentence)
        self._show_listening()

    def _replaced(self, lost: Device, used: Device) -> str:
        """One that is still there was not unplugged: it could not be listened to."""
        is_gone = is_missing(self.catalogue.microphones(), lost.identity)
        words = translate("Perception", GONE if is_gone else FAILED)
        return words.format(lost=lost.name, used=used.name)

    def _fall_deaf(self, lost: Device | None) -> None:
        """Nobody can be heard; hands-free goes on by itself once the microphone is back, unless it is switched."""
        was_hands_free = self._window.senses.hands_free.isChecked()
        self._window.composer.talk.end()
        self._window.senses.hands_free.setChecked(False)
        self._window.devices.listen.setChecked(False)
        self._lost = (self._lost or lost) if was_hands_free else None

    # What the system allows

    def _join_permissions(self, window: Window) -> None:
        if not self._permissions.are_needed:
            return
        for sense, row in (
            (Sense.CAMERA, window.devices.camera_permission),
            (Sense.MICROPHONE, window.devices.microphone_permission),
        ):
            row.asked.connect(_bind(self._permissions.ask, sense))
            row.page_wanted.connect(_bind(self._permissions.open_page, sense))
            row.looked.connect(self._show_permissions)
        self._permissions.changed.connect(self._show_permissions)
        self._show_permissions()

    def _show_permissions(self) -> None:
        devices = self._window.devices
        devices.camera_permission.show_permission(self._permissions.of(Sense.CAMERA))
        devices.microphone_permission.show_permission(self._permissions.of(Sense.MICROPHONE))


def _bind(act: Callable[[Sense], object], sense: Sense) -> Callable[[], None]:
    def run() -> None:
        act(sense)

    return run


def _detail(state: EchoState) -> str:
    return translate("Perception", "testing for echo") if state.is_testing else ""


def _list(devices: Sequence[Device]) -> list[Listed]:
    return [Listed(device.identity, device.name) for device in devices]
