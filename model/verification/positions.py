"""Position ids of random mixes of media against transformers' rule on the whole prompt. Needs no weights."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import cast

import torch
from torch import Tensor
from transformers import Qwen2_5OmniThinkerConfig as Markers
from transformers.models.qwen2_5_omni.modeling_qwen2_5_omni import (
    Qwen2_5OmniPreTrainedModelForConditionalGeneration as PublishedRule,
)

from model.omni import Omni
from model.positions import TICKS_A_CHUNK, Positions, tick
from model.verification.rows import Row

MIXES = 200


@dataclass(slots=True)
class Mix:
    """A prompt as the published rule takes it, and the ids that ours gave piece by piece."""

    sounding: bool
    ids: list[int] = field(default_factory=list)
    ours: list[Tensor] = field(default_factory=list)
    pictures: list[list[int]] = field(default_factory=list)
    videos: list[list[int]] = field(default_factory=list)
    mel_frames: list[int] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)

    def add(self, token: int, positions: Tensor) -> None:
        """As many tokens as there are ids [3, n]."""
        self.ids += [token] * positions.shape[1]
        self.ours.append(positions)


def mixes(omni: Omni) -> Iterator[Row]:
    """Text, sound, pictures and video, with and without sound, in random order."""
    chance = random.Random(0)
    same = sum(_agrees(omni, chance) for _ in range(MIXES))
    yield Row("positions", f"{MIXES} mixes of media", f"{same} of {MIXES} agree", passed=same == MIXES)


def _agrees(omni: Omni, chance: random.Random) -> bool:
    mix, counter, markers = Mix(sounding=chance.random() < 0.5), Positions(), omni.checkpoint.architecture.thinker
    mix.add(1, counter.text(chance.randint(1, 9)))
    for _ in range(chance.randint(1, 5)):
        chance.choice([_text, _sound, _picture, _video])(mix, counter, markers, chance)
        mix.add(1, counter.text(chance.randint(1, 9)))
    return bool(torch.equal(torch.cat(mix.ours, dim=1), _published(mix, markers)))


def _text(mix: Mix, counter: Positions, _markers: object, chance: random.Random) -> None:
    mix.add(1, counter.text(chance.randint(1, 30)))


def _sound(mix: Mix, counter: Positions, markers: Markers, chance: random.Random) -> None:
    tokens = _heard(mix, chance)
    mix.add(markers.audio_start_token_id, counter.text(1))
    counter.open_clip()
    mix.add(markers.audio_token_id, counter.sound(0, tokens))
    mix.add(markers.audio_end_token_id, counter.text(1))


def _picture(mix: Mix, counter: Positions, markers: Markers, chance: random.Random) -> None:
    rows, columns = chance.randint(1, 9), chance.randint(1, 9)
    mix.pictures.append([1, 2 * rows, 2 * columns])
    mix.add(markers.vision_start_token_id, counter.text(1))
    counter.open_clip()
    mix.add(markers.image_token_id, counter.grid(0, rows, columns))
    mix.add(markers.vision_end_token_id, counter.text(1))


def _video(mix: Mix, counter: Positions, markers: Markers, chance: random.Random) -> None:
    grids, rows, columns = chance.randint(1, 7), chance.randint(1, 9), chance.randint(1, 9)
    mix.videos.append([grids, 2 * rows, 2 * columns])
    mix.seconds.append(chance.choice([0.5, 1.0, 2.0]))
    times = [tick(grid * mix.seconds[-1]) for grid in range(grids)]
    seen = [(time, rows, columns) for time in times]
    if mix.sounding:
        _sounding(mix, counter, markers, seen, _heard(mix, chance))
        return
    mix.add(markers.vision_start_token_id, counter.text(1))
    counter.open_clip()
    for grid in seen:
        mix.add(markers.video_token_id, counter.grid(*grid))
    mix.add(markers.vision_end_token_id, counter.text(1))


def _sounding(mix: Mix, counter: Positions, markers: Markers, seen: list[tuple[int, int, int]], heard: int) -> None:
    """Two-second chunks: frames, then sound."""
    mix.ids += [markers.vision_start_token_id, markers.audio_start_token_id]
    mix.ours.append(counter.pair())
    counter.open_clip()
    for chunk in range(max(seen[-1][0], heard - 1) // TICKS_A_CHUNK + 1):
        for grid in seen:
            if grid[0] // TICKS_A_CHUNK == chunk:
                mix.add(markers.video_token_id, counter.grid(*grid))
        count = min(TICKS_A_CHUNK, max(0, heard - chunk * TICKS_A_CHUNK))
        mix.add(markers.audio_token_id, counter.sound(chunk * TICKS_A_CHUNK, count))
    mix.ids += [markers.audio_end_token_id, markers.vision_end_token_id]
    mix.ours.append(counter.pair())


def _heard(mix: Mix, chance: random.Random) -> int:
    tokens = chance.randint(1, 170)
    mix.mel_frames.append(4 * tokens)
    return tokens


def _published(mix: Mix, markers: Markers) -> Tensor:
    """The rule is a method of a model, but needs only its configuration."""
    rule = SimpleNamespace(config=markers, spatial_merge_size=2)
    rule.get_llm_pos_ids_for_vision = PublishedRule.get_llm_pos_ids_for_vision.__get__(rule)
    rule.get_chunked_index = PublishedRule.get_chunked_index.__get__(rule)
    found, _ = PublishedRule.get_rope_index(
        cast(PublishedRule, rule),
        _long([mix.ids]),
        _long(mix.pictures) if mix.pictures else None,
        _long(mix.videos) if mix.videos else None,
        torch.ones(1, len(mix.ids), dtype=torch.long),
        mix.sounding,
        _long(mix.mel_frames),
        torch.tensor(mix.seconds),
    )
    positions: Tensor = found[:, 0]
    return positions


def _long(values: list[int] | list[list[int]]) -> torch.LongTensor:
    return cast(torch.LongTensor, torch.tensor(values, dtype=torch.long))
