"""What the narrators say, as mel frames and as codes, kept on disk by number. Knows no network.

Which narrator says a sentence goes by its number, so that the same conversation always sounds the same.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from model.architecture import Architecture
from model.errors import never_cancelled
from model.training import tiny
from model.training.codes import CodeBook, Words, speech_mel, whole_codes
from model.training.corpus.chance import chance, pick
from model.training.corpus.language import Language
from model.training.corpus.narrators import NARRATORS, SPEECH_RATE
from model.training.corpus.sentences import compose, inner_words
from model.training.corpus.speakers import Samples

BOOK = "codes.npz"
_BOOK_SENTENCES, _BOOK_WORDS = 400, 200
_PITCHES = (-15, 15)
"""Of words for the book, beside a narrator's own."""
CHUNK = 20
"""Texts that are spoken at once."""
Codes = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Spoken:
    """A sentence by one of the narrators."""

    narrator: int
    wave: Samples
    """[frames × 240]"""
    mel: NDArray[np.float32]
    """[frames, 80]"""


def narrated(seed: int, index: int) -> Spoken:
    """The sentence with this number; one in three is Spanish. SightlineError where espeak-ng is missing."""
    rng = chance(seed, "narrated", index)
    sentence = compose(rng)
    language: Language = pick(rng, ("english", "english", "spanish"))
    narrator = int(rng.integers(len(NARRATORS)))
    return said(narrator, sentence.english if language == "english" else sentence.spanish, language)


def said(narrator: int, text: str, language: Language) -> Spoken:
    """Any text by a narrator; SightlineError where espeak-ng is missing."""
    wave = whole_codes(NARRATORS[narrator].say(text, language))
    return Spoken(narrator, wave, _mel_of(wave))


@lru_cache(maxsize=8192)
def time_of(narrator: int, piece: str, language: Language) -> float:
    """Seconds that a narrator takes for a word alone; none for signs. SightlineError where espeak-ng is missing."""
    if not any(sign.isalnum() for sign in piece):
        return 0.0
    return len(NARRATORS[narrator].say(piece, language)) / SPEECH_RATE


def open_book(folder: Path, seed: int, check: Callable[[], None] = never_cancelled) -> CodeBook:
    """The book of codes in a folder; learned there when it is first wanted."""
    file = folder / BOOK
    if not file.is_file():
        sentences = []
        for index in range(_BOOK_SENTENCES):
            check()
            spoken = narrated(seed, index)
            sentences.append((spoken.narrator, spoken.mel))
        codes = Architecture.of(tiny.tiny_config()).dit.num_embeds - 1
        CodeBook.learn(_pitched_words(seed, check), sentences, codes=codes, seed=seed).save(file)
    return CodeBook.load(file)


def _pitched_words(seed: int, check: Callable[[], None]) -> Words:
    """Some words by every narrator, each higher and lower than usual."""
    rng = chance(seed, "words of the book")
    found = []
    for _ in range(_BOOK_WORDS):
        check()
        language: Language = pick(rng, ("english", "english", "spanish"))
        word = pick(rng, inner_words(language))
        found.append(
            [
                [
                    _mel_of(whole_codes(replace(narrator, pitch=narrator.pitch + more).say(word, language)))
                    for more in _PITCHES
                ]
                for narrator in NARRATORS
            ]
        )
    return found


def _mel_of(wave: Samples) -> NDArray[np.float32]:
    """Of a whole number of codes."""
    return speech_mel(torch.from_numpy(wave)).numpy()


class NarrationShelf:
    """Texts by number, each as the codes of both or one of the narrators, kept in a folder."""

    def __init__(
        self,
        folder: Path,
        book: CodeBook,
        text: Callable[[int], tuple[str, Language]],
        check: Callable[[], None] = never_cancelled,
    ) -> None:
        """`text` gives the text with a number; `check` is called between utterances and may raise Cancelled."""
        self._folder, self._book, self._text, self._check = folder, book, text, check
        self._chunk = lru_cache(maxsize=512)(self._opened)

    def codes(self, index: int, narrator: int) -> Codes:
        """Speaks the chunk if it is not there yet; SightlineError where espeak-ng is missing."""
        return self._chunk(index // CHUNK, narrator)[index % CHUNK]

    def _opened(self, number: int, narrator: int) -> list[Codes]:
        file = self._folder / f"{NARRATORS[narrator].name}-{number:06d}.npz"
        if not file.is_file():
            self._speak(number, narrator, file)
        with np.load(file) as stored:
            return [stored[name].astype(np.int64) for name in stored.files]

    def _speak(self, number: int, narrator: int, file: Path) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        codes = []
        for index in range(number * CHUNK, (number + 1) * CHUNK):
            self._check()
            codes.append(self._book.encode(said(narrator, *self._text(index)).mel, narrator).astype(np.uint16))
        draft = file.with_name(f"{file.stem}.part.npz")
        np.savez(draft, *codes)
        draft.replace(file)
