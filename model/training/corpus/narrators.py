"""The two people whom the model learns to speak like, in both of its languages. Knows no codes and no vocoder."""

from __future__ import annotations

from dataclasses import dataclass

from model.training.corpus.language import Language
from model.training.corpus.speakers import Samples, Speaker

SPEECH_RATE = 24_000


@dataclass(frozen=True, slots=True)
class Narrator:
    """Somebody with one voice, one pace and one pitch."""

    name: str
    english: str
    spanish: str
    pace: int
    pitch: int

    def say(self, text: str, language: Language = "english") -> Samples:
        """Mono 24 kHz with a peak of 0.5 and no silence around; SightlineError where espeak-ng is missing."""
        voice = self.english if language == "english" else self.spanish
        return Speaker("espeak-ng", voice, self.pace, self.pitch).say(text, SPEECH_RATE)


NARRATORS = (
    Narrator("Chelsie", "en-us+f2", "es+f2", 150, 55),
    Narrator("Ethan", "en-us+klatt", "es+klatt", 150, 45),
)
