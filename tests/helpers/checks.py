"""A user who changes their mind between two steps of some work."""

from __future__ import annotations

from model.errors import Cancelled


class Breaker:
    """A check that gives up once, after a number of calls; without one it never does."""

    def __init__(self, after: int | None = None) -> None:
        self.after = after

    def __call__(self) -> None:
        if self.after is None:
            return
        self.after -= 1
        if self.after < 0:
            self.after = None
            raise Cancelled
