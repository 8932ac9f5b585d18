"""How sound and frames are laid out: as the published processor does for a recording, by the stated rules live."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from torch import Tensor
from transformers import Qwen2_5OmniProcessor

from model.clip import Clip, ClipKind, Closing, FrameTokens, Opening, Part, SoundTokens
from model.errors import never_cancelled
from model.omni import Omni
from model.positions import TICKS_A_CHUNK, tick
from model.sight import PixelLimits, SightSettings
from tests.helpers.senses import Pixels, Samples, sound

SOUND, SILENT, SOUNDING = ClipKind.SOUND, ClipKind.SILENT_VIDEO, ClipKind.SOUNDING_VIDEO
TINY = PixelLimits(4 * 28 * 28, 4 * 28 * 28)
RATE = 16_000
LONGEST = 12.0
Shown = tuple[float, Pixels]
"""When a frame is seen, in seconds, and the frame."""


@dataclass
class Laid:
    """One clip of what came out."""

    kind: ClipKind
    parts: list[SoundTokens | FrameTokens] = field(default_factory=list)

    @property
    def heard(self) -> list[SoundTokens]:
        return [part for part in self.parts if isinstance(part, SoundTokens)]

    @property
    def seen(self) -> list[FrameTokens]:
        return [part for part in self.parts if isinstance(part, FrameTokens)]

    @property
    def letters(self) -> str:
        """V for a token of a frame, A for one of sound."""
        return "".join(("A" if isinstance(part, SoundTokens) else "V") * len(part.tokens) for part in self.parts)


def clips(parts: Iterable[Part]) -> list[Laid]:
    """What came out, clip by clip; each begins and ends as one kind."""
    laid: list[Laid] = []
    opened = False
    for part in parts:
        match part:
            case Opening(kind):
                assert not opened
                laid.append(Laid(kind))
                opened = True
            case Closing(kind):
                assert opened
                assert laid[-1].kind is kind
                opened = False
            case SoundTokens() | FrameTokens():
                assert opened
                laid[-1].parts.append(part)
    assert not opened
    return laid


@pytest.fixture(scope="module")
def pool() -> list[Pixels]:
    """Frames that are all different."""
    return list(np.random.default_rng(0).integers(0, 256, (48, 56, 56, 3), dtype=np.uint8))


@dataclass
class Senses:
    """Makes clips of the real ear and eye, and knows what single sounds and pairs become."""

    omni: Omni
    looks: dict[tuple[int, int], Tensor] = field(default_factory=dict)

    def clip(self, kind: ClipKind | None = None, fps: float = 2.0) -> Clip:
        sight = SightSettings(video=TINY, live=TINY, fps=fps)
        return Clip(lambda: self.omni.ear, lambda: self.omni.eye, never_cancelled, sight=sight, kind=kind)

    def heard(self, samples: Samples) -> Tensor:
        stream = self.omni.ear.stream()
        return torch.cat([torch.empty(0, self.omni.ear.width), *stream.push(samples), *stream.flush()])

    def look(self, first: Pixels, second: Pixels) -> Tensor:
        key = (id(first), id(second))
        if key not in self.looks:
            self.looks[key] = self.omni.eye.look(first, second, limits=TINY).tokens
        return self.looks[key]


@pytest.fixture(scope="module")
def senses(omni: Omni) -> Senses:
    return Senses(omni)


def interleaved(samples: Samples, frames: Sequence[Shown], sizes: Iterator[int]) -> Iterator[Samples | Shown]:
    """Blocks of sound and frames in the order of time; a block never runs past a frame or a second."""
    begun, waiting = 0, list(frames)
    while begun < len(samples) or waiting:
        while waiting and (round(waiting[0][0] * RATE) <= begun or begun >= len(samples)):
            yield waiting.pop(0)
        end = min(begun + next(sizes), len(samples), (begun // RATE + 1) * RATE)
        if waiting:
            end = min(end, max(begun, round(waiting[0][0] * RATE)))
        yield samples[begun:end]
        begun = end


def play(clip: Clip, samples: Samples, frames: Sequence[Shown], dice: random.Random, *, live: bool) -> list[Part]:
    sizes = iter(lambda: dice.choice([160, 512, 1600, 4000]), 0)
    parts: list[Part] = []
    for moment in interleaved(samples, frames, sizes):
        if isinstance(moment, tuple):
            parts += clip.see(moment[1], None if live else moment[0])
        else:
            parts += clip.hear(moment)
    return [*parts, *clip.close()]


def assert_complete(laid: list[Laid], senses: Senses, samples: Samples, frames: Sequence[Shown]) -> None:
    """Every sound token and every frame exactly once, in order, under its number and time."""
    told = torch.cat([torch.empty(0, 64), *(part.tokens for each in laid for part in each.heard)])
    torch.testing.assert_close(told, senses.heard(samples), rtol=1e-5, atol=1e-5)
    at, chunks = 0, 0
    for each in laid:
        assert [part.first for part in each.heard] == [TICKS_A_CHUNK * n for n in range(len(each.heard))]
        for part in each.seen:
            first = frames[at]
            pair = frames[at : at + 2]
            assert part.time == max(0, tick(first[0]) - chunks * TICKS_A_CHUNK)
            if len(pair) == 2 and torch.equal(part.tokens, senses.look(first[1], pair[1][1])):
                at += 2
            else:
                assert torch.equal(part.tokens, senses.look(first[1], first[1])), f"frame {at}"
                at += 1
        chunks += len(each.heard)
    assert at == len(frames)


# A recording


def processors_layout(pairs: int, tokens: int, seconds: float, heard: int) -> str:
    """The published processor's own words for a video with sound."""
    processor = object.__new__(Qwen2_5OmniProcessor)
    processor.audio_bos_token, processor.audio_eos_token = "", ""
    processor.audio_token, processor.video_token = "A", "V"
    processor.video_processor = SimpleNamespace(merge_size=1)
    return str(
        processor.replace_video_with_audio_token(
            {"video_grid_thw": np.array([[pairs, 1, tokens]]), "video_second_per_grid": [seconds]},
            0,
            {"num_audio_tokens": [heard]},
            0,
            position_id_per_seconds=25,
            seconds_per_chunk=2.0,
        )
    )


@pytest.mark.parametrize("seed", range(24))
def test_a_recording_is_laid_out_as_the_processor_does(senses: Senses, pool: list[Pixels], seed: int) -> None:
    dice = random.Random(seed)
    fps = dice.choice([1.0, 1.5, 2.0, 3.0, 4.0])
    count, seconds = dice.randint(1, 24), dice.choice([0.06, dice.uniform(0.1, LONGEST)])
    frames, samples = [(number / fps, pool[number]) for number in range(count)], sound(seconds, seed)
    laid = clips(play(senses.clip(SOUNDING, fps), samples, frames, dice, live=False))
    heard = len(senses.heard(samples))
    assert [each.kind for each in laid] == [SOUNDING]
    assert laid[0].letters == processors_layout((count + 1) // 2, len(laid[0].seen[0].tokens), 2 / fps, heard)
    assert_complete(laid, senses, samples, frames)
    assert len(laid[0].seen) == (count + 1) // 2, "frames two by two"


def test_a_silent_video_is_laid_out_at_once(senses: Senses, pool: list[Pixels]) -> None:
    clip, frames = senses.clip(SILENT), [(number / 2, pool[number]) for number in range(5)]
    counts = []
    parts: list[Part] = []
    for time, pixels in frames:
        parts += clip.see(pixels, time)
        counts.append(len(parts))
    assert counts == [1, 2, 2, 3, 3], "the opening, then every pair as it is complete"
    laid = clips([*parts, *clip.close()])
    assert [each.kind for each in laid] == [SILENT]
    assert_complete(laid, senses, sound(0), frames)


def test_sound_alone_is_a_sound(senses: Senses) -> None:
    for kind in (None, SOUND):
        for seconds in (0.05, 1.0, 2.0, 4.0, 5.3):
            samples = sound(seconds)
            laid = clips(play(senses.clip(kind), samples, [], random.Random(0), live=True))
            assert [each.kind for each in laid] == [SOUND]
            assert_complete(laid, senses, samples, [])


@pytest.mark.parametrize("kind", [None, *ClipKind])
def test_nothing_comes_of_nothing(senses: Senses, kind: ClipKind | None) -> None:
    assert list(senses.clip(kind).close()) == []
    if kind is not SILENT:
        clip = senses.clip(kind)
        assert [*clip.hear(sound(0)), *clip.hear(sound(0.005)), *clip.close()] == []


def test_a_video_whose_sound_is_empty_is_silent(senses: Senses, pool: list[Pixels]) -> None:
    clip = senses.clip(SOUNDING)
    parts = [*clip.hear(sound(0.005)), *clip.see(pool[0], 0.0), *clip.see(pool[1], 0.5), *clip.close()]
    assert [each.kind for each in clips(parts)] == [SILENT]


def test_what_is_shown_silently_cannot_be_heard(senses: Senses) -> None:
    with pytest.raises(ValueError, match="silent"):
        list(senses.clip(SILENT).hear(sound(0.1)))


# Live


@pytest.mark.parametrize("seed", range(40))
def test_live_nothing_is_lost_or_doubled(senses: Senses, pool: list[Pixels], seed: int) -> None:
    """Frames come at any time, in bursts and with long gaps; in each chunk they stand before its sound."""
    dice = random.Random(seed)
    samples = sound(dice.choice([0.5, dice.uniform(1, LONGEST)]), seed)
    time = dice.choice([0.0, dice.uniform(0, 7)])
    times: list[float] = []
    while time <= len(samples) / RATE and len(times) < len(pool):
        times.append(time)
        time += dice.choice([0.5, 0.51, 0.7, 1.3, dice.uniform(0.5, 5)])
    frames = [(round(time * RATE) / RATE, pixels) for time, pixels in zip(times, pool, strict=False)]
    laid = clips(play(senses.clip(), samples, frames, dice, live=True))
    assert_complete(laid, senses, samples, frames)
    assert [each.kind for each in laid] in ([SOUND], [SOUNDING], [SOUND, SOUNDING], [SOUND, SILENT])
    for each in laid:
        assert_frames_first(each)


def assert_frames_first(laid: Laid) -> None:
    """A frame stands before the sound of its chunk, but for one whose chunk was laid before it came."""
    chunk = 0
    for part in laid.parts:
        if isinstance(part, SoundTokens):
            chunk += 1
        else:
            assert part.time < (chunk + 1) * TICKS_A_CHUNK or laid.kind is SILENT or chunk == len(laid.heard)
            assert part.time >= chunk * TICKS_A_CHUNK, "no frame waits longer than its chunk"


def test_frames_from_the_first_chunk_on_make_it_a_video(senses: Senses, pool: list[Pixels]) -> None:
    frames = [(1.8, pool[0]), (3.0, pool[1])]
    laid = clips(play(senses.clip(), sound(6.1), frames, random.Random(0), live=True))
    assert [each.kind for each in laid] == [SOUNDING]
    assert laid[0].letters == "V" * 4 + "A" * len(senses.heard(sound(6.1)))
    assert laid[0].seen[0].time == 45


def test_frames_that_come_later_end_the_sound_and_begin_a_video(senses: Senses, pool: list[Pixels]) -> None:
    frames = [(4.5, pool[0]), (5.0, pool[1]), (6.5, pool[2]), (7.0, pool[3])]
    laid = clips(play(senses.clip(), sound(9.0), frames, random.Random(0), live=True))
    assert [each.kind for each in laid] == [SOUND, SOUNDING]
    assert laid[0].letters == "A" * 100
    assert laid[1].letters == "VVVV" + "A" * 50 + "VVVV" + "A" * 50 + "A" * 25
    assert [part.first for part in laid[1].heard] == [0, 50, 100]
    assert [part.time for part in laid[1].seen] == [12, 62], "counted from where the video begins"


def test_a_chunk_waits_for_the_partner_of_a_lone_frame(senses: Senses, pool: list[Pixels]) -> None:
    clip = senses.clip()
    parts = [*clip.hear(sound(1.9)), *clip.see(pool[0]), *clip.hear(sound(1.0, 1))]
    assert parts == []
    parts = list(clip.see(pool[1]))
    assert [type(part) for part in parts] == [Opening, FrameTokens, SoundTokens]
    assert torch.equal(parts[1].tokens, senses.look(pool[0], pool[1]))  # type: ignore[union-attr]


def test_it_waits_until_the_next_chunk_at_most(senses: Senses, pool: list[Pixels]) -> None:
    clip = senses.clip()
    parts = [*clip.hear(sound(1.9)), *clip.see(pool[0]), *clip.hear(sound(2.0, 1))]
    assert parts == []
    parts = list(clip.hear(sound(0.2, 2)))
    assert [type(part) for part in parts] == [Opening, FrameTokens, SoundTokens, SoundTokens]
    assert torch.equal(parts[1].tokens, senses.look(pool[0], pool[0]))  # type: ignore[union-attr]
    parts = [*clip.see(pool[1]), *clip.see(pool[2], 4.7), *clip.close()]
    assert [type(part) for part in parts] == [FrameTokens, SoundTokens, Closing]
    assert torch.equal(parts[0].tokens, senses.look(pool[1], pool[2]))  # type: ignore[union-attr]


def test_frames_behind_the_end_of_the_sound_are_a_silent_video(senses: Senses, pool: list[Pixels]) -> None:
    clip = senses.clip()
    parts = [*clip.hear(sound(2.1)), *clip.see(pool[0], 6.0), *clip.see(pool[1], 6.5), *clip.close()]
    laid = clips(parts)
    assert [each.kind for each in laid] == [SOUND, SILENT]
    assert laid[1].seen[0].time == 50


def test_frames_alone_are_a_silent_video(senses: Senses, pool: list[Pixels]) -> None:
    clip = senses.clip()
    laid = clips([*clip.see(pool[0], 0.0), *clip.see(pool[1], 0.6), *clip.see(pool[2], 1.2), *clip.close()])
    assert [each.kind for each in laid] == [SILENT]
    assert [part.time for part in laid[0].seen] == [0, 30]


def test_a_frame_that_comes_after_its_chunk_stands_in_the_next(senses: Senses, pool: list[Pixels]) -> None:
    clip = senses.clip(SOUNDING)
    parts = [*clip.see(pool[0], 0.0), *clip.see(pool[1], 0.5), *clip.hear(sound(2.5))]
    parts += [*clip.see(pool[2], 1.0), *clip.see(pool[3], 1.5), *clip.hear(sound(2.0, 1)), *clip.close()]
    (laid,) = clips(parts)
    assert [part.time for part in laid.seen] == [0, 25]
    assert laid.letters.startswith("VVVV" + "A" * 50 + "VVVV" + "A" * 50)


def test_a_frame_at_a_chunks_end_does_not_hold_it_up(senses: Senses, pool: list[Pixels]) -> None:
    clip = senses.clip()
    parts = [*clip.hear(sound(2.0)), *clip.see(pool[0]), *clip.hear(sound(0.1, 1))]
    assert [type(part) for part in parts] == [Opening, SoundTokens]


def test_a_copy_goes_on_by_itself(senses: Senses, pool: list[Pixels]) -> None:
    """A block that waits, a half-heard one and a lone frame are in both; neither sees what the other gets."""
    clip = senses.clip()
    assert [*clip.hear(sound(1.9)), *clip.see(pool[0]), *clip.hear(sound(0.7, 1))] == []
    twin = clip.copy()
    other = [*twin.hear(sound(2.0, 9)), *twin.see(pool[5]), *twin.hear(sound(2.2, 8)), *twin.close()]
    mine = [*clip.see(pool[1]), *clip.hear(sound(1.0, 2)), *clip.close()]
    samples = np.concatenate([sound(1.9), sound(0.7, 1), sound(1.0, 2)])
    assert_complete(clips(mine), senses, samples, [(1.9, pool[0]), (2.6, pool[1])])
    samples = np.concatenate([sound(1.9), sound(0.7, 1), sound(2.0, 9), sound(2.2, 8)])
    assert_complete(clips(other), senses, samples, [(1.9, pool[0]), (4.6, pool[5])])
