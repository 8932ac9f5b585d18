"""Remarks are made only if they are wanted, and only while nothing else goes on."""

from __future__ import annotations

import numpy as np
import pytest

from app.remarks import LONGEST, Remarks
from app.senses import Frame

Pair = tuple[Frame, Frame]


class Watched:
    def __init__(self) -> None:
        self.is_idle = True
        self.remarks = Remarks(lambda: self.is_idle)
        self.remarks.are_wanted = True
        self.noticed: list[Pair] = []
        self.remarks.noticed.connect(lambda before, after: self.noticed.append((before, after)))
        self._time = 0.0

    def show(self, light: int, seconds: float) -> None:
        """A picture whose left half is so light."""
        pixels = np.full((600, 800, 3), 100, np.uint8)
        pixels[:, :300] = light
        for _ in range(round(2 * seconds)):
            self._time += 0.5
            self.remarks.take_frame(Frame(pixels, self._time))


@pytest.fixture
def watched() -> Watched:
    return Watched()


def test_a_change_is_noticed_once_and_made_small(watched: Watched) -> None:
    watched.show(50, 600)
    assert watched.noticed == []
    watched.show(200, 300)
    ((before, after),) = watched.noticed
    assert (before.pixels[0, 0, 0], after.pixels[0, 0, 0]) == (50, 200)
    assert before.pixels.shape == (420, LONGEST, 3)


def test_nothing_is_noticed_while_it_is_not_wanted(watched: Watched) -> None:
    watched.show(50, 10)
    watched.remarks.are_wanted = False
    watched.show(200, 10)
    watched.remarks.are_wanted = True
    watched.show(200, 60)
    assert watched.noticed == []


def test_what_happens_during_a_conversation_is_known_afterwards(watched: Watched) -> None:
    watched.show(50, 10)
    watched.is_idle = False
    watched.show(200, 60)
    watched.is_idle = True
    watched.show(200, 60)
    assert watched.noticed == []
    watched.show(50, 60)
    assert len(watched.noticed) == 1


def test_another_view_is_no_change(watched: Watched) -> None:
    watched.show(50, 10)
    watched.remarks.forget()
    watched.show(200, 60)
    assert watched.noticed == []
