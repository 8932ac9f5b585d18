"""Which camera, microphone and speaker are used, and how; each choice is taken at once. Knows no device.

A device is chosen by its identity, so that it is the same one again after it was unplugged.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QGroupBox, QVBoxLayout, QWidget

from app.senses import Size
from app.settings import Settings
from app.ui import permission_row
from app.ui.alcove import Alcove
from app.ui.button import Button
from app.ui.camera_view import CameraView
from app.ui.choice import Choice, fill
from app.ui.form import add_named, lay_form
from app.ui.level_meter import LevelMeter
from app.ui.page import Page
from app.ui.permission_row import PermissionRow
from app.ui.sentence import Sentence
from app.ui.tick_box import TickBox
from app.words import QT_TRANSLATE_NOOP, translate

USUAL = QT_TRANSLATE_NOOP("DevicesPage", "The system's default")
USUAL_SIZE = QT_TRANSLATE_NOOP("DevicesPage", "Usual: enough for print")
MISSING = QT_TRANSLATE_NOOP("DevicesPage", "The one you chose, which is not plugged in")
LISTENING = QT_TRANSLATE_NOOP("DevicesPage", "Speak: the bar moves as far as you are heard.")
HEARD = QT_TRANSLATE_NOOP("DevicesPage", "You are heard.")
NOT_LISTENING = QT_TRANSLATE_NOOP("DevicesPage", "The bar moves while the microphone is on.")
LOUD = 0.5
"""Of the meter: a voice near the microphone reaches it, a quiet room does not."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A device as the page knows it."""

    identity: str
    name: str


@dataclass(frozen=True, slots=True)
class Trouble:
    """What is said where a device is not there; translated when it is shown."""

    none: str
    missing: str


TROUBLE = {
    "camera": Trouble(
        QT_TRANSLATE_NOOP("DevicesPage", "No camera was found: plug one in, it is used at once."),
        QT_TRANSLATE_NOOP(
            "DevicesPage", "The camera that you chose is not plugged in: the system's default is used until it is."
        ),
    ),
    "microphone": Trouble(
        QT_TRANSLATE_NOOP("DevicesPage", "No microphone was found: plug one in, it is used at once."),
        QT_TRANSLATE_NOOP(
            "DevicesPage", "The microphone that you chose is not plugged in: the system's default is used until it is."
        ),
    ),
    "speaker": Trouble(
        QT_TRANSLATE_NOOP("DevicesPage", "No speaker was found: plug one in, it is used at once."),
        QT_TRANSLATE_NOOP(
            "DevicesPage", "The speaker that you chose is not plugged in: the system's default is used until it is."
        ),
    ),
}


class DevicesPage(Page):
    """`chosen` carries Settings in which what this page is about may be another."""

    chosen = Signal(object)
    trying = Signal(bool)
    """Whether the microphone shall be listened to for its level alone."""
    tone_wanted = Signal()
    told = Signal(str)
    """What a screen reader may say: that somebody is heard."""

    def __init__(self, parent: QWidget | None = None) -> None:
        content = QWidget()
        super().__init__(translate("DevicesPage", "Devices"), content, parent)
        self._settings = Settings()
        self.camera, self.picture_size, self.microphone, self.speaker = Choice(), Choice(), Choice(), Choice()
        self.mirror = TickBox(translate("DevicesPage", "Show me as in a mirror"))
        self.preview = TickBox(translate("DevicesPage", "Show what the model sees"))
        self.remarks = TickBox(translate("DevicesPage", "Tell me by itself when something changes"))
        self.listen = Button(
            translate("DevicesPage", "Test the microphone"),
            "talk",
            translate("DevicesPage", "Listen for the level alone: nothing is given to the model"),
        )
        self.listen.setCheckable(True)
        self.meter = LevelMeter()
        self.see = Button(
            translate("DevicesPage", "Test the camera"),
            "camera",
            translate("DevicesPage", "Switch the camera on, or off again, and show what it sees"),
        )
        self.see.setCheckable(True)
        self.picture = CameraView()
        self.picture.setAccessibleName(translate("DevicesPage", "Picture of the camera that is tested"))
        self.about_level = Sentence(translate("DevicesPage", "Microphone test"))
        self.about_level.setText(translate("DevicesPage", NOT_LISTENING))
        self.tone = Button(
            translate("DevicesPage", "Play a test sound"),
            "speaker",
            translate("DevicesPage", "A short sound on the speaker that is chosen"),
        )
        self.camera_permission = PermissionRow(permission_row.CAMERA)
        self.microphone_permission = PermissionRow(permission_row.MICROPHONE)
        self.about = {
            box: Sentence(translate("DevicesPage", "Device")) for box in (self.camera, self.microphone, self.speaker)
        }
        self._lay_out(content)
        self._explain()
        self._join()
        self.show_settings(Settings())
        self.show_cameras((), ())
        self.show_microphones(())
        self.show_speakers(())

    def show_settings(self, settings: Settings) -> None:
        """As they are; what there is to choose from is told apart from them."""
        self._settings = settings
        for box, on in (
            (self.mirror, settings.mirror),
            (self.preview, settings.preview),
            (self.remarks, settings.remarks),
        ):
            with QSignalBlocker(box):
                box.setChecked(on)

    def show_level(self, level: float) -> None:
        """Of the microphone, 0 to 1; for who does not see the meter it is told once in each test."""
        self.meter.show_level(level)
        if level >= LOUD and self.listen.isChecked():
            self._tell_level(HEARD)

    def show_cameras(self, listed: Sequence[Listed], sizes: Sequence[Size]) -> None:
        """That there are, and what the one in use can give."""
        self._fill_devices(self.camera, listed, self._settings.camera, TROUBLE["camera"])
        wanted = self._settings.camera_size
        known = sorted({*sizes, *([wanted] if wanted else [])})
        usual = translate("DevicesPage", USUAL_SIZE)
        fill(self.picture_size, {usual: None, **{f"{size.width} × {size.height}": size for size in known}}, wanted)

    def show_microphones(self, listed: Sequence[Listed]) -> None:
        """That there are."""
        self._fill_devices(self.microphone, listed, self._settings.microphone, TROUBLE["microphone"])

    def show_speakers(self, listed: Sequence[Listed]) -> None:
        """That there are."""
        self._fill_devices(self.speaker, listed, self._settings.speaker, TROUBLE["speaker"])

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802 -- Qt's name
        """Nobody listens unseen."""
        super().hideEvent(event)
        self.listen.setChecked(False)

    def _fill_devices(self, box: Choice, listed: Sequence[Listed], chosen: str | None, trouble: Trouble) -> None:
        names = {translate("DevicesPage", USUAL): None, **{_apart(one, listed): one.identity for one in listed}}
        is_missing = chosen is not None and chosen not in names.values()
        if is_missing:
            names[translate("DevicesPage", MISSING)] = chosen
        fill(box, names, chosen)
        said = trouble.none if not listed else trouble.missing if is_missing else ""
        self.about[box].setText(translate("DevicesPage", said) if said else "")
        self.about[box].setVisible(bool(said))

    def _lay_out(self, content: QWidget) -> None:
        """In groups that the first run shows too."""
        self.camera_group = self._group(
            translate("DevicesPage", "Camera"),
            [(translate("DevicesPage", "Camera"), self.camera)],
            [self.see, self.picture, self.camera_permission],
        )
        self.picture_group = self._group(
            translate("DevicesPage", "Camera and screen"),
            [(translate("DevicesPage", "Size of its picture"), self.picture_size)],
            [self.mirror, self.preview, self.remarks],
        )
        self.microphone_group = self._group(
            translate("DevicesPage", "Microphone"),
            [(translate("DevicesPage", "Microphone"), self.microphone)],
            [self.listen, self.meter, self.about_level, self.microphone_permission],
        )
        self.speaker_group = self._group(
            translate("DevicesPage", "Speaker"), [(translate("DevicesPage", "Speaker"), self.speaker)], [self.tone]
        )
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(20)
        for group in (self.camera_group, self.picture_group, self.microphone_group, self.speaker_group):
            column.addWidget(Alcove(group))
        column.addStretch()

    def _group(self, title: str, rows: Sequence[tuple[str, Choice]], below: Sequence[QWidget]) -> QGroupBox:
        group = QGroupBox(title)
        form = lay_form(group, ())
        for name, box in rows:
            add_named(form, name, box)
            box.setSizeAdjustPolicy(Choice.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            if box in self.about:
                form.addRow(self.about[box])
        for widget in below:
            form.addRow(widget)
        return group

    def _explain(self) -> None:
        for widget, words in (
            (
                self.camera,
                translate(
                    "DevicesPage", "What the model looks through; it comes back by itself when it is plugged in again"
                ),
            ),
            (
                self.picture_size,
                translate(
                    "DevicesPage",
                    "A larger picture shows more and takes the model longer; the usual one is enough to read a page",
                ),
            ),
            (
                self.microphone,
                translate(
                    "DevicesPage", "What you are heard with; it comes back by itself when it is plugged in again"
                ),
            ),
            (
                self.speaker,
                translate(
                    "DevicesPage", "What answers are played on; it comes back by itself when it is plugged in again"
                ),
            ),
            (self.mirror, translate("DevicesPage", "Only for your eyes: the model always sees what can be read")),
            (self.preview, translate("DevicesPage", "Without it the model sees all the same, and the window says so")),
            (
                self.remarks,
                translate(
                    "DevicesPage",
                    "While camera or screen is on and nothing else goes on; at most one remark in half a minute",
                ),
            ),
        ):
            widget.setToolTip(words)
            widget.setAccessibleDescription(words)

    def _join(self) -> None:
        for box in (self.camera, self.picture_size, self.microphone, self.speaker):
            box.currentIndexChanged.connect(self._take)
        for switch in (self.mirror, self.preview, self.remarks):
            switch.toggled.connect(self._take)
        self.listen.toggled.connect(self._try)
        self.tone.clicked.connect(self.tone_wanted)

    def _try(self, on: bool) -> None:  # noqa: FBT001 -- a signal's argument
        if on:
            self._tell_level(LISTENING)
        else:
            self.about_level.setText(translate("DevicesPage", NOT_LISTENING))
        self.trying.emit(on)

    def _tell_level(self, sentence: str) -> None:
        words = translate("DevicesPage", sentence)
        if words != self.about_level.text():
            self.about_level.setText(words)
            self.told.emit(words)

    def _take(self) -> None:
        self._settings = replace(
            self._settings,
            camera=self.camera.currentData(),
            camera_size=self.picture_size.currentData(),
            microphone=self.microphone.currentData(),
            speaker=self.speaker.currentData(),
            mirror=self.mirror.isChecked(),
            preview=self.preview.isChecked(),
            remarks=self.remarks.isChecked(),
        )
        self.chosen.emit(self._settings)


def _apart(one: Listed, listed: Sequence[Listed]) -> str:
    """Two of one make have one name."""
    alike = [other for other in listed if other.name == one.name]
    return one.name if len(alike) == 1 else f"{one.name} ({alike.index(one) + 1})"
