"""A video for a camera that is not there: a desk by a window, behind which the sun goes by."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from tests.helpers.clips import Clip, write_clip

WIDTH, HEIGHT = 640, 360
SECONDS, RATE = 8, 10
FINER = 2
"""Drawn so much larger and made smaller again: smooth edges."""


def film_desk(path: Path) -> Path:
    """8 s, 10 frames a second, 640×360, without sound."""
    count = SECONDS * RATE
    frames = [_draw(number / count) for number in range(count)]
    return write_clip(path, Clip(frames=frames, times=[number / RATE for number in range(count)]))


def _draw(day: float) -> NDArray[np.uint8]:
    """What is to be seen when so much of the day has gone by."""
    picture = Image.new("RGB", (WIDTH * FINER, HEIGHT * FINER), "#d9cdbb")
    draw = ImageDraw.Draw(picture)

    def scaled(*places: int) -> list[int]:
        return [FINER * place for place in places]

    draw.rectangle(scaled(0, 262, 640, 360), fill="#a3785a")
    draw.rectangle(scaled(60, 40, 250, 200), fill="#8fb8dc", outline="#f4f1ea", width=12)
    sun = 90 + round(130 * day)
    draw.ellipse(scaled(sun - 16, 74, sun + 16, 106), fill="#f6d98b")
    draw.line(scaled(155, 40, 155, 200), fill="#f4f1ea", width=12)
    draw.ellipse(scaled(400, 205, 450, 265), outline="#11644f", width=16)
    draw.rounded_rectangle(scaled(320, 180, 425, 290), 24, fill="#11644f")
    draw.ellipse(scaled(322, 172, 423, 196), fill="#3c2418", outline="#1a7d64", width=6)
    draw.rectangle(scaled(510, 215, 580, 290), fill="#bd5938")
    for lean in (-45, -18, 18, 45):
        draw.line(scaled(545, 215, 545 + lean, 130 + abs(lean) // 2), fill="#3c8b3e", width=26)
    return np.asarray(picture.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS), np.uint8)
