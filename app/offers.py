"""The catalogue as the page of models shows it, for this computer and this disk. Knows no widget and no network."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import psutil

from app import shelf
from app.settings import Settings
from app.wares import Offer, Variant, gigabytes
from model.catalogue import Advice, Hardware, Precision, Published


def measured(known: Hardware | None, folder: Path) -> Hardware:
    """What a child measured, or before that what can be known without torch; the disk as it is now."""
    hardware = known or Hardware(
        psutil.virtual_memory().total, 0, psutil.cpu_count(logical=False) or psutil.cpu_count() or 1
    )
    place = next((place for place in (folder, *folder.parents) if place.exists()), Path())
    return replace(hardware, disk=int(psutil.disk_usage(str(place)).free))


def described(hardware: Hardware, advice: Advice) -> str:
    """The computer, and why nothing fits where nothing does."""
    card = (
        f"{hardware.card} with {gigabytes(hardware.video)}" if hardware.video else "no graphics card that can be used"
    )
    found = (
        f"This computer: {gigabytes(hardware.memory)} of memory, {card}, {hardware.cores} processor cores, "
        f"{gigabytes(hardware.disk)} of free disk."
    )
    return found if advice.published is not None else f"{found} {advice.reason}"


def offer(published: Published, advice: Advice, free: int, folder: Path, settings: Settings) -> Offer:
    """`free` bytes are left where `folder`, that of models, lies."""
    is_advised = advice.published is published
    best = advice.precision if is_advised else Precision.INT4
    target = folder / published.name
    fetched = shelf.size(shelf.unfinished(target))
    return Offer(
        name=published.name,
        about=published.about,
        languages=published.languages,
        voices=", ".join(published.voices),
        licence=published.licence.name,
        terms=published.licence.text,
        link=published.licence.url,
        variants=tuple(_variant(published, precision, free + fetched) for precision in published.needs),
        chosen=list(published.needs).index(best),
        reason=advice.reason if is_advised else "",
        accepted=published.name in settings.licences,
        fetched=fetched,
        is_here=shelf.is_model(target),
    )


def _variant(published: Published, precision: Precision, free: int) -> Variant:
    need, room = published.needs[precision], published.room(precision)
    return Variant(precision.value, precision.words, need.disk, need.memory, room, max(0, room - free))
