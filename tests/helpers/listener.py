"""Who listens to a link in a test, and what a link may leave behind."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import psutil
from pytestqt.qtbot import QtBot

from app.model_link import LinkState, ModelLink
from model.protocol import Begin, News, Order, Read, Reply, Said

TIMEOUT = 50_000
"""Milliseconds, for a busy machine: importing torch takes seconds on an idle one. Well below a test's own limit, which
cannot break into Qt's loop."""


class Listener:
    """All that a link told, in order."""

    def __init__(self, link: ModelLink, qtbot: QtBot) -> None:
        self.link = link
        self.news: list[News] = []
        self.states: list[LinkState] = []
        self._qtbot = qtbot
        link.news.connect(self.news.append)
        link.state_changed.connect(self.states.append)

    def send(self, *orders: Order) -> None:
        for order in orders:
            self.link.send(order)

    def wait(self, *kinds: type) -> News:
        """The next news of one of these kinds."""
        with self._qtbot.waitSignal(
            self.link.news, timeout=TIMEOUT, check_params_cb=lambda news: isinstance(news, kinds)
        ):
            pass
        return next(news for news in reversed(self.news) if isinstance(news, kinds))

    def wait_for(self, state: LinkState) -> None:
        if self.link.state is not state:
            with self._qtbot.waitSignal(
                self.link.state_changed, timeout=TIMEOUT, check_params_cb=lambda now: now is state
            ):
                pass

    def said(self, turn: int) -> str:
        return "".join(news.text for news in self.news if isinstance(news, Said) and news.turn == turn)


Connect = Callable[[ModelLink], Listener]


def ask(turn: int, text: str) -> list[Order]:
    return [Begin(turn), Read(turn, text), Reply(turn)]


def newest_child() -> psutil.Process:
    """The youngest, multiprocessing's tracker left aside."""
    children = [child for child in psutil.Process().children() if "spawn_main" in " ".join(child.cmdline())]
    return max(children, key=lambda child: child.create_time())


def open_files() -> Counter[str]:
    """What this process has open; on systems without /proc only how many.

    Look at what came to it: of what an earlier test left something may be closed at any time.
    """
    folder = Path("/proc/self/fd")
    if not folder.is_dir():
        return Counter({"file": psutil.Process().num_fds()})
    links = [os.readlink(link) for link in os.scandir(folder)]  # noqa: PTH115 -- what it names is no path
    return Counter(link for link in links if not link.startswith("/proc/"))  # the listing itself
