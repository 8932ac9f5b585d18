"""The files of a script as media: which senses they need, and how closely they can be looked at. Loads no weights."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from model.cli.script import Item, Medium, Script
from model.errors import ContextFullError
from model.media import Kind, MediaInfo, describe
from model.positions import TICKS_A_SECOND
from model.sight import SightSettings

CERTAIN_EXCESS = 1.5  # some files only guess how long they are: less than this above the context is tried
SHARE_OF_INPUT = 0.75  # of the context; the rest is for text and the answer
LEAST_TOKENS_A_FRAME = 16


@dataclass(frozen=True, slots=True)
class Source:
    """A file and what it is."""

    item: Item
    info: MediaInfo

    @property
    def is_heard(self) -> bool:
        """Whether the ear is needed."""
        return self.info.has_sound

    @property
    def is_watched(self) -> bool:
        """Whether it is a video that is given to be seen."""
        return self.item.medium is Medium.VIDEO and self.info.kind is Kind.VIDEO

    @property
    def seconds(self) -> float:
        """How long it is, 0 where that is unknown."""
        return self.info.seconds or 0.0


@dataclass(frozen=True, slots=True)
class Material:
    """The files of each turn."""

    turns: tuple[tuple[Source, ...], ...]

    @classmethod
    def of(cls, script: Script) -> Material:
        """Raises MediaError for a file that is no media."""
        turns = ([item for item in turn if item.medium is not Medium.TEXT] for turn in script.turns)
        return cls(tuple(tuple(Source(item, describe(item.path)) for item in turn) for turn in turns))

    @property
    def senses(self) -> tuple[str, ...]:
        """The parts of the model that take it in."""
        sources = [source for turn in self.turns for source in turn]
        hears = any(source.is_heard for source in sources)
        sees = any(source.is_watched or source.info.kind is Kind.PICTURE for source in sources)
        return (*(["ear"] if hears else []), *(["eye"] if sees else []))

    @property
    def only_heard(self) -> tuple[Item, ...]:
        """What was given to be seen and has no moving picture."""
        given = (source for turn in self.turns for source in turn if source.item.medium is Medium.VIDEO)
        return tuple(source.item for source in given if not source.is_watched)

    def frame_tokens(self, sight: SightSettings, context: int) -> int | None:
        """In how many tokens a frame can be looked at so that every turn fits; None without videos of known length.

        Raises ContextFullError for a turn that is certainly too long, before hours are spent on it.
        """
        fitting = [_frame_tokens(number, turn, sight, context) for number, turn in enumerate(self.turns, 1)]
        return min((tokens for tokens in fitting if tokens is not None), default=None)


def _frame_tokens(number: int, turn: Sequence[Source], sight: SightSettings, context: int) -> int | None:
    seconds = sum(source.seconds for source in turn if source.is_heard)
    sound = math.ceil(seconds * TICKS_A_SECOND)
    if sound > CERTAIN_EXCESS * context:
        raise ContextFullError(
            f"Turn {number} has {seconds / 60:.0f} minutes of sound and the model can keep "
            f"{context / TICKS_A_SECOND / 60:.0f} in mind: give less, or spread it over several turns."
        )
    pairs = sum(math.ceil(source.seconds * sight.fps / 2) for source in turn if source.is_watched)
    if not pairs:
        return None
    tokens = math.floor((SHARE_OF_INPUT * context - sound) / pairs)
    if tokens < LEAST_TOKENS_A_FRAME:
        raise ContextFullError(
            f"Turn {number} has more video than the model can keep in mind ({context} tokens): "
            "give less, or take fewer frames a second with --fps."
        )
    return tokens
