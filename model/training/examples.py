"""A conversation becomes what the model takes: tokens, features, positions, and which tokens it must find itself.

Sound passes through some room on its way. Knows neither losses nor weights.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import Tensor

from model.mel import EXPECTED_MAXIMUM, Mel, features, loudest
from model.positions import Positions
from model.prompts import ChatFormat, default_system_prompt
from model.sight import PICTURE_LIMITS, FramePreparation
from model.training.corpus.chance import pick
from model.training.corpus.dialogues import Noise, Speech, Text
from model.training.corpus.drawing import draw
from model.training.corpus.rooms import Room, any_room, noise
from model.training.corpus.scenes import Scene
from model.training.corpus.sounds import make
from model.training.corpus.speakers import RATE, Samples
from model.training.shelves import Recorded
from model.training.vocabulary import heard, tokenizer

_PICTURE_SIZES = ((112, 112), (112, 112), (112, 112), (140, 140), (168, 168), (196, 140), (140, 196), (224, 112))
IGNORED = -100
"""A label that nothing is learned from; torch's own number for it."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A scene as the vision encoder takes it, and what is to be found where."""

    patches: Tensor
    """[rows × columns × 4, values of a patch]"""
    rows: int
    columns: int
    found: dict[int, list[int]]
    """Tokens of the words that name what stands there, by place in the grid, row by row."""


@dataclass(slots=True)
class Example:
    """One conversation behind the system prompt."""

    ids: list[int] = field(default_factory=list)
    labels: list[int] = field(default_factory=list)
    """The token that stands here where it is a reply's, else IGNORED."""
    positions: list[Tensor] = field(default_factory=list)
    sounds: list[Tensor] = field(default_factory=list)
    """Features [bands, frames] of each sound, in order."""
    said: list[str] = field(default_factory=list)
    """What is said in each sound; empty where nobody speaks."""
    pictures: list[Picture] = field(default_factory=list)


def tokens_of(frames: int) -> int:
    """How many tokens the audio encoder makes of so many frames."""
    return ((frames + 1) // 2) // 2


def place_in(cell: int, rows: int, columns: int) -> int:
    """Which token of a grid looks at the middle of one of the nine places."""
    row, column = divmod(cell, 3)
    return int((row + 0.5) / 3 * rows) * columns + int((column + 0.5) / 3 * columns)


def _named(shown: Scene) -> Iterator[tuple[int, str]]:
    """What stands in which place, in words."""
    for item in shown.items:
        yield item.cell, item.full.english
    if shown.writing is not None:
        yield shown.writing.cell, shown.writing.spoken


class Writer:
    """Conversations written down as examples, in the chat template's form."""

    def __init__(self, folder: Path) -> None:
        """`folder` has the tokenizer's and the features' description."""
        known = tokenizer()
        self.tokenizer: Tokenizer = known.backend_tokenizer
        self.form = ChatFormat.of(known)
        self.mel = Mel(folder)
        self._preparation = FramePreparation(folder)
        marks = "<|AUDIO|><|audio_bos|><|audio_eos|><|im_end|>"
        self._sound_token, self._opening, self._closing, self._end = self._encode(marks)
        self._image_token, self._eyes_open, self._eyes_shut = self._encode("<|IMAGE|><|vision_bos|><|vision_eos|>")
        self.prefix = self._encode(self.form.opening + default_system_prompt() + self.form.first_turn)

    def example(self, recorded: Recorded, rng: np.random.Generator, *, aloud: bool = True) -> Example:
        """The conversation as it is heard in a room of chance, by voices of chance size and haste.

        Not `aloud`, a sound's place is taken by what a perfect ear would hear: each word's own token now and then.
        """
        example, places = Example(), Positions(len(self.prefix) - 1, len(self.prefix) - 1)
        waves, room = iter(recorded.waves), any_room(rng)
        for number, turn in enumerate(recorded.dialogue.turns):
            if number:  # the marker that a reply ends with was part of the reply
                self._add(example, places, self._encode(self.form.next_turn)[1:])
            for part in turn.parts:
                match part:
                    case Text(text):
                        self._add(example, places, self._encode(text))
                    case Speech(text) if not aloud:
                        self._imagined(example, places, text, rng)
                    case Speech(text):
                        self._sound(example, places, room.hear(stretched(next(waves), rng), rng), rng)
                        example.said.append(text)
                    case Noise():
                        self._sound(example, places, _noise(part, room, rng), rng)
                        example.said.append("")
                    case Scene():
                        self._picture(example, places, part, rng)
                    case _:
                        raise TypeError(f"a {type(part).__name__} cannot be learned from yet")
            self._add(example, places, self._encode(self.form.reply))
            reply = [*self._encode(turn.reply), self._end]
            self._add(example, places, reply)
            example.labels[-len(reply) :] = reply
        return example

    def heard(self, text: str) -> list[int]:
        """Tokens of the words to be found in a sound."""
        return heard(text, self.tokenizer) if text else []

    def _sound(self, example: Example, places: Positions, samples: Samples, rng: np.random.Generator) -> None:
        """Half are live, floored by the running rule, half are files, floored by its own maximum."""
        maximum = EXPECTED_MAXIMUM if rng.random() < 0.5 else loudest(self.mel, [samples])
        mel = features(self.mel, samples, maximum)
        self._add(example, places, [self._opening, *[self._sound_token] * tokens_of(mel.shape[1]), self._closing])
        example.sounds.append(mel)

    def _picture(self, example: Example, places: Positions, shown: Scene, rng: np.random.Generator) -> None:
        """Laid out as a session does it: the grid between its markers."""
        width, height = pick(rng, _PICTURE_SIZES)
        pixels = draw(shown, rng, width=width, height=height)
        patches = self._preparation.patches(pixels, pixels, PICTURE_LIMITS)
        rows, columns = patches.rows // 2, patches.columns // 2
        self._add(example, places, [self._eyes_open])
        places.open_clip()
        example.ids += [self._image_token] * (rows * columns)
        example.labels += [IGNORED] * (rows * columns)
        example.positions.append(places.grid(0, rows, columns))
        self._add(example, places, [self._eyes_shut])
        found = {place_in(cell, rows, columns): self.heard(name) for cell, name in _named(shown)}
        example.pictures.append(Picture(torch.from_numpy(patches.values), rows, columns, found))

    def _imagined(self, example: Example, places: Positions, text: str, rng: np.random.Generator) -> None:
        ids = [self._sound_token] * int(rng.integers(0, 12))
        for word in self.heard(text):
            ids += [word] * int(rng.integers(1, 4)) + [self._sound_token] * int(rng.integers(1, 9))
        self._add(example, places, [self._opening, *ids, self._closing])

    def _add(self, example: Example, places: Positions, ids: list[int]) -> None:
        example.ids += ids
        example.labels += [IGNORED] * len(ids)
        example.positions.append(places.text(len(ids)))

    def _encode(self, text: str) -> list[int]:
        return list(self.tokenizer.encode(text, add_special_tokens=False).ids)


def stretched(wave: Samples, rng: np.random.Generator) -> Samples:
    """The same said by a larger or smaller person, in more or less haste: up to an eighth."""
    pace = float(np.exp(rng.uniform(-0.12, 0.12)))
    return np.asarray(np.interp(np.arange(0, len(wave) - 1, pace), np.arange(len(wave)), wave), np.float32)


def _noise(part: Noise, room: Room, rng: np.random.Generator) -> Samples:
    """A named sound in the room, or the room's own noise at -60 to -20 decibels."""
    seconds = float(rng.uniform(0.8, 2.4))
    if part.sound is not None:
        return room.hear(make(part.sound, seconds, rng), rng)
    level = np.float32(10 ** (rng.uniform(-60.0, -20.0) / 20))
    return np.asarray(np.clip(noise(room.noise, round(seconds * RATE), rng) * level, -1.0, 1.0), np.float32)
