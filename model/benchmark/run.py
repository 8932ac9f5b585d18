"""All groups of figures in one run. Knows no command line."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import torch

from model.benchmark import answers, decoding, memory, speech
from model.benchmark.figures import Figure, markdown, record
from model.benchmark.timing import Plan, machine, threads
from model.loading import Checkpoint, Placement
from model.omni import Omni, place

REPLY_TOKENS, REPLY_CODES = 30, 450
"""The forced work: nine seconds of speech."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is measured, and how often."""

    groups: tuple[str, ...]
    runs: int
    warmups: int
    threads: int | None
    codes: int


def measure(published: Path, packed: Path, wanted: Wanted, *, as_json: bool) -> Iterator[str]:
    """Lines as they are known: the machine, each figure, at the end the table."""
    placement = place()
    figures: list[Figure] = []
    with threads(wanted.threads) as thread_count:
        yield _told({"machine": (known := machine(placement, thread_count))}, known, as_json=as_json)
        stages = _stages(published, packed, wanted, thread_count)
        for group in wanted.groups:
            for figure in stages[group]():
                figures.append(figure)
                words = (
                    f"{figure.name}: {figure.ours}; {figure.theirs}; {figure.value:.2f} {figure.unit} {figure.verdict}"
                )
                yield _told(record(figure), words, as_json=as_json)
    if not as_json:
        yield markdown(figures)


def _stages(
    published: Path, packed: Path, wanted: Wanted, thread_count: int
) -> dict[str, Callable[[], Iterator[Figure]]]:
    """Every stage opens the models anew, so that what the one before loaded is free again."""
    plan = Plan(wanted.runs, wanted.warmups)

    def own() -> Omni:
        return Omni(Checkpoint.open(packed), place())

    def rival(dtype: torch.dtype = torch.bfloat16) -> Omni:
        return Omni(Checkpoint.open(published), Placement(place().device, dtype))

    voice = next(iter(Checkpoint.open(packed).voices()))
    return {
        "thinker": lambda: decoding.thinker(own(), rival(), plan),
        "talker": lambda: decoding.talker(own(), rival(), plan),
        "voice": lambda: speech.codes_to_wave(own(), rival(torch.float32), voice, plan, count=wanted.codes),
        "text": lambda: answers.first_text(own(), rival(), plan),
        "audio": lambda: answers.first_audio(own(), rival(), voice, tokens=REPLY_TOKENS, codes=REPLY_CODES),
        "memory": lambda: memory.spoken_chat(packed, voice, thread_count),
    }


def _told(entry: dict[str, object], words: str, *, as_json: bool) -> str:
    return json.dumps(entry) if as_json else words
