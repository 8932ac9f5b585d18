"""One Sightline for each user's home: the second start only shows the window of the first. Knows no window."""

from __future__ import annotations

import hashlib
from enum import Enum, auto
from pathlib import Path

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
    """Holds the home until it is closed."""

    called = Signal()
    """Another start wants the window to be seen."""

    def __init__(self, folder: Path, parent: QObject | None = None) -> None:
        """`folder` is what no two may share. Raises OSError where it cannot be made."""
        super().__init__(parent)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._name = f"sightline-{hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:24]}"
        self._lock = QLockFile(str(folder / "running"))
        self._lock.setStaleLockTime(0)  # only who has ended has left it behind
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._answer)

    def take(self) -> Place:
        """Become the first, or tell the first."""
        if self._lock.tryLock(0):
            QLocalServer.removeServer(self._name)  # what one that was killed has left behind
            self._server.listen(self._name)
            return Place.FIRST
        return Place.SECOND if self._call() else Place.ALONE

    def close(self) -> None:
        """The next start is the first again."""
        self._server.close()
        self._lock.unlock()

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
