"""The Thinker with ear and eye as it is taught, stage by stage: what each learns from, and its loss. Knows no clock.

`words` is the language model's own pre-training; `copying` goes on with it behind embeddings that stay as they are, and
adds pictures as a perfect eye would give them, so that ear and eye may be taught at the same time. `letters`, `hearing`
and `looking` are the published recipe's first stage, the language model frozen; `thinking`, `seeing`, `watching` and
`settling` its second, free on mixed tasks: without pictures, with them, and, all but the embeddings, mostly with films
and with what is to be counted, and with all at a lower rate; `lasting` its third, long conversations whose picture
comes early and is asked about late. All of them are in the chat template's form and learn replies only, so that no
tuning to instructions is left to do.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor

from model.training import losses, tiny
from model.training.batches import of_one_length
from model.training.corpus.chance import chance
from model.training.corpus.speakers import check_makers
from model.training.example import Example, Picture
from model.training.learner import Learner, Read
from model.training.progress import Progress
from model.training.pupil import Beginning, Stage
from model.training.shelves import (
    COMBINED,
    COMBINED_ELSEWHERE,
    COUNTED,
    CROWDED,
    ELSEWHERE,
    FILMED,
    INTERVIEWED,
    JUMBLED,
    PICTURED,
    PROLONGED,
    QUIZZED,
    REMOTE,
    SCATTERED,
    SCREENED,
    SPOKEN,
    TALKS,
    THOUGHT,
    TRANSLATED,
    WATCHED,
    Recorded,
    Shelf,
    Stream,
    presented,
)
from model.training.vocabulary import tokenizer
from model.training.writer import Writer

MODEL_FOLDER = "model"
_SPEECH_FOLDER = "speech"
Loss = Callable[[Learner, Writer, list[Example]], dict[str, Tensor]]
_POOL = 4
"""Batches that are drawn at once."""
_SPELLING_SHARE = 0.3
_WORDS_SHARE = 0.3
_NAMES_SHARE = 0.3
_PLACES_SHARE = 0.1
_SEEKING_SHARE = 0.3
_ECHO_SHARE = 0.2
_MEANWHILE_SHARE = 0.1
_FORMERLY_SHARE = 0.1
_CHANGE_SHARE = 0.3
_TALLY_SHARE = 0.1
_RANK_SHARE = 0.3
_LOUDNESS_SHARE = 0.05
_NEARNESS_SHARE = 0.1
_LIKENESS_SHARE = 0.5


@dataclass(frozen=True, slots=True)
class Lesson(Stage):
    """A stage of the Thinker's."""

    streams: tuple[Stream, ...]
    """Batches are taken from each in turn."""
    loss: Loss
    aloud: bool = True
    """Whether what is said is really spoken."""
    heard_only: bool = False
    """Whether conversations without a sound are passed over."""
    drawn: bool = True
    """Whether pictures are really drawn, and looked at."""
    seeks: bool = False
    """Whether heads begin with looking for what has the same name: they find it in minutes then."""
    witnesses: bool = False
    """Whether heads begin with looking at what is seen at a sound's time, and at the same thing a second ago, and with
    telling where that is, also where the model begun with had them.
    """
    hardness: float = 1.0
    """Of the rooms that it is heard in: an ear that begins in quiet ones finds letters several times sooner."""


def _reading(learner: Learner, _writer: Writer, examples: list[Example]) -> dict[str, Tensor]:
    pictures = [picture for example in examples for picture in example.pictures]
    read = learner.read(examples, None, learner.imagine(pictures) if pictures else None, blurred=True)
    return _replying(learner, read, examples, pictures)


def _replying(learner: Learner, read: Read, examples: list[Example], pictures: list[Picture]) -> dict[str, Tensor]:
    lost = {
        "reply": losses.reply_loss(learner, read, examples),
        "loudness": _LOUDNESS_SHARE * losses.loudness_loss(read),
    }
    if any(example.echoed for example in examples):
        lost["echo"] = _ECHO_SHARE * losses.echo_loss(learner, read, examples)
    if any(example.witnessed for example in examples):
        lost["meanwhile"] = _MEANWHILE_SHARE * losses.meanwhile_loss(learner, read, examples)
    if any(example.formerly for example in examples):
        lost["formerly"] = _FORMERLY_SHARE * losses.formerly_loss(learner, read, examples)
    if any(example.changed for example in examples):
        lost["changes"] = _CHANGE_SHARE * losses.change_loss(learner, read, examples)
    if pictures:
        lost["places"] = _PLACES_SHARE * losses.placing_loss(learner, read, pictures)
        lost["tally"] = _TALLY_SHARE * losses.tally_loss(learner, read, examples)
        lost["ranks"] = _RANK_SHARE * losses.rank_loss(learner, read, examples)
        lost["seeking"] = _SEEKING_SHARE * losses.seeking_loss(learner, read, examples)
    return lost


def _spelling(learner: Learner, _writer: Writer, examples: list[Example]) -> dict[str, Tensor]:
    sounds, said = _sounds(examples)
    return {"letters": losses.spelling_loss(learner, learner.hear(sounds), said)}


def _naming(learner: Learner, writer: Writer, examples: list[Example]) -> dict[str, Tensor]:
    sounds, said = _sounds(examples)
    heard = learner.hear(sounds)
    return {
        "words": losses.word_loss(learner, heard, _called(writer, examples)),
        "letters": _SPELLING_SHARE * losses.spelling_loss(learner, heard, said),
        "nearness": _NEARNESS_SHARE * losses.nearness_loss(learner, heard.tokens),
    }


def _looking(learner: Learner, _writer: Writer, examples: list[Example]) -> dict[str, Tensor]:
    pictures = [picture for example in examples for picture in example.pictures]
    seen = learner.see(pictures)
    return {
        "names": losses.naming_loss(learner, seen, pictures),
        "likeness": _LIKENESS_SHARE * losses.likeness_loss(learner, seen, pictures),
    }


def _conversing(learner: Learner, writer: Writer, examples: list[Example]) -> dict[str, Tensor]:
    """Everything that can come in, and the replies."""
    sounds, said = _sounds(examples)
    pictures = [picture for example in examples for picture in example.pictures]
    heard = learner.hear(sounds) if sounds else None
    seen = learner.see(pictures) if pictures else None
    lost = _replying(learner, learner.read(examples, heard, seen), examples, pictures)
    if heard is not None:
        lost["words"] = _WORDS_SHARE * losses.word_loss(learner, heard, _called(writer, examples))
        lost["letters"] = _SPELLING_SHARE * losses.spelling_loss(learner, heard, said)
        lost["nearness"] = _NEARNESS_SHARE * losses.nearness_loss(learner, heard.tokens)
    if seen is not None:
        lost["names"] = _NAMES_SHARE * losses.naming_loss(learner, seen, pictures)
        lost["likeness"] = _LIKENESS_SHARE * losses.likeness_loss(learner, seen, pictures)
    return lost


def _sounds(examples: list[Example]) -> tuple[list[Tensor], list[str]]:
    return (
        [sound for example in examples for sound in example.sounds],
        [text for example in examples for text in example.said],
    )


def _called(writer: Writer, examples: list[Example]) -> list[list[int]]:
    return [writer.heard(text) for example in examples for text in example.called]


_TOWER = "thinker.model.audio_tower."
_EYE = "thinker.model.visual."
_READER = ("thinker.model.language_model.layers.", "thinker.model.language_model.norm.", "thinker.lm_head.")
_LANGUAGE = ("thinker.model.language_model.", "thinker.lm_head.")
_COPIER = (*_READER, "placer.", "changer.", "ranker.")
_SETTLED = (_TOWER, "speller.", _EYE, *_COPIER)
"""All but the embeddings, by which a Talker that was taught before tells words."""
_SAID = (SCATTERED, COMBINED, ELSEWHERE, SCATTERED, SPOKEN, COMBINED, ELSEWHERE, JUMBLED, TALKS)
_SEEN = (
    *(QUIZZED, COMBINED, WATCHED, TRANSLATED, PICTURED, ELSEWHERE, WATCHED, COMBINED),
    *(QUIZZED, TRANSLATED, WATCHED, JUMBLED, PICTURED, SCATTERED, TALKS),
)
_REPLAYED = (
    *(COMBINED, INTERVIEWED, ELSEWHERE, TALKS, QUIZZED, COMBINED, FILMED, COMBINED_ELSEWHERE),
    *(PICTURED, WATCHED, COMBINED, INTERVIEWED, TRANSLATED, SCATTERED, QUIZZED, TALKS),
    *(COMBINED_ELSEWHERE, ELSEWHERE, INTERVIEWED, PICTURED, COMBINED, TALKS, WATCHED, JUMBLED),
    *(THOUGHT, TRANSLATED, THOUGHT),
)
_FILMED = tuple(each for one in _REPLAYED for each in (SCREENED, COUNTED, one))
_TOGETHER = (
    *(PICTURED, COMBINED_ELSEWHERE, PICTURED, INTERVIEWED, WATCHED, COMBINED, PICTURED, SCREENED, QUIZZED, ELSEWHERE),
    *(PICTURED, COUNTED, TALKS, WATCHED, PICTURED, COMBINED, TRANSLATED, FILMED, ELSEWHERE, PICTURED, SCATTERED),
)
# two of `settling` behind each long one
_LENGTHENED = tuple(
    each for number, one in enumerate(_TOGETHER) for each in ((PROLONGED, REMOTE)[number // 2 % 2], one)[number % 2 :]
)
_COPIED = (
    *(QUIZZED, SCATTERED, JUMBLED, INTERVIEWED, TRANSLATED, THOUGHT),
    *(QUIZZED, SCATTERED, JUMBLED, COUNTED, PICTURED),
)
LESSONS = (
    Lesson("words", _LANGUAGE, 2e-3, 24, (JUMBLED, SPOKEN, JUMBLED, THOUGHT), _reading, aloud=False),
    Lesson("copying", _COPIER, 1.5e-3, 8, _COPIED, _reading, aloud=False, drawn=False, seeks=True),
    Lesson("letters", (_TOWER, "speller."), 2e-3, 12, (SPOKEN,), _spelling, heard_only=True, hardness=0.2),
    Lesson("hearing", (_TOWER, "speller."), 1.5e-3, 12, _SAID, _naming, heard_only=True, hardness=0.5),
    Lesson(
        "thinking", (_TOWER, "speller.", *_LANGUAGE), 1.5e-3, 12, (SCATTERED, JUMBLED, ELSEWHERE, TALKS), _conversing
    ),
    Lesson("looking", (_EYE,), 1.5e-3, 12, (CROWDED, CROWDED, PICTURED), _looking, aloud=False),
    Lesson("seeing", _SETTLED, 7e-4, 12, _SEEN, _conversing),
    Lesson("watching", _SETTLED, 5e-4, 8, _FILMED, _conversing, witnesses=True),
    Lesson("settling", _SETTLED, 2e-4, 8, _TOGETHER, _conversing),
    Lesson("lasting", _SETTLED, 3e-4, 8, _LENGTHENED, _conversing),
)
"""What exists so far, in the order in which it is gone through."""


class Understanding:
    """The Thinker in one of its stages; `module` is the model with what only training needs."""

    order = tuple(lesson.name for lesson in LESSONS)

    def __init__(self, folder: Path, stage: str, seed: int, check: Callable[[], None]) -> None:
        """As training finds it; SightlineError where a synthesiser is missing that the stage needs."""
        self.stage: Lesson = next(lesson for lesson in LESSONS if lesson.name == stage)
        if self.stage.aloud:
            check_makers()
        self._folder, self._seed, self._check = folder, seed, check
        self._config = tiny.tiny_config()
        tiny.describe_features(folder / MODEL_FOLDER)
        self._writer = Writer(folder / MODEL_FOLDER)
        self.module = Learner(tiny.new_thinker(self._config, seed), self._writer.prefix, seed)
        self._shelves: dict[Stream, Shelf] = {}
        self._pools: dict[Stream, tuple[int, list[list[Example]]]] = {}

    def losses(self, progress: Progress) -> dict[str, Tensor]:
        """Of the next batch; the stage's streams take turns."""
        stream = self.stage.streams[progress.step % len(self.stage.streams)]
        batch = self._batch(stream, progress)
        torch.manual_seed(int(chance(progress.seed, "imagined", self.stage.name, progress.step).integers(2**62)))
        if progress.step == 0 and self.stage.name not in progress.finished:
            if self.stage.seeks:
                self.module.seek(self._writer.names_of_things(), self._seed)
            if self.stage.witnesses:
                self.module.witness(self._writer.names_of_things(), self._seed)
                self.module.tell_what_is_seen(self._batch(SCREENED, Progress(progress.seed)), self._seed)
        return (_reading if stream.imagined else self.stage.loss)(self.module, self._writer, batch)

    def adopt(self, beginning: Beginning) -> dict[str, int]:
        """All but the heads that only training needs."""
        own = self.module.thinker
        own.load_state_dict(tiny.load_thinker(beginning.folder).state_dict())
        if beginning.ear is not None:
            own.model.audio_tower.load_state_dict(tiny.load_thinker(beginning.ear).model.audio_tower.state_dict())
        if beginning.eye is not None:
            own.model.visual.load_state_dict(tiny.load_thinker(beginning.eye).model.visual.state_dict())
        if not self.stage.aloud:
            return {}
        streams = dict.fromkeys(stream for stream in self.stage.streams if not stream.imagined)
        return {stream.name: round(self._shelf(stream, self._seed).filled / stream.fresh) for stream in streams}

    def save(self, progress: Progress) -> None:
        """The model as it is now, in the published layout."""
        done = ", ".join(progress.finished) or "nothing"
        label = f"in training: it learned {done} so far and does not speak"
        tiny.save_folder(self.module.thinker, self._config, tokenizer(), self._folder / MODEL_FOLDER, label)

    def _batch(self, stream: Stream, progress: Progress) -> list[Example]:
        """The next ones of about one length, since what is padded is computed too; which follows from the counters."""
        key = f"{stream.name}{'' if self.stage.aloud else ' as text'}"
        size = max(1, self.stage.batch // stream.length)
        pool, shown = divmod(progress.shown.get(key, 0), _POOL * size)
        number = shown // size
        if self._pools.get(stream, (None,))[0] != pool:
            counts = range(pool * _POOL * size, (pool + 1) * _POOL * size)
            drawn = [self._example(stream, progress.seed, key, count) for count in counts]
            if self.stage.heard_only:
                drawn = [example for example in drawn if example.sounds]
            rng = chance(progress.seed, "order", key, pool)
            self._pools[stream] = (pool, of_one_length(drawn, size, lambda example: len(example.ids), rng))
        progress.shown[key] = pool * _POOL * size + (number + 1) * size
        batches = self._pools[stream][1]
        return batches[number % len(batches)]

    def _example(self, stream: Stream, seed: int, key: str, count: int) -> Example:
        room = chance(seed, "room", key, count)
        if stream.imagined or not self.stage.aloud:
            silent = Recorded(count, stream.dialogue(seed, count), ())
            drawn = self.stage.drawn and not stream.imagined
            return self._writer.example(silent, room, aloud=False, drawn=drawn)
        recorded = self._shelf(stream, seed).recorded(presented(seed, count, stream.fresh))
        return self._writer.example(recorded, room, hardness=self.stage.hardness)

    def _shelf(self, stream: Stream, seed: int) -> Shelf:
        if stream not in self._shelves:
            self._shelves[stream] = Shelf(self._folder / _SPEECH_FOLDER, stream, seed, self._check)
        return self._shelves[stream]
