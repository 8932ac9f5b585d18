"""The voice as a whole: codes pushed in, waves out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import repeat

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from model.errors import Cancelled, never_cancelled
from model.flow import MelPacket, MelStream, Solver, block_noise
from model.vocoder import EARLY, EXACT, FADE, Crossing, Ramp, VoiceStream
from tests.helpers.voices import Speaking, speech_codes

SAMPLES_A_CODE = 480
FIRST_EXACT = 2 * 24 * 240 - 8029  # two finished blocks but what the vocoder's filters still wait for


def voice_stream(
    speaking: Speaking,
    ramp: Ramp = EXACT,
    seed: int = 5,
    solver: Solver = Solver.EULER,
    check: Callable[[], None] = never_cancelled,
) -> VoiceStream:
    return speaking.voice.stream(speaking.speaker, seed=seed, solver=solver, ramp=ramp, check=check)


def spoken(stream: VoiceStream, codes: list[int], at_once: int = 1) -> list[NDArray[np.float32]]:
    parts = [codes[start : start + at_once] for start in range(0, len(codes), at_once)]
    return [wave for part in parts for wave in stream.push(part)] + list(stream.flush())


def mel_packets(speaking: Speaking, codes: list[int], sizes: Iterator[int]) -> list[MelPacket]:
    dit, speaker = speaking.voice.dit, speaking.speaker
    stream = MelStream(dit, speaker, sizes, seed=5, solver=Solver.EULER, check=never_cancelled)
    return [packet for packets in (stream.push(codes), stream.flush()) for packet in packets]


@pytest.mark.parametrize("ramp", [EXACT, EARLY, Ramp((1,))], ids=str)
@pytest.mark.parametrize("count", [0, 1, 12, 23, 24, 36, 37, 100])
def test_every_code_is_480_samples(speaking: Speaking, ramp: Ramp, count: int) -> None:
    waves = spoken(voice_stream(speaking, ramp), speech_codes(count))
    assert sum(len(wave) for wave in waves) == count * SAMPLES_A_CODE
    assert all(wave.dtype == np.float32 and wave.ndim == 1 and len(wave) for wave in waves)
    assert all(np.abs(wave).max() <= 1 for wave in waves)


def test_one_packet_equals_codec_decoder_of_the_reference(speaking: Speaking, monkeypatch: pytest.MonkeyPatch) -> None:
    codes = speech_codes(30)
    ours = np.concatenate(spoken(voice_stream(speaking, solver=Solver.RK4), codes))
    noise = torch.cat([block_noise(5, block, 24, 80) for block in range(3)])[None, :60]
    monkeypatch.setattr(torch, "randn", lambda *_, **__: noise)
    voice = speaking.chelsie
    whole = speaking.token2wav(torch.tensor([codes]), voice.condition, voice.reference_mel)
    torch.testing.assert_close(torch.from_numpy(ours), whole, rtol=0, atol=1e-4)


def test_exact_wave_equals_whole_vocoder_on_the_streamed_mel(speaking: Speaking) -> None:
    codes = speech_codes(100)
    wave = np.concatenate(spoken(voice_stream(speaking, Ramp((2, 1))), codes))
    frames = torch.cat([packet.mel for packet in mel_packets(speaking, codes, iter([2, *repeat(1, 9)]))])
    # Sums in another order: with AVX-512 two samples of 48,000 were 1.3e-5 apart.
    torch.testing.assert_close(torch.from_numpy(wave), speaking.vocoded(frames), rtol=0, atol=3e-5)


def test_first_packets_come_when_promised(speaking: Speaking) -> None:
    exact, early = voice_stream(speaking), voice_stream(speaking, EARLY)
    assert list(exact.push(speech_codes(35))) == []
    assert [len(wave) for wave in exact.push([7])] == [FIRST_EXACT]
    assert list(early.push(speech_codes(23))) == []
    assert [len(wave) for wave in early.push([7])] == [12 * SAMPLES_A_CODE]


def test_early_sound_takes_the_look_ahead_for_final_and_becomes_the_exact_one(speaking: Speaking) -> None:
    """The same blocks a packet, so that only the vocoder's haste differs."""
    codes = speech_codes(100)
    exact = np.concatenate(spoken(voice_stream(speaking, Ramp((1, 2))), codes))
    early = np.concatenate(spoken(voice_stream(speaking, Ramp((1, 2), early=True)), codes))
    first, *_ = mel_packets(speaking, codes, iter([1, *repeat(2, 9)]))
    heard = 12 * SAMPLES_A_CODE
    foreseen = speaking.vocoded(torch.cat([first.mel, first.ahead]))[:heard]
    torch.testing.assert_close(torch.from_numpy(early[:heard]), foreseen, rtol=0, atol=1e-5)
    assert not np.array_equal(early[:heard], exact[:heard])
    assert np.array_equal(early[heard + FADE :], exact[heard + FADE :])


@pytest.mark.parametrize("size", [1, 100, 700])
def test_crossing_skips_what_was_heard_and_fades(size: int) -> None:
    crossing = Crossing(torch.full((800,), 1.0), given=300)
    assert crossing.given.tolist() == [1.0] * 300
    entered = torch.cat([crossing.enter(part) for part in torch.full((1000,), -1.0).split(size)])
    assert len(entered) == 700
    expected = torch.cat([torch.linspace(1, -1, FADE), torch.full((700 - FADE,), -1.0)])
    torch.testing.assert_close(entered, expected, rtol=0, atol=1e-6)
    assert crossing.nbytes == 0


def test_same_seed_same_sound_however_the_codes_arrive(speaking: Speaking) -> None:
    codes = speech_codes(70)
    first = spoken(voice_stream(speaking), codes)
    again = spoken(voice_stream(speaking), codes, at_once=70)
    assert [len(wave) for wave in first] == [len(wave) for wave in again]
    assert np.array_equal(np.concatenate(first), np.concatenate(again))
    other = spoken(voice_stream(speaking, seed=6), codes)
    assert not np.array_equal(np.concatenate(first), np.concatenate(other))


def test_codes_count_even_if_nobody_fetched_the_sound(speaking: Speaking) -> None:
    stream = voice_stream(speaking)
    stream.push(speech_codes(50))
    assert sum(len(wave) for wave in stream.flush()) == 50 * SAMPLES_A_CODE


def test_memory_of_a_long_speech_does_not_grow(speaking: Speaking) -> None:
    stream = voice_stream(speaking, Ramp((1,)))
    held = []
    for _ in range(20):
        list(stream.push(speech_codes(12)))
        held.append(stream.nbytes)
    assert len(set(held[5:])) == 1


def test_cancel_is_noticed_within_a_packet(speaking: Speaking) -> None:
    calls = 0

    def now() -> None:
        nonlocal calls
        calls += 1
        if calls == 100:
            raise Cancelled

    with pytest.raises(Cancelled):
        list(voice_stream(speaking, check=now).push(speech_codes(60)))
    assert calls == 100
