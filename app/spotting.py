"""The word that stops an answer, recognised on this computer. Knows no device.

The recogniser is pocketsphinx with the English acoustic model of its wheel. A short word alone is spotted badly by its
keyword search (a third is missed, or most nods are taken for it), so that it is told from the words it sounds like, and
from nods, by a grammar of single words.
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

STOP = "stop"
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


def _decoder(**choices: str) -> Decoder:
    return Decoder(Config(hmm=get_model_path(HMM), loglevel=QUIET_LOG, **choices))


@contextmanager
def _written(text: str) -> Iterator[Path]:
    """The recogniser reads its words from files, once."""
    with tempfile.TemporaryDirectory(prefix="sightline") as folder:
        file = Path(folder) / "words"
        file.write_text(text, "utf-8")
        yield file
