"""What the system allows, where there is anything to ask."""

from __future__ import annotations

import sys
from types import SimpleNamespace

import pytest
from PySide6.QtWidgets import QApplication

from app.devices.permissions import Permissions, Sense, page_of, read_consent
from app.senses import Permission


@pytest.mark.parametrize(
    ("sense", "system", "page"),
    [
        (Sense.CAMERA, "win32", "ms-settings:privacy-webcam"),
        (Sense.MICROPHONE, "win32", "ms-settings:privacy-microphone"),
        (
            Sense.CAMERA,
            "darwin",
            "x-apple.systempreferences:com.apple.preference.security?Privacy_Camera",
        ),
        (Sense.CAMERA, "linux", ""),
    ],
)
def test_the_right_page_of_the_system_is_opened(sense: Sense, system: str, page: str) -> None:
    assert page_of(sense, system) == page


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the answer is the machine's")
def test_linux_has_nothing_to_ask(qapp: QApplication) -> None:
    permissions = Permissions()
    assert not permissions.are_needed
    assert permissions.of(Sense.CAMERA) is Permission.ALLOWED
    assert not permissions.open_page(Sense.CAMERA)


class Key:
    def __init__(self, path: str) -> None:
        self.path = path

    def __enter__(self) -> str:
        return self.path

    def __exit__(self, *_: object) -> None:
        pass


def registry(values: dict[str, str]) -> SimpleNamespace:
    """Windows' own, as far as it is read."""

    def query(path: str, _name: str) -> tuple[str, int]:
        for end, value in values.items():
            if path.endswith(end):
                return value, 1
        raise FileNotFoundError(path)

    return SimpleNamespace(HKEY_CURRENT_USER=1, OpenKey=lambda _root, path: Key(path), QueryValueEx=query)


@pytest.mark.parametrize(
    ("values", "permission"),
    [
        ({"webcam": "Allow", "NonPackaged": "Allow"}, Permission.ALLOWED),
        ({"webcam": "Allow", "NonPackaged": "Deny"}, Permission.BLOCKED),
        ({"webcam": "Deny"}, Permission.BLOCKED),
        ({}, Permission.ALLOWED),
    ],
)
def test_windows_refuses_for_all_programs_or_for_ours(
    values: dict[str, str], permission: Permission, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "winreg", registry(values))
    assert read_consent(Sense.CAMERA) is permission
