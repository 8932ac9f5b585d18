"""One file over HTTP: the part that is there already is kept, a silent connection is given up and opened anew.

Speaks through the hub's own client. Its `hf_hub_download` is not used: it writes to a file of a random name and deletes
it whenever it is interrupted, so that after a crash gigabytes would come again, and its Xet path tells nothing of a
stall. Knows no repository.
"""

from __future__ import annotations

import errno
import os
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, sleep
from urllib.parse import urlsplit

import httpx2
from huggingface_hub import get_session
from huggingface_hub.errors import HfHubHTTPError
from huggingface_hub.utils._headers import build_hf_headers
from huggingface_hub.utils._http import hf_raise_for_status

from model.catalogue import gigabytes
from model.errors import SightlineError
from model.receipt import Digest, Entry, digest

PARTIAL, TOO_LARGE_RANGE = 206, 416
TEMPORARY = {408, 425, 429, 500, 502, 503, 504}
"""Status codes after which the same request may succeed."""
SLICE_SECONDS = 0.1
WORST_TRIES = 3
"""How often a file may come complete and wrong."""


class DownloadError(SightlineError):
    """A download cannot go on by itself; what was fetched stays."""


class _Interrupted(Exception):  # noqa: N818 -- not yet an error: the next try may succeed
    """A try ended early; its text says why, in words that end a sentence."""

    def __init__(self, reason: str, wait: float | None = None) -> None:
        super().__init__(reason)
        self.wait = wait


@dataclass(frozen=True, slots=True)
class Patience:
    """`stall`: seconds without a byte after which the connection is given up. A try that brought bytes counts anew."""

    stall: float = 30.0
    connect: float = 20.0
    tries: int = 6
    first_wait: float = 1.0
    longest_wait: float = 30.0

    def wait(self, failures: int) -> float:
        """Seconds before the next try: twice as long each time."""
        return min(self.longest_wait, self.first_wait * 2.0 ** (failures - 1))

    @property
    def timeout(self) -> httpx2.Timeout:
        """For the client."""
        return httpx2.Timeout(self.stall, connect=self.connect)


@dataclass(frozen=True, slots=True)
class Watcher:
    """Who is told. `received` gets bytes, negative ones where something was thrown away; `hindered` a sentence."""

    received: Callable[[int], None]
    hindered: Callable[[str], None]
    check: Callable[[], None]


def headers() -> dict[str, str]:
    """Nobody's token is sent: the catalogue's checkpoints are public."""
    return build_hf_headers(token=False, library_name="sightline")


def persist(
    what: str, attempt: Callable[[], None], patience: Patience, watcher: Watcher, progress: Callable[[], int]
) -> None:
    """Try until it succeeds; raises DownloadError when tries in a row brought nothing. `progress` counts bytes."""
    failures, before = 0, progress()
    while True:
        try:
            with _explained():
                return attempt()
        except _Interrupted as interrupted:
            watcher.check()
            failures = failures + 1 if progress() <= before else 1
            before = max(before, progress())
            if failures >= patience.tries:
                raise DownloadError(
                    f"{what} stopped because {interrupted}, {failures} times in a row: what is there is kept; "
                    "look after the network, then resume."
                ) from interrupted
            wait = patience.wait(failures) if interrupted.wait is None else interrupted.wait
            watcher.hindered(f"{what} stopped because {interrupted}: it goes on by itself.")
            _rest(wait, watcher.check)


def fetch(url: str, file: Path, entry: Entry, patience: Patience, watcher: Watcher) -> str:
    """The file beside its `.part`, complete and right; returns its SHA-256. Raises DownloadError, OSError."""
    part = file.with_name(f"{file.name}.part")
    for _ in range(WORST_TRIES):
        download = _Download(url, part, entry, patience, watcher)
        persist(f"The download of {entry.path}", download.go_on, patience, watcher, lambda: download.size)  # noqa: B023
        if download.digest.fits():
            part.replace(file)
            return download.digest.sha256
        part.unlink()
        watcher.received(-download.size)
        watcher.hindered(f"{entry.path} came damaged: it is fetched again from its beginning.")
    raise DownloadError(
        f"{entry.path} came damaged {WORST_TRIES} times: something between here and {urlsplit(url).hostname} changes "
        "it; try another network."
    )


class _Download:
    """A part file and what its bytes amount to."""

    def __init__(self, url: str, part: Path, entry: Entry, patience: Patience, watcher: Watcher) -> None:
        self._url = url
        self._part = part
        self._entry = entry
        self._patience = patience
        self._watcher = watcher
        self.digest = Digest(entry)
        if part.exists():
            self._take_up()

    @property
    def size(self) -> int:
        """Bytes that are there."""
        return self.digest.size

    def _take_up(self) -> None:
        if self._part.stat().st_size > self._entry.size:
            self._part.unlink()  # not of this file
        else:
            self.digest = digest(self._part, self._entry, self._watcher.received, self._watcher.check)

    def go_on(self) -> None:
        """From where it is, on one connection."""
        if self.size < self._entry.size or not self._part.exists():
            with self._part.open("ab") as out:
                self._receive(out.write, out.truncate)
                out.flush()
                os.fsync(out.fileno())

    def _receive(self, write: Callable[[bytes], int], truncate: Callable[[int], int]) -> None:
        ask = headers() | {"Accept-Encoding": "identity"}
        if self.size:
            ask["Range"] = f"bytes={self.size}-"
        stream = get_session().stream("GET", self._url, headers=ask, timeout=self._patience.timeout)
        with stream as response:
            if self.size and not self._goes_on(response):
                truncate(0)
                self._watcher.received(-self.size)
                self.digest = Digest(self._entry)
            if response.status_code == TOO_LARGE_RANGE:
                raise _Interrupted("the server does not go on where it stopped", wait=0.0)
            hf_raise_for_status(response)
            for block in response.iter_raw():
                self._take(block, write)
                self._watcher.check()
        if self.size < self._entry.size:
            raise _Interrupted("the server ended it early")

    def _take(self, block: bytes, write: Callable[[bytes], int]) -> None:
        write(block)
        self.digest.add(block)
        self._watcher.received(len(block))
        if self.size > self._entry.size:
            raise _Interrupted("the server sent more than there should be")

    def _goes_on(self, response: httpx2.Response) -> bool:
        """Whether the answer continues what is there; an error's answer throws nothing away."""
        if response.status_code == PARTIAL:
            return response.headers.get("Content-Range", "").startswith(f"bytes {self.size}-")
        return response.is_error and response.status_code != TOO_LARGE_RANGE


@contextmanager
def _explained() -> Iterator[None]:
    """What the client raises, as something to try again after, or as a sentence."""
    try:
        yield
    except HfHubHTTPError as error:
        status = error.response.status_code
        if status not in TEMPORARY:
            raise DownloadError(
                f"{urlsplit(str(error.response.url)).hostname} does not give it out (status {status}): "
                "it may have been renamed or withdrawn; try later, or use a folder that you have."
            ) from error
        raise _Interrupted(f"the server is busy (status {status})", _asked_wait(error.response)) from error
    except httpx2.RequestError as error:
        if _is_distrust(error):
            raise DownloadError(
                "The server cannot prove who it is (its certificate is not valid here), so nothing was fetched: look "
                "at this computer's date and at what filters its network."
            ) from error
        raise _Interrupted(_reason(error)) from error
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise DownloadError("The disk is full: free some of it, then resume; what is there is kept.") from error
        if error.errno == errno.EFBIG:
            raise DownloadError(
                "This disk takes no file so large (older formats of sticks end at 4 GB): choose another models folder."
            ) from error
        raise


def _reason(error: httpx2.RequestError) -> str:
    if isinstance(error, httpx2.ReadTimeout):
        return "no byte came for too long"
    if isinstance(error, httpx2.ConnectError | httpx2.ConnectTimeout | httpx2.ProxyError):
        return "the server cannot be reached"
    return "the connection broke"


def _is_distrust(error: BaseException | None) -> bool:
    while error is not None:
        if isinstance(error, ssl.SSLCertVerificationError) or "CERTIFICATE_VERIFY_FAILED" in str(error):
            return True
        error = error.__cause__ or error.__context__
    return False


def _asked_wait(response: httpx2.Response) -> float | None:
    """What the server asks for, within reason."""
    text = response.headers.get("Retry-After", "")
    return min(300.0, float(text)) if text.isdigit() else None


def _rest(seconds: float, check: Callable[[], None]) -> None:
    """A wait that can be broken off."""
    end = monotonic() + seconds
    while (left := end - monotonic()) > 0:
        check()
        sleep(min(SLICE_SECONDS, left))
    check()


def require_room(folder: Path, needed: int, free: int) -> None:
    """Raises DownloadError, naming the shortfall."""
    if needed > free:
        raise DownloadError(
            f"{gigabytes(needed)} have to be fetched and {gigabytes(free)} are free in {folder}: free "
            f"{gigabytes(needed - free)} more, or choose another models folder."
        )
