"""What a downloaded folder must consist of, file by file, and whether it does. Knows no network."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path, PurePosixPath

from model.errors import CheckpointError

NAME = "sightline-download.json"
VERSION = 1
READ_BYTES = 1 << 22


@dataclass(frozen=True, slots=True)
class Entry:
    """A file as the hub lists it: large ones by SHA-256, small ones by git's own hash of them.

    `sha256` of a small file is known once it was fetched and found right.
    """

    path: str
    size: int
    git: str
    sha256: str | None = None

    def __post_init__(self) -> None:
        parts = PurePosixPath(self.path).parts
        if not parts or self.path.startswith("/") or "\\" in self.path or {"..", "."} & set(parts):
            raise ValueError(f"{self.path!r} is no place inside the folder")
        if type(self.size) is not int or self.size < 0:
            raise ValueError(f"{self.path} cannot have {self.size!r} bytes")


class Digest:
    """Of bytes as they come: both hashes of an entry at once."""

    def __init__(self, entry: Entry) -> None:
        self._entry = entry
        self._sha256 = hashlib.sha256()
        self._git = hashlib.sha1(b"blob %d\0" % entry.size, usedforsecurity=False)
        self.size = 0

    def add(self, block: bytes) -> None:
        """The next bytes."""
        self.size += len(block)
        self._sha256.update(block)
        if self._entry.sha256 is None:
            self._git.update(block)

    @property
    def sha256(self) -> str:
        """Of what came so far."""
        return self._sha256.hexdigest()

    def fits(self) -> bool:
        """Whether these were all bytes of the entry, and no others."""
        if self.size != self._entry.size:
            return False
        if self._entry.sha256 is not None:
            return self.sha256 == self._entry.sha256
        return self._git.hexdigest() == self._entry.git


@dataclass(frozen=True, slots=True)
class Receipt:
    """One commit of a repository."""

    repository: str
    commit: str
    files: tuple[Entry, ...]

    @property
    def size(self) -> int:
        """Bytes of all files."""
        return sum(entry.size for entry in self.files)

    def learn(self, path: str, sha256: str) -> Receipt:
        """The same, with what is now known of a file."""
        files = (replace(entry, sha256=sha256) if entry.path == path else entry for entry in self.files)
        return replace(self, files=tuple(files))

    def write(self, folder: Path) -> None:
        """Whole at every moment. Raises OSError."""
        fresh = folder / f"{NAME}.new"
        fresh.write_text(json.dumps({"version": VERSION} | asdict(self), indent=1) + "\n", encoding="utf-8")
        os.replace(fresh, folder / NAME)  # noqa: PTH105 -- reads as what it is


def read(folder: Path) -> Receipt | None:
    """None where the folder was not downloaded, or nothing is known of it. Raises CheckpointError for a damaged one."""
    try:
        page = json.loads((folder / NAME).read_text(encoding="utf-8"))
        files = tuple(Entry(**entry) for entry in page["files"])
        return Receipt(str(page["repository"]), str(page["commit"]), files)
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CheckpointError(
            f"{folder / NAME} is damaged ({type(error).__name__}): delete this file, then download the model again."
        ) from error


def fits(file: Path, entry: Entry, tell: Callable[[int], None], check: Callable[[], None]) -> bool:
    """Whether the file is what it should be; `tell` is given the bytes that were read. Raises OSError."""
    return file.is_file() and digest(file, entry, tell, check).fits()


def digest(file: Path, entry: Entry, tell: Callable[[int], None], check: Callable[[], None]) -> Digest:
    """Of a whole file."""
    result = Digest(entry)
    with file.open("rb") as opened:
        while block := opened.read(READ_BYTES):
            check()
            result.add(block)
            tell(len(block))
    return result


def damaged(
    folder: Path, receipt: Receipt, progress: Callable[[str, int, int], None], check: Callable[[], None]
) -> tuple[str, ...]:
    """Files of the folder that are missing or not what they should be; all are read. Raises OSError."""
    done, found = 0, []
    for entry in receipt.files:

        def tell(read_bytes: int, path: str = entry.path) -> None:
            nonlocal done
            done += read_bytes
            progress(path, done, receipt.size)

        if not fits(folder / entry.path, entry, tell, check):
            found.append(entry.path)
    return tuple(found)
