"""Short films with sound: something moves, or shapes come and go while sounds are heard. Knows no camera."""

from __future__ import annotations

import copy
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from model.training.corpus import questions
from model.training.corpus.chance import pick, sample
from model.training.corpus.drawing import draw
from model.training.corpus.language import Noun, words
from model.training.corpus.questions import Exchange
from model.training.corpus.rooms import noise
from model.training.corpus.scenes import Item, Scene, scene
from model.training.corpus.sentences import Split
from model.training.corpus.sounds import SOUNDS, Sound, make
from model.training.corpus.speakers import RATE, Samples

FPS = 2.0
FRAMES_A_SHOT = 2
"""One second: what the model sees as one grid."""
_NAMEABLE: tuple[Sound, ...] = tuple(sound for sound in SOUNDS if sound != "noise")  # there is noise all along

Change = Literal["new", "stays", "right", "left", "bottom", "top"]
CHANGES: tuple[Change, ...] = get_args(Change)
_STEPS: dict[int, Change] = {0: "stays", 1: "right", -1: "left", 3: "bottom", -3: "top"}

_WAYS = (("right", 0, 1, 3), ("left", 2, -1, 3), ("bottom", 0, 3, 1), ("top", 6, -3, 1))
"""Where to; the first cell, the step to the next, and that from one such way to the one beside it."""


@dataclass(frozen=True, slots=True)
class Film:
    """Shots of a second each; a sound, or none, for each of them."""

    shots: tuple[Scene, ...]
    sounds: tuple[Sound | None, ...]
    exchange: Exchange
    others: tuple[Exchange, ...] = ()
    """What else it answers without doubt."""

    @property
    def seconds(self) -> float:
        return len(self.shots) * FRAMES_A_SHOT / FPS

    def formerly(self) -> list[dict[int, int | None]]:
        """For each shot behind the first and each place where something stands: where the same stood in the last one;
        None where it is new.
        """
        found: list[dict[int, int | None]] = []
        for before, shot in pairwise(self.shots):
            stood = {(item.full, item.cell) for item in before.items}  # two may be called the same; what moves is alone
            places = {item.full: item.cell for item in before.items}
            found.append(
                {
                    item.cell: item.cell if (item.full, item.cell) in stood else places.get(item.full)
                    for item in shot.items
                }
            )
        return found

    def changes(self) -> list[dict[int, Change]]:
        """What came of each since the shot before it, by place as `formerly` has it."""
        return [{cell: _change(before, cell) for cell, before in shot.items()} for shot in self.formerly()]

    def frames(self, rng: np.random.Generator, *, width: int = 168, height: int = 168) -> NDArray[np.uint8]:
        """RGB pixels [frames, height, width, 3] at 2 a second, all in the same light."""
        drawn = [draw(shot, copy.deepcopy(rng), width=width, height=height) for shot in self.shots]
        return np.repeat(np.stack(drawn), FRAMES_A_SHOT, axis=0)

    def samples(self, rng: np.random.Generator) -> Samples:
        """Mono 16 kHz of the film's length: its sounds where they belong, in a quiet room."""
        count = round(RATE * FRAMES_A_SHOT / FPS)
        track = noise("pink", count * len(self.shots), rng) * np.float32(rng.uniform(0.0005, 0.003))
        for shot, sound in enumerate(self.sounds):
            if sound is not None:
                start = shot * count + int(rng.uniform(0.05, 0.2) * RATE)
                made = make(sound, 0.7, rng) * np.float32(rng.uniform(0.3, 1.0))
                track[start : start + len(made)] += made
        return track


def motion(rng: np.random.Generator, split: Split = "train") -> Film:
    """One thing moves through three places in a row, others stay."""
    where, start, step, along = pick(rng, _WAYS)
    line = int(rng.integers(3)) * along
    cells = [start + line, start + line + step, start + line + 2 * step]
    first = scene(rng, split, most=3)
    others = [item for item in first.items if item.cell not in cells]
    moving = replace(pick(rng, first.items), cell=cells[0])
    others = [item for item in others if item.coloured != moving.coloured]
    shots = tuple(_ordered([replace(moving, cell=cell), *others]) for cell in (cells[0], *cells))
    return Film(
        shots,
        (None,) * len(shots),
        Exchange("Which shape moved?", f"The {moving.coloured} moved to the {where}."),
        (questions.about(shots[0], rng, questions.UNPLACED),),
    )


def coincidence(rng: np.random.Generator, split: Split = "train") -> Film:
    """Another shape every second, and two sounds; which of them is asked about first is chance."""
    shapes = sample(rng, words().shapes, 4)
    colours = sample(rng, words().colours, 4)
    cells = [scene(rng, split, most=1).items[0].cell for _ in shapes]
    items = [Item(*each) for each in zip(shapes, colours, [None] * 4, cells, strict=True)]
    sounds: list[Sound | None] = [None] * 4
    asked, other = sample(rng, range(4), 2)
    sounds[asked], sounds[other] = sample(rng, _NAMEABLE, 2)
    more = questions.about(Scene(tuple(items)), rng, questions.UNPLACED)
    return Film(
        tuple(Scene((item,)) for item in items),
        tuple(sounds),
        _was_there(shapes[asked], sounds[asked]),
        (_was_there(shapes[other], sounds[other]), more),
    )


def _was_there(shape: Noun, sound: Sound | None) -> Exchange:
    name = sound_name(sound or "noise")
    return Exchange(f"Which shape was there when you heard {name}?", f"The {shape} was there.")


def _change(before: int | None, after: int) -> Change:
    return "new" if before is None else _STEPS[after - before]


def sound_name(sound: Sound) -> str:
    """As it is called in a sentence: "a bell"."""
    return words().phrases["sound"][SOUNDS.index(sound)].english


def _ordered(items: list[Item]) -> Scene:
    return Scene(tuple(sorted(items, key=lambda item: item.cell)))
