"""A hub on this computer: the real one's addresses and headers over a folder, and every way in which it can fail.

Knows nothing of who downloads.
"""

from __future__ import annotations

import hashlib
import json
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

COMMIT = "0123456789abcdef0123456789abcdef01234567"
BLOCK = 16_384
SMALL = 100_000
"""Files from here on are large ones, listed with their SHA-256."""
CONFIG = json.dumps({"model_type": "qwen2_5_omni"})
"""The least by which a folder is known as a model."""


@dataclass(frozen=True)
class Ask:
    """A request for a file: which, from where, and how many of its kind there were before."""

    path: str
    start: int
    earlier: int


@dataclass(frozen=True)
class Bend:
    """How an answer differs from a right one."""

    status: int | None = None
    headers: dict[str, str] = field(default_factory=dict)
    stop_after: int | None = None
    """Bytes after which the connection breaks."""
    stall_after: int | None = None
    """Bytes after which nothing comes, though the connection stays."""
    flip: int | None = None
    """A byte of the file that comes wrong."""
    ignore_range: bool = False
    unframed: bool = False
    """Neither length nor chunks: the end of the connection is the end of the file."""


class Hub:
    """`bend` decides on each request for a file; `asked` keeps them, `others` every other address."""

    def __init__(self, folder: Path, bend: Callable[[Ask], Bend | None] = lambda _: None) -> None:
        self.folder = folder
        self.bend = bend
        self.asked: list[Ask] = []
        self.others: list[str] = []
        self.sent = 0
        self.closing = threading.Event()
        self.open: set[socket.socket] = set()
        self.has_sent = threading.Condition()
        self.url = ""

    def files(self) -> list[Path]:
        return sorted(file for file in self.folder.rglob("*") if file.is_file())

    def names(self) -> list[str]:
        return [file.relative_to(self.folder).as_posix() for file in self.files()]

    def starts(self, path: str) -> list[int]:
        return [ask.start for ask in self.asked if ask.path == path]

    def listing(self) -> dict[str, Any]:
        return {"id": "Qwen/test", "modelId": "Qwen/test", "sha": COMMIT, "siblings": [*map(self._entry, self.files())]}

    def _entry(self, file: Path) -> dict[str, Any]:
        content = file.read_bytes()
        git = hashlib.sha1(b"blob %d\0" % len(content) + content).hexdigest()
        entry = {"rfilename": file.relative_to(self.folder).as_posix(), "size": len(content), "blobId": git}
        if len(content) >= SMALL:
            entry["lfs"] = {"sha256": hashlib.sha256(content).hexdigest(), "size": len(content), "pointerSize": 134}
        return entry

    def took(self, path: str, start: int) -> Ask:
        ask = Ask(path, start, sum(earlier.path == path for earlier in self.asked))
        self.asked.append(ask)
        return ask

    def count(self, nbytes: int) -> None:
        with self.has_sent:
            self.sent += nbytes
            self.has_sent.notify_all()

    def wait_sent(self, nbytes: int, timeout: float = 60.0) -> None:
        with self.has_sent:
            assert self.has_sent.wait_for(lambda: self.sent >= nbytes, timeout), f"only {self.sent} bytes were sent"


class _Server(ThreadingHTTPServer):
    daemon_threads = False
    block_on_close = True
    hub: Hub

    def handle_error(self, *_: object) -> None:
        """A client that left is no error here."""


class _Answer(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def setup(self) -> None:
        super().setup()
        self.server.hub.open.add(self.connection)

    def finish(self) -> None:
        self.server.hub.open.discard(self.connection)
        super().finish()

    def log_message(self, format: str, *args: object) -> None:
        """Silence."""

    def do_HEAD(self) -> None:
        self._answer(body=False)

    def do_GET(self) -> None:
        self._answer(body=True)

    def _answer(self, *, body: bool) -> None:
        hub, parts = self.server.hub, urlsplit(self.path)
        path = unquote(parts.path)
        if path.startswith("/api/models/"):
            hub.others.append(self.path)
            self._list(parse_qs(parts.query))
        elif "/resolve/" in path:
            self._serve(path.split("/resolve/", 1)[1].split("/", 1)[1], body=body)
        else:
            hub.others.append(self.path)
            self._send_plain(404, b"{}")

    def _list(self, query: dict[str, list[str]]) -> None:
        bent = self.server.hub.bend(Ask("", 0, len(self.server.hub.others) - 1))
        if bent is not None and bent.status is not None:
            self._send_plain(bent.status, b"<html>", bent.headers)
            return
        listing = self.server.hub.listing()
        if "blobs" not in query:
            listing["siblings"] = [{"rfilename": entry["rfilename"]} for entry in listing["siblings"]]
        self._send_plain(200, json.dumps(listing).encode())

    def _send_plain(self, status: int, content: bytes, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in (
            {"Content-Type": "application/json", "Content-Length": str(len(content))} | (headers or {})
        ).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def _serve(self, path: str, *, body: bool) -> None:
        hub = self.server.hub
        file = hub.folder / path
        if not file.is_file():
            self._send_plain(404, b"{}", {"X-Error-Code": "EntryNotFound"})
            return
        asked = self.headers.get("Range")
        start = 0 if asked is None else int(asked.removeprefix("bytes=").split("-")[0])
        ask = hub.took(path, start)
        bent = hub.bend(ask) or Bend()
        if bent.status is not None:
            self._send_plain(bent.status, b"{}", bent.headers)
            return
        content = bytearray(file.read_bytes())
        if bent.flip is not None:
            content[bent.flip % len(content)] ^= 0xFF
        self._send_file(content, 0 if bent.ignore_range else start, bent, body=body)

    def _send_file(self, content: bytearray, start: int, bent: Bend, *, body: bool) -> None:
        digest = hashlib.sha256(content).hexdigest()
        self.send_response(206 if start else 200)
        self.send_header("ETag", f'"{digest}"')
        self.send_header("X-Linked-Etag", f'"{digest}"')
        self.send_header("X-Linked-Size", str(len(content)))
        self.send_header("X-Repo-Commit", COMMIT)
        self.send_header("Accept-Ranges", "bytes")
        if start:
            self.send_header("Content-Range", f"bytes {start}-{len(content) - 1}/{len(content)}")
        if bent.unframed:
            self.send_header("Connection", "close")
        else:
            self.send_header("Content-Length", str(len(content) - start))
        self.end_headers()
        if body:
            self._send_body(memoryview(content)[start:], bent)

    def _send_body(self, content: memoryview, bent: Bend) -> None:
        hub = self.server.hub
        limit = min(len(content), *(n for n in (bent.stop_after, bent.stall_after, len(content)) if n is not None))
        for place in range(0, limit, BLOCK):
            block = content[place : min(place + BLOCK, limit)]
            self.wfile.write(block)
            hub.count(len(block))
        if bent.stall_after is not None and limit < len(content):
            hub.closing.wait()
        if bent.stop_after is not None or bent.unframed:
            self.wfile.flush()
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)


@contextmanager
def serve(hub: Hub, certificate: Path | None = None) -> Iterator[Hub]:
    """On a free port of this computer, until the end. With a certificate it speaks TLS."""
    server = _Server(("127.0.0.1", 0), _Answer)
    server.hub = hub
    if certificate is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    hub.url = f"{'http' if certificate is None else 'https'}://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, name="hub")
    thread.start()
    try:
        yield hub
    finally:
        hub.closing.set()
        server.shutdown()
        for connection in list(hub.open):
            with suppress(OSError):  # the client has left already
                connection.shutdown(socket.SHUT_RDWR)
        server.server_close()
        thread.join()
