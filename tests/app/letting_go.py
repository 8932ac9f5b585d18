"""How soon the real child is free after a Cancel: `python -m tests.app.letting_go DIR [--bar MILLISECONDS]`.

From the desktop's Cancel until its Cut has come back, at moments drawn by chance: while a long prompt is prefilled,
while tokens and codes are decoded, and while the voice makes sound. Fails if one is above the bar.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from PySide6.QtCore import QCoreApplication, QEventLoop, QTimer

from app.model_link import ModelLink
from model.protocol import Begin, Cancel, Cut, Failed, Forget, Load, News, Order, Read, Ready, Reply, Said, Voiced

LONG_WORDS = 300
LONGEST_WAIT = 60.0
"""Seconds between the first text and the first sound that cancels are spread over."""


class Partner:
    """A link whose news can be waited for."""

    def __init__(self) -> None:
        self._link = ModelLink()
        self._loop = QEventLoop()
        self._wanted: tuple[type, ...] = ()
        self._link.news.connect(self._take)
        self._turns = iter(range(1, 1_000_000))

    def send(self, *orders: Order) -> None:
        for order in orders:
            self._link.send(order)

    def ask(self, text: str) -> int:
        turn = next(self._turns)
        self.send(Begin(turn), Read(turn, text), Reply(turn))
        return turn

    def await_news(self, *kinds: type) -> float:
        """Until one of these comes; returns how long it took."""
        began = time.perf_counter()
        self._wanted = kinds
        self._loop.exec()
        self._wanted = ()
        return time.perf_counter() - began

    def pause(self, seconds: float) -> None:
        loop = QEventLoop()
        QTimer.singleShot(round(1000 * seconds), loop.quit)
        loop.exec()

    def cancel(self, turn: int) -> float:
        """Returns after how many seconds the child was free; what was asked is forgotten."""
        self.send(Cancel(turn, 0.0))
        took = self.await_news(Cut)
        self.send(Forget())
        return took

    def close(self) -> None:
        self._link.stop()

    def _take(self, news: News) -> None:
        if isinstance(news, Failed):
            sys.exit(news.sentence)
        if isinstance(news, self._wanted):
            self._loop.quit()


def in_prefill(partner: Partner, times: int) -> Iterator[float]:
    question = "word " * LONG_WORDS
    turn = partner.ask(question)
    whole = partner.await_news(Said)
    partner.cancel(turn)
    for _ in range(times):
        turn = partner.ask(question)
        partner.pause(whole * random.random())
        yield partner.cancel(turn)


def in_decoding(partner: Partner, times: int) -> Iterator[float]:
    for _ in range(times):
        turn = partner.ask("Tell me a story.")
        partner.await_news(Said)
        partner.pause(0.3 * random.random())
        yield partner.cancel(turn)


def in_voice(partner: Partner, times: int) -> Iterator[float]:
    """The first sound takes most of the time between the first text and itself."""
    turn = partner.ask("Tell me a story.")
    partner.await_news(Said)
    whole = min(LONGEST_WAIT, partner.await_news(Voiced))
    partner.cancel(turn)
    for _ in range(times):
        turn = partner.ask("Tell me a story.")
        partner.await_news(Said)
        partner.pause(whole * random.uniform(0.5, 1.0))
        yield partner.cancel(turn)


WORK = {"prefill": in_prefill, "decoding": in_decoding, "voice": in_voice}


def main() -> None:
    parser = argparse.ArgumentParser(description="How soon the model's process is free after a Cancel.")
    parser.add_argument("model", type=Path)
    parser.add_argument("--work", nargs="+", choices=WORK, default=list(WORK), help="what is broken into")
    parser.add_argument("--times", type=int, default=20)
    parser.add_argument("--bar", type=float, help="milliseconds that none may take longer than")
    parser.add_argument("--threads", type=int, help="of the processor")
    choice = parser.parse_args()
    random.seed(0)
    application = QCoreApplication([])
    partner = Partner()
    partner.send(Load(choice.model.absolute(), voice="Chelsie", threads=choice.threads))
    partner.await_news(Ready)
    worst = 0.0
    for what in choice.work:
        taken = [1000 * seconds for seconds in WORK[what](partner, choice.times)]
        median, high = np.percentile(taken, [50, 95])
        worst = max(worst, *taken)
        sys.stdout.write(f"{what:<10}median {median:.1f}, p95 {high:.1f}, worst {max(taken):.1f} ms of {len(taken)}, ")
        sys.stdout.write(f"load {os.getloadavg()[0]:.1f}\n")
        sys.stdout.flush()
    partner.close()
    del application
    if choice.bar is not None and worst > choice.bar:
        sys.exit(f"{worst:.0f} ms are more than {choice.bar:.0f}.")


if __name__ == "__main__":
    main()
