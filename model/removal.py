"""Model folders taken to another disk: copied, compared, and only then gone from where they were. Knows no weights."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

from model.catalogue import gigabytes
from model.errors import SightlineError
from model.recognition import CONFIG, is_model

COPY_BYTES = 1 << 22
MARK = ".moving"
BEGUN = (".unfinished", ".partial")
"""What the name of a folder ends with that is to become a model."""


class MoveError(SightlineError):
    """Something cannot be moved; everything is still where it was, or already where it shall be."""


def move(source: Path, destination: Path, progress: Callable[[str, int, int], None], check: Callable[[], None]) -> None:
    """Every model below `source` one by one, so that each is whole in one of both places at any time.

    All else that lies there is none of ours and stays: a user may keep models among documents.

    Raises MoveError in one sentence; what `check` raises passes through, and another call goes on.
    """
    source, destination = source.absolute(), destination.absolute()
    if destination == source or source in destination.parents:
        raise MoveError(f"{destination} lies inside {source}: choose a folder beside it.")
    items = [item for item in sorted(source.iterdir()) if _is_model(item)] if source.is_dir() else []
    taken = [item.name for item in items if (destination / item.name).exists()]
    if taken:
        raise MoveError(f"{destination} has {taken[0]} already: delete or rename one of both, then move again.")
    try:
        destination.mkdir(parents=True, exist_ok=True)
        _Move(items, destination, progress, check).run()
    except OSError as error:
        raise MoveError(f"The models cannot be moved to {destination} ({error.strerror or error}).") from error


def _is_model(item: Path) -> bool:
    return item.is_dir() and (is_model(item) or item.name.endswith(BEGUN))


class _Move:
    """Counts bytes over all folders."""

    def __init__(
        self, items: list[Path], destination: Path, progress: Callable[[str, int, int], None], check: Callable[[], None]
    ) -> None:
        self._items = items
        self._destination = destination
        self._progress = progress
        self._check = check
        self._sizes = {item: sum(file.stat().st_size for file in _files(item)) for item in items}
        self._done = 0

    def run(self) -> None:
        for item in self._items:
            self._check()
            try:
                os.rename(item, self._destination / item.name)  # noqa: PTH104 -- on one disk it takes no time
                self._tell(item, self._sizes[item])
            except OSError as error:
                if error.errno != errno.EXDEV:
                    raise
                self._require_room()
                self._carry(item)

    def _carry(self, item: Path) -> None:
        """To another disk. What was copied halfway has another name and goes again."""
        fresh = self._destination / f"{item.name}{MARK}"
        try:
            remove(fresh)  # of a try that was killed
            for file in _files(item):
                self._copy(item, file, fresh / file.relative_to(item) if item.is_dir() else fresh)
            os.rename(fresh, self._destination / item.name)  # noqa: PTH104 -- reads as what it is
        except BaseException:
            remove(fresh)
            raise
        remove(item)

    def _copy(self, item: Path, file: Path, to: Path) -> None:
        to.parent.mkdir(parents=True, exist_ok=True)
        with file.open("rb") as read, to.open("wb") as written:
            while block := read.read(COPY_BYTES):
                self._check()
                written.write(block)
                self._tell(item, len(block))
            written.flush()
            os.fsync(written.fileno())
        shutil.copystat(file, to)

    def _require_room(self) -> None:
        needed, free = sum(self._sizes.values()) - self._done, shutil.disk_usage(self._destination).free
        if needed > free:
            raise MoveError(
                f"{gigabytes(needed)} have to be moved and {gigabytes(free)} are free in {self._destination}: free "
                f"{gigabytes(needed - free)} more, or choose another folder."
            )

    def _tell(self, item: Path, nbytes: int) -> None:
        self._done += nbytes
        self._progress(f"Moving {item.name}", self._done, sum(self._sizes.values()))


def _files(item: Path) -> Iterator[Path]:
    if item.is_file():
        yield item
    else:
        yield from (file for file in sorted(item.rglob("*")) if file.is_file())


def remove(item: Path) -> None:
    """A folder with all that is in it, or a file; nothing if it is not there. Raises OSError.

    What makes it known as a model goes last: broken off, it is still seen, and can be removed again.
    """
    if item.is_symlink() or item.is_file():
        item.unlink()
    elif item.exists():
        for inner in item.iterdir():
            if inner.name != CONFIG:
                remove(inner)
        shutil.rmtree(item)


def size_of(item: Path) -> int:
    """Bytes of a folder's files."""
    return sum(file.stat().st_size for file in _files(item)) if item.exists() else 0
