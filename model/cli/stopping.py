"""Ctrl-C asks work to stop between two steps. Knows nothing of the work."""

from __future__ import annotations

import signal
from types import FrameType

from model.errors import Cancelled


class Interrupt:
    """While open, the first Ctrl-C makes `check` raise Cancelled and the second interrupts at once.

    Where a shell has switched Ctrl-C off for what runs in the background it stays off.
    """

    def __init__(self) -> None:
        self._wanted = False
        self._before = signal.getsignal(signal.SIGINT)

    def __enter__(self) -> Interrupt:
        if self._before is not signal.SIG_IGN:
            signal.signal(signal.SIGINT, self._ask)
        return self

    def __exit__(self, *_: object) -> None:
        signal.signal(signal.SIGINT, self._before)

    def check(self) -> None:
        """Raises Cancelled once it was asked to stop."""
        if self._wanted:
            raise Cancelled

    def _ask(self, _signal: int, _frame: FrameType | None) -> None:
        self._wanted = True
        signal.signal(signal.SIGINT, signal.default_int_handler)
