"""The phrases, spoken by a synthesiser to the real networks; `wake_phrase.py` measures them at length."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, cast

import numpy as np
import pytest

from app.senses import Block, Word
from app.wake_phrase import WakePhrase
from app.waking import Ear, Waker
from tests.helpers.rig_voice import murmur, speak

if TYPE_CHECKING:
    from pymicro_wakeword import MicroWakeWord, MicroWakeWordFeatures


def calls(waker: Waker, words: str, file: Path, voice: str) -> bool:
    """Whether it was called by these words."""
    sound = np.concatenate([murmur(0.4), speak(words, file, voice=voice), murmur(0.5)])
    heard = [waker.hear(Block(sound[start : start + 512], 0.0)) for start in range(0, len(sound), 512)]
    waker.flush()
    return Word.WAKE in heard


@pytest.mark.parametrize(("phrase", "voice"), [(WakePhrase.NABU, "en"), (WakePhrase.MYCROFT, "en-gb-scotland")])
def test_it_is_called_by_its_phrase_and_nothing_else(phrase: WakePhrase, voice: str, tmp_path: Path) -> None:
    waker = Waker.of(phrase)
    file = tmp_path / "spoken.wav"
    assert calls(waker, f"{phrase.words}, what time is it?", file, voice)
    for words in ("What can you see on the desk?", "Okay, now tell me more.", "Hey, my craft is wonderful."):
        assert not calls(waker, words, file, voice), words
    assert calls(waker, phrase.words, file, voice)


def test_every_phrase_has_a_network() -> None:
    for phrase in WakePhrase:
        assert {ear._network.wake_word for ear in Waker.of(phrase)._ears} == {phrase.words}


def test_each_network_begins_where_it_should_with_every_utterance() -> None:
    """However the samples come."""
    heard: list[int] = []

    class Features:
        def process_streaming(self, pcm: bytes) -> list[float]:
            heard.append(len(pcm) // 2)
            return []

    class Network:
        def reset(self) -> None:
            heard.append(-1)

    ear = Ear(cast("MicroWakeWord", Network()), cast("MicroWakeWordFeatures", Features()), 160)
    for _ in range(2):
        for size in (100, 100, 100):
            assert not ear.hear(np.zeros(size, np.float32))
        ear.flush()
    assert heard == 2 * [0, 40, 100, -1]
