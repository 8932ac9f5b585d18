"""A folder that one training at a time works in. Knows not what is kept there."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from model.errors import SightlineError

LOCK = "lock"


@contextmanager
def claimed(folder: Path) -> Iterator[None]:
    """Hold the folder; SightlineError where another training does.

    The lock is the system's own on an open file: whoever is killed has let go.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / LOCK).open("a", encoding="utf-8") as file:
        try:
            _lock(file)
        except OSError as error:
            raise SightlineError(
                f"{folder} is in use by another training: wait for it or take another folder."
            ) from error
        yield


if sys.platform == "win32":
    import msvcrt

    def _lock(file: IO[str]) -> None:
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _lock(file: IO[str]) -> None:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
