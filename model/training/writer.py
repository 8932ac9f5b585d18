"""A conversation becomes what the model takes: tokens, features, positions, and which tokens it must find itself.

Sound passes through some room on its way. Knows neither losses nor weights.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice, pairwise
from pathlib import Path
from typing import assert_never

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import Tensor

from model.mel import EXPECTED_MAXIMUM, Mel, features, known_features
from model.pictures import Pixels
from model.positions import TICKS_A_CHUNK, TICKS_A_SECOND, Positions
from model.prompts import ChatFormat, default_system_prompt
from model.sight import LIVE_LIMITS, PICTURE_LIMITS, VIDEO_LIMITS, FramePreparation, PixelLimits
from model.training.corpus.chance import pick
from model.training.corpus.dialogues import Noise, Part, Speech, Text, Turn, Watched
from model.training.corpus.drawing import draw
from model.training.corpus.films import CHANGES, FRAMES_A_SHOT, Film, sound_name
from model.training.corpus.language import words
from model.training.corpus.rooms import Room, any_room, noise
from model.training.corpus.scenes import CELLS, Scene
from model.training.corpus.sounds import Sound, make
from model.training.corpus.speakers import RATE, Samples
from model.training.example import Echo, Example, Picture, Ranked, place_in, tokens_of
from model.training.seeking import IGNORED, sought
from model.training.shelves import Recorded
from model.training.vocabulary import heard, tokenizer

_PICTURE_SIZES = ((168, 168), (168, 168), (168, 168), (168, 140), (168, 140), (140, 168), (224, 112))
"""What square, usual and wide cameras' pictures are brought to, with the tiny model's limits."""
_HEARD_FROM, _HEARD_TO = 3, 23
"""Ticks of a film's second in which its sound is heard."""
TOKEN_SIDE = 28
"""Pixels of a picture that one token looks at, each way."""


def _named(shown: Scene) -> Iterator[tuple[int, str]]:
    """What stands in which place, in words."""
    for item in shown.items:
        yield item.cell, item.full.english
    if shown.writing is not None:
        yield shown.writing.cell, shown.writing.spoken


@dataclass(frozen=True, slots=True)
class _Manner:
    """How a conversation comes in."""

    waves: Iterator[Samples]
    room: Room
    rng: np.random.Generator
    aloud: bool
    drawn: bool


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
        self._image_token, self._video_token = self._encode("<|IMAGE|><|VIDEO|>")
        self._eyes_open, self._eyes_shut = self._encode("<|vision_bos|><|vision_eos|>")
        self._breaks = {*self._encode(","), *self._encode(" and"), self._end}
        shapes = ((self.heard(shape.english), self.heard(shape.plural)) for shape in words().shapes)
        self._plurals = {one: several for (one,), (several,) in shapes}
        self._things = frozenset((*self._plurals, *self._plurals.values()))
        self._counting = {*self._plurals.values(), *self._encode(" one")}
        self.prefix = self._encode(self.form.opening + default_system_prompt() + self.form.first_turn)

    def example(
        self,
        recorded: Recorded,
        rng: np.random.Generator,
        *,
        aloud: bool = True,
        drawn: bool = True,
        hardness: float = 1.0,
    ) -> Example:
        """The conversation as it is heard in a room of chance, so hard to hear in, by voices of chance size and haste.

        Not `aloud`, a sound's place is taken by what a perfect ear would hear: each word's own token now and then.
        Not `drawn`, a picture has no pixels, only what a perfect eye would find in it.
        """
        example, places = Example(), Positions(len(self.prefix) - 1, len(self.prefix) - 1)
        manner = _Manner(iter(recorded.waves), any_room(rng, hardness), rng, aloud, drawn)
        for number, turn in enumerate(recorded.dialogue.turns):
            if number:  # the marker that a reply ends with was part of the reply
                self._add(example, places, self._encode(self.form.next_turn)[1:])
            begun = len(example.ids)
            for part in turn.parts:
                self._part(example, places, part, manner)
            self._add(example, places, self._encode(self.form.reply))
            reply = [*self._encode(turn.reply), self._end]
            self._add(example, places, reply)
            example.labels[-len(reply) :] = reply
            self._note_overheard(example, turn, len(reply))
            said = [part.text for part in turn.parts if isinstance(part, Speech | Watched)]
            if len(said) == 1:
                self._note_echo(example, begun, len(reply), self.heard(said[0]))
        self._seek(example)
        return example

    def _note_echo(self, example: Example, begun: int, length: int, words: list[int]) -> None:
        """If the last reply, of so many tokens, says what was said in the turn that begun there."""
        first = len(example.ids) - length
        told = [row for row in range(first, len(example.ids)) if self._is_word(example.ids[row])]
        if words and self.heard(self.tokenizer.decode(example.ids[first:-1])) == words and len(told) == len(words):
            opened, closed = (example.ids.index(mark, begun) for mark in (self._opening, self._closing))
            sound = [row for row in range(opened + 1, closed) if example.ids[row] != self._video_token]
            example.echoed.append(Echo(sound, [row - 1 for row in told], words))

    def _note_overheard(self, example: Example, turn: Turn, length: int) -> None:
        """If the last reply, of so many tokens, is about what was there at a sound."""
        asked = " ".join(part.text for part in turn.parts if isinstance(part, Text | Speech))
        for name, rows in example.sounding.items():
            if name in asked:
                example.overheard.append((range(len(example.ids) - length, len(example.ids)), rows))

    def _is_word(self, token: int) -> bool:
        return any(map(str.isalnum, self.tokenizer.decode([token])))

    def _seek(self, example: Example) -> None:
        rows = [row for row, token in enumerate(example.ids) if token in (self._image_token, self._video_token)]
        grids = _grids(rows, example.pictures)
        standing = [
            (row, self._called(picture.found[place]))
            for picture, grid in zip(example.pictures, grids, strict=True)
            for place, row in enumerate(grid)
            if place in picture.found
        ]
        openings = [row for row, token in enumerate(example.ids) if token == self._eyes_open]
        for picture, grid in zip(example.pictures, grids, strict=True):
            example.ranked += self._ranks(picture, grid, max(row for row in openings if row < grid[0]))
        example.sought = sought(example.labels, standing, self._breaks, self._counting, self._things)
        for told, sound in example.overheard:  # what was seen then is known there
            example.sought = [(row, sound if row + 1 in told else found) for row, found in example.sought]
        moved = {row for row, change in example.changed if CHANGES[change] not in ("new", "stays")}
        example.sought = [(row, [each for each in found if each in moved] or found) for row, found in example.sought]

    def _ranks(self, picture: Picture, grid: list[int], opening: int) -> Iterator[Ranked]:
        """Of all shapes in a picture, whose tokens' rows these are."""
        seen: dict[int, list[int]] = {}
        for place in sorted(picture.found):
            for shape in self._plurals.keys() & picture.found[place]:
                before = seen.setdefault(shape, [])
                yield Ranked(grid[place], tuple(before), opening)
                before.append(grid[place])

    def _called(self, names: Iterable[int]) -> frozenset[int]:
        """Tokens by which something with these names is asked for, among others too."""
        return frozenset(token for name in names for token in (name, self._plurals.get(name, name)))

    def names_of_things(self) -> list[tuple[int, ...]]:
        """Tokens of the words for each colour and each shape, one or several of it."""
        colours = [(token,) for colour in words().colours for token in self.heard(colour.english)]
        return [*colours, *self._plurals.items()]

    def heard(self, text: str) -> list[int]:
        """Tokens of the words to be found in a sound."""
        return heard(text, self.tokenizer) if text else []

    def _part(self, example: Example, places: Positions, part: Part, manner: _Manner) -> None:
        match part:
            case Text(text):
                self._add(example, places, self._encode(text))
            case Speech() | Watched():
                self._said(example, places, part, manner)
            case Noise():
                self._sound(example, places, _noise(part, manner.room, manner.rng), manner.rng)
                example.said.append("")
                example.called.append(_name(part.sound))
            case Scene():
                self._picture(example, places, part, manner)
            case Film():
                self._film(example, places, part, manner)
            case _:
                assert_never(part)

    def _said(self, example: Example, places: Positions, part: Speech | Watched, manner: _Manner) -> None:
        if not manner.aloud:
            tokens = self._imagined(part.text, manner.rng)
            if isinstance(part, Watched):
                seconds = math.ceil(len(tokens) / TICKS_A_SECOND)
                shots = [self._shown(part.scene, manner, LIVE_LIMITS)] * seconds
                self._sounding_video(example, places, shots, tokens)
            else:
                self._add(example, places, [self._opening, *tokens, self._closing])
            return
        heard = manner.room.hear(stretched(next(manner.waves), manner.rng), manner.rng)
        if isinstance(part, Watched):
            picture = self._shown(part.scene, manner, LIVE_LIMITS)
            mel = self._features(heard, manner.rng)
            seconds = math.ceil(len(heard) / RATE)
            self._sounding_video(example, places, [picture] * seconds, self._sound_tokens(mel))
            example.sounds.append(mel)
        else:
            self._sound(example, places, heard, manner.rng)
        example.said.append(part.text)
        example.called.append(part.text)

    def _sound(self, example: Example, places: Positions, samples: Samples, rng: np.random.Generator) -> None:
        """Half are live, floored by the running rule, half are files, floored by its own maximum."""
        mel = self._features(samples, rng)
        self._add(example, places, [self._opening, *self._sound_tokens(mel), self._closing])
        example.sounds.append(mel)

    def _sound_tokens(self, mel: Tensor) -> list[int]:
        return [self._sound_token] * tokens_of(mel.shape[1])

    def _features(self, samples: Samples, rng: np.random.Generator) -> Tensor:
        if rng.random() < 0.5:
            return features(self.mel, samples, EXPECTED_MAXIMUM)
        return known_features(self.mel, samples)

    def _picture(self, example: Example, places: Positions, shown: Scene, manner: _Manner) -> None:
        """Laid out as a session does it: the grid between its markers."""
        picture = self._shown(shown, manner, PICTURE_LIMITS)
        self._add(example, places, [self._eyes_open])
        places.open_clip()
        self._grid(example, places, picture, 0, self._image_token)
        self._add(example, places, [self._eyes_shut])

    def _film(self, example: Example, places: Positions, film: Film, manner: _Manner) -> None:
        """Live or from a file; as a perfect eye and ear would give it where it is not to be drawn."""
        if not manner.drawn:
            width, height = pick(manner.rng, _PICTURE_SIZES)
            shots = [self._imagined_picture(shot, width, height) for shot in film.shots]
            self._sounding_film(example, places, film, shots, self._imagined_track(film, manner.rng))
            return
        limits = pick(manner.rng, (LIVE_LIMITS, VIDEO_LIMITS))
        frames, mel = film.frames(manner.rng), self._features(film.samples(manner.rng), manner.rng)
        shots = [self._seen(shot, frames[number * FRAMES_A_SHOT], limits) for number, shot in enumerate(film.shots)]
        self._sounding_film(example, places, film, shots, self._sound_tokens(mel))
        example.sounds.append(mel)
        example.said.append("")
        example.called.append(" ".join(_name(sound) for sound in film.sounds if sound is not None))

    def _sounding_film(
        self, example: Example, places: Positions, film: Film, shots: list[Picture], tokens: list[int]
    ) -> None:
        """What can be seen at each of its named sounds, and what came of it since the shot before, is noted."""
        heard, seen = self._sounding_video(example, places, shots, tokens)
        grids = _grids(seen, shots)
        for second, (shot, sound) in enumerate(zip(shots, film.sounds, strict=True)):
            if sound is not None:
                rows = heard[second * TICKS_A_SECOND :][_HEARD_FROM:_HEARD_TO]
                example.witnessed.append((rows, [grids[second][place] for place in shot.found]))
                example.sounding[sound_name(sound)] = rows
        standing = [
            [grid[place_in(cell, shot.rows, shot.columns)] for cell in range(CELLS)]
            for grid, shot in zip(grids, shots, strict=True)
        ]
        shots_in_turn = zip(pairwise(standing), film.changes(), film.formerly(), strict=True)
        for (then, now), changes, formerly in shots_in_turn:
            example.changed += [(now[cell], CHANGES.index(change)) for cell, change in changes.items()]
            example.formerly += [(now[cell], then[before]) for cell, before in formerly.items() if before is not None]

    def _sounding_video(
        self, example: Example, places: Positions, shots: list[Picture], tokens: list[int]
    ) -> tuple[list[int], list[int]]:
        """A picture a second, in chunks of two seconds: what is seen in them, then what is heard. Rows of either's
        tokens, the sound's first.
        """
        heard: list[int] = []
        seen: list[int] = []
        self._mark(example, places.pair(), [self._eyes_open, self._opening])
        places.open_clip()
        for start in range(0, len(tokens), TICKS_A_CHUNK):
            first = len(example.ids)
            for number in range(len(shots)):
                if start <= number * TICKS_A_SECOND < start + TICKS_A_CHUNK:
                    self._grid(example, places, shots[number], number * TICKS_A_SECOND, self._video_token)
            seen += range(first, len(example.ids))
            first, chunk = len(example.ids), tokens[start : start + TICKS_A_CHUNK]
            self._mark(example, places.sound(start, len(chunk)), chunk)
            heard += range(first, len(example.ids))
        self._mark(example, places.pair(), [self._closing, self._eyes_shut])
        return heard, seen

    def _shown(self, shown: Scene, manner: _Manner, limits: PixelLimits) -> Picture:
        """Of any size; drawn or imagined."""
        width, height = pick(manner.rng, _PICTURE_SIZES)
        if manner.drawn:
            return self._seen(shown, draw(shown, manner.rng, width=width, height=height), limits)
        return self._imagined_picture(shown, width, height)

    def _imagined_picture(self, shown: Scene, width: int, height: int) -> Picture:
        rows, columns = height // TOKEN_SIDE, width // TOKEN_SIDE
        return Picture(torch.empty(0), rows, columns, self._found(shown, rows, columns))

    def _seen(self, shown: Scene, pixels: Pixels, limits: PixelLimits) -> Picture:
        """As the eye is given it, with the words for what stands where."""
        patches = self._preparation.patches(pixels, pixels, limits)
        rows, columns = patches.rows // 2, patches.columns // 2
        return Picture(torch.from_numpy(patches.values), rows, columns, self._found(shown, rows, columns))

    def _found(self, shown: Scene, rows: int, columns: int) -> dict[int, list[int]]:
        return {place_in(cell, rows, columns): self.heard(name) for cell, name in _named(shown)}

    def _grid(self, example: Example, places: Positions, picture: Picture, time: int, token: int) -> None:
        ids = [token] * (picture.rows * picture.columns)
        self._mark(example, places.grid(time, picture.rows, picture.columns), ids)
        example.pictures.append(picture)

    def _imagined(self, text: str, rng: np.random.Generator) -> list[int]:
        """What a perfect ear would hear of it: each word's own token now and then."""
        ids = [self._sound_token] * int(rng.integers(0, 12))
        for word in self.heard(text):
            ids += [word] * int(rng.integers(1, 4)) + [self._sound_token] * int(rng.integers(1, 9))
        return ids

    def _imagined_track(self, film: Film, rng: np.random.Generator) -> list[int]:
        """The same of a film's sounds."""
        ids: list[int] = []
        for sound in film.sounds:
            words = self.heard(_name(sound))
            named = [word for word in words for _ in range(int(rng.integers(1, 4)))]
            before = int(rng.integers(_HEARD_FROM, _HEARD_TO - len(named)))
            ids += [self._sound_token] * before + named
            ids += [self._sound_token] * (TICKS_A_SECOND - before - len(named))
        return ids

    def _add(self, example: Example, places: Positions, ids: list[int]) -> None:
        self._mark(example, places.text(len(ids)), ids)

    def _mark(self, example: Example, positions: Tensor, ids: list[int]) -> None:
        example.ids += ids
        example.labels += [IGNORED] * len(ids)
        example.positions.append(positions)

    def _encode(self, text: str) -> list[int]:
        return list(self.tokenizer.encode(text, add_special_tokens=False).ids)


def _grids(rows: list[int], pictures: Iterable[Picture]) -> list[list[int]]:
    """Rows of pictures' tokens, all of them one behind another, each picture's by itself."""
    left = iter(rows)
    return [list(islice(left, picture.rows * picture.columns)) for picture in pictures]


def stretched(wave: Samples, rng: np.random.Generator) -> Samples:
    """The same said by a larger or smaller person, in more or less haste: up to an eighth."""
    pace = float(np.exp(rng.uniform(-0.12, 0.12)))
    return np.asarray(np.interp(np.arange(0, len(wave) - 1, pace), np.arange(len(wave)), wave), np.float32)


def _name(sound: Sound | None) -> str:
    """The word for a sound, without its article."""
    return "" if sound is None else sound


def _noise(part: Noise, room: Room, rng: np.random.Generator) -> Samples:
    """A named sound in the room, or the room's own noise at -60 to -20 decibels."""
    seconds = float(rng.uniform(0.8, 2.4))
    if part.sound is not None:
        return room.hear(make(part.sound, seconds, rng), rng)
    level = np.float32(10 ** (rng.uniform(-60.0, -20.0) / 20))
    return np.asarray(np.clip(noise(room.noise, round(seconds * RATE), rng) * level, -1.0, 1.0), np.float32)
