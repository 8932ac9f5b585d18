"""What is said into an answer, as far as it matters to that: a word that stops it, a nod, or something else.

Knows no device. The recogniser is pocketsphinx with the English acoustic model of its wheel. A short word alone is
spotted badly by its keyword search (a third is missed, or most nods are taken for it), so that it is told from the
words it sounds like, and from nods, by a grammar of single words. Measured: with a hundred common words beside them and
the level of each utterance taken by itself, most are missed. "Top" is not among its words: that is what an echo
canceller leaves of "stop", and nobody says it to an answer.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pocketsphinx import Config, Decoder, get_model_path

from app import paths
from app.senses import Word

STOP = "stop"
NODS = frozenset(("hmm", "mm", "mmhmm", "okay", "right", "uhhuh", "yeah", "yes"))
FILLERS = frozenset(("a", "i", "it", "so", "the"))
"""What is found beside a nod, in its breath."""
WEIGHTS = {STOP: 3, "okay": 3, "uhhuh": 30, "what": 4, "yes": 6}
"""Of words, beside others' 1: what stops must not be missed, and nods that sound like it must not be taken for it."""
LOUD = 32767
HMM = "en-us/en-us"
QUIET_LOG = "FATAL"
ENTRY = re.compile(r"\(\d+\)$")
"""The mark of a word's other pronunciations."""


class Spotter:
    """`hear` an utterance block by block; `flush` between two. One thread at a time."""

    def __init__(self, decoder: Decoder) -> None:
        self._decoder = decoder
        self._is_open = False
        self._taken_for: Word | None = None

    @classmethod
    def of_stop(cls) -> Spotter:
        """The word that stops an answer, and nods. Takes 0.1 s."""
        words = paths.RESOURCES / "spotting" / "short.dict"
        names = sorted({ENTRY.sub("", line.split()[0]) for line in words.read_text("utf-8").splitlines()})
        weighed = " | ".join(f"/{WEIGHTS.get(name, 1)}/ {name}" for name in names)
        with _written(f"#JSGF V1.0;\ngrammar short;\npublic <said> = ({weighed})+;\n") as grammar:
            return cls(_decoder(dict=str(words), jsgf=str(grammar)))

    def hear(self, samples: NDArray[np.float32]) -> Word | None:
        """float32 [n], 16 kHz. What the utterance is taken for with these samples, if that is news."""
        if not self._is_open:
            self._decoder.start_utt()
            self._is_open = True
        pcm = (np.clip(samples, -1.0, 1.0) * LOUD).astype(np.int16)
        self._decoder.process_raw(pcm.tobytes(), no_search=False, full_utt=False)
        return self._take(_meaning(self._decoder))

    def flush(self) -> None:
        """The utterance is over."""
        if self._is_open:
            self._decoder.end_utt()
        self._is_open, self._taken_for = False, None

    def _take(self, found: Word | None) -> Word | None:
        """Once it stops it stops."""
        if found is None or found is self._taken_for or self._taken_for is Word.STOP:
            return None
        self._taken_for = found
        return found


def _meaning(decoder: Decoder) -> Word | None:
    """Of what was recognised so far; None where nothing was."""
    hypothesis = decoder.hyp()
    words = [ENTRY.sub("", word) for word in (hypothesis.hypstr if hypothesis is not None else "").split()]
    if STOP in words:
        return Word.STOP
    if not words:
        return None
    is_nod = not NODS.isdisjoint(words) and (NODS | FILLERS).issuperset(words)
    return Word.NOD if is_nod else Word.OTHER


def _decoder(**choices: str) -> Decoder:
    return Decoder(Config(hmm=get_model_path(HMM), loglevel=QUIET_LOG, bestpath=False, **choices))


@contextmanager
def _written(text: str) -> Iterator[Path]:
    """The recogniser reads its words from files, once."""
    with tempfile.TemporaryDirectory(prefix="sightline") as folder:
        file = Path(folder) / "words"
        file.write_text(text, "utf-8")
        yield file
