"""Sentences spoken with pauses inside, as by somebody who thinks: for tests, by espeak-ng."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from model.protocol import HEARING_RATE
from tests.helpers.rig_voice import Samples, speak

SENTENCES = (
    "Please tell me what is | lying on the table.",
    "I would like to know | where the red book is.",
    "Could you look at the picture | and count the people?",
    "What is the | name of the tall building?",
    "Tell me about the weather, | and then about the news.",
    "When I was in the garden | I saw a small bird | near the fence.",
    "How far is it from | London to the sea?",
    "Put the blue cup | beside the green plate.",
    "Can you read | the text on the sign?",
    "My sister said that | she would come tomorrow.",
    "Show me the way to | the station, please.",
    "Is there anything | in front of the door?",
    "I think the keys are, um, | under the newspaper.",
    "Describe the colours of | the picture on the wall.",
    "Which of the two | looks older to you?",
    "Remind me to call | my mother this evening.",
)
VOICES = ("en", "en+f3", "en-us+m7", "en-gb+f2", "en-us")


def phrases(text: str, file: Path, voice: str, rate: int = 160) -> list[Samples]:
    """A sentence's parts, spoken as one: the bars mark where its speaker pauses."""
    marked = "<speak>" + text.replace("|", '<break time="2000ms"/>') + "</speak>"
    return _parts(speak(marked, file, voice=voice, rate=rate, marked=True), text.count("|"))


def _parts(sound: Samples, count: int) -> list[Samples]:
    """Cut in the middle of its `count` longest silences, silence taken off."""
    loud = np.flatnonzero(np.abs(sound) > 0.01)
    gaps = np.diff(loud)
    cuts = sorted(np.argsort(gaps)[len(gaps) - count :])
    assert all(gaps[cut] > HEARING_RATE for cut in cuts), "a pause was not spoken"
    begins = [loud[0], *(loud[cut + 1] for cut in cuts)]
    ends = [*(loud[cut] + 1 for cut in cuts), loud[-1] + 1]
    return [sound[begin:end] for begin, end in zip(begins, ends, strict=True)]
