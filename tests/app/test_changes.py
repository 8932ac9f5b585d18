"""Real changes are told once, when they are over; noise, flicker, daylight and passers-by are not."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import pytest
from numpy.typing import NDArray

from app.changes import CALM_SECONDS, RATE_SECONDS, Change, Changes
from app.senses import Frame

WIDTH, HEIGHT = 160, 120
STEP = 0.5
Scene = Callable[[float], NDArray[np.float64]]
NOISE = np.random.default_rng(0)
DESK = np.add.outer(np.linspace(60, 120, HEIGHT), np.linspace(0, 60, WIDTH))


def film(scene: Scene, begin: float, end: float) -> Iterator[Frame]:
    """Two frames a second, with a camera's noise."""
    for time in np.arange(begin, end, STEP):
        grey = scene(time) + NOISE.normal(0.0, 5.0, (HEIGHT, WIDTH))
        pixels = np.repeat(np.clip(grey, 0, 255).astype(np.uint8)[..., None], 3, axis=2)
        yield Frame(pixels, float(time))


def watch(scene: Scene, seconds: float, changes: Changes | None = None) -> list[Change]:
    watching = changes or Changes()
    return [change for frame in film(scene, 0.0, seconds) if (change := watching.push(frame)) is not None]


def still(time: float) -> NDArray[np.float64]:
    return DESK


def daylight(time: float) -> NDArray[np.float64]:
    """Fades over ten minutes, to one side more than to the other."""
    return DESK * (1.0 - 0.4 * time / 600 * np.linspace(0.5, 1.0, WIDTH))


def lamp(time: float) -> NDArray[np.float64]:
    """Flickers."""
    return DESK + 25.0 * (round(time / STEP) % 2)


def cup(begin: float, end: float = float("inf")) -> Scene:
    """Stands on the desk from one moment to another."""

    def scene(time: float) -> NDArray[np.float64]:
        shown = DESK.copy()
        if begin <= time < end:
            shown[60:100, 60:100] = 250.0
        return shown

    return scene


def passer_by(time: float) -> NDArray[np.float64]:
    shown = DESK.copy()
    place = round((time - 100) * 20)
    if 0 <= place < WIDTH:
        shown[20:110, place : place + 30] = 20.0
    return shown


@pytest.mark.parametrize("scene", [still, daylight, lamp, passer_by])
def test_ten_minutes_in_which_nothing_stays_changed_are_silent(scene: Scene) -> None:
    assert watch(scene, 600.0) == []


def test_a_change_is_told_once_when_it_is_over() -> None:
    (change,) = watch(cup(60.0), 300.0)
    assert 60.0 + CALM_SECONDS <= change.after.time <= 60.0 + CALM_SECONDS + 2 * STEP
    assert change.before.time < 60.0
    assert change.after.pixels[80, 80, 0] > 230 > change.before.pixels[80, 80, 0]


def test_what_moves_is_waited_for() -> None:
    def stirring(time: float) -> NDArray[np.float64]:
        shown = DESK.copy()
        if time >= 60.0:
            place = round(min(time, 90.0) * 3) % 100
            shown[30:90, place : place + 40] = 250.0
        return shown

    (change,) = watch(stirring, 200.0)
    assert 90.0 + CALM_SECONDS <= change.after.time <= 90.0 + CALM_SECONDS + 3 * STEP


def test_two_changes_are_half_a_minute_apart_at_least() -> None:
    told = [change.after.time for change in watch(cup(60.0, 70.0), 300.0)]
    assert len(told) == 2
    assert told[1] - told[0] >= RATE_SECONDS


def test_what_is_accepted_is_not_told() -> None:
    changes = Changes()
    for frame in film(still, 0.0, 20.0):
        changes.push(frame)
    for frame in film(cup(0.0), 20.0, 30.0):
        changes.accept(frame)
    assert [changes.push(frame) for frame in film(cup(0.0), 30.0, 60.0)] == [None] * 60
