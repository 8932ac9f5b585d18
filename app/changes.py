"""Notices that what is looked at has really changed, and has come to rest again. Knows no camera, clock or model.

A picture is compared as a small blurred one of brightness, so that noise, a flicker and slowly changing light count
for nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from app.senses import Frame

CELLS = (48, 36)
SAMPLE_SECONDS = 0.5
"""Between two pictures that are compared."""
STEP = 14.0
"""Of 255: by how much a cell must differ after the light as a whole was allowed for."""
CHANGED = 0.015
"""Share of cells that must differ from what was there before for a change,"""
CALM = 0.005
"""and that may differ from the picture before while nothing moves."""
CALM_SECONDS = 2.0
RATE_SECONDS = 30.0
"""Between two changes that are told."""
ADAPTING = 0.02
"""Of what differs too little to count, so much is taken over with each sample: daylight goes by unnoticed."""

Cells = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Change:
    """What was to be seen before, and is now."""

    before: Frame
    after: Frame


class Changes:
    """`push` frames in the order of their times; most of them are dropped unlooked at."""

    def __init__(self) -> None:
        self._known: Frame | None = None
        """What nothing need be said about any more,"""
        self._ground: Cells | None = None
        """and its cells."""
        self._latest: Cells | None = None
        self._sampled = float("-inf")
        self._moved = float("-inf")
        self._told = float("-inf")

    def push(self, frame: Frame) -> Change | None:
        """The change that is over, once."""
        if frame.time - self._sampled < SAMPLE_SECONDS:
            return None
        self._sampled = frame.time
        cells, latest = _look(frame), self._latest
        self._latest = cells
        if self._known is None or self._ground is None or latest is None:
            self._settle(frame, cells)
            return None
        if differing(cells, latest) > CALM:
            self._moved = frame.time
        if differing(cells, self._ground) < CHANGED:
            self._ground += ADAPTING * (cells - self._ground)
            return None
        if frame.time - self._moved < CALM_SECONDS or frame.time - self._told < RATE_SECONDS:
            return None
        change = Change(self._known, frame)
        self._told = frame.time
        self._settle(frame, cells)
        return change

    def accept(self, frame: Frame) -> None:
        """Whatever there is to be seen now is known."""
        if frame.time - self._sampled < SAMPLE_SECONDS:
            return
        self._sampled = self._moved = frame.time
        self._latest = _look(frame)
        self._settle(frame, self._latest)

    def _settle(self, frame: Frame, cells: Cells) -> None:
        self._known, self._ground = frame, cells.copy()


def differing(cells: Cells, others: Cells) -> float:
    """Share of the cells that differ by more than the light as a whole."""
    difference = cells - others
    return float(np.mean(np.abs(difference - np.median(difference)) > STEP))


def _look(frame: Frame) -> Cells:
    small = cv2.resize(frame.pixels, CELLS, interpolation=cv2.INTER_AREA)
    grey = cv2.cvtColor(small, cv2.COLOR_RGB2GRAY)
    return np.asarray(cv2.GaussianBlur(grey, (3, 3), 0), np.float32)
