"""The Talker in its stages: `talking` goes on from real states of the Thinker, in short and in long conversations;
`preferring` learns from its own speeches which was the better one; `voices` has every narrator say the same.

The Thinker is read from a model's folder and stays as it is. Knows no clock.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from model.architecture import Architecture
from model.training import tiny
from model.training.batches import of_one_length
from model.training.codes import CODE_SAMPLES
from model.training.continuation import Line, Marks, TalkerPart
from model.training.corpus.chance import chance, pick
from model.training.corpus.dialogues import Dialogue, bare, remote, scattered, spliced, translated, unheard
from model.training.corpus.language import Language
from model.training.corpus.narrators import NARRATORS, SPEECH_RATE
from model.training.corpus.scenes import Scene
from model.training.corpus.speakers import check_makers
from model.training.example import Example
from model.training.learner import Learner
from model.training.narration import CHUNK, NarrationShelf, open_book
from model.training.preference import Listener, preference_loss
from model.training.progress import Progress
from model.training.pupil import Beginning, Stage
from model.training.seeking import IGNORED
from model.training.shelves import Recorded, Stream, presented
from model.training.writer import Writer

_SPOKEN_FOLDER = "narrated"
_FRESH = 0.2
"""Of what is shown, what was never shown before."""
_POOL = 8
"""Batches that are made at once, so that lines of a length come together."""
_LONG_SHARE = 0.1
"""Of the conversations, those with others before them."""
_MOST_BEFORE = 5
_LASTING_SHARE = 0.04
"""Of the conversations, those with thousands of tokens before them: to speak behind few says nothing of it."""
_LONG = 1200
"""Tokens and codes from which a line is a batch by itself."""
_UNHEARD_SHARE = 0.6
"""Of the conversations, those without the sound that is to be written down: it would be half of what is computed."""
_LONGEST = 12 * SPEECH_RATE // CODE_SAMPLES
"""Codes of a speech that is learned from."""

SAID = Stream("said", ("transcribe",))
ASKED = Stream("asked and said", ("answer", "context", "sounds"))
BARE = Stream("few words said", (), make=lambda rng: bare(rng, "english"))
STRANGE = Stream("strange said", (), make=scattered)
SPLICED = Stream("spliced and said", (), make=spliced)
"""What no pattern says: from patterns alone it learns to go on as one, whatever is written."""
FOREIGN = Stream("translated said", (), make=translated)
FOREIGN_WORDS = Stream("bare words translated", (), make=lambda rng: bare(rng, "spanish"))
"""Once it speaks one language: two at once take twice as long."""
SHOWN = Stream("shown", ("describe", "answer", "unknown", "context"), shows=Scene)


@dataclass(frozen=True, slots=True)
class Lesson(Stage):
    """A stage of the Talker's."""

    streams: tuple[Stream, ...]
    """Conversations are taken from each in turn."""
    preferring: bool = False
    """Whether it learns from its own speeches instead of a narrator's."""
    together: bool = False
    """Whether all narrators say each reply, in one batch."""


_TAUGHT = (BARE, STRANGE, SPLICED, BARE, SAID, STRANGE, BARE, ASKED, SHOWN)
_ABROAD = (FOREIGN, FOREIGN_WORDS, *_TAUGHT)
_TALKER = ("talker.", "namer.")
LESSONS = (
    Lesson("talking", _TALKER, 1.5e-3, 8, _TAUGHT),
    Lesson("preferring", _TALKER, 5e-5, 4, (SAID,), preferring=True),
    Lesson("voices", _TALKER, 6e-4, 12, _ABROAD, together=True),
)


@dataclass(frozen=True, slots=True)
class Told:
    """A conversation whose last reply is to be spoken."""

    example: Example
    codes: Tensor
    lengths: list[int]
    """Codes of each word."""
    narrator: int
    text: str

    @property
    def length(self) -> int:
        """In tokens and codes."""
        return len(self.example.ids) + len(self.codes)


class Talking:
    """The Talker in one of its stages."""

    order = tuple(lesson.name for lesson in LESSONS)

    def __init__(self, folder: Path, stage: str, seed: int, sources: Sources, check: Callable[[], None]) -> None:
        """As training finds it; SightlineError where espeak-ng, the Thinker or the voice is missing."""
        check_makers()
        self.stage: Lesson = next(lesson for lesson in LESSONS if lesson.name == stage)
        self._book = open_book(sources.voice, seed, check)
        self.module = TalkerPart(seed, torch.from_numpy(self._book.entries))
        self._folder, self._check = folder, check
        thinker = tiny.load_thinker(sources.thinker)
        self._writer = Writer(sources.thinker)
        self._learner = Learner(thinker, self._writer.prefix, seed)
        self._marks = marks(self._learner)
        self._shelves: dict[Stream, NarrationShelf] = {}
        self._waiting: list[list[Told]] = []
        self._listener = Listener(sources.voice, self._book) if self.stage.preferring else None

    def losses(self, progress: Progress) -> dict[str, Tensor]:
        """Of the next batch."""
        if not self._waiting:
            self._waiting = self._batches(progress)
        batch = self._waiting.pop()
        opening, lines = self._lines(batch)
        torch.manual_seed(int(chance(progress.seed, self.stage.name, progress.step).integers(2**62)))
        if self._listener is not None:
            pairs = self._listener.pairs(
                self.module, opening, lines, [(told.text, len(told.codes)) for told in batch], self._marks
            )
            return preference_loss(self.module, opening, pairs, self._marks)
        return self.module.losses(opening, lines, [told.codes for told in batch], self._marks)

    def adopt(self, beginning: Beginning) -> dict[str, int]:
        """Its Talker; the voice must then be of the same folder, since its book says what the codes are."""
        tiny.adopt(self.module.talker, beginning.folder, "talker.")
        return {}

    def save(self, progress: Progress) -> None:
        """Nothing but the checkpoint: see `model.training.assembling`."""

    def _batches(self, progress: Progress) -> list[list[Told]]:
        """Some batches of lines that are about as long as one another, in any order."""
        told = [
            line
            for number in range(_POOL * self.stage.batch)
            for line in self._told(self.stage.streams[number % len(self.stage.streams)], progress)
        ]
        rng = chance(progress.seed, "order", self.stage.name, progress.step)
        alone = [[line] for line in told if line.length > _LONG]
        together = [line for line in told if line.length <= _LONG]
        batches = alone + of_one_length(together, self.stage.batch, lambda line: line.length, rng)
        return [batches[place] for place in rng.permutation(len(batches)).tolist()]

    def _told(self, stream: Stream, progress: Progress) -> Iterator[Told]:
        key = f"{stream.name} by the Talker"
        count = progress.shown.get(key, 0)
        progress.shown[key] = count + 1
        index = presented(progress.seed, count, _FRESH)
        rng = chance(progress.seed, "told", key, count)
        # one narrator a chunk: what is spoken of it is all used
        narrators = range(len(NARRATORS)) if self.stage.together else [index // CHUNK % len(NARRATORS)]
        dialogue = self._longer(stream, progress.seed, index, rng)
        example = self._writer.example(Recorded(index, dialogue, ()), rng, aloud=False)
        for narrator in narrators:
            narration = self._shelf(stream, progress.seed).narration(index, narrator)
            if 0 < len(narration.codes) <= _LONGEST:
                codes = torch.from_numpy(narration.codes)
                yield Told(example, codes, narration.lengths, narrator, reply_of(dialogue)[0])

    def _longer(self, stream: Stream, seed: int, index: int, rng: np.random.Generator) -> Dialogue:
        """The conversation, sometimes with others before it."""
        dialogue = stream.dialogue(seed, index)
        if rng.random() < _UNHEARD_SHARE:
            dialogue = unheard(dialogue)
        chosen = rng.random()
        if chosen < _LASTING_SHARE:
            before = [remote(rng)]
        elif chosen < _LASTING_SHARE + _LONG_SHARE:
            before = [
                pick(rng, (SAID, ASKED)).dialogue(seed, int(rng.integers(10_000)))
                for _ in range(int(rng.integers(1, _MOST_BEFORE + 1)))
            ]
        else:
            return dialogue
        return replace(dialogue, turns=tuple(turn for other in (*before, dialogue) for turn in other.turns))

    def _lines(self, batch: list[Told]) -> tuple[Tensor, list[Line]]:
        """The system prompt's vectors, and the lines behind it."""
        opening, vectors = self._learner.vectors([told.example for told in batch])
        return opening, [self._line(told, rows) for told, rows in zip(batch, vectors, strict=True)]

    def _line(self, told: Told, vectors: Tensor) -> Line:
        """The last reply's end marker is not spoken: the Thinker never runs it."""
        example = told.example
        count = 0
        while example.labels[-1 - count] != IGNORED:
            count += 1
        start = len(example.ids) - count
        positions = torch.cat(example.positions, dim=1)
        ids = example.ids[start:-1]
        pieces = [self._writer.tokenizer.decode([number]) for number in ids]
        times = torch.tensor(shared(pieces, told.lengths))
        return Line(vectors[:start], positions[:, :start], vectors[start:-1], torch.tensor(ids), times, told.narrator)

    def _shelf(self, stream: Stream, seed: int) -> NarrationShelf:
        if stream not in self._shelves:
            folder = self._folder / _SPOKEN_FOLDER / f"{stream.name}-{seed}-{self._book.name}"
            self._shelves[stream] = NarrationShelf(
                folder, self._book, lambda index: reply_of(stream.dialogue(seed, index)), self._check
            )
        return self._shelves[stream]


@dataclass(frozen=True, slots=True)
class Sources:
    """Folders that the Talker learns from."""

    thinker: Path
    """A model in the published layout."""
    voice: Path
    """The training of the voice, with the book of codes."""


def reply_of(dialogue: Dialogue) -> tuple[str, Language]:
    """What is to be said at a conversation's end, and in which language."""
    return dialogue.turns[-1].reply, "spanish" if dialogue.skill == "translate" else "english"


def shared(pieces: Sequence[str], lengths: Sequence[int]) -> list[float]:
    """What each piece of a text has of its word's length, by letters and digits; signs have none.

    A piece that begins with a space begins a word.
    """
    of = list(accumulate((piece[:1].isspace() for piece in pieces[1:]), initial=0))
    letters = [sum(sign.isalnum() for sign in piece) for piece in pieces]
    whole = Counter[int]()
    for word, count in zip(of, letters, strict=True):
        whole[word] += count
    return [lengths[word] * count / max(1, whole[word]) for word, count in zip(of, letters, strict=True)]


def marks(learner: Learner) -> Marks:
    """The Thinker's embeddings for the Talker's own tokens."""
    config = Architecture.of(tiny.tiny_config())
    table = learner.thinker.model.language_model.embed_tokens.weight
    first = tiny.first_voice()
    return Marks(
        table[first : first + len(NARRATORS)],
        table[config.talker.tts_text_end_token_id][None],
        table[config.talker.tts_text_pad_token_id][None],
        table.detach(),
    )
