"""What every system's way of giving keys looks like. Knows no system."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from app.hotkeys import Refusal


@dataclass(frozen=True, slots=True)
class Told:
    """Who is told what happens; a key is told as it was asked for."""

    pressed: Callable[[str], None]
    released: Callable[[str], None]
    moved: Callable[[], None]
    """The keyboard is laid out otherwise: what was granted must be asked for again."""
    broken: Callable[[], None]
    """No key is had any longer, nor will be."""


class UnreachableError(Exception):
    """The system does not answer."""


class SystemKeys(Protocol):
    """Keys are read only if they were granted. Told on the thread of the window."""

    @property
    def sees_release(self) -> bool:
        """Whether it is told that a key is let go."""

    def grant(self, keys: str) -> Refusal | None:
        """Asks for a key; None once it is had."""

    def free(self) -> None:
        """All that were granted go back; one that is held counts as let go."""

    def close(self) -> None:
        """For good."""
