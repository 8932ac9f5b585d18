"""What the page of models shows: what can be had, what is here, what is in use. Nothing but data and its words."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

GIGABYTE, MEGABYTE = 1e9, 1e6
WORDS_A_TOKEN = 0.7


@dataclass(frozen=True, slots=True)
class Variant:
    """A model in so many bits. `room` is the disk that is needed until it is there, `shortfall` what lacks of it."""

    precision: str
    words: str
    disk: int
    memory: int
    room: int
    shortfall: int = 0


@dataclass(frozen=True, slots=True)
class Offer:
    """A model that can be downloaded. `reason` says why it is the one for this computer, if it is.

    `fetched` bytes of an earlier try are there; `is_here` once all are.
    """

    name: str
    about: str
    languages: str
    voices: str
    licence: str
    terms: str
    link: str
    variants: tuple[Variant, ...]
    chosen: int
    reason: str = ""
    accepted: bool = False
    fetched: int = 0
    is_here: bool = False


@dataclass(frozen=True, slots=True)
class Stored:
    """A model folder on this computer. `plain` can be converted, `compared` has hashes to compare its files with."""

    folder: Path
    name: str
    words: str
    size: int
    plain: bool
    compared: bool
    in_use: bool = False
    ours: bool = True
    """Whether it may be deleted from here: what somebody else put elsewhere may not."""


def gigabytes(nbytes: int) -> str:
    """For the user; in megabytes what would be no gigabyte at all."""
    if 0 < nbytes < GIGABYTE / 20:
        return f"{max(1, round(nbytes / MEGABYTE))} MB"
    return f"{nbytes / GIGABYTE:.1f} GB"


def words_in(tokens: int) -> int:
    """How many words of English so many tokens are, in round numbers."""
    return round(WORDS_A_TOKEN * tokens / 100) * 100
