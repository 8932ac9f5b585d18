"""All groups of figures in one run. Knows no command line."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import torch

from model.benchmark import answers, decoding, memory, products, speech, step
from model.benchmark.figures import Figure, markdown, record
from model.benchmark.timing import Condition, Plan, machine, threads
from model.loading import Checkpoint, Placement
from model.omni import Omni, place
from model.small import Shape

REPLY_TOKENS, REPLY_CODES = 30, 450
"""The forced work: nine seconds of speech."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is measured, and how often."""

    shape: Shape
    plain: bool
    groups: tuple[str, ...]
    runs: int
    warmups: int
    threads: int | None
    codes: int


@dataclass(frozen=True, slots=True)
class Folders:
    """A random checkpoint as published, and in few bits."""

    published: Path
    packed: Path


DRAWN = frozenset({"products", "thinker", "talker"})
"""Groups that draw their weights in memory and need no folders."""


def measure(wanted: Wanted, folders: Callable[[], Folders], *, as_json: bool) -> Iterator[str]:
    """Lines as they are known: the machine, each figure, at the end the table. `folders` is asked when needed."""
    torch.set_flush_denormal(True)
    placement = place()
    figures: list[Figure] = []
    with threads(wanted.threads) as thread_count:
        yield _told({"machine": (known := machine(placement, thread_count))}, known, as_json=as_json)
        for group in wanted.groups:
            taken = _drawn(group, wanted, thread_count) if group in DRAWN else _loaded(group, folders(), wanted)
            for figure in taken:
                figures.append(figure)
                words = (
                    f"{figure.name}, {figure.what}: {figure.ours}; {figure.theirs}; "
                    f"{figure.value:.2f} {figure.unit} {figure.verdict}"
                )
                yield _told(record(figure), words, as_json=as_json)
    if not as_json:
        yield markdown(figures)


def _drawn(group: str, wanted: Wanted, thread_count: int) -> Iterator[Figure]:
    plan, placement = Plan(wanted.runs, wanted.warmups), place()
    if group == "products":
        thinker, talker = decoding.thinker_of(wanted.shape), decoding.talker_of(wanted.shape)
        return products.products(products.layers_of(thinker.shape, talker.shape, thinker.outputs), plan)
    if group == "talker":
        return decoding.talker(wanted.shape, placement, plan)
    conditions = [Condition(thread_count)]
    if thread_count > 1 and not wanted.plain:
        conditions += [Condition(1), Condition(thread_count, beside_load=True)]
    return decoding.thinker(wanted.shape, placement, plan, tuple(conditions))


def _loaded(group: str, folders: Folders, wanted: Wanted) -> Iterator[Figure]:
    """Every group opens the models anew, so that what the one before loaded is free again."""
    plan = Plan(wanted.runs, wanted.warmups)
    own = Omni(Checkpoint.open(folders.packed), place())
    device = own.placement.device
    published = Checkpoint.open(folders.published)
    voice = next(iter(own.checkpoint.voices()))
    match group:
        case "step":
            return step.outside_of_linear_layers(own, plan)
        case "voice":
            rival = Omni(published, Placement(device, torch.float32))
            return speech.codes_to_wave(own, rival, voice, plan, count=wanted.codes)
        case "text":
            return answers.first_text(own, Omni(published, Placement(device, torch.bfloat16)), plan)
        case "audio":
            rival = Omni(published, Placement(device, torch.bfloat16))
            codes = wanted.codes if wanted.shape == "small" else REPLY_CODES
            return answers.first_audio(own, rival, voice, tokens=REPLY_TOKENS, codes=codes)
        case "memory":
            return memory.spoken_chat(folders.packed, voice, torch.get_num_threads())
    raise ValueError(f"there is no group {group!r}")


def _told(entry: dict[str, object], words: str, *, as_json: bool) -> str:
    return json.dumps(entry) if as_json else words
