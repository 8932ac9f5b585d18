"""Watches what is looked at while nothing else goes on, and tells of a change. Knows no camera, model or widget."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.pixels import shrink
from app.senses import Frame

if TYPE_CHECKING:
    from app.changes import Changes

LONGEST = 560
"""Pixels of the pictures that a remark is made of: two of them are soon looked at."""


class Remarks(QObject):
    """`noticed` carries the picture before a change and the one after it. Times are those of the frames."""

    noticed = Signal(object, object)

    def __init__(self, is_idle: Callable[[], bool], parent: QObject | None = None) -> None:
        """`is_idle`: whether nobody speaks, types or is being answered."""
        super().__init__(parent)
        self._is_idle = is_idle
        self._changes: Changes | None = None
        self.are_wanted = False

    def take_frame(self, frame: Frame) -> None:
        """What happens during a conversation is its own business: it is known when that is over."""
        if not self.are_wanted:
            self.forget()
            return
        changes = self._changes or self._begin()
        if not self._is_idle():
            changes.accept(frame)
        elif (change := changes.push(frame)) is not None:
            self.noticed.emit(_small(change.before), _small(change.after))

    def forget(self) -> None:
        """Something else is looked at from here on, or nothing."""
        self._changes = None

    def _begin(self) -> Changes:
        from app.changes import Changes  # noqa: PLC0415 -- OpenCV, which whoever took the frame has loaded by now

        self._changes = Changes()
        return self._changes


def _small(frame: Frame) -> Frame:
    return replace(frame, pixels=shrink(frame.pixels, LONGEST))
