"""Cameras that can be unplugged, without hardware: each a stream of pictures on loopback, listed in a folder.

The list is the rig's own, since no kernel's camera is to be had; what is captured, and that it breaks off, is real: the
app opens the stream with OpenCV as it opens any camera, and unplugging ends the connection.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread

from PIL import Image

from tests.helpers.clips import shade

FRAME_SECONDS = 0.04
WIDTH, HEIGHT = 320, 240
Colour = tuple[int, int, int]


class _Server(ThreadingHTTPServer):
    """Its streams end when it is unplugged."""

    daemon_threads = True

    def __init__(self, port: int, colour: Colour) -> None:
        picture = io.BytesIO()
        Image.fromarray(shade(colour, WIDTH, HEIGHT)).save(picture, "jpeg")
        self.picture = picture.getvalue()
        self.unplugged = Event()
        super().__init__(("127.0.0.1", port), _Stream)


class _Stream(BaseHTTPRequestHandler):
    """Pictures as a network camera sends them."""

    server: _Server

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "multipart/x-mixed-replace; boundary=picture")
        self.end_headers()
        part = b"--picture\r\nContent-Type: image/jpeg\r\nContent-Length: %d\r\n\r\n" % len(self.server.picture)
        try:
            while not self.server.unplugged.wait(FRAME_SECONDS):
                self.wfile.write(part + self.server.picture + b"\r\n")
        except OSError:
            self.close_connection = True  # nobody looks any more

    def log_message(self, format: str, *args: object) -> None:
        pass


class RigCamera:
    """One colour, so that it can be told on the screen which camera is looked through."""

    def __init__(self, folder: Path, name: str, colour: Colour) -> None:
        """`folder` is the list that the app watches."""
        self.name = name
        self.colour = colour
        self._file = folder / name
        self._port = 0
        self._server: _Server | None = None

    def plug_in(self) -> None:
        self._server = _Server(self._port, self.colour)
        self._port = self._server.server_port
        Thread(target=self._server.serve_forever, name=self.name, daemon=True).start()
        self._file.write_text(f"http://127.0.0.1:{self._port}/{self.name}.mjpg")

    def unplug(self) -> None:
        server, self._server = self._server, None
        if server is not None:
            server.unplugged.set()
            self._file.unlink()
            server.shutdown()
            server.server_close()


@contextmanager
def plugged_in(*cameras: RigCamera) -> Iterator[None]:
    """All of them, until the end."""
    for camera in cameras:
        camera.plug_in()
    try:
        yield
    finally:
        for camera in cameras:
            camera.unplug()
