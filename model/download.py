"""A repository of the hub as a folder: listed, fetched, resumed, verified, mended. Knows no window and no weights.

Until everything is there and right the folder has another name, so that nobody takes it for a model. To be used in a
child process: the hub's client keeps its connections for the whole process.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterable
from fnmatch import fnmatch
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

from model import receipt
from model.errors import CheckpointError
from model.jobs import Advanced, Fetch, Hindered, Mend
from model.receipt import Entry, Receipt
from model.recognition import is_comparable
from model.transfer import DownloadError, Patience, Watcher, fetch, persist, require_room

if TYPE_CHECKING:
    from huggingface_hub.hf_api import RepoSibling

WANTED = ("*.json", "*.safetensors", "*.txt", "*.pt", "*.jinja", "LICENSE*", "NOTICE*", "README.md")
UNFINISHED = ".unfinished"
TELL_SECONDS = 0.2
RATE_SECONDS = 5.0

Tell = Callable[[Advanced | Hindered], None]


def work_folder(folder: Path) -> Path:
    """Where a download lies until it is whole."""
    return folder.with_name(folder.name + UNFINISHED)


def download(job: Fetch, tell: Tell, check: Callable[[], None], patience: Patience | None = None) -> Receipt:
    """Everything of the repository that a model needs; what an earlier try left is taken up.

    Raises DownloadError in one sentence; what `check` raises passes through. What is there is kept.
    """
    _require_new(job.folder)
    work = work_folder(job.folder)
    try:
        work.mkdir(parents=True, exist_ok=True)
        patience = patience or Patience()
        plan = _Plan((job.repository, job.endpoint), work, patience, tell, check)
        plan.settle(job.revision)
        plan.fetch(plan.receipt.files)
        os.replace(work, job.folder)  # noqa: PTH105 -- reads as what it is
    except OSError as error:
        raise DownloadError(f"{job.folder} cannot be written ({error.strerror or error}).") from error
    return plan.receipt


def mend(job: Mend, tell: Tell, check: Callable[[], None], patience: Patience | None = None) -> tuple[str, ...]:
    """Of a downloaded folder only what is damaged is fetched again; returns which files that were."""
    known = _known(job.folder)
    wrong = receipt.damaged(job.folder, known, _checking(tell), check)
    plan = _Plan((known.repository, job.endpoint), job.folder, patience or Patience(), tell, check)
    try:
        plan.fetch([entry for entry in known.files if entry.path in wrong], again=True)
    except OSError as error:
        raise DownloadError(f"{job.folder} cannot be written ({error.strerror or error}).") from error
    return wrong


def inspect(folder: Path, tell: Tell, check: Callable[[], None]) -> tuple[str, ...]:
    """Files that are not what they should be. Raises CheckpointError where nobody knows what they should be."""
    return receipt.damaged(folder, _known(folder), _checking(tell), check)


def _known(folder: Path) -> Receipt:
    known = receipt.read(folder) if is_comparable(folder) else None
    if known is None:
        raise CheckpointError(f"{folder} was not downloaded by Sightline, so its files have no hashes to compare with.")
    return known


def _checking(tell: Tell) -> Callable[[str, int, int], None]:
    return lambda path, done, total: tell(Advanced(f"Checking {path}", done, total))


def _require_new(folder: Path) -> None:
    if folder.exists():
        raise DownloadError(f"{folder} is there already: use it, mend it, or choose another place.")


def _is_wanted(path: str) -> bool:
    return any(fnmatch(path, pattern) for pattern in WANTED)


def _entry(found: RepoSibling) -> Entry:
    return Entry(found.rfilename, found.size or 0, found.blob_id or "", found.lfs.sha256 if found.lfs else None)


class _Plan:
    """What is to be fetched to where, and how far it is."""

    def __init__(
        self, where: tuple[str, str], folder: Path, patience: Patience, tell: Tell, check: Callable[[], None]
    ) -> None:
        """`where`: repository and endpoint."""
        self._repository, self._endpoint = where
        self._folder = folder
        self._patience = patience
        self._tell = tell
        self._check = check
        known = receipt.read(folder)
        self._is_settled = known is not None and known.repository == self._repository
        self.receipt = known if known is not None and self._is_settled else Receipt(self._repository, "", ())

    def settle(self, revision: str) -> None:
        """The commit: that of the earlier try, so that its files stay right, or what the revision is now."""
        if self._is_settled:
            return
        self._tell(Advanced("Asking what there is", 0, 0))
        watcher = Watcher(lambda _: None, self._hindered, self._check)
        persist("The list of files", lambda: self._ask(revision), self._patience, watcher, lambda: 0)
        self.receipt.write(self._folder)

    def _ask(self, revision: str) -> None:
        from huggingface_hub import HfApi  # noqa: PLC0415 -- a second's import that a finished folder does not need

        api = HfApi(endpoint=self._endpoint, token=False, library_name="sightline")
        timeout = self._patience.stall
        try:
            info = api.model_info(self._repository, revision=revision, files_metadata=True, timeout=timeout)
            entries = tuple(_entry(found) for found in info.siblings or [] if _is_wanted(found.rfilename))
        except (ValueError, TypeError, KeyError) as error:  # a page that is no list, or one with bad intentions
            raise DownloadError(
                f"What {self._endpoint} says of {self._repository} cannot be used ({error}): perhaps the network wants "
                "you to sign in first; try again then."
            ) from error
        if info.sha is None or not any(entry.path == "config.json" for entry in entries):
            raise DownloadError(f"{self._repository} has no model in it: choose another one.")
        self.receipt = Receipt(self._repository, info.sha, entries)

    def fetch(self, entries: Iterable[Entry], *, again: bool = False) -> None:
        """Those that are not there; `again`: they are, and wrong, and stay until the right ones have come."""
        wanted = list(entries)
        missing = [entry for entry in wanted if again or not self._has(entry)]
        meter = _Meter(sum(entry.size for entry in wanted), self._tell)
        meter.add(sum(entry.size for entry in wanted) - sum(entry.size for entry in missing))
        self._require_room(missing)
        for entry in missing:
            self._fetch_one(entry, meter)

    def _fetch_one(self, entry: Entry, meter: _Meter) -> None:
        from huggingface_hub import hf_hub_url  # noqa: PLC0415 -- as above

        file = self._folder / entry.path
        file.parent.mkdir(parents=True, exist_ok=True)
        meter.step = f"Fetching {entry.path}"
        url = hf_hub_url(self._repository, entry.path, revision=self.receipt.commit, endpoint=self._endpoint)
        sha256 = fetch(url, file, entry, self._patience, Watcher(meter.add, self._hindered, self._check))
        self.receipt = self.receipt.learn(entry.path, sha256)
        self.receipt.write(self._folder)

    def _has(self, entry: Entry) -> bool:
        """A file has its name only once it was found right."""
        file = self._folder / entry.path
        return file.is_file() and file.stat().st_size == entry.size

    def _require_room(self, missing: list[Entry]) -> None:
        needed = 0
        for entry in missing:
            part = self._folder / f"{entry.path}.part"
            needed += entry.size - (min(part.stat().st_size, entry.size) if part.exists() else 0)
        require_room(self._folder.parent, needed, shutil.disk_usage(self._folder).free)

    def _hindered(self, sentence: str) -> None:
        self._tell(Hindered(sentence))


class _Meter:
    """Bytes that came, told now and then, and how fast they come."""

    def __init__(self, total: int, tell: Tell) -> None:
        self._total = total
        self._tell = tell
        self._done = 0
        self._told = 0.0
        self._began, self._since, self._rate = monotonic(), 0, None
        self.step = ""

    _rate: float | None

    def add(self, received: int) -> None:
        """More; less where something was thrown away."""
        self._done += received
        now = monotonic()
        self._since += received
        if now - self._began >= RATE_SECONDS:
            self._rate = max(0.0, self._since / (now - self._began))
            self._began, self._since = now, 0
        if now - self._told >= TELL_SECONDS or self._done == self._total:
            self._told = now
            self._tell(Advanced(self.step, self._done, self._total, self._rate))
