"""A scene becomes pixels as some camera gives them: varied colours, grounds, light and noise. Asks no questions."""

from __future__ import annotations

import colorsys
import math
from functools import cache

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from model.pictures import Pixels
from model.training.corpus.chance import chance, pick
from model.training.corpus.scenes import CELLS, Item, Scene, Writing

_FINER = 3  # drawn larger and shrunk, for smooth edges
_PAINTS: dict[str, tuple[int, int, int]] = {
    "red": (214, 32, 38),
    "blue": (36, 74, 214),
    "green": (28, 148, 58),
    "yellow": (244, 214, 36),
    "black": (22, 22, 24),
    "white": (246, 246, 244),
    "orange": (244, 130, 20),
    "purple": (122, 36, 160),
    "pink": (246, 142, 186),
    "brown": (118, 70, 32),
    "grey": (132, 132, 134),
}
_GROUNDS = ((236, 232, 222), (200, 214, 226), (58, 62, 70), (176, 190, 160), (214, 196, 182), (96, 104, 120))
_LEAST_CONTRAST = 70.0
_GRAINS = 1 << 21
_Point = tuple[float, float]
_Paint = tuple[int, int, int]


def draw(scene: Scene, rng: np.random.Generator, *, width: int = 112, height: int = 112) -> Pixels:
    """RGB pixels [height, width, 3]; the places are thirds of the picture, in which things stand a little askew."""
    ground = _ground(scene, rng)
    image = Image.new("RGB", (width * _FINER, height * _FINER), ground)
    canvas = ImageDraw.Draw(image)
    for item in scene.items:
        _draw_item(canvas, item, rng)
    if scene.writing is not None:
        _draw_writing(canvas, scene.writing, ground, rng)
    small = image.resize((width, height), Image.Resampling.BOX)
    return _photographed(small, rng)


def _draw_item(canvas: ImageDraw.ImageDraw, item: Item, rng: np.random.Generator) -> None:
    centre, room = _stand(canvas, item.cell, rng)
    named = "" if item.size is None else item.size.english
    radius = room * {"small": rng.uniform(0.4, 0.5), "large": rng.uniform(0.92, 1.0)}.get(
        named, rng.uniform(0.66, 0.74)
    )
    paint = _shade(_PAINTS[item.colour.english], rng)
    if item.shape.english in ("circle", "ring"):
        box = [centre[0] - radius, centre[1] - radius, centre[0] + radius, centre[1] + radius]
        if item.shape.english == "circle":
            canvas.ellipse(box, fill=paint)
        else:
            canvas.ellipse(box, outline=paint, width=max(2, round(radius * rng.uniform(0.28, 0.38))))
        return
    turn = rng.normal(0.0, 0.08)
    canvas.polygon([_moved(corner, centre, radius, turn) for corner in _corners(item.shape.english)], fill=paint)


def _draw_writing(canvas: ImageDraw.ImageDraw, writing: Writing, ground: _Paint, rng: np.random.Generator) -> None:
    centre, room = _stand(canvas, writing.cell, rng)
    paint = (20, 20, 24) if sum(ground) > 380 else (244, 244, 240)
    stroke = int(rng.integers(0, 3))
    size = room * rng.uniform(1.3, 1.7)
    size *= min(1.0, (1.9 * room - 2 * stroke) / ImageFont.load_default(size).getlength(writing.shown))
    font = ImageFont.load_default(size)
    canvas.text(centre, writing.shown, fill=paint, font=font, anchor="mm", stroke_width=stroke)


def _stand(canvas: ImageDraw.ImageDraw, cell: int, rng: np.random.Generator) -> tuple[_Point, float]:
    """Where in its third something stands, and half of the room that it has."""
    width, height = canvas.im.size
    side = math.isqrt(CELLS)
    row, column = divmod(cell, side)
    room = min(width, height) / side / 2 * 0.94
    x = (column + 0.5 + rng.uniform(-0.05, 0.05)) * width / side
    y = (row + 0.5 + rng.uniform(-0.05, 0.05)) * height / side
    return (x, y), room


def _ground(scene: Scene, rng: np.random.Generator) -> _Paint:
    """A ground that every item stands out from."""
    paints = np.array([_PAINTS[item.colour.english] for item in scene.items], np.float64)
    for _ in range(100):
        ground = _shade(pick(rng, _GROUNDS), rng)
        if not len(paints) or np.linalg.norm(paints - np.array(ground), axis=1).min() > _LEAST_CONTRAST:
            return ground
    return (160, 210, 200)


def _shade(paint: _Paint, rng: np.random.Generator) -> _Paint:
    """A little other than the pure colour, but still called the same."""
    hue, saturation, value = colorsys.rgb_to_hsv(*(part / 255 for part in paint))
    hue = (hue + rng.normal(0.0, 0.008)) % 1.0
    saturation = min(1.0, max(0.0, saturation * rng.uniform(0.9, 1.08)))
    value = min(1.0, max(0.0, value * rng.uniform(0.92, 1.06)))
    red, green, blue = (round(part * 255) for part in colorsys.hsv_to_rgb(hue, saturation, value))
    return red, green, blue


def _photographed(image: Image.Image, rng: np.random.Generator) -> Pixels:
    """Light from one side, a lens that is not quite sharp, and the sensor's noise."""
    if rng.random() < 0.4:
        image = image.filter(ImageFilter.GaussianBlur(rng.uniform(0.2, 0.8)))
    light = np.asarray(image, np.float32) * _light(image.height, image.width, rng)[..., None]
    light += _noise(light.shape, rng) * np.float32(rng.uniform(0.0, 6.0))
    return np.asarray(np.rint(np.clip(light, 0.0, 255.0)), np.uint8)


def _noise(shape: tuple[int, ...], rng: np.random.Generator) -> NDArray[np.float32]:
    """A small picture's is a piece of what is kept: making it costs more than drawing."""
    count = math.prod(shape)
    if count > _GRAINS // 2:
        return rng.standard_normal(shape, dtype=np.float32)
    start = int(rng.integers(_GRAINS - count))
    return _grain()[start : start + count].reshape(shape)


@cache
def _grain() -> NDArray[np.float32]:
    return chance("grain").standard_normal(_GRAINS, dtype=np.float32)


def _light(height: int, width: int, rng: np.random.Generator) -> NDArray[np.float32]:
    slope = rng.normal(0.0, 0.06, 2)
    rows, columns = np.linspace(-1.0, 1.0, height), np.linspace(-1.0, 1.0, width)
    return np.asarray(rng.uniform(0.86, 1.06) + slope[0] * rows[:, None] + slope[1] * columns, np.float32)


def _corners(shape: str) -> list[_Point]:
    """In a circle of radius 1 about the middle."""
    match shape:
        case "square":
            return [(-0.85, -0.85), (0.85, -0.85), (0.85, 0.85), (-0.85, 0.85)]
        case "triangle":
            return _round_about([1.0] * 3)
        case "star":
            return _round_about([1.0, 0.42] * 5)
        case "diamond":
            return [(0.0, -1.0), (0.7, 0.0), (0.0, 1.0), (-0.7, 0.0)]
        case "cross":
            return _cross(0.3)
        case "heart":
            return _heart()
    raise ValueError(f"nobody knows how to draw a {shape}")


def _moved(corner: _Point, centre: _Point, radius: float, turn: float) -> _Point:
    x, y = corner
    cosine, sine = math.cos(turn) * radius, math.sin(turn) * radius
    return centre[0] + x * cosine - y * sine, centre[1] + x * sine + y * cosine


def _round_about(radii: list[float]) -> list[_Point]:
    """Corners at equal angles, the first on top."""
    angles = [2 * math.pi * index / len(radii) for index in range(len(radii))]
    return [(radius * math.sin(angle), -radius * math.cos(angle)) for radius, angle in zip(radii, angles, strict=True)]


def _cross(arm: float) -> list[_Point]:
    quarter = [(-arm, -1.0), (arm, -1.0), (arm, -arm)]
    corners: list[_Point] = []
    for _ in range(4):
        corners += quarter
        quarter = [(-y, x) for x, y in quarter]
    return corners


def _heart() -> list[_Point]:
    angles = [2 * math.pi * index / 40 for index in range(40)]
    return [
        (math.sin(angle) ** 3, -(13 * math.cos(angle) - 5 * math.cos(2 * angle) - 2 * math.cos(3 * angle)) / 16)
        for angle in angles
    ]
