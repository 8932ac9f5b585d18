"""Whether what was said sounds complete: generated sentences, whole and where their speaker pauses."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from app.devices.prosody import is_complete, melody
from model.protocol import HEARING_RATE
from tests.helpers.pausing import SENTENCES, phrases
from tests.helpers.rig_voice import Samples


def gliding(*tones: float) -> Samples:
    """A voice whose pitch goes through these hertz in a second, fading at its end."""
    pitch = np.interp(np.linspace(0, 1, HEARING_RATE), np.linspace(0, 1, len(tones)), tones)
    phase = 2 * np.pi * np.cumsum(pitch) / HEARING_RATE
    sound = sum(np.sin(k * phase) / k for k in range(1, 9)) * np.interp(
        np.arange(HEARING_RATE), [13_000, 16_000], [1, 0.2]
    )
    return np.asarray(0.2 * sound, np.float32)


@pytest.mark.parametrize(
    ("tones", "complete"),
    [
        ((140, 140, 140, 90), True),
        ((140, 140, 140, 140), False),
        ((120, 120, 120, 110), False),
        ((120, 120, 95, 170), True),
    ],
)
def test_a_fall_or_a_steep_rise_ends_an_utterance(tones: tuple[float, ...], complete: bool) -> None:  # noqa: FBT001 -- a case
    assert is_complete(gliding(*tones)) is complete


@pytest.mark.parametrize(
    "sound", [np.zeros(8000), np.zeros(10), gliding(120, 90)[:3000]], ids=["silence", "none", "short"]
)
def test_where_there_is_no_melody_nothing_is_complete(sound: Samples) -> None:
    assert melody(sound.astype(np.float32)) is None
    assert not is_complete(sound.astype(np.float32))


def test_pauses_are_seldom_taken_for_ends_and_some_ends_are_noticed(tmp_path: Path) -> None:
    """By a voice that the rule was not made with."""
    paused, over = [], []
    for text in SENTENCES:
        parts = phrases(text, tmp_path / "spoken.wav", "en-us+f4")
        paused += [is_complete(np.concatenate(parts[: count + 1])) for count in range(len(parts) - 1)]
        over.append(is_complete(np.concatenate(parts)[-40_000:]))
    assert np.mean(paused) <= 0.12
    assert np.mean(over) >= 0.25
