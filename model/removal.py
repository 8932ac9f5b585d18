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
"""What the name of a copy ends with until it is whole."""
MOVED = ".sightline-moved"
"""What the name of a folder ends with whose copy is whole, so that it goes: nobody else calls a folder that."""
BEGUN = (".unfinished", ".partial")
"""What the name of a folder ends with that is to become a model."""
CONVERTING = ".unfinished"
"""A file in a folder that a conversion is writing."""
LAST = (CONFIG, CONVERTING)
"""What tells what a folder is."""


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
    try:
        _finish(source, destination)
        items = [item for item in sorted(source.iterdir()) if _is_model(item)] if source.is_dir() else []
        _require_absent(items, destination)
        destination.mkdir(parents=True, exist_ok=True)
        _Move(items, destination, progress, check).run()
    except OSError as error:
        raise MoveError(f"The models cannot be moved to {destination} ({error.strerror or error}).") from error


def _is_model(item: Path) -> bool:
    return item.is_dir() and (is_model(item) or item.name.endswith(BEGUN))


def _require_absent(items: list[Path], destination: Path) -> None:
    taken = [item.name for item in items if (destination / item.name).exists()]
    if taken:
        raise MoveError(f"{destination} has {taken[0]} already: delete or rename one of both, then move again.")


def _finish(source: Path, destination: Path) -> None:
    """What a move that was killed had still to remove: it is at its destination."""
    for item in sorted(source.iterdir()) if source.is_dir() else ():
        if item.name.endswith(MOVED):
            remove(item)
        elif _is_model(item) and _is_copied(item, destination / item.name):
            _remove_moved(item, destination / item.name)


def _is_copied(item: Path, copy: Path) -> bool:
    """Whether every file has a copy of its own, by size and time, which a copy takes over."""
    return copy.is_dir() and all(_is_twin(file, copy / file.relative_to(item)) for file in _files(item))


def _is_twin(file: Path, twin: Path) -> bool:
    """A link back to the file is none."""
    if not twin.is_file() or twin.samefile(file):
        return False
    facts, copied = file.stat(), twin.stat()
    return (facts.st_size, facts.st_mtime_ns) == (copied.st_size, copied.st_mtime_ns)


def _remove_moved(item: Path, copy: Path) -> None:
    """Under another name at once: killed while it goes, it is no model any more, and the next move removes it."""
    gone = item.with_name(f"{item.name}{MOVED}")
    os.rename(item, gone)  # noqa: PTH104 -- reads as what it is
    if not copy.is_dir():  # one folder that is reached by two ways, so that this was no copy
        os.rename(gone, item)  # noqa: PTH104 -- as above
        return
    remove(gone)


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
        _remove_moved(item, self._destination / item.name)

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

    What makes it known as a model, or as ours, goes last: broken off, it is still seen, and can be removed again.
    """
    if item.is_symlink() or item.is_file():
        item.unlink()
    elif item.exists():
        for inner in item.iterdir():
            if inner.name not in LAST:
                remove(inner)
        shutil.rmtree(item)


def size_of(item: Path) -> int:
    """Bytes of a folder's files."""
    return sum(file.stat().st_size for file in _files(item)) if item.exists() else 0
