"""The system's own voice on the rig's speaker: speech-dispatcher with espeak-ng, started for a test and stopped."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic

from tests.helpers.rig import RigError, SoundRig

START_SECONDS = 20.0


@contextmanager
def start_speech(rig: SoundRig) -> Iterator[dict[str, str]]:
    """Gives what a process needs to find it; raises RigError."""
    with tempfile.TemporaryDirectory(prefix="speech") as name:
        folder = Path(name)
        socket = folder / "socket"
        words = ["speech-dispatcher", "-s", "-t", "0", "-c", "unix_socket", "-S", str(socket)]
        words += ["-L", str(folder / "logs"), "-P", str(folder / "pid")]
        environment = {**os.environ, **rig.environment, "HOME": name}
        quiet = subprocess.DEVNULL
        with subprocess.Popen(words, env=environment, stdout=quiet, stderr=quiet) as server:
            try:
                _await(server, socket)
                yield {"SPEECHD_ADDRESS": f"unix_socket:{socket}"}
            finally:
                server.terminate()


def _await(server: subprocess.Popen[bytes], socket: Path) -> None:
    end = monotonic() + START_SECONDS
    while not socket.exists():
        if server.poll() is not None or monotonic() > end:
            raise RigError("speech-dispatcher did not start")
