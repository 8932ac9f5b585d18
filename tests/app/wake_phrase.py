"""How often a phrase is missed, and how often something else is taken for it: `python -m tests.app.wake_phrase`.

The real networks hear the phrases by voices of three makes (espeak-ng, flite, festival), alone and before a question,
in hiss and in the babble of others, each as the endpointer would pass it on: with a third of a second before it. Then
they hear other speech, the sentences of this project's own pages read by all voices, one after the other.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from scipy.io import wavfile
from scipy.signal import resample_poly

from app.senses import Block, Word
from app.wake_phrase import WakePhrase
from app.waking import Waker
from model.protocol import HEARING_RATE
from tests.app.spoken_loop import say
from tests.helpers.rig_voice import QUIETEST, Samples, silence, speak

ROOT = Path(__file__).resolve().parents[2]
ESPEAK = ("en", "en-us", "en-gb-scotland", "en-us+f4", "en+m3", "en-gb+f2", "en-gb-x-rp", "en-us+m7")
OTHERS = ("flite:slt", "flite:rms", "flite:awb", "festival:kal")
VOICES = (*(f"espeak:{name}" for name in ESPEAK), *OTHERS)
QUESTIONS = ("", ", what time is it?")
HISS, BABBLE = 0.003, 0.01
"""Root mean square; a voice's peak is 0.5, its level about 0.1."""
LEAD = 0.3


def spoken(text: str, voice: str, file: Path) -> Samples:
    """float32 [n] at 16 kHz, with a peak of 0.5."""
    maker, name = voice.split(":")
    if maker == "espeak":
        return speak(text, file, voice=name)
    if maker == "flite":
        subprocess.run(["flite", "-voice", name, "-t", text, "-o", str(file)], check=True, capture_output=True)
    else:
        words = ["text2wave", "-o", str(file)]
        subprocess.run(words, check=True, capture_output=True, input=text, text=True)
    rate, samples = wavfile.read(file)
    sound = resample_poly(samples.astype(np.float64), HEARING_RATE, rate)
    sound *= 0.5 / np.abs(sound).max()
    loud = np.flatnonzero(np.abs(sound) > QUIETEST)
    return np.asarray(sound[loud[0] : loud[-1] + 1], np.float32)


def is_called(waker: Waker, sound: Samples) -> bool:
    """By one utterance."""
    heard = [waker.hear(Block(sound[begin : begin + 512], 0.0)) for begin in range(0, len(sound), 512)]
    waker.flush()
    return Word.WAKE in heard


def misses(phrase: WakePhrase, folder: Path) -> tuple[int, int, list[str]]:
    """How many utterances were missed, of how many, and whose."""
    waker, dice = Waker.of(phrase), np.random.default_rng(0)
    babble = np.concatenate(
        [spoken("Nobody knows what they were talking about all evening.", v, folder / "b.wav") for v in VOICES[:3]]
    )
    missed, count = [], 0
    for voice in VOICES:
        for question in QUESTIONS:
            words = spoken(f"{phrase.words}{question}", voice, folder / "spoken.wav")
            sound = np.concatenate([silence(LEAD), words, silence(0.5)])
            for noise in (HISS, BABBLE):
                hiss = (noise if noise == HISS else HISS) * dice.standard_normal(len(sound))
                others = (
                    np.resize(np.roll(babble, int(dice.integers(len(babble)))), len(sound)) if noise == BABBLE else 0.0
                )
                level = BABBLE / float(np.sqrt(np.mean(np.square(babble))))
                count += 1
                if not is_called(waker, np.asarray(sound + hiss + level * others, np.float32)):
                    missed.append(voice)
    return len(missed), count, missed


def sentences() -> Iterator[str]:
    """Of the project's own pages, as prose; but those that tell of the phrases."""
    names = {phrase.words.split()[-1].lower() for phrase in WakePhrase}
    for page in (
        ROOT / "README.md",
        ROOT / "ARCHITECTURE.md",
        ROOT / "CONTRIBUTING.md",
        *sorted((ROOT / "docs").glob("*.md")),
    ):
        for line in re.split(r"(?<=[.!?:;|])\s+", page.read_text(encoding="utf-8")):
            words = re.sub(r"[^A-Za-z ,.']", " ", line).split()
            is_prose = sum(any(map(str.isalpha, word)) for word in words) > 4
            if is_prose and names.isdisjoint(word.strip(",.'").lower() for word in words):
                yield " ".join(words)


def false_calls(phrases: list[WakePhrase], seconds: float, folder: Path) -> tuple[dict[WakePhrase, int], float]:
    """How often each was heard though nobody said it, in how many seconds of speech."""
    wakers = {phrase: Waker.of(phrase) for phrase in phrases}
    dice, found, heard = np.random.default_rng(1), dict.fromkeys(phrases, 0), 0.0
    texts = list(sentences())
    order = dice.permutation(len(texts) * len(VOICES))
    for number in order:
        if heard >= seconds:
            break
        words = spoken(texts[number % len(texts)], VOICES[number // len(texts)], folder / "spoken.wav")
        sound = np.concatenate([silence(LEAD), words, silence(0.3)])
        sound = np.asarray(sound + HISS * dice.standard_normal(len(sound)), np.float32)
        heard += len(words) / HEARING_RATE
        for phrase, waker in wakers.items():
            found[phrase] += is_called(waker, sound)
    return found, heard


def main() -> None:
    parser = argparse.ArgumentParser(description="How well the phrases that wake Sightline are told from other speech.")
    parser.add_argument("--minutes", type=float, default=60.0, help="of other speech")
    choice = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for phrase in WakePhrase:
            missed, count, whose = misses(phrase, folder)
            say(
                f"“{phrase.words}”: missed",
                f"{missed} of {count}, {100 * missed / count:.1f} %  {' '.join(sorted(set(whose)))}",
            )
        found, heard = false_calls(list(WakePhrase), 60.0 * choice.minutes, folder)
    for phrase, times in found.items():
        say(f"“{phrase.words}”: heard though not said", f"{times} in {heard / 60:.1f} minutes")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
