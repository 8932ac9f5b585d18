"""Time-aligned position ids (TMRoPE) for pieces that arrive one by one. Knows tokens only by their number.

Every token has three ids: time, row, column. Text and sound use one number for all three; a sound token lasts 40 ms,
so time runs at 25 ids a second; rows and columns of a frame count from where its clip began. A piece starts at one
more than the largest id of the piece before it, as in the reference implementation. A *reply* starts at one more than
the largest id of all: the two differ only after a video with sound whose frames have more rows or columns than ids of
time have passed, and a reply keeps the ids it was made with in later turns.

Three things have no equal in the reference: silent and sounding videos in one conversation, for which it has one
switch; real, uneven times of frames; and a sounding video with less than one frame pair in two seconds, whose pairs it
cuts in two. Here each of them follows the same rule of time as all others.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor

TICKS_A_SECOND = 25
"""Ids of time in a second: one for each sound token."""
TICKS_A_CHUNK = 50
"""A video with sound is laid out in chunks of two seconds: frames first, then the sound of the same time."""


def tick(seconds: float) -> int:
    """The id of time, counted from its clip's start, of something that happened after `seconds`.

    A time stamp may fall short of the truth by a thousandth of an id, so that uniform frame rates give the ids of the
    reference. It multiplies in single precision instead, and at a few rates (12.5, 25, 35 or 50 frames a second, not
    at the model's own 2) it is one id behind where a frame meets an id exactly.
    """
    return math.floor(seconds * TICKS_A_SECOND + 1e-3)


@dataclass(slots=True)
class Positions:
    """Where the next piece starts. Copy it with `dataclasses.replace` to come back to a place."""

    last: int = -1
    """Largest id of the piece appended last."""
    highest: int = -1
    """Largest id of all."""
    base: int = 0
    """Where the open clip began."""

    def text(self, count: int) -> Tensor:
        """Ids [3, count] of text: one more each."""
        return self._append(_same(self.last + 1, count))

    def reply(self, count: int = 1) -> Tensor:
        """Ids [3, count] of generated tokens: they follow the largest id of all."""
        return self._append(_same(self.highest + 1, count))

    def pair(self) -> Tensor:
        """Ids [3, 2] of two markers that share one id: the opening or closing of a video with sound."""
        return self._append(torch.full((3, 2), self.last + 1))

    def open_clip(self) -> None:
        """What follows is a sound, a picture or a video; its ids count from here."""
        self.base = self.last + 1

    def sound(self, first: int, count: int) -> Tensor:
        """Ids [3, count] of the open clip's sound tokens `first`, `first` + 1, …"""
        return self._append(_same(self.base + first, count))

    def grid(self, time: int, rows: int, columns: int) -> Tensor:
        """Ids [3, rows × columns] of a frame (after merging) seen `time` ticks into the open clip."""
        row, column = torch.meshgrid(torch.arange(rows), torch.arange(columns), indexing="ij")
        ids = torch.stack([torch.full_like(row, time), row, column]).flatten(1)
        return self._append(ids + self.base)

    def shift(self, count: int, highest: int) -> None:
        """All kept ids became smaller by `count`, and `highest` is now the largest."""
        self.last -= count
        self.base -= count
        self.highest = highest

    def _append(self, ids: Tensor) -> Tensor:
        if ids.numel():
            self.last = int(ids.max())
            self.highest = max(self.highest, self.last)
        return ids


def _same(start: int, count: int) -> Tensor:
    return torch.arange(start, start + count).expand(3, -1)
