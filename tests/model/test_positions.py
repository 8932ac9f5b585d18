"""Position ids piece by piece against the reference's, which sees the whole conversation at once."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import pytest
import torch
from torch import Tensor
from transformers import Qwen2_5OmniForConditionalGeneration, Qwen2_5OmniThinkerConfig

from model.loading import Checkpoint
from model.positions import TICKS_A_CHUNK, Positions, tick

WORD = 7
EXACT_RATES = [1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 7.5, 8.0, 10.0, 12.0, 15.0, 20.0, 24.0, 29.97, 30.0, 60.0]
"""Frames a second at which the reference's arithmetic, two roundings to single precision, meets the true product."""
OTHER_RATES = [2.3, 12.5, 25.0, 27.5, 35.0, 50.0]
MIXES = 240
Grid = tuple[int, int]


@dataclass
class Layout:
    """A conversation twice: the ids as `Positions` gave them, and the whole prompt for the reference."""

    config: Qwen2_5OmniThinkerConfig
    sounding: bool = False
    positions: Positions = field(default_factory=Positions)
    ids: list[Tensor] = field(default_factory=list)
    tokens: list[int] = field(default_factory=list)
    pictures: list[tuple[int, int, int]] = field(default_factory=list)
    videos: list[tuple[int, int, int]] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    mels: list[int] = field(default_factory=list)

    def _put(self, token: int, ids: Tensor) -> None:
        self.ids.append(ids)
        self.tokens += [token] * ids.shape[1]

    def text(self, count: int) -> None:
        self._put(WORD, self.positions.text(count))

    def reply(self, count: int) -> None:
        for _ in range(count):
            self._put(WORD, self.positions.reply())

    def picture(self, grid: Grid) -> None:
        self._mark(self.config.vision_start_token_id)
        self.positions.open_clip()
        self._put(self.config.image_token_id, self.positions.grid(0, *grid))
        self._mark(self.config.vision_end_token_id)
        self.pictures.append((1, 2 * grid[0], 2 * grid[1]))

    def sound(self, count: int) -> None:
        self._mark(self.config.audio_start_token_id)
        self.positions.open_clip()
        for first in range(0, count, TICKS_A_CHUNK):
            self._hear(first, count)
        self._mark(self.config.audio_end_token_id)
        self.mels.append(4 * count)

    def silent_video(self, pairs: int, grid: Grid, fps: float) -> None:
        self._mark(self.config.vision_start_token_id)
        self.positions.open_clip()
        for pair in range(pairs):
            self._see(pair, grid, fps)
        self._mark(self.config.vision_end_token_id)
        self._filmed(pairs, grid, fps)

    def sounding_video(self, pairs: int, grid: Grid, fps: float, count: int) -> None:
        """As a session lays it out: of every two seconds the frames, then the sound."""
        self._pair(self.config.vision_start_token_id, self.config.audio_start_token_id)
        self.positions.open_clip()
        for first in range(0, max(count, 1 + tick((pairs - 1) * 2 / fps)), TICKS_A_CHUNK):
            for pair in range(pairs):
                if first <= tick(pair * 2 / fps) < first + TICKS_A_CHUNK:
                    self._see(pair, grid, fps)
            self._hear(first, count)
        self._pair(self.config.audio_end_token_id, self.config.vision_end_token_id)
        self._filmed(pairs, grid, fps)
        self.mels.append(4 * count)
        self.sounding = True

    def _hear(self, first: int, count: int) -> None:
        length = min(TICKS_A_CHUNK, count - first)
        if length > 0:
            self._put(self.config.audio_token_id, self.positions.sound(first, length))

    def _see(self, pair: int, grid: Grid, fps: float) -> None:
        self._put(self.config.video_token_id, self.positions.grid(tick(pair * 2 / fps), *grid))

    def _filmed(self, pairs: int, grid: Grid, fps: float) -> None:
        self.videos.append((pairs, 2 * grid[0], 2 * grid[1]))
        self.seconds.append(2 / fps)

    def _mark(self, token: int) -> None:
        self._put(token, self.positions.text(1))

    def _pair(self, first: int, second: int) -> None:
        self.ids.append(self.positions.pair())
        self.tokens += [first, second]

    @property
    def placed(self) -> Tensor:
        """All ids [3, tokens]."""
        return torch.cat(self.ids, dim=1)

    def whole(self, reference: Qwen2_5OmniForConditionalGeneration) -> tuple[Tensor, int]:
        """The reference's ids [3, tokens] and the first id of what it would generate."""
        prompt = torch.LongTensor([self.tokens])
        ids, delta = reference.thinker.get_rope_index(
            prompt,
            image_grid_thw=torch.LongTensor(self.pictures) if self.pictures else None,
            video_grid_thw=torch.LongTensor(self.videos) if self.videos else None,
            attention_mask=torch.ones_like(prompt),
            use_audio_in_video=self.sounding,
            audio_seqlens=torch.LongTensor(self.mels) if self.mels else None,
            second_per_grids=torch.tensor(self.seconds) if self.seconds else None,
        )
        return ids[:, 0], len(self.tokens) + int(delta)


NewLayout = Callable[[], Layout]


@pytest.fixture
def new_layout(small_checkpoint: Checkpoint) -> NewLayout:
    return lambda: Layout(small_checkpoint.architecture.thinker)


def random_mix(layout: Layout, dice: random.Random, *, sounding: bool) -> None:
    """One to seven pieces; videos all with their sound or all without, since the reference has one switch for them."""
    for _ in range(dice.randint(1, 7)):
        grid = dice.choice([(1, 1), (2, 3), (dice.randint(1, 12), dice.randint(1, 12)), (70, 2), (2, 90)])
        pairs, fps = dice.randint(1, 9), dice.choice(EXACT_RATES)
        match dice.choice(["text", "sound", "picture", "video"]):
            case "text":
                layout.text(dice.randint(1, 30))
            case "sound":
                layout.sound(dice.choice([1, 2, 49, 50, 51, 100, dice.randint(1, 180)]))
            case "picture":
                layout.picture(grid)
            case _ if sounding:
                layout.sounding_video(pairs, grid, fps, dice.choice([1, 50, dice.randint(1, 60), dice.randint(1, 400)]))
            case _:
                layout.silent_video(pairs, grid, dice.choice([0.3, fps]))


@pytest.mark.parametrize("videos", ["silent", "sounding"])
def test_generated_mixes_get_the_reference_ids(
    videos: str, new_layout: NewLayout, reference: Qwen2_5OmniForConditionalGeneration
) -> None:
    for seed in range(MIXES // 2):
        layout = new_layout()
        layout.sounding = videos == "sounding"
        random_mix(layout, random.Random(seed), sounding=layout.sounding)
        ids, first_of_reply = layout.whole(reference)
        assert torch.equal(layout.placed, ids), f"mix {seed}"
        assert layout.positions.reply()[:, 0].tolist() == [first_of_reply] * 3, f"mix {seed}"


def test_pieces_may_come_in_any_size(new_layout: NewLayout) -> None:
    whole, halves = new_layout(), new_layout()
    for count in (9, 40):
        whole.text(count)
        halves.text(count // 2)
        halves.text(count - count // 2)
        whole.sound(count)
        halves.positions.text(1)
        halves.positions.open_clip()
        halves.positions.sound(0, 3)
        halves.positions.sound(3, count - 3)
        halves.positions.text(1)
    assert whole.positions == halves.positions


def test_a_place_can_be_come_back_to() -> None:
    positions = Positions()
    positions.text(5)
    place = replace(positions)
    after = [positions.reply(3), positions.pair()]
    assert all(torch.equal(a, b) for a, b in zip(after, [place.reply(3), place.pair()], strict=True))


def test_nothing_moves_nothing() -> None:
    positions = Positions()
    positions.text(4)
    before = replace(positions)
    for ids in (positions.text(0), positions.reply(0), positions.sound(3, 0)):
        assert ids.shape == (3, 0)
    assert positions == before


def test_dropped_ids_are_taken_off_what_follows() -> None:
    positions, straight = Positions(), Positions()
    positions.text(30)
    positions.open_clip()
    positions.sound(0, 5)
    positions.shift(20, positions.highest - 20)
    straight.text(10)
    straight.open_clip()
    straight.sound(0, 5)
    assert positions == straight
    assert torch.equal(positions.sound(5, 4), straight.sound(5, 4))


# Where the reference disagrees with itself or has no answer


def test_a_reply_after_a_tall_video_keeps_the_ids_it_was_made_with(
    new_layout: NewLayout, reference: Qwen2_5OmniForConditionalGeneration
) -> None:
    """Generation goes on from the largest id of all; the whole recomputed puts text behind the last chunk's largest."""
    layout = new_layout()
    layout.text(3)
    layout.sounding_video(2, (70, 2), 1.0, 60)
    _, generated = layout.whole(reference)
    layout.reply(4)
    recomputed, _ = layout.whole(reference)
    assert layout.placed[0, -4:].tolist() == [*range(generated, generated + 4)]
    assert int(recomputed[0, -4]) < generated
    layout.text(2)
    assert layout.placed[0, -1] == generated + 5, "the next turn follows the reply"


def test_text_after_a_tall_video_follows_its_last_chunk(
    new_layout: NewLayout, reference: Qwen2_5OmniForConditionalGeneration
) -> None:
    layout = new_layout()
    layout.sounding_video(1, (70, 2), 1.0, 51)
    layout.text(1)
    ids, _ = layout.whole(reference)
    assert torch.equal(layout.placed, ids)
    assert layout.placed[0, -1] < layout.positions.highest


def test_a_silent_video_beside_a_sounding_one_follows_the_same_rules(new_layout: NewLayout) -> None:
    """The reference takes sound for all videos of a prompt or for none; ours are laid out one by one."""
    both, alone = new_layout(), new_layout()
    both.sounding_video(3, (2, 2), 2.0, 80)
    start = both.positions.last + 1
    both.silent_video(3, (2, 2), 2.0)
    alone.silent_video(3, (2, 2), 2.0)
    count = alone.placed.shape[1]
    assert torch.equal(both.placed[:, -count:], alone.placed + start)


def test_frames_rarer_than_chunks_get_the_same_ids_in_the_order_of_time(
    new_layout: NewLayout, reference: Qwen2_5OmniForConditionalGeneration
) -> None:
    """The reference counts a chunk for every cut, not for every two seconds, and cuts inside such a frame."""
    layout = new_layout()
    layout.sounding_video(3, (2, 3), 0.4, 300)
    ids, _ = layout.whole(reference)
    ours, theirs = (sorted(map(tuple, placed.T.tolist())) for placed in (layout.placed, ids))
    assert ours == theirs
    assert not torch.equal(layout.placed, ids)


def reference_ticks(fps: float, pairs: int) -> list[int]:
    """As get_rope_index computes them: both factors are rounded to single precision, then their product."""
    ticks: list[int] = (torch.arange(pairs) * torch.tensor(2 / fps) * 25).long().tolist()
    return ticks


@pytest.mark.parametrize("fps", EXACT_RATES)
def test_real_times_give_the_ids_of_the_reference(fps: float) -> None:
    assert [tick(pair * 2 / fps) for pair in range(600)] == reference_ticks(fps, 600)


@pytest.mark.parametrize("fps", OTHER_RATES)
def test_at_other_rates_the_reference_is_at_most_one_id_short(fps: float) -> None:
    for pair, theirs in enumerate(reference_ticks(fps, 600)):
        assert tick(pair * 2 / fps) - theirs in (0, 1)


def test_uneven_times_are_taken_as_they_are() -> None:
    assert [tick(seconds) for seconds in (0.0, 0.0399, 0.04, 0.5005, 1.99, 2.0)] == [0, 0, 1, 12, 49, 50]
    assert tick(1.99999) == 50, "a time stamp that was rounded down"
