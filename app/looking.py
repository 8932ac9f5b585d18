"""Camera and screen joined to window and conversation: what is looked at when, who is shown it, and what if it goes.

Knows no microphone.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from app import paths
from app.conversation import Conversation
from app.devices.camera import Camera, mirror
from app.devices.catalogue import Catalogue
from app.devices.device import Device, choose, is_missing
from app.phase import Phase
from app.remarks import Remarks
from app.senses import Frame, Origin
from app.settings import Settings
from app.ui import camera_view
from app.ui.devices_page import Listed
from app.ui.senses_panel import CAMERA
from app.ui.window import Window
from app.words import QT_TRANSLATE_NOOP, translate

if TYPE_CHECKING:
    from app.devices.screen import Screen

NO_CAMERA = QT_TRANSLATE_NOOP("Looking", "No camera was found: plug one in, or go on without.")
GONE = QT_TRANSLATE_NOOP("Looking", "{lost} is gone: {used} is used until it is plugged in again.")
FAILED = QT_TRANSLATE_NOOP("Looking", "{lost} cannot be looked through now: {used} is used instead.")
IS_BACK = QT_TRANSLATE_NOOP("Looking", "{name} is back and used again.")
STALLED = QT_TRANSLATE_NOOP(
    "Looking", "The camera gives no picture just now; nothing is shown to the model until it does."
)
PROBE_MILLISECONDS, MOST_PROBE_MILLISECONDS = 500, 30_000
"""Until a camera that failed is tried again, each time twice as long until somebody looks anew: one that comes and goes
must not be told of for ever."""


class Looking(QObject):
    """Looks while it is switched on. A camera that was chosen and is missing gives way to the default one.

    `changed` when something else is looked at, or nothing.
    """

    changed = Signal()

    def __init__(
        self, catalogue: Catalogue, window: Window, conversation: Conversation, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.override: str | None = None
        """A source to see with whatever is chosen, as OpenCV reads it."""
        self._catalogue = catalogue
        self._window = window
        self._conversation = conversation
        self._settings = Settings()
        self._camera = Camera(self)
        self._device: Device | None = None
        """The camera of the catalogue that is looked through."""
        self._lost: Device | None = None
        """What another one has taken the place of, or nobody could: it is used again once it is back."""
        self._probe = Camera(self)
        """Looks whether what failed but is still plugged in can be looked through again."""
        self._probing = QTimer(self, singleShot=True)
        self._probing.timeout.connect(self._try_again)
        self._until_probe = PROBE_MILLISECONDS
        self._known: set[str] = set()
        """The cameras that there were at the latest look."""
        self._failing: dict[str, str] = {}
        """Which were tried since anything was seen, and why they could not be looked through."""
        self._screen: Screen | None = None
        self._remarks = Remarks(self._is_idle, self)
        self._wish = (paths.RESOURCES / "prompts" / "remark.txt").read_text(encoding="utf-8").strip()
        self._join()

    @property
    def origin(self) -> Origin | None:
        """What is looked at now; None for nothing."""
        view = None if self._screen is None else self._screen.view
        if view is not None:
            return view.origin
        return Origin.CAMERA if self._camera.is_looking else None

    def choose(self, settings: Settings) -> None:
        """What can be seen of it at once."""
        before, self._settings = self._settings, settings
        self._remarks.are_wanted = settings.remarks
        self._list_cameras()
        if settings.camera != before.camera:
            self._miss_nothing()
        if (settings.camera, settings.camera_size) != (before.camera, before.camera_size) and self._camera.is_looking:
            self._look()
        if not settings.preview and self.origin is not None:
            self._hide()

    def close(self) -> None:
        """Returns when nothing is looked at any more."""
        self._probing.stop()
        self._probe.close()
        self._camera.close()
        if self._screen is not None:
            self._screen.close()

    def _join(self) -> None:
        senses = self._window.senses
        self._camera.seen.connect(self._take)
        self._camera.lost.connect(self._lose_camera)
        self._camera.stalled.connect(self._stall)
        self._probe.opened.connect(self._find_again)
        self._probe.lost.connect(lambda _: self._probe_later())
        self._catalogue.cameras_changed.connect(self._meet_cameras)
        self._remarks.noticed.connect(lambda before, after: self._conversation.remark(before, after, self._wish))
        senses.camera.toggled.connect(self._switch)
        senses.camera.clicked.connect(lambda _: self._miss_nothing())
        senses.viewed.connect(lambda _: self._look_elsewhere())
        senses.look_at.about_to_choose.connect(self._list_views)

    # What is seen

    def _take(self, frame: Frame) -> None:
        self._failing.clear()
        self._conversation.take_frame(frame)
        if not self._settings.preview:
            self._hide()
        elif self._settings.mirror and frame.origin is Origin.CAMERA:
            self._window.senses.picture.show_frame(mirror(frame))
        else:
            self._window.senses.picture.show_frame(frame)
        self._remarks.take_frame(frame)

    def _stall(self) -> None:
        """An old picture is none of now."""
        self._conversation.take_frame(None)
        self._window.senses.picture.tell(translate("Looking", STALLED))

    def _hide(self) -> None:
        picture = self._window.senses.picture
        words = camera_view.HIDDEN if self.origin is Origin.CAMERA else camera_view.HIDDEN_SCREEN
        sentence = translate("CameraView", words)
        if picture.sentence != sentence:
            picture.tell(sentence)

    def _is_idle(self) -> bool:
        composer = self._window.composer
        is_typing = bool(composer.edit.toPlainText() or composer.attachments.files)
        return self._conversation.phase is Phase.LISTENING and not is_typing and not composer.talk.is_talking

    # What is looked at

    def _switch(self, on: bool) -> None:  # noqa: FBT001 -- a signal's argument
        if on:
            self._look()
        else:
            self._look_away()

    def _look_elsewhere(self) -> None:
        if self._window.senses.camera.isChecked():
            self._look()

    def _look(self) -> None:
        self._look_away()
        self._until_probe = PROBE_MILLISECONDS
        view = self._window.senses.view
        if view.origin is Origin.CAMERA:
            self._window.senses.picture.tell(translate("CameraView", camera_view.OPENING))
            self._look_through_camera()
        else:
            self._window.senses.picture.tell(translate("CameraView", camera_view.OPENING_SCREEN))
            self._open_screen().start(view)
        self.changed.emit()

    def _look_away(self) -> None:
        self._stop_probing()
        self._camera.stop()
        self._device = None
        if self._screen is not None:
            self._screen.stop()
        self._conversation.take_frame(None)
        self._remarks.forget()
        self.changed.emit()

    def _look_through_camera(self) -> None:
        self._failing.clear()
        cameras, chosen = self._catalogue.cameras(), self._settings.camera
        source = self.override or (chosen if _is_source(chosen) else None)
        if source is None:
            self._device = choose(cameras, chosen or (self._lost.identity if self._lost else None))
            source = None if self._device is None else self._catalogue.source(self._device)
        if source is None:
            self._lose(translate("Looking", NO_CAMERA))
            return
        self._camera.start(source, self._settings.camera_size)
        if self._device is not None and is_missing(cameras, chosen):
            words = translate("Looking", "The camera that you chose is not plugged in: {name} is used until it is.")
            self._tell(words.format(name=self._device.name))
        else:
            self._window.senses.about_camera.tell("")

    def _open_screen(self) -> Screen:
        if self._screen is None:
            from app.devices.screen import Screen  # noqa: PLC0415 -- brings Qt's capturing: not before it is needed

            self._screen = Screen(self)
            self._screen.seen.connect(self._take)
            self._screen.lost.connect(self._lose)
        return self._screen

    # What comes and goes

    def _lose(self, sentence: str) -> None:
        """The switch is off because it must be."""
        self._window.senses.lose_camera(sentence)
        self._window.transcript.announce(sentence)
        self.changed.emit()

    def _lose_camera(self, sentence: str) -> None:
        """Another camera takes its place until it is back."""
        self._conversation.take_frame(None)
        lost = self._device
        missed = self._lost or lost
        if lost is not None:
            self._failing.setdefault(lost.identity, sentence)
        others = [camera for camera in self._catalogue.cameras() if camera.identity not in self._failing]
        if lost is None or not others:
            self._lose(next(iter(self._failing.values()), sentence))  # of the one that was wanted
        else:
            self._replace(lost, others)
        self._lost = missed

    def _replace(self, lost: Device, others: Sequence[Device]) -> None:
        self._device = choose(others)
        if self._device is not None:
            self._camera.start(self._catalogue.source(self._device), self._settings.camera_size)
            is_gone = is_missing(self._catalogue.cameras(), lost.identity)
            words = translate("Looking", GONE if is_gone else FAILED)
            self._tell(words.format(lost=lost.name, used=self._device.name))
            if not is_gone:
                self._probe_later()
        self.changed.emit()

    def _probe_later(self) -> None:
        """What another one uses, or what came loose for a moment, may be free soon, and no list tells of it."""
        self._probing.start(self._until_probe)
        self._until_probe = min(2 * self._until_probe, MOST_PROBE_MILLISECONDS)

    def _stop_probing(self) -> None:
        self._probing.stop()
        self._probe.stop()

    def _try_again(self) -> None:
        """Once it is gone from the list, that tells when it is back."""
        missed = self._lost
        if (
            missed is not None
            and self._device is not None
            and not is_missing(self._catalogue.cameras(), missed.identity)
        ):
            self._probe.start(self._catalogue.source(missed), self._settings.camera_size)

    def _find_again(self) -> None:
        missed, self._lost = self._lost, None
        if missed is not None and self._device is not None:
            self._device = missed
            self._camera.start(self._catalogue.source(missed), self._settings.camera_size, after=self._probe)
            self._tell(translate("Looking", IS_BACK).format(name=missed.name))
            self.changed.emit()

    def _meet_cameras(self, cameras: Sequence[Device]) -> None:
        """One that is gone is known to be, whatever may still come from it; one that is wanted is used again."""
        self._list_cameras()
        known, self._known = self._known, {camera.identity for camera in cameras}
        used, wanted = self._device, self._wanted(cameras, known)
        if used is not None and is_missing(cameras, used.identity):
            self._camera.stop()
            words = translate("Looking", "The camera ({name}) is gone: plug it in again, or choose another one.")
            self._lose_camera(words.format(name=used.name))
        elif wanted is not None and (used is None or used.identity != wanted.identity):
            self._return_to(wanted)

    def _wanted(self, cameras: Sequence[Device], known: set[str]) -> Device | None:
        """What was chosen, if it is there and anything is looked through; else what was missed and has just come."""
        listed = {camera.identity: camera for camera in cameras}
        if self._device is not None and (chosen := listed.get(self._settings.camera or "")) is not None:
            return chosen
        is_back = self._lost is not None and self._lost.identity not in known
        return listed.get(self._lost.identity) if self._lost is not None and is_back else None

    def _return_to(self, camera: Device) -> None:
        senses = self._window.senses
        if senses.camera.isChecked():
            self._look()
        elif senses.view.origin is Origin.CAMERA:
            senses.camera.setChecked(True)
        self._lost = None
        if self._device is not None and self._device.identity == camera.identity:
            self._window.transcript.announce(translate("Looking", IS_BACK).format(name=camera.name))

    def _miss_nothing(self) -> None:
        """What is looked at is the user's own wish from here on."""
        self._stop_probing()
        self._lost = None

    def _tell(self, sentence: str) -> None:
        self._window.senses.about_camera.tell(sentence)
        self._window.transcript.announce(sentence)

    def _list_cameras(self) -> None:
        cameras, chosen = self._catalogue.cameras(), self._settings.camera
        used = choose(cameras, chosen)
        listed = [Listed(camera.identity, camera.name) for camera in cameras]
        if chosen is not None and _is_source(chosen):
            listed.append(Listed(chosen, chosen))
        self._window.devices.show_cameras(listed, () if used is None else self._catalogue.sizes(used))

    def _list_views(self) -> None:
        chosen = self._window.senses.view
        self._window.senses.show_views((CAMERA, *self._open_screen().views()), chosen)


def _is_source(chosen: str | None) -> bool:
    """What OpenCV opens without a list of cameras: a number, a file, numbered pictures, a stream."""
    return chosen is not None and (chosen.isdigit() or "://" in chosen or "%" in chosen or Path(chosen).is_file())
