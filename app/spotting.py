"""What is said into an answer, as far as it matters to that: a word that stops it, a nod, or something else.

Knows no device. The recogniser is pocketsphinx with the English acoustic model of its wheel. A short word alone is
spotted badly by its keyword search (a third is missed, or most nods are taken for it), so that it is told from the
words it sounds like, from nods, and from what else is said in a word to an answer, by a grammar of single words.
Measured: with a hundred common words beside them and the level of each utterance taken by itself, most are missed.
"Top" is not among its words: that is what an echo canceller leaves of "stop", and nobody says it to an answer.
"""

from __future__ import annotations

import math
import re
import tempfile
import warnings
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from pocketsphinx import Config, Decoder, get_model_path

from app import paths
from app.senses import Block, Word
from model.protocol import HEARING_RATE

STOP = "stop"
NODS = frozenset(("hmm", "mm", "mmhmm", "okay", "right", "uhhuh", "yeah", "yes"))
FILLERS = frozenset(("a", "i", "it", "so", "the"))
"""What is found beside a nod, in its breath."""
WEIGHTS = {STOP: 3, "mmhmm": 3, "okay": 3, "uhhuh": 30, "what": 4, "yes": 6}
"""Of words, beside others' 1: what stops must not be missed, and nods that sound like it must not be taken for it."""
LOUD = 32767
HMM = "en-us/en-us"
QUIET_LOG = "FATAL"
ENTRY = re.compile(r"\(\d+\)$")
"""The mark of a word's other pronunciations."""


@dataclass(frozen=True, slots=True)
class Manner:
    """How a recogniser listens."""

    late: float
    """Seconds of an utterance's beginning that it does not hear."""
    unknown: frozenset[str] = frozenset()
    """Words that it does not know."""
    unclean: float = 0.0
    """Which share it hears of what was taken out as echo, 0 to 1."""


ALIKE = frozenset(("shop", "spot", "step", "still", "stone", "store", "no", "now", "really", "well"))
"""Words that are known because they sound like the one that stops, or like nods."""
MANNERS = (Manner(0.03, ALIKE, unclean=0.3), Manner(0.08, ALIKE), Manner(0.1))
"""Said into an answer, a word lies behind what is left of that, and its first sounds are half gone: what a recogniser
makes of it hangs on where it begins to listen, on what else it knows, and on whether the echo was taken out, which
takes out part of the word too. Simulated (`tests.app.interjections`), the best of them finds nine of ten alone, all
together more than nineteen of twenty. Each takes 2 % of a core while somebody speaks."""
CEPSTRA = (50.4, -3.4, -7.9, 15.0, -11.5, -7.4, -10.3, -10.1, 0.9, -6.9, 4.4, -3.4, -2.7)
"""Means that are taken off what is heard: the recogniser's own after many such utterances, but for the first, the
level, which tells words apart best 6 above. By itself it follows each utterance, and what a word is taken for hangs on
what was said before it."""
LEVEL = -26.5
"""Decibels of full scale of the utterances that this is right for: others are brought there."""
QUIETEST = -50.0
"""Decibels of full scale below which a block is no voice and tells nothing of its level."""
MOST_EVENED = 18.0
"""Decibels by which a voice is made louder or quieter at most: with more, one that comes nearer would be cut off."""
LEARNING = 0.2
"""What the latest utterance counts for in how loud the voice is taken to be; the first few more."""
SHORTEST = 0.2
"""Seconds of a voice that tell how loud it is."""
FRAME = 410
"""Samples that the recogniser looks at together: given less at first, it begins with what it heard last."""
SURE = 6
"""Blocks, a fifth of a second, for which it must stay with the word that stops: nods are taken for it for a moment.
Nothing is lost by that, since an answer is silent meanwhile whatever is said into it."""
DOUBT = 6
"""Blocks for which a nod must be something else to be none: silence after it is taken for anything."""


class Loudness:
    """Brings a voice to the level that it is recognised at, by what was heard of it before. One utterance at a time."""

    def __init__(self) -> None:
        self._level, self._utterances = LEVEL, 1
        self._power, self._samples = 0.0, 0

    def even(self, block: Block) -> Block:
        """The block as loud as it should be, however near the voice is."""
        power = float(np.square(block.samples, dtype=np.float64).mean())
        if math.isfinite(power) and power > 10 ** (QUIETEST / 10):
            self._power += power * len(block.samples)
            self._samples += len(block.samples)
        factor = np.float32(10 ** (min(MOST_EVENED, max(-MOST_EVENED, LEVEL - self._level)) / 20))
        unclean = None if block.unclean is None else block.unclean * factor
        return Block(block.samples * factor, block.time, unclean)

    def flush(self) -> None:
        """The utterance is over."""
        if self._samples >= SHORTEST * HEARING_RATE:
            self._utterances += 1
            level = 10 * math.log10(self._power / self._samples)
            self._level += max(LEARNING, 1 / self._utterances) * (level - self._level)
        self._power, self._samples = 0.0, 0


class Ear:
    """One recogniser: `hear` an utterance block by block; `flush` between two."""

    def __init__(self, manner: Manner, decoder: Decoder) -> None:
        self._manner = manner
        self._decoder = decoder
        self._is_open = self._is_new = False
        self._held = np.zeros(0, np.float32)
        self._left = self._found = 0

    def hear(self, block: Block) -> Word | None:
        """What all that it heard is taken for."""
        samples = block.mixed(self._manner.unclean)
        if not self._is_open:
            self._begin()
        samples, self._left = np.concatenate([self._held, samples[self._left :]]), max(0, self._left - len(samples))
        if self._is_new and len(samples) < FRAME:
            self._held = samples
            return None
        self._held, self._is_new = samples[:0], False
        pcm = (np.clip(samples, -1.0, 1.0) * LOUD).astype(np.int16)
        self._decoder.process_raw(pcm.tobytes(), no_search=False, full_utt=False)
        meaning = _meaning(self._decoder)
        self._found = self._found + 1 if meaning is Word.STOP else 0
        return Word.OTHER if 0 < self._found < SURE else meaning

    def _begin(self) -> None:
        """Of what was heard before nothing is left: not its noise, not its level, not its last sounds."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # nothing else resets what it knows of the noise
            self._decoder.start_stream()
        self._decoder.set_cmn(",".join(map(str, CEPSTRA)))
        self._decoder.start_utt()
        self._is_open = self._is_new = True
        self._held = np.zeros(0, np.float32)
        self._left, self._found = round(self._manner.late * HEARING_RATE), 0

    def flush(self) -> None:
        """The utterance is over."""
        if self._is_open:
            self._decoder.end_utt()
        self._is_open = False


class Spotter:
    """Several that listen: one is enough to have heard the word that stops, or a nod. One thread at a time."""

    def __init__(self, ears: Sequence[Ear]) -> None:
        self._ears = ears
        self._loudness = Loudness()
        self._taken_for: Word | None = None
        self._doubts = 0

    @classmethod
    def of_stop(cls) -> Spotter:
        """The word that stops an answer, and nods. Takes 0.3 s."""
        words = paths.RESOURCES / "spotting" / "short.dict"
        names = sorted({ENTRY.sub("", line.split()[0]) for line in words.read_text("utf-8").splitlines()})
        return cls([Ear(manner, _decoder(words, set(names) - manner.unknown)) for manner in MANNERS])

    def hear(self, block: Block) -> Word | None:
        """What the utterance is taken for with this block, if that is news."""
        evened = self._loudness.even(block)
        meanings = {ear.hear(evened) for ear in self._ears}
        return self._take(next((word for word in (Word.STOP, Word.NOD, Word.OTHER) if word in meanings), None))

    def flush(self) -> None:
        """The utterance is over."""
        for ear in self._ears:
            ear.flush()
        self._loudness.flush()
        self._taken_for, self._doubts = None, 0

    def _take(self, found: Word | None) -> Word | None:
        """Once it stops it stops; a nod it is until it has been something else for a while, which silence may be."""
        self._doubts = self._doubts + 1 if found is Word.OTHER and self._taken_for is Word.NOD else 0
        if found in {None, self._taken_for} or self._taken_for is Word.STOP or 0 < self._doubts < DOUBT:
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


def _decoder(words: Path, known: Iterable[str]) -> Decoder:
    weighed = " | ".join(f"/{WEIGHTS.get(name, 1)}/ {name}" for name in sorted(known))
    with _written(f"#JSGF V1.0;\ngrammar short;\npublic <said> = ({weighed})+;\n") as grammar:
        choices = {"dict": str(words), "jsgf": str(grammar)}
        return Decoder(Config(hmm=get_model_path(HMM), loglevel=QUIET_LOG, bestpath=False, **choices))


@contextmanager
def _written(text: str) -> Iterator[Path]:
    """The recogniser reads its words from files, once."""
    with tempfile.TemporaryDirectory(prefix="sightline") as folder:
        file = Path(folder) / "words"
        file.write_text(text, "utf-8")
        yield file
