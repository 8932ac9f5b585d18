"""Whether the system lets Sightline use microphone and camera, and how to ask. Knows no device and no widget.

macOS is asked through Qt. Windows keeps what the user chose for programs that are no store apps in the registry. Linux
has nothing to ask: who may use its devices may use them.
"""

from __future__ import annotations

import sys
from enum import Enum

from PySide6.QtCore import QCameraPermission, QCoreApplication, QMicrophonePermission, QObject, Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices

from app.senses import Permission

_CONSENT = r"Software\Microsoft\Windows\CurrentVersion\CapabilityAccessManager\ConsentStore"
_OF_QT = {
    Qt.PermissionStatus.Granted: Permission.ALLOWED,
    Qt.PermissionStatus.Undetermined: Permission.ASK,
    Qt.PermissionStatus.Denied: Permission.BLOCKED,
}


class Sense(Enum):
    """What is asked for; the values are Apple's and Microsoft's names of it."""

    MICROPHONE = ("Privacy_Microphone", "microphone")
    CAMERA = ("Privacy_Camera", "webcam")


class Permissions(QObject):
    """`changed` when an answer was given."""

    changed = Signal()

    @property
    def are_needed(self) -> bool:
        """Whether this system has any."""
        return sys.platform in {"darwin", "win32"}

    def of(self, sense: Sense) -> Permission:
        """As it is now."""
        if sys.platform == "win32":
            return read_consent(sense)
        return _OF_QT[QCoreApplication.instance().checkPermission(_qt(sense))]  # type: ignore[union-attr]

    def ask(self, sense: Sense) -> None:
        """The system's own question, where it was not asked yet."""
        QCoreApplication.instance().requestPermission(  # type: ignore[union-attr]
            _qt(sense), self, lambda _: self.changed.emit()
        )

    def open_page(self, sense: Sense) -> bool:
        """Where the system's settings have it; whether there is such a page."""
        page = page_of(sense, sys.platform)
        return bool(page) and QDesktopServices.openUrl(QUrl(page))


def page_of(sense: Sense, system: str) -> str:
    """Its address, empty where there is none."""
    apple, microsoft = sense.value
    pages = {
        "darwin": f"x-apple.systempreferences:com.apple.preference.security?{apple}",
        "win32": f"ms-settings:privacy-{microsoft}",
    }
    return pages.get(system, "")


def read_consent(sense: Sense) -> Permission:
    """For all programs, and for those that are no store apps: one refusal is enough."""
    import winreg  # noqa: PLC0415 -- Windows alone has it

    for key in (rf"{_CONSENT}\{sense.value[1]}", rf"{_CONSENT}\{sense.value[1]}\NonPackaged"):
        try:
            with winreg.OpenKey(winreg.HKEY_CURRENT_USER, key) as opened:  # type: ignore[attr-defined,unused-ignore]
                said, _ = winreg.QueryValueEx(opened, "Value")  # type: ignore[attr-defined,unused-ignore]
        except OSError:
            continue  # an older Windows asks nobody
        if said == "Deny":
            return Permission.BLOCKED
    return Permission.ALLOWED


def _qt(sense: Sense) -> QCameraPermission | QMicrophonePermission:
    return QCameraPermission() if sense is Sense.CAMERA else QMicrophonePermission()
