"""An independent listener: pocketsphinx with its own acoustic model, told only which words follow which. Knows no model
of ours.

What it misses of an espeak-ng original it misses of a copy too, so what it hears counts beside the original's.
"""

from __future__ import annotations

import math
import tempfile
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from scipy.signal import resample_poly

from model.errors import SightlineError
from model.training.corpus.chance import chance
from model.training.corpus.dialogues import SKILLS, converse
from model.training.corpus.sentences import fill, patterns, spoken_words
from model.training.corpus.speakers import RATE, Samples

if TYPE_CHECKING:
    from pocketsphinx import Decoder

_FILLINGS = 150
_TALKS = 400
_FOLLOWED = 0.9
"""Of the probability behind a word, what goes to words that were seen there; the rest to any word."""
_SILENCE = 0.2
"""Seconds before and behind what is judged: its beginning and end are found by their silence."""

_FRAMES_A_SECOND = 100


class Judge:
    """Hears English sentences of the small world."""

    def __init__(self) -> None:
        """SightlineError where pocketsphinx is not installed."""
        self._decoder = _decoder(_sentences())

    def hears(self, wave: Samples, rate: int) -> list[str]:
        """The words in mono speech of that rate, small; none where it hears no sentence."""
        self._listen(wave, rate)
        found = self._decoder.hyp()
        return [] if found is None else [_bare(word) for word in found.hypstr.split()]

    def times(self, wave: Samples, rate: int) -> list[float]:
        """For each word that it hears, the second in which half of it is said."""
        self._listen(wave, rate)
        words = (part for part in self._decoder.seg() or () if _bare(part.word)[:1].isalpha())
        return [(part.start_frame + part.end_frame) / 2 / _FRAMES_A_SECOND - _SILENCE for part in words]

    def _listen(self, wave: Samples, rate: int) -> None:
        shared = math.gcd(rate, RATE)
        heard = wave if rate == RATE else resample_poly(wave, RATE // shared, rate // shared)
        silence = np.zeros(round(_SILENCE * RATE), np.float32)
        padded = np.concatenate([silence, heard.astype(np.float32), silence])
        self._decoder.start_utt()
        self._decoder.process_raw((np.clip(padded, -1.0, 1.0) * 32_767).astype("<i2").tobytes(), full_utt=True)
        self._decoder.end_utt()


def _bare(word: str) -> str:
    """Without the number of a pronunciation."""
    return word.partition("(")[0]


@cache
def _sentences() -> tuple[tuple[str, ...], ...]:
    """What is said in the small world, held-out patterns too: the judge is not who is examined."""
    texts = [
        fill(pattern, chance("judge", pattern.english, index)).english
        for pattern in patterns()
        for index in range(_FILLINGS if pattern.slots() else 1)
    ]
    for skill in SKILLS:
        if skill != "translate":
            for index in range(_TALKS):
                texts += [turn.reply for turn in converse(skill, chance("judge", skill, index)).turns]
    return tuple(words for text in texts if (words := tuple(spoken_words(text))))


def _decoder(sentences: Sequence[Sequence[str]]) -> Decoder:
    try:
        from pocketsphinx import Config, Decoder, NGramModel  # noqa: PLC0415 -- only judges need it
    except ImportError as error:
        raise SightlineError("pocketsphinx is not installed: install the project with its extra `train`.") from error
    decoder = Decoder(Config(lm=None, cmn="batch", loglevel="FATAL"))
    unknown = {word for sentence in sentences for word in sentence if decoder.lookup_word(word) is None}
    if unknown:
        raise SightlineError(f"The judge cannot pronounce {', '.join(sorted(unknown))}.")
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "bigrams.arpa"
        file.write_text(bigrams(sentences), encoding="utf-8")
        decoder.add_lm("bigrams", NGramModel(decoder.config, decoder.logmath, str(file)))
    decoder.activate_search("bigrams")
    return decoder


def bigrams(sentences: Iterable[Sequence[str]]) -> str:
    """A language model in ARPA's format: how often each word follows each other, and how often it stands at all."""
    single: Counter[str] = Counter()
    pairs: Counter[tuple[str, str]] = Counter()
    for sentence in sentences:
        framed = ["<s>", *sentence, "</s>"]
        single.update(framed)
        pairs.update(pairwise(framed))
    total = sum(count for word, count in single.items() if word != "<s>")
    before: Counter[str] = Counter()
    for (first, _), count in pairs.items():
        before[first] += count
    lines = ["\\data\\", f"ngram 1={len(single)}", f"ngram 2={len(pairs)}", "", "\\1-grams:"]
    for word in sorted(single):
        likely = -99.0 if word == "<s>" else math.log10(single[word] / total)
        lines.append(f"{likely:.4f} {word} {math.log10(1 - _FOLLOWED):.4f}")
    lines += ["", "\\2-grams:"]
    for (first, second), count in sorted(pairs.items()):
        lines.append(f"{math.log10(_FOLLOWED * count / before[first]):.4f} {first} {second}")
    return "\n".join([*lines, "", "\\end\\", ""])
