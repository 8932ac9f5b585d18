"""The catalogue as the page of models shows it, for this computer and this disk. Knows no widget and no network."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path

import psutil

from app import shelf
from app.model_words import of_model
from app.settings import Settings
from app.wares import Offer, Variant, gigabytes
from app.words import translate
from model.catalogue import Advice, Hardware, Precision, Published
from model.recognition import is_model


def measured(known: Hardware | None, folder: Path) -> Hardware:
    """What a child measured, or before that what can be known without torch; the disk as it is now."""
    hardware = known or Hardware(
        psutil.virtual_memory().total, 0, psutil.cpu_count(logical=False) or psutil.cpu_count() or 1
    )
    place = next((place for place in (folder, *folder.parents) if place.exists()), Path())
    return replace(hardware, disk=int(psutil.disk_usage(str(place)).free))


def described(hardware: Hardware, advice: Advice) -> str:
    """The computer, and why nothing fits where nothing does."""
    with_card = translate(
        "Offers",
        "This computer: {memory} of memory, {card} with {video}, {cores} processor cores, {disk} of free disk.",
    )
    without = translate(
        "Offers",
        "This computer: {memory} of memory, no graphics card that can be used, {cores} processor cores, {disk} of free "
        "disk.",
    )
    found = (with_card if hardware.video else without).format(
        memory=gigabytes(hardware.memory),
        card=hardware.card,
        video=gigabytes(hardware.video),
        cores=hardware.cores,
        disk=gigabytes(hardware.disk),
    )
    return found if advice.published is not None else f"{found} {of_model(advice.reason)}"


def offer(published: Published, advice: Advice, free: int, folder: Path, settings: Settings) -> Offer:
    """`free` bytes are left where `folder`, that of models, lies."""
    is_advised = advice.published is published
    best = advice.precision if is_advised else Precision.INT4
    target = folder / published.name
    there = partial(shelf.size_there, folder, published)
    fetched = shelf.size(shelf.unfinished(target))
    return Offer(
        name=published.name,
        about=of_model(published.about),
        languages=of_model(published.languages),
        voices=", ".join(published.voices),
        licence=published.licence.name,
        terms=of_model(published.licence.text),
        link=published.licence.url,
        variants=tuple(_variant(published, precision, free + there(precision)) for precision in published.needs),
        chosen=list(published.needs).index(best),
        reason=of_model(advice.reason) if is_advised else "",
        accepted=published.name in settings.licences,
        fetched=fetched,
        is_here=is_model(target),
    )


def _variant(published: Published, precision: Precision, free: int) -> Variant:
    need, room = published.needs[precision], published.room(precision)
    return Variant(precision.value, of_model(precision.words), need.disk, need.memory, room, max(0, room - free))
