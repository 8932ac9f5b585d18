"""Conversations as they are written down for training, nothing of them spoken."""

from __future__ import annotations

from model.training.corpus.chance import chance
from model.training.corpus.dialogues import Dialogue, Text, Turn
from model.training.corpus.films import Film
from model.training.example import Example
from model.training.shelves import Recorded, Stream
from model.training.writer import Writer


def as_text(stream: Stream, index: int) -> Recorded:
    """A conversation of a stream, without waves."""
    return Recorded(index, stream.dialogue(0, index), ())


def filmed(writer: Writer, film: Film, *, number: int = 0, drawn: bool = True) -> Example:
    """A film and all that may be asked about it, typed; `number` says how it is looked at."""
    first, *others = film.exchange, *film.others
    turns = (Turn((film, Text(first.said)), first.reply), *(Turn((Text(each.said),), each.reply) for each in others))
    return writer.example(Recorded(0, Dialogue("video", turns), ()), chance("filmed", number), aloud=False, drawn=drawn)
