"""Which published checkpoints exist, what they take, under which licence, and which one suits a computer.

Nothing but data and arithmetic: knows no network, no disk and no weights.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from model.errors import CheckpointError

HUB = "https://huggingface.co"
"""Where the checkpoints are published."""
GIGABYTE = 1_000_000_000
MANY_CORES = 8
"""From here on a processor is fast enough for the larger model."""


class Precision(StrEnum):
    """In how many bits the weights are kept."""

    PUBLISHED = "published"
    INT8 = "int8"
    INT4 = "int4"

    @property
    def words(self) -> str:
        """For the user."""
        return {"published": "as published", "int8": "8 bits", "int4": "4 bits"}[self.value]


@dataclass(frozen=True, slots=True)
class Need:
    """Bytes that a precision takes on the disk, and in memory with a conversation of moderate length."""

    disk: int
    memory: int


@dataclass(frozen=True, slots=True)
class Licence:
    """What must be accepted before the first byte. `text` is a summary; the licence itself is at `url`."""

    name: str
    text: str
    url: str
    commercial: bool


@dataclass(frozen=True, slots=True)
class Published:
    """A checkpoint as it can be downloaded."""

    name: str
    repository: str
    about: str
    licence: Licence
    languages: str
    voices: tuple[str, ...]
    needs: Mapping[Precision, Need] = field(hash=False)
    revision: str = "main"

    @property
    def download(self) -> int:
        """Bytes that come over the network."""
        return self.needs[Precision.PUBLISHED].disk

    def room(self, precision: Precision) -> int:
        """Bytes of disk until it is in this precision: the published files are there while they are converted."""
        return self.download + (0 if precision is Precision.PUBLISHED else self.needs[precision].disk)


def _gigabytes(disk: float, memory: float) -> Need:
    return Need(round(disk * GIGABYTE), round(memory * GIGABYTE))


APACHE = Licence(
    "Apache License 2.0",
    "You may use, change and pass on the model, also for business, if you keep its licence and notices with it. "
    "There is no warranty.",
    f"{HUB}/Qwen/Qwen2.5-Omni-7B/blob/main/LICENSE",
    commercial=True,
)
RESEARCH = Licence(
    "Qwen Research License Agreement",
    "Only for research or evaluation, and never for business: whoever wants to use the model commercially must ask "
    "Alibaba Cloud for a licence of its own. Whoever passes on the model, or what was made from it, passes on this "
    "agreement too, says what was changed and writes “Built with Qwen” or “Improved using Qwen” where it can be read. "
    "There is no warranty, and whoever sues over the model loses the licence.",
    f"{HUB}/Qwen/Qwen2.5-Omni-3B/blob/main/LICENSE",
    commercial=False,
)
LANGUAGES = "Reads and writes English, Chinese and many more; hears and speaks English and Chinese best"
VOICES = ("Chelsie", "Ethan")

SMALLER = Published(
    name="Qwen2.5-Omni-3B",
    repository="Qwen/Qwen2.5-Omni-3B",
    about="The smaller one: answers soonest",
    licence=RESEARCH,
    languages=LANGUAGES,
    voices=VOICES,
    needs={
        Precision.PUBLISHED: _gigabytes(12.0, 13.5),
        Precision.INT8: _gigabytes(6.1, 7.5),
        Precision.INT4: _gigabytes(4.9, 6.0),
    },
)
LARGER = Published(
    name="Qwen2.5-Omni-7B",
    repository="Qwen/Qwen2.5-Omni-7B",
    about="The larger one: knows more and makes fewer mistakes",
    licence=APACHE,
    languages=LANGUAGES,
    voices=VOICES,
    needs={
        Precision.PUBLISHED: _gigabytes(22.4, 24.5),
        Precision.INT8: _gigabytes(11.4, 13.0),
        Precision.INT4: _gigabytes(8.5, 10.0),
    },
)
CATALOGUE = (SMALLER, LARGER)


def find(name: str) -> Published:
    """By its name, in any case. Raises CheckpointError for one that is not known."""
    for published in CATALOGUE:
        if name.lower() in {published.name.lower(), published.repository.lower()}:
            return published
    known = " and ".join(published.name for published in CATALOGUE)
    raise CheckpointError(f"There is no model {name!r} in the catalogue: it has {known}.")


@dataclass(frozen=True, slots=True)
class Hardware:
    """What a computer has, in bytes. `video` is the graphics card's memory, 0 without one that can be used."""

    memory: int
    disk: int
    cores: int
    video: int = 0
    card: str = ""


@dataclass(frozen=True, slots=True)
class Advice:
    """One model for a computer, and why, in a sentence; None where none fits."""

    published: Published | None
    precision: Precision
    reason: str


def _nothing(_published: Published, _precision: Precision) -> int:
    return 0


def advise(hardware: Hardware, there: Callable[[Published, Precision], int] = _nothing) -> Advice:
    """The best that fits into memory with room for everything else, and is quick enough there.

    `there` tells how many bytes of it are on the disk already: what has been fetched needs no room a second time.
    """
    for published, precision, reason in _choices(hardware):
        if published.room(precision) - there(published, precision) <= hardware.disk:
            return Advice(published, precision, reason)
    return Advice(None, Precision.INT4, _refusal(hardware, there(SMALLER, Precision.INT4)))


def _choices(hardware: Hardware) -> Iterator[tuple[Published, Precision, str]]:
    """From the best to the least, those that memory and speed allow."""
    for published, precision in (
        (LARGER, Precision.PUBLISHED),
        (LARGER, Precision.INT8),
        (LARGER, Precision.INT4),
        (SMALLER, Precision.INT8),
        (SMALLER, Precision.INT4),
    ):
        if published.needs[precision].memory <= hardware.video:
            yield (
                published,
                precision,
                f"In {precision.words} it fits into the {gigabytes(hardware.video)} of your graphics card, where "
                "answers come quickest.",
            )
    room = hardware.memory * 2 // 3  # the rest is the system's and everybody else's
    if hardware.cores >= MANY_CORES and LARGER.needs[Precision.INT4].memory <= room:
        yield (
            LARGER,
            Precision.INT4,
            f"In 4 bits it fits into your {gigabytes(hardware.memory)} of memory, and {hardware.cores} processor cores "
            "are enough for it.",
        )
    if SMALLER.needs[Precision.INT4].memory <= room:
        yield (
            SMALLER,
            Precision.INT4,
            f"In 4 bits it fits into your {gigabytes(hardware.memory)} of memory; with {hardware.cores} processor "
            "cores the larger one would answer too slowly, or not fit.",
        )


def _refusal(hardware: Hardware, there: int) -> str:
    need = SMALLER.needs[Precision.INT4]
    if need.memory <= max(hardware.memory * 2 // 3, hardware.video):
        short = SMALLER.room(Precision.INT4) - there - hardware.disk
        return f"There is too little free disk for any of them: {gigabytes(short)} more are needed for the smallest."
    return (
        f"Even the smallest of them needs {gigabytes(need.memory)} of memory beside everything else, and this computer "
        f"has {gigabytes(hardware.memory)}: it would hardly move."
    )


def gigabytes(nbytes: int) -> str:
    """For the user."""
    return f"{nbytes / GIGABYTE:.1f} GB"
