"""What the narrators say, as mel frames, and as codes with words' lengths on disk by number. Knows no network.

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
from model.training.alignment import lengths
from model.training.codes import CodeBook, Frames, Words, speech_mel, whole_codes
from model.training.corpus.chance import chance, pick
from model.training.corpus.language import Language
from model.training.corpus.narrators import NARRATORS
from model.training.corpus.sentences import compose, inner_words
from model.training.corpus.speakers import Samples

BOOK = "codes.npz"
_BOOK_SENTENCES, _BOOK_WORDS = 400, 200
_PITCHES = (-15, 15)
"""Of words for the book, beside a narrator's own."""
CHUNK = 20
"""Texts that are spoken at once."""
_SIGNS = ".,?!:;"
_SAID = "said"
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


def _told(texts: list[tuple[str, Language]]) -> NDArray[np.str_]:
    return np.array([text for text, _ in texts])


def _holds(file: Path, texts: list[tuple[str, Language]]) -> bool:
    """Whether this is what is said in it: the corpus may have changed since."""
    if not file.is_file():
        return False
    with np.load(file) as stored:
        return _SAID in stored.files and np.array_equal(stored[_SAID], _told(texts))


@dataclass(frozen=True, slots=True)
class Narration:
    """A text by a narrator."""

    codes: Codes
    lengths: list[int]
    """Codes of each word of the text, as spaces part them; pauses are counted to the words around them"""


class NarrationShelf:
    """Texts by number, as the narrators say them, kept in a folder."""

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
        self._alone = lru_cache(maxsize=4096)(self._said_alone)

    def narration(self, index: int, narrator: int) -> Narration:
        """Speaks the chunk if it is not there yet; SightlineError where espeak-ng is missing."""
        return self._chunk(index // CHUNK, narrator)[index % CHUNK]

    def _opened(self, number: int, narrator: int) -> list[Narration]:
        file = self._folder / f"{NARRATORS[narrator].name}-{number:06d}.npz"
        texts = [self._text(number * CHUNK + place) for place in range(CHUNK)]
        if not _holds(file, texts):
            self._speak(texts, narrator, file)
        with np.load(file) as stored:
            return [
                Narration(stored[f"codes-{place}"].astype(np.int64), stored[f"lengths-{place}"].tolist())
                for place in range(CHUNK)
            ]

    def _speak(self, texts: list[tuple[str, Language]], narrator: int, file: Path) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        arrays: dict[str, NDArray[np.uint16] | NDArray[np.str_]] = {_SAID: _told(texts)}
        for place, (text, language) in enumerate(texts):
            self._check()
            mel = said(narrator, text, language).mel
            arrays[f"codes-{place}"] = self._book.encode(mel, narrator).astype(np.uint16)
            found = self._lengths(text, language, narrator, self._book.seen(mel, narrator))
            arrays[f"lengths-{place}"] = np.array(found, np.uint16)
        draft = file.with_name(f"{file.stem}.part.npz")
        np.savez(draft, allow_pickle=False, **arrays)
        draft.replace(file)

    def _lengths(self, text: str, language: Language, narrator: int, seen: Frames) -> list[int]:
        """By the words alone; what has no sound takes no time."""
        words = text.split()
        sounding = [place for place, word in enumerate(words) if any(sign.isalnum() for sign in word)]
        found = [0] * len(words)
        if sounding and len(seen):
            alone = [self._alone(words[place].strip(_SIGNS), language, narrator) for place in sounding]
            for place, length in zip(sounding, lengths(seen, alone), strict=True):
                found[place] = length
        return found

    def _said_alone(self, word: str, language: Language, narrator: int) -> Frames:
        """Behind a space, since synthesisers read a letter alone as a word otherwise."""
        return self._book.seen(said(narrator, f" {word}", language).mel, narrator)
