"""The transformer on a few blocks with a remembered neighbour is transformers' own on the whole sequence."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor
from torch.nn import functional as F

from model.dit import Sight
from model.errors import Cancelled, never_cancelled
from model.flow import evaluation_times
from model.loading import Checkpoint, Placement
from model.vocoder import Voice
from tests.helpers.voices import Speaking, mel_frames, speech_codes

BLOCK, CODES = 24, 12


class Packets:
    """Our transformer at one evaluation, the packets of a speech one after the other."""

    def __init__(self, voice: Voice, speaking: Speaking, evaluation: int) -> None:
        self.dit, self.speaker = voice.dit, voice.speaker(speaking.chelsie)
        self.evaluation = evaluation
        self.left: Tensor | None = None

    def velocity(self, mel: Tensor, codes: list[int], *, kept: int) -> Tensor:
        """mel [n, 80] → [n, 80]; what pads a last block is something that nobody may look at."""
        state = F.pad(mel, (0, 0, 0, -len(mel) % BLOCK), value=100.0).view(-1, BLOCK, 80)
        code_blocks = F.pad(torch.tensor(codes), (0, -len(codes) % CODES), value=5).view(-1, CODES)
        valid = (torch.arange(len(state) * BLOCK) < len(mel)).view(-1, BLOCK)
        sight = Sight.of(valid, kept=kept, continued=self.left is not None)
        condition = self.dit.condition(self.speaker, code_blocks)
        moved, self.left = self.dit.velocity(state, condition, self.evaluation, sight, self.left, check=never_cancelled)
        return moved.flatten(0, 1)[: len(mel)]


@pytest.mark.parametrize("count", [1, 7, 12, 13, 40, 72])
@pytest.mark.parametrize("evaluation", [0, 17])
def test_all_blocks_at_once_equal_whole(speaking: Speaking, count: int, evaluation: int) -> None:
    mel, codes = mel_frames(2 * count), speech_codes(count)
    expected = speaking.guided(mel, codes, evaluation_times()[evaluation])
    ours = Packets(speaking.voice, speaking, evaluation).velocity(mel, codes, kept=1)
    torch.testing.assert_close(ours, expected, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("count", [72, 67])
@pytest.mark.parametrize("evaluation", [0, 5, 35])
def test_remembered_look_back_equals_whole(speaking: Speaking, count: int, evaluation: int) -> None:
    """Packets of 1, 2 and the other blocks on the same states: every block that had its look-ahead is the whole's."""
    mel, codes = mel_frames(2 * count), speech_codes(count)
    expected = speaking.guided(mel, codes, evaluation_times()[evaluation])
    packets = Packets(speaking.voice, speaking, evaluation)
    first = packets.velocity(mel[: 2 * BLOCK], codes[: 2 * CODES], kept=1)
    second = packets.velocity(mel[BLOCK : 4 * BLOCK], codes[CODES : 4 * CODES], kept=2)
    rest = packets.velocity(mel[3 * BLOCK :], codes[3 * CODES :], kept=1)
    ours = torch.cat([first[:BLOCK], second[: 2 * BLOCK], rest])
    torch.testing.assert_close(ours, expected, rtol=1e-5, atol=1e-5)


def test_look_ahead_block_equals_a_whole_that_ends_there(speaking: Speaking) -> None:
    mel, codes = mel_frames(3 * BLOCK), speech_codes(3 * CODES)
    packets = Packets(speaking.voice, speaking, 9)
    packets.velocity(mel[: 2 * BLOCK], codes[: 2 * CODES], kept=1)
    ours = packets.velocity(mel[BLOCK:], codes[CODES:], kept=1)
    expected = speaking.guided(mel, codes, evaluation_times()[9])
    torch.testing.assert_close(ours, expected[BLOCK:], rtol=1e-5, atol=1e-5)


def test_half_precision_stays_near_and_its_velocity_is_single(speaking: Speaking, small_checkpoint: Checkpoint) -> None:
    half = Packets(Voice(small_checkpoint, Placement(torch.device("cpu"), torch.bfloat16)), speaking, 3)
    mel, codes = mel_frames(48), speech_codes(24)
    exact = Packets(speaking.voice, speaking, 3).velocity(mel, codes, kept=1)
    ours = half.velocity(mel, codes, kept=1)
    assert half.left is not None
    assert (ours.dtype, half.left.dtype) == (torch.float32, torch.bfloat16)
    assert (ours - exact).std() < 0.05 * exact.std()


def test_given_up_between_layers(speaking: Speaking) -> None:
    calls = 0

    def third_time() -> None:
        nonlocal calls
        calls += 1
        if calls == 3:
            raise Cancelled

    dit = speaking.voice.dit
    sight = Sight.of(torch.ones(1, BLOCK, dtype=torch.bool), kept=1, continued=False)
    condition = dit.condition(speaking.speaker, torch.zeros(1, CODES, dtype=torch.long))
    with pytest.raises(Cancelled):
        dit.velocity(torch.zeros(1, BLOCK, 80), condition, 0, sight, None, check=third_time)
    assert calls == 3
