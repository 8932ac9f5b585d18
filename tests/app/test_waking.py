"""The phrases, spoken by a synthesiser to the real networks; `wake_phrase.py` measures them at length."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from app.senses import Block, Word
from app.wake_phrase import WakePhrase
from app.waking import Waker
from tests.helpers.rig_voice import murmur, speak


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
        assert Waker.of(phrase)._network.wake_word == phrase.words
