"""Sightline with the rig's cameras in place of the system's: `python -m tests.helpers.plugged DIR CAMERAS`.

CAMERAS is the folder of `cameras.py`, looked at again whenever something is put there or goes. Microphones and speakers
are the system's own. The model is the stand-in that talks faster than it is heard.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from pytest import MonkeyPatch

from tests.helpers import fluent

if TYPE_CHECKING:
    from PySide6.QtCore import QObject

    from app.devices.catalogue import Catalogue


def listing(folder: Path) -> type[Catalogue]:
    """A catalogue whose cameras are those in the folder, the first by name the default."""
    from PySide6.QtCore import QFileSystemWatcher  # noqa: PLC0415 -- the child, which imports this room, has no need of it

    from app.devices.catalogue import Catalogue  # noqa: PLC0415
    from app.devices.device import Device  # noqa: PLC0415
    from app.senses import Size  # noqa: PLC0415

    class Listing(Catalogue):
        def __init__(self, parent: QObject | None = None) -> None:
            super().__init__(parent)
            self._watcher = QFileSystemWatcher([str(folder)], self)
            self._watcher.directoryChanged.connect(lambda _: self.cameras_changed.emit(self.cameras()))

        def cameras(self) -> tuple[Device, ...]:
            names = sorted(file.name for file in folder.iterdir())
            return tuple(Device(name, name, is_default=name == names[0]) for name in names)

        def sizes(self, _camera: Device) -> tuple[Size, ...]:
            return ()

        def source(self, camera: Device) -> str:
            return (folder / camera.identity).read_text()

    return Listing


def main(folder: Path, cameras: Path) -> int:
    with MonkeyPatch.context() as patch:
        from app import perception  # noqa: PLC0415

        patch.setattr(perception, "Catalogue", listing(cameras))
        return fluent.run_stand_in(folder)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2])))
