"""Which model folders lie on this computer, by a look at their small files. Knows no weights, and changes nothing."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path

from app.model_words import of_model
from app.wares import Stored, gigabytes
from model.catalogue import Precision, Published
from model.recognition import MANIFEST, is_comparable, is_model

UNFINISHED, PARTIAL, MOVING = ".unfinished", ".partial", ".moving"
"""What a folder's name ends with until it is whole."""
MOVED = ".sightline-moved"
"""What it ends with once there is a whole copy elsewhere."""
HALFWAY = (UNFINISHED, PARTIAL, MOVING, MOVED)
PLAIN = Precision.PUBLISHED.words


def stored(places: Sequence[Path], others: Iterable[Path], in_use: Path | None) -> list[Stored]:
    """All in the folders of models, and `others`; of folders that cannot be read nothing is said."""
    ours = [folder for place in places for folder in _children(place) if is_model(folder)]
    theirs = [folder for folder in others if is_model(folder) and folder.parent not in places]
    return [
        *(_describe(folder, in_use, ours=True) for folder in ours),
        *(_describe(folder, in_use, ours=False) for folder in theirs),
    ]


def unfinished(folder: Path) -> Path:
    """Where a download lies until it is this folder."""
    return folder.with_name(folder.name + UNFINISHED)


def partial(folder: Path) -> Path:
    """Where a conversion lies until it is this folder."""
    return folder.with_name(folder.name + PARTIAL)


def converted(folder: Path, precision: Precision) -> Path:
    """What is made of a published folder."""
    return folder.with_name(f"{folder.name}-{precision.value}")


def begun(place: Path) -> list[Path]:
    """What lies there of downloads and conversions that are not done."""
    return sorted(folder for ending in (UNFINISHED, PARTIAL) for folder in place.glob(f"*{ending}"))


def in_part(source: Path, destination: Path) -> list[Path]:
    """What is left of a move that was killed: what was copied halfway, and what was copied but had still to go."""
    return sorted((*destination.glob(f"*{MOVING}"), *source.glob(f"*{MOVED}")))


def size_there(models: Path, published: Published, precision: Precision) -> int:
    """Bytes that are on the disk of what it takes to have a published model in a precision."""
    target = models / published.name
    wanted = [target] if precision is Precision.PUBLISHED else [target, converted(target, precision)]
    return sum(size(folder) for whole in wanted for folder in (whole, unfinished(whole), partial(whole)))


def size(folder: Path) -> int:
    """Bytes of all files below; 0 for what is not there."""
    try:
        return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
    except OSError:
        return 0


def _children(models: Path) -> list[Path]:
    try:
        return sorted(item for item in models.iterdir() if item.is_dir() and not item.name.endswith(HALFWAY))
    except OSError:
        return []


def _describe(folder: Path, in_use: Path | None, *, ours: bool) -> Stored:
    bits, nbytes = _bits(folder), size(folder)
    return Stored(
        folder=folder,
        name=folder.name,
        words=f"{of_model(bits or PLAIN)}, {gigabytes(nbytes)}",
        size=nbytes,
        plain=not bits,
        compared=is_comparable(folder),
        in_use=folder == in_use,
        ours=ours,
    )


def _bits(folder: Path) -> str:
    """Empty for a folder that is not quantised."""
    try:
        modules = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))["modules"]
        schemes = {module["scheme"] for module in modules.values()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return ""
    return (Precision.INT4 if "int4" in schemes else Precision.INT8).words
