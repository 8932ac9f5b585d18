"""Words that are recognised on this computer: one that stops an answer, and a phrase that wakes. Knows no device.

The recogniser is pocketsphinx with the English acoustic model of its wheel. A short word alone is spotted badly by its
keyword search (a third is missed, or every nod is taken for it), so that it is told from the words it sounds like, and
from nods, by a grammar of single words; a phrase of several syllables is what the keyword search is made for.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pocketsphinx import Config, Decoder, get_model_path

from app import paths

STOP = "stop"
PHRASES = ("hey computer", "hello assistant", "listen to me")
"""To choose a wake phrase from."""
LEAST_SOUNDS = 6
"""Sounds of a wake phrase, below which everyday words would be taken for it."""
WAKE_THRESHOLD = 1e-20
LOUD = 32767
HMM = "en-us/en-us"
QUIET_LOG = "FATAL"
ENTRY = re.compile(r"\(\d+\)$")
"""The mark of a word's other pronunciations."""


class Spotter:
    """`hear` an utterance block by block; `flush` between two. One thread at a time."""

    def __init__(self, decoder: Decoder, wanted: str) -> None:
        self._decoder = decoder
        self._wanted = wanted
        self._is_open = False
        self._is_found = False

    @classmethod
    def of_stop(cls) -> Spotter:
        """The word that stops an answer. Takes 0.1 s."""
        words = paths.RESOURCES / "spotting" / "short.dict"
        names = sorted({ENTRY.sub("", line.split()[0]) for line in words.read_text("utf-8").splitlines()})
        with _written(f"#JSGF V1.0;\ngrammar short;\npublic <said> = ({' | '.join(names)})+;\n") as grammar:
            return cls(_decoder(dict=str(words), jsgf=str(grammar)), STOP)

    @classmethod
    def of_phrase(cls, phrase: str) -> Spotter:
        """A phrase for which `complain` has nothing to say. Takes 0.5 s, for it looks its words up."""
        entries = "".join(f"{word} {sounds}\n" for word, sounds in _entries(phrase))
        with _written(entries) as words, _written(f"{phrase} /{WAKE_THRESHOLD}/\n") as keys:
            return cls(_decoder(dict=str(words), kws=str(keys)), phrase)

    def hear(self, samples: NDArray[np.float32]) -> bool:
        """float32 [n], 16 kHz. Whether what is wanted was recognised with these samples, once an utterance."""
        if not self._is_open:
            self._decoder.start_utt()
            self._is_open = True
        pcm = (np.clip(samples, -1.0, 1.0) * LOUD).astype(np.int16)
        self._decoder.process_raw(pcm.tobytes(), no_search=False, full_utt=False)
        hypothesis = self._decoder.hyp()
        was, self._is_found = self._is_found, self._is_in(hypothesis.hypstr if hypothesis is not None else "")
        return self._is_found and not was

    def flush(self) -> None:
        """The utterance is over."""
        if self._is_open:
            self._decoder.end_utt()
        self._is_open = self._is_found = False

    def _is_in(self, said: str) -> bool:
        words = " ".join(ENTRY.sub("", word) for word in said.split())
        return f" {self._wanted} " in f" {words} "


def complain(phrase: str) -> str:
    """Why a phrase cannot wake, in a sentence; empty where it can."""
    words = phrase.split()
    if not words:
        return "The wake phrase is empty: type two or three words."
    known = _dictionary()
    unknown = [word for word in words if word not in known]
    if unknown:
        return f"The recogniser does not know the word “{unknown[0]}”: choose another one."
    if sum(len(known[word].split()) for word in words) < LEAST_SOUNDS:
        return "The wake phrase is too short to be told from everyday words: add another word."
    return ""


def _entries(phrase: str) -> Iterator[tuple[str, str]]:
    known = _dictionary()
    for word in dict.fromkeys(phrase.split()):
        yield word, known[word]


@cache
def _dictionary() -> dict[str, str]:
    """Every word of the wheel's dictionary with its first pronunciation: 135,000 words, read once."""
    lines = Path(get_model_path("en-us/cmudict-en-us.dict")).read_text("utf-8").splitlines()
    return dict(line.split(maxsplit=1) for line in reversed(lines) if line)


def _decoder(**choices: str) -> Decoder:
    return Decoder(Config(hmm=get_model_path(HMM), loglevel=QUIET_LOG, **choices))


@contextmanager
def _written(text: str) -> Iterator[Path]:
    """The recogniser reads its words from files, once."""
    with tempfile.TemporaryDirectory(prefix="sightline") as folder:
        file = Path(folder) / "words"
        file.write_text(text, "utf-8")
        yield file
