"""What is looked at and listened to, as the user meets it: picture, choice, switches, level, and what is missing.

Knows no device.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QVBoxLayout, QWidget

from app.senses import Origin, View
from app.ui.button import Button
from app.ui.camera_view import OFF, OPENING, CameraView
from app.ui.choice import Choice
from app.ui.level_meter import LevelMeter
from app.ui.sentence import Sentence
from app.words import QT_TRANSLATE_NOOP, translate

SPACING = 12
GAP = 8
NARROW_HEIGHT = 150
WIDGET_MOST = 16_777_215
"""Qt's own word for no limit."""


CAMERA = View(Origin.CAMERA)
EXPLANATION = QT_TRANSLATE_NOOP("SensesPanel", "Let the model see what is chosen above (Ctrl+K)")
SWITCHES = {
    Origin.CAMERA: QT_TRANSLATE_NOOP("SensesPanel", "&Camera"),
    Origin.SCREEN: QT_TRANSLATE_NOOP("SensesPanel", "S&creen"),
    Origin.WINDOW: QT_TRANSLATE_NOOP("SensesPanel", "Windo&w"),
}
PICTURES = {Origin.CAMERA: "camera", Origin.SCREEN: "screen", Origin.WINDOW: "window"}
MOST_LETTERS = 40
"""Of a window's title in the list."""


class Complaint(Sentence):
    """On what is missing; nothing is to be seen while all is well."""

    def __init__(self, about: str) -> None:
        super().__init__(about)
        self.setObjectName("quiet")
        self.hide()

    def tell(self, sentence: str) -> None:
        """Empty once all is well."""
        self.setText(sentence)
        self.setVisible(bool(sentence))


class SensesPanel(QWidget):
    """Beside the conversation, or above it where the window is narrow.

    `viewed` carries the View that was chosen.
    """

    viewed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.picture = CameraView()
        explanation = translate(
            "SensesPanel", "What the model sees while it may look: the camera, a screen or a window"
        )
        self.look_at = Choice()
        self.look_at.setAccessibleName(translate("SensesPanel", "Look at"))
        self.look_at.setAccessibleDescription(explanation)
        self.look_at.setToolTip(explanation)
        self.look_at.setSizeAdjustPolicy(Choice.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.look_at.setMinimumContentsLength(10)
        self.camera = Button(
            translate("SensesPanel", SWITCHES[Origin.CAMERA]), "camera", translate("SensesPanel", EXPLANATION)
        )
        self.camera.setCheckable(True)
        self.hands_free = Button(
            translate("SensesPanel", "&Hands-free"),
            "hands-free",
            translate("SensesPanel", "Speak without pressing anything (Ctrl+Shift+T)"),
        )
        self.hands_free.setCheckable(True)
        self.mute = Button(
            translate("SensesPanel", "M&ute"),
            "microphone-off",
            translate("SensesPanel", "Hear nothing for a while, and leave hands-free on (Ctrl+M)"),
        )
        self.mute.setCheckable(True)
        self.meter = LevelMeter()
        self.about_muting = Complaint(translate("SensesPanel", "Muted"))
        self.about_waking = Complaint(translate("SensesPanel", "Phrase that wakes Sightline"))
        self.about_microphone = Complaint(translate("SensesPanel", "Microphone"))
        self.about_speaker = Complaint(translate("SensesPanel", "Speaker"))
        self.about_camera = Complaint(translate("SensesPanel", "Camera"))
        self._layout = QBoxLayout(QBoxLayout.Direction.TopToBottom)
        self._switches = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._lay_out()
        self.camera.toggled.connect(self._show_switched)
        self.look_at.currentIndexChanged.connect(self._choose)
        self.show_views((), CAMERA)

    def set_narrow(self, *, narrow: bool) -> None:
        """Side by side instead of one below the other."""
        directions = QBoxLayout.Direction
        self._layout.setDirection(directions.LeftToRight if narrow else directions.TopToBottom)
        self.picture.setMaximumHeight(NARROW_HEIGHT if narrow else WIDGET_MOST)
        self._turn_switches()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 -- Qt's name
        super().resizeEvent(event)
        self._turn_switches()

    def _turn_switches(self) -> None:
        """Below one another only where there is no room for that: height is dear with large text."""
        directions = QBoxLayout.Direction
        is_beside = self._layout.direction() is directions.LeftToRight
        room = self.width() - (self.picture.sizeHint().width() + SPACING if is_beside else 0)
        self._switches.setDirection(directions.LeftToRight if room >= self.least_width else directions.TopToBottom)

    @property
    def least_width(self) -> int:
        """With its switches beside one another."""
        return 2 * max(button.minimumSizeHint().width() for button in (self.camera, self.hands_free)) + GAP

    def show_views(self, views: Sequence[View], chosen: View) -> None:
        """What there is to look at; what is chosen stays so even if it is gone."""
        listed = dict.fromkeys((CAMERA, *views, chosen))
        with QSignalBlocker(self.look_at):
            self.look_at.clear()
            for view in listed:
                self.look_at.addItem(_name(view), view)
            self.look_at.setCurrentIndex(list(listed).index(chosen))
        self._show_switch(chosen)

    @property
    def view(self) -> View:
        """What is chosen."""
        view = self.look_at.currentData()
        return view if isinstance(view, View) else CAMERA

    def lose_camera(self, sentence: str) -> None:
        """It is off because it must be."""
        self.camera.setChecked(False)
        self.picture.tell(sentence)

    def _choose(self) -> None:
        self._show_switch(self.view)
        self.viewed.emit(self.view)

    def _show_switch(self, view: View) -> None:
        self.camera.setText(translate("SensesPanel", SWITCHES[view.origin]))
        self.camera.show_picture(PICTURES[view.origin])

    def _show_switched(self, on: bool) -> None:  # noqa: FBT001 -- a signal's argument
        self.picture.tell(translate("CameraView", OPENING if on else OFF))

    def _lay_out(self) -> None:
        self._switches.setSpacing(GAP)
        self._switches.addWidget(self.camera, 1)
        self._switches.addWidget(self.hands_free, 1)
        beside = QVBoxLayout()
        beside.setSpacing(GAP)
        beside.addWidget(self.look_at)
        beside.addLayout(self._switches)
        heard = QHBoxLayout()
        heard.setSpacing(GAP)
        heard.addWidget(self.meter, 1)
        heard.addWidget(self.mute)
        beside.addLayout(heard)
        beside.addWidget(self.about_muting)
        beside.addWidget(self.about_waking)
        beside.addStretch()
        self._layout.setSpacing(SPACING)
        self._layout.addWidget(self.picture)
        self._layout.addLayout(beside, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACING)
        column.addLayout(self._layout)
        column.addWidget(self.about_camera)
        column.addWidget(self.about_microphone)
        column.addWidget(self.about_speaker)
        column.addStretch(1)


def _name(view: View) -> str:
    name = view.name if len(view.name) <= MOST_LETTERS else f"{view.name[: MOST_LETTERS - 1]}…"
    match view.origin:
        case Origin.SCREEN:
            return translate("SensesPanel", "Screen {name}").format(name=name)
        case Origin.WINDOW:
            return translate("SensesPanel", "Window: {name}").format(name=name)
        case _:
            return translate("SensesPanel", "Camera")
