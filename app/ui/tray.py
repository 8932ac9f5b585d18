"""Sightline's place in the tray: whether microphone and camera are on, by picture and in words. Knows no device."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, Qt, Signal
from PySide6.QtGui import QAction, QColor, QIcon, QPainter, QPixmap
from PySide6.QtWidgets import QMenu, QSystemTrayIcon, QWidget

from app.senses import Origin
from app.ui.icons import icon
from app.words import QT_TRANSLATE_NOOP, translate

SIZE = 64
RADIUS = 14
EDGE = 8
QUIET, QUIET_SIGN = QColor("#0b5650"), QColor("#ffffff")
"""The same in every look: a tray's ground is the system's."""
SIGNS = {Origin.CAMERA: "camera", Origin.SCREEN: "screen", Origin.WINDOW: "window"}
STATES = {
    None: (
        QT_TRANSLATE_NOOP("Tray", "microphone and camera are off"),
        QT_TRANSLATE_NOOP("Tray", "the microphone is on, the camera is off"),
    ),
    Origin.CAMERA: (
        QT_TRANSLATE_NOOP("Tray", "the camera is on, the microphone is off"),
        QT_TRANSLATE_NOOP("Tray", "microphone and camera are on"),
    ),
    Origin.SCREEN: (
        QT_TRANSLATE_NOOP("Tray", "the screen is watched, the microphone is off"),
        QT_TRANSLATE_NOOP("Tray", "the screen is watched, the microphone is on"),
    ),
    Origin.WINDOW: (
        QT_TRANSLATE_NOOP("Tray", "a window is watched, the microphone is off"),
        QT_TRANSLATE_NOOP("Tray", "a window is watched, the microphone is on"),
    ),
}
"""Without and with the microphone."""


class Tray(QSystemTrayIcon):
    """`wanted` when the window is to be seen, `off_wanted` when nothing is to listen or look, `end_wanted` to quit."""

    wanted = Signal()
    off_wanted = Signal()
    end_wanted = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.menu = QMenu(parent)
        self.state = QAction(parent)
        self.state.setEnabled(False)
        self.open = QAction(translate("Tray", "Show Sightline"), parent)
        self.off = QAction(translate("Tray", "Switch microphone and camera off"), parent)
        self.end = QAction(translate("Tray", "Quit"), parent)
        self.menu.addActions([self.state, self.open, self.off, self.end])
        self.setContextMenu(self.menu)
        self.open.triggered.connect(self.wanted)
        self.off.triggered.connect(self.off_wanted)
        self.end.triggered.connect(self.end_wanted)
        self.activated.connect(self._press)
        self.show_senses(microphone=False, origin=None)

    def show_senses(self, *, microphone: bool, origin: Origin | None) -> None:
        """Whether anything is listened to now, and what is looked at."""
        words = translate("Tray", STATES[origin][microphone])
        self.state.setText(words)
        self.setToolTip(f"Sightline: {words}")
        self.setIcon(_picture(["talk"] * microphone + ([] if origin is None else [SIGNS[origin]]) or ["sightline"]))
        self.off.setEnabled(microphone or origin is not None)

    def _press(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        if reason is QSystemTrayIcon.ActivationReason.Trigger:
            self.wanted.emit()


def _picture(names: list[str]) -> QIcon:
    """One sign, or two beside each other, on a ground that every tray lets stand out."""
    picture = QPixmap(SIZE, SIZE)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QUIET)
    painter.drawRoundedRect(picture.rect(), RADIUS, RADIUS)
    side = (SIZE - EDGE) // len(names)
    for place, name in enumerate(names):
        room = QRect(QPoint(EDGE // 2 + place * side, (SIZE - side) // 2), picture.size() * side / SIZE)
        icon(name, QUIET_SIGN, side).paint(painter, room)
    painter.end()
    return QIcon(picture)
