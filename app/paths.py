"""Every folder that the desktop uses. Knows nothing of what lies in them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QStandardPaths

ROOT = Path(__file__).resolve().parent.parent
RESOURCES = ROOT / "resources"
BUILT_IN = RESOURCES / "tiny-omni"
"""The demonstration model that Sightline brings along; not in every copy."""
OURS = "sightline"


@dataclass(frozen=True, slots=True)
class Home:
    """Where one user's own things are kept."""

    settings: Path
    history: Path


def home() -> Home:
    """In the folders that the system has for settings and for data; nothing is made by asking."""
    data = _folder(QStandardPaths.StandardLocation.GenericDataLocation)
    return Home(
        _folder(QStandardPaths.StandardLocation.GenericConfigLocation) / "settings.json", data / "history.sqlite"
    )


def models_folder() -> Path:
    """Where checkpoints are kept that Sightline itself brought here; nothing is made by asking."""
    return _folder(QStandardPaths.StandardLocation.GenericDataLocation) / "models"


def built_in_model() -> Path | None:
    """The demonstration model's folder, if this copy has one."""
    return BUILT_IN if (BUILT_IN / "config.json").is_file() else None


def _folder(location: QStandardPaths.StandardLocation) -> Path:
    return Path(QStandardPaths.writableLocation(location)) / OURS
