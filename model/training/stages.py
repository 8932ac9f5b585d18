"""The stages of training, in order: what each learns from, which weights it moves, and its loss. Knows no clock.

`words` is the language model's own pre-training. `letters`, `hearing` and `looking` are the published recipe's first
stage, the language model frozen; `thinking` and `seeing` its second, free on mixed tasks, without pictures and with.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from torch import Tensor

from model.errors import SightlineError
from model.training.examples import Example, Writer
from model.training.learner import Learner
from model.training.shelves import PICTURED, SPOKEN, TALKS, Stream

Loss = Callable[[Learner, Writer, list[Example]], dict[str, Tensor]]
_SPELLING_SHARE = 0.3
_WORDS_SHARE = 0.3
_NAMES_SHARE = 0.3
_IMAGINED_TALKS = replace(TALKS, skills=("answer", "translate", "translate", "context"))


@dataclass(frozen=True, slots=True)
class Stage:
    """One stretch of training."""

    name: str
    streams: tuple[Stream, ...]
    """Batches are taken from each in turn."""
    moving: tuple[str, ...]
    """Beginnings of the names of the weights that are trained."""
    rate: float
    """The highest learning rate."""
    batch: int
    loss: Loss
    aloud: bool = True
    """Whether what is said is really spoken."""


def _reading(learner: Learner, _writer: Writer, examples: list[Example]) -> dict[str, Tensor]:
    return {"reply": learner.reply_loss(examples, None)}


def _spelling(learner: Learner, _writer: Writer, examples: list[Example]) -> dict[str, Tensor]:
    sounds, said = _sounds(examples)
    return {"letters": learner.spelling_loss(learner.hear(sounds), said)}


def _naming(learner: Learner, writer: Writer, examples: list[Example]) -> dict[str, Tensor]:
    sounds, said = _sounds(examples)
    heard = learner.hear(sounds)
    return {
        "words": learner.word_loss(heard, [writer.heard(text) for text in said]),
        "letters": _SPELLING_SHARE * learner.spelling_loss(heard, said),
    }


def _looking(learner: Learner, _writer: Writer, examples: list[Example]) -> dict[str, Tensor]:
    pictures = [picture for example in examples for picture in example.pictures]
    return {"names": learner.naming_loss(learner.see(pictures), pictures)}


def _conversing(learner: Learner, writer: Writer, examples: list[Example]) -> dict[str, Tensor]:
    """Everything that can come in, and the replies."""
    sounds, said = _sounds(examples)
    pictures = [picture for example in examples for picture in example.pictures]
    heard = learner.hear(sounds) if sounds else None
    seen = learner.see(pictures) if pictures else None
    losses = {"reply": learner.reply_loss(examples, heard, seen)}
    if heard is not None:
        losses["words"] = _WORDS_SHARE * learner.word_loss(heard, [writer.heard(text) for text in said])
        losses["letters"] = _SPELLING_SHARE * learner.spelling_loss(heard, said)
    if seen is not None:
        losses["names"] = _NAMES_SHARE * learner.naming_loss(seen, pictures)
    return losses


def _sounds(examples: list[Example]) -> tuple[list[Tensor], list[str]]:
    return (
        [sound for example in examples for sound in example.sounds],
        [text for example in examples for text in example.said],
    )


_TOWER = "thinker.model.audio_tower."
_EYE = "thinker.model.visual."
_LANGUAGE = ("thinker.model.language_model.", "thinker.lm_head.")
STAGES = (
    Stage("words", (SPOKEN, _IMAGINED_TALKS), _LANGUAGE, 2e-3, 24, _reading, aloud=False),
    Stage("letters", (SPOKEN,), (_TOWER, "speller."), 2e-3, 12, _spelling),
    Stage("hearing", (SPOKEN,), (_TOWER, "speller."), 2e-3, 12, _naming),
    Stage("thinking", (SPOKEN, SPOKEN, TALKS), (_TOWER, "speller.", *_LANGUAGE), 1.5e-3, 12, _conversing),
    Stage("looking", (PICTURED,), (_EYE,), 2e-3, 16, _looking, aloud=False),
    Stage("seeing", (PICTURED, PICTURED, SPOKEN, TALKS), ("",), 1e-3, 12, _conversing),
)
"""What exists so far, in the order in which it is gone through."""


def stage(name: str) -> Stage:
    """SightlineError for a stage that there is not."""
    for known in STAGES:
        if known.name == name:
            return known
    raise SightlineError(f"There is no stage {name!r}: choose {', '.join(known.name for known in STAGES)}.")
