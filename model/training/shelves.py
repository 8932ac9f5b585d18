"""Conversations by number, and a store on disk of what is said in them, since synthesis costs more than reading.

The conversation with a number is the same until the corpus changes; waves lie in chunks that are spoken when first
wanted, and anew when something else is said in them. Knows no features and no tokens.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from model.errors import never_cancelled
from model.training.corpus.chance import chance, pick
from model.training.corpus.dialogues import (
    Dialogue,
    Form,
    Skill,
    Speech,
    Watched,
    asked_as,
    combined,
    converse,
    counted,
    crowded,
    interviewed,
    jumbled,
    prolonged,
    quizzed,
    remote,
    scattered,
    screened,
    translated,
)
from model.training.corpus.films import Film
from model.training.corpus.scenes import Scene
from model.training.corpus.sentences import Split
from model.training.corpus.speakers import Maker, Samples, speaker

CHUNK = 20
FRESH_SHARE = 0.2
"""Of what a batch shows, that was never shown before; speaking it costs as much as learning from it."""
_FULL_SCALE = 32_767


@dataclass(frozen=True, slots=True)
class Stream:
    """An endless row of conversations of some skills, of those that show the same: nothing, pictures or films."""

    name: str
    skills: tuple[Skill, ...]
    split: Split = "train"
    maker: Maker | None = None
    """Who speaks; None is anybody."""
    shows: type[Scene] | type[Film] | None = None
    replies: str = ""
    """A regular expression that is found in the last reply."""
    form: Form | None = None
    """How everything is asked; None is as it comes. Watched is for conversations about pictures."""
    make: Callable[[np.random.Generator], Dialogue] | None = None
    """What makes its conversations where no skill does."""
    fresh: float = FRESH_SHARE
    """Of what is shown of it, what was never shown before."""
    length: int = 1
    """How many times as long as others' its conversations are: so many fewer come in a batch."""
    imagined: bool = False
    """Whether nothing of it is spoken or drawn: it comes as a perfect ear and eye would give it, which costs less."""

    @property
    def folder(self) -> str:
        """Where its speech is kept: streams that differ only in how they ask share a name."""
        return self.name if self.form is None else f"{self.name}-{self.form.__name__.lower()}"

    def dialogue(self, seed: int, index: int) -> Dialogue:
        """The conversation with this number."""
        rng = chance(seed, self.name, index)
        if self.make is not None:
            return self.make(rng)
        skill = pick(rng, self.skills)
        while True:
            made = converse(skill, rng, self.split)
            if _kinds_seen(made) == ({self.shows} - {None}) and re.search(self.replies, made.turns[-1].reply):
                return made if self.form is None else asked_as(made, self.form)


SPOKEN = Stream("spoken", ("transcribe",))
JUMBLED = Stream("jumbled", (), make=jumbled, fresh=0.5)
TRANSLATED = Stream("translated", (), make=translated, fresh=1.0)
COMBINED = Stream("combined", (), make=combined, fresh=0.5)
SCATTERED = Stream("scattered", (), make=scattered, fresh=0.4)
ELSEWHERE = Stream("elsewhere", (), maker="flite", make=scattered)
COMBINED_ELSEWHERE = Stream("combined elsewhere", (), maker="flite", make=combined)
"""The second maker has few voices but must be understood as well."""
TALKS = Stream("talks", ("silence", "sounds", "answer", "translate", "translate", "context"))
THOUGHT = Stream("thought", ("answer", "answer", "translate", "translate", "context"), imagined=True)
PICTURED = Stream("pictured", ("describe", "describe", "answer", "unknown", "context"), shows=Scene)
WATCHED = Stream("before the camera", ("describe", "answer", "answer", "unknown", "context"), shows=Scene, form=Watched)
QUIZZED = Stream("quizzed", (), shows=Scene, make=quizzed)
CROWDED = Stream("crowded", (), shows=Scene, make=crowded)
INTERVIEWED = Stream("interviewed", (), shows=Scene, make=interviewed, imagined=True)
COUNTED = Stream("counted", (), shows=Scene, make=counted, imagined=True)
SCREENED = Stream("screened", (), shows=Film, make=screened, imagined=True)
FILMED = Stream("filmed and asked", (), shows=Film, make=screened)
REMOTE = Stream("remote", (), make=remote, imagined=True, length=4)
PROLONGED = Stream("prolonged", (), make=prolonged, imagined=True, length=4)
"""Both of up to some five thousand tokens each."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """A conversation, with the waves of what is said in it, in order."""

    index: int
    dialogue: Dialogue
    waves: tuple[Samples, ...]


Places = list[list[tuple[int, int]]]
"""Where in its chunk's file each of a conversation's sentences begins and ends."""


class Shelf:
    """A stream's conversations with their waves, kept in a folder."""

    def __init__(self, folder: Path, stream: Stream, seed: int, check: Callable[[], None] = never_cancelled) -> None:
        """`check` is called between utterances and may raise Cancelled."""
        self._folder = folder / f"{stream.folder}-{seed}"
        self._stream, self._seed, self._check = stream, seed, check
        self._chunk = lru_cache(maxsize=1024)(self._opened)

    @property
    def filled(self) -> int:
        """How many conversations from the first on were spoken already."""
        spoken = {int(notes.stem) for notes in self._folder.glob("*.json")}
        return CHUNK * next(number for number in range(len(spoken) + 1) if number not in spoken)

    def recorded(self, index: int) -> Recorded:
        """Speaks the chunk if it is not there yet; SightlineError where a synthesiser is missing."""
        samples, ends = self._chunk(index // CHUNK)
        places = ends[index % CHUNK]
        waves = (samples[start:end].astype(np.float32) / np.float32(_FULL_SCALE) for start, end in places)
        return Recorded(index, self._stream.dialogue(self._seed, index), tuple(waves))

    def _opened(self, number: int) -> tuple[NDArray[np.int16], Places]:
        file = self._folder / f"{number:06d}.npy"
        notes = file.with_suffix(".json")
        said = [self._texts(index) for index in range(number * CHUNK, (number + 1) * CHUNK)]
        places = _noted(notes, said)
        if places is None:
            notes.unlink(missing_ok=True)  # written last again: a chunk with notes is whole
            places = self._speak(number, said, file)
            draft = notes.with_suffix(".part")
            draft.write_text(json.dumps({"said": said, "places": places}), encoding="utf-8")
            draft.replace(notes)
        return np.load(file, mmap_mode="r"), places

    def _speak(self, number: int, said: list[list[str]], file: Path) -> Places:
        """One person speaks in a conversation."""
        self._folder.mkdir(parents=True, exist_ok=True)
        waves: list[Samples] = [np.zeros(1, np.float32)]  # an empty file could not be mapped
        places: Places = []
        length = 1
        for index, texts in enumerate(said, number * CHUNK):
            rng = chance(self._seed, self._stream.name, index, "speaker")
            person = speaker(rng, self._stream.split, self._stream.maker)
            places.append([])
            for text in texts:
                self._check()
                waves.append(person.say(text))
                places[-1].append((length, length + len(waves[-1])))
                length += len(waves[-1])
        np.save(file, np.rint(np.concatenate(waves) * _FULL_SCALE).astype(np.int16))
        return places

    def _texts(self, index: int) -> list[str]:
        """What is said aloud in a conversation, in order."""
        parts = (part for turn in self._stream.dialogue(self._seed, index).turns for part in turn.parts)
        return [part.text for part in parts if isinstance(part, Speech | Watched)]


def _noted(notes: Path, said: list[list[str]]) -> Places | None:
    """Where in a chunk's file it is said; None where there is no such chunk, or one in which something else is said."""
    try:
        stored = json.loads(notes.read_text(encoding="utf-8"))
        return stored["places"] if stored["said"] == said else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def presented(seed: int, count: int, fresh: float) -> int:
    """Which conversation the presentation with number `count` shows: a share of them is new, others come again."""
    newest = int(count * fresh)
    if int((count + 1) * fresh) > newest:
        return newest
    return int(chance(seed, "again", count).integers(max(1, newest)))


def _kinds_seen(dialogue: Dialogue) -> set[type]:
    return {type(part) for turn in dialogue.turns for part in turn.parts if isinstance(part, Scene | Film)}
