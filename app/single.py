"""One Sightline for each user's home: the second start only shows the window of the first. Knows no window."""

from __future__ import annotations

import hashlib
from contextlib import suppress
from enum import Enum, auto
from pathlib import Path
from tempfile import TemporaryFile

from PySide6.QtCore import QLockFile, QObject, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket

ANSWER_MILLISECONDS = 5000
"""A window that is busy for so long is told when it is done."""
WORD = b"show\n"


class Place(Enum):
    """What this start is."""

    FIRST = auto()
    SECOND = auto()
    """The first one was told."""
    ALONE = auto()
    """Another one holds the home, and does not answer."""


class Single(QObject):
    """Holds the home until it is closed. Where nothing can be written in it, whoever answers is the first."""

    called = Signal()
    """Another start wants the window to be seen."""

    def __init__(self, folder: Path, parent: QObject | None = None) -> None:
        """`folder` is what no two may share."""
        super().__init__(parent)
        with suppress(OSError):  # which `hindrance` tells
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._folder = folder
        self._name = f"sightline-{hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:24]}"
        self._lock = QLockFile(str(folder / "running"))
        self._lock.setStaleLockTime(0)  # only who has ended has left it behind
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._answer)

    def take(self) -> Place:
        """Become the first, or tell the first. A full disk keeps nobody from starting."""
        if self._lock.tryLock(0):
            return self._lead()
        is_held = self._lock.error() is QLockFile.LockError.LockFailedError
        if self._call():
            return Place.SECOND
        if is_held and not self.hindrance():  # what was left behind cannot be taken away from a full disk
            return Place.ALONE
        return self._lead()

    def hindrance(self) -> str:
        """Why nothing can be written in the folder, in the system's words; empty where something can."""
        try:
            with TemporaryFile(dir=self._folder) as probe:
                probe.write(WORD)
        except OSError as error:
            return error.strerror or str(error)
        return ""

    def close(self) -> None:
        """The next start is the first again."""
        self._server.close()
        self._lock.unlock()

    def _lead(self) -> Place:
        QLocalServer.removeServer(self._name)  # what one that was killed has left behind
        self._server.listen(self._name)
        return Place.FIRST

    def _call(self) -> bool:
        socket = QLocalSocket()
        socket.connectToServer(self._name)
        if not socket.waitForConnected(ANSWER_MILLISECONDS):
            return False
        socket.write(WORD)
        socket.waitForBytesWritten(ANSWER_MILLISECONDS)
        socket.disconnectFromServer()
        return True

    def _answer(self) -> None:
        while (socket := self._server.nextPendingConnection()) is not None:
            socket.disconnected.connect(socket.deleteLater)
            self.called.emit()
