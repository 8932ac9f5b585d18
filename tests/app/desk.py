"""Where kept conversations are tried out: the real window, conversation and history, with nobody behind them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.conversation import Conversation
from app.history import History
from app.keeping import Keeping
from app.settings import Settings
from app.transcript import Line, Transcript, Who
from app.ui.window import Window
from model.protocol import Order, Ready
from tests.app.test_conversation import Mouth

TIMEOUT = 20_000
READY = Ready("small", "", (), "cpu", 1)


class Desk:
    """A model has come; the file is opened by `keeping.start`."""

    def __init__(self, file: Path, qtbot: QtBot, settings: Settings) -> None:
        self.file = file
        self.transcript = Transcript()
        self.conversation = Conversation(self.transcript, Mouth())
        self.orders: list[Order] = []
        self.window = Window(self.transcript)
        self.window.show()
        self.keeping = Keeping(file, self.transcript, self.conversation, self.window, settings=settings)
        self.conversation.model_comes()
        self.conversation.take_news(READY)
        self.conversation.order.connect(self.orders.append)
        self.panel = self.window.history
        self._qtbot = qtbot

    def say(self, question: str, answer: str = "So.") -> None:
        for who, text in ((Who.USER, question), (Who.MODEL, answer)):
            self.transcript.add(Line(who, datetime.now(), text))

    @property
    def listed(self) -> list[str]:
        entries = self.panel.entries
        return [str(entries.index(row).data()) for row in range(entries.rowCount())]

    def await_list(self, *titles: str) -> None:
        self._qtbot.waitUntil(lambda: self.listed == list(titles), timeout=TIMEOUT)

    def choose(self, title: str) -> None:
        self.panel.list.setCurrentIndex(self.panel.entries.index(self.listed.index(title)))

    def open(self, title: str) -> None:
        self.choose(title)
        self._qtbot.keyClick(self.panel.list, Qt.Key.Key_Return)

    @property
    def texts(self) -> list[str]:
        return [line.text for line in self.transcript.lines]

    def close(self) -> list[list[Line]]:
        """Returns all that is on the disk then, the conversation with the newest line first."""
        self.keeping.close()
        base = History(self.file)
        kept = [[line.line for line in base.lines(entry.id)] for entry in base.entries()]
        base.close()
        return kept


Sit = Callable[..., Desk]
