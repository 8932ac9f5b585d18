"""The offline writer: a published folder becomes one of ours in four or eight bits. Knows no kernels and no sessions.

Read tensor by tensor and written shard by shard, so that memory does not grow with the model.
"""

from __future__ import annotations

import hashlib
import json
import math
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import save_file
from torch import Tensor

from model.errors import CheckpointError
from model.loading import Checkpoint
from model.manifest import (
    MANIFEST_NAME,
    SCALES_SUFFIX,
    VALUES_SUFFIX,
    QuantizationManifest,
    QuantizedModule,
    read_quantized,
)
from model.packing import DEFAULT_GROUP, TILE_ELEMENTS, Layout, QuantizedWeight, Scheme, packed_bytes
from model.packing import quantize as quantize_weight
from model.recognition import RECEIPT, SPEED
from model.removal import CONVERTING, remove
from model.schemes import Bits, scheme_of
from model.shards import INDEX_NAME

SHARD_BYTES = 1 << 29
HASH_BYTES = 1 << 24
HEADER_BYTES = 1 << 24  # more than all headers, the index and the manifest take

_OF_THE_SOURCE = re.compile(rf"({re.escape(RECEIPT)})(\.new)?|{re.escape(SPEED)}|.*\.part")
"""Files that are true of the source only."""
_OF_A_CONVERSION = re.compile(
    rf"model-\d{{5}}-of-\d{{5}}\.safetensors|{re.escape(INDEX_NAME)}|{re.escape(MANIFEST_NAME)}"
    rf"|{_OF_THE_SOURCE.pattern}"
)
"""Files that one writes beside what it copies, or once wrote."""
_WEIGHT = ".weight"
_TABLES = re.compile(r".*\.embed_tokens")


@dataclass(frozen=True, slots=True)
class Progress:
    """What was just finished, and how much of all work is: bytes of the source, hashed once and read once."""

    name: str
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Row:
    """How far one module's quantised weight lies from the float one, and what it takes on disk."""

    module: str
    scheme: Scheme
    max_error: float
    relative_error: float
    """Frobenius norm of the difference over that of the float weight."""
    bytes_before: int
    bytes_after: int


@dataclass(frozen=True, slots=True)
class _Item:
    """One tensor of the source and what becomes of it."""

    name: str
    shape: tuple[int, ...]
    dtype: torch.dtype
    scheme: Scheme

    @property
    def module(self) -> str:
        return self.name.removesuffix(_WEIGHT)

    @property
    def source_bytes(self) -> int:
        return torch.Size(self.shape).numel() * self.dtype.itemsize

    @property
    def written_bytes(self) -> int:
        if self.scheme is Scheme.FLOAT:
            return self.source_bytes
        return packed_bytes((self.shape[0], self.shape[1]), self.scheme, layout=self.layout)

    @property
    def layout(self) -> Layout:
        """Of what is only multiplied with, the kernels' own; tables are looked up row by row."""
        return Layout.ROWS if _TABLES.fullmatch(self.module) else Layout.BLOCKS


class _Steps:
    """Counts finished work, tells of it, and gives up between steps when asked to."""

    def __init__(self, total: int, progress: Callable[[Progress], None], check: Callable[[], None]) -> None:
        self._total, self._done = total, 0
        self._progress, self._check = progress, check

    def finished(self, name: str, nbytes: int) -> None:
        self._check()
        self._done += nbytes
        self._progress(Progress(name, self._done, self._total))


def quantize(
    source: Path,
    destination: Path,
    *,
    bits: Bits,
    progress: Callable[[Progress], None],
    check: Callable[[], None],
) -> None:
    """Write `source` in few bits to `destination`, which appears only when it is complete.

    4 bits: the Thinker's layers in int4; encoders, heads, its embedding, the Talker and the voice's transformer in
    int8. 8 bits: all of these in int8. The vocoder, norms, biases and convolutions stay as they are. Raises
    CheckpointError in one sentence where the source cannot be used, the destination is in use or the disk is too small;
    what `check` raises passes through.
    """
    source, destination = source.absolute(), destination.absolute()
    checkpoint = _open_plain(source)
    plan = _plan(checkpoint, bits)
    others = _other_files(source)
    _require_new(destination)
    _require_space(destination, sum(item.written_bytes for item in plan) + sum(f.stat().st_size for f in others))
    files = sorted({*checkpoint.shards.values()})
    total = sum(file.stat().st_size for file in files) + sum(item.source_bytes for item in plan)
    steps = _Steps(total, progress, check)
    with _unfinished(destination, {file.name for file in others}) as folder:
        hashes = {file.name: _sha256(file, steps) for file in files}
        hashes["config.json"] = _sha256(source / "config.json", None)
        _write_shards(checkpoint, plan, folder, steps)
        for file in others:
            shutil.copyfile(file, folder / file.name)
        _manifest(source, plan, hashes).write(folder)


def accuracy(float_folder: Path, quantized_folder: Path, check: Callable[[], None]) -> list[Row]:
    """Each quantised module against the float folder it was made from. Raises CheckpointError if they do not match."""
    before, after = _open_plain(float_folder), Checkpoint.open(quantized_folder)
    if after.manifest is None:
        raise CheckpointError(f"{quantized_folder} is not quantised: name the folder that `quantize` wrote.")
    rows = []
    for name in after.manifest.modules:
        check()
        rows.append(_compared(name, before.stored(name + _WEIGHT), read_quantized(name, after.stored, after.manifest)))
        before.release()
        after.release()
    return rows


def _open_plain(folder: Path) -> Checkpoint:
    checkpoint = Checkpoint.open(folder)
    if checkpoint.manifest is not None:
        raise CheckpointError(f"{folder} is quantised already: name the folder as it was published.")
    return checkpoint


def _plan(checkpoint: Checkpoint, bits: Bits) -> list[_Item]:
    """Every tensor in the order in which it is read and written: along the source's shards."""
    plan = []
    for name, _ in sorted(checkpoint.shards.items(), key=lambda item: (item[1], item[0])):
        stored = checkpoint.stored(name)
        scheme = scheme_of(name.removesuffix(_WEIGHT), bits) if name.endswith(_WEIGHT) else Scheme.FLOAT
        plan.append(_Item(name, tuple(stored.shape), stored.dtype, scheme if stored.ndim == 2 else Scheme.FLOAT))
    checkpoint.release()
    return plan


def _other_files(source: Path) -> list[Path]:
    """Everything beside the weights that is true of a copy too: configuration, tokenizer, voices, licence."""
    visible = (file for file in source.iterdir() if file.is_file() and not file.name.startswith("."))
    copied = (file for file in visible if not _OF_THE_SOURCE.fullmatch(file.name))
    return sorted(file for file in copied if file.suffix != ".safetensors" and file.name != INDEX_NAME)


def _require_new(destination: Path) -> None:
    if destination.exists() and not (destination.is_dir() and not any(destination.iterdir())):
        raise CheckpointError(f"{destination} exists already: name a new folder, or remove it first.")


def _require_space(destination: Path, nbytes: int) -> None:
    needed = nbytes + HEADER_BYTES
    ancestor = next(folder for folder in destination.parents if folder.is_dir())
    free = shutil.disk_usage(ancestor).free
    if free < needed:
        raise CheckpointError(
            f"{destination} needs {_megabytes(needed)} but {_megabytes(free)} are free in {ancestor}: "
            f"free {_megabytes(needed - free)} more, or choose another disk."
        )


def _megabytes(nbytes: int) -> str:
    return f"{max(1, round(nbytes / 1e6)):,} MB"


@contextmanager
def _unfinished(destination: Path, copied: set[str]) -> Iterator[Path]:
    """A folder beside the destination that takes its name at the end, or vanishes on any error."""
    folder = destination.with_name(f"{destination.name}.partial")
    if folder.exists() and not _is_ours(folder, copied):
        raise CheckpointError(f"{folder} is in the way and is not ours: move it first.")
    try:
        remove(folder)  # left by a run that was killed
        folder.mkdir(parents=True)
        (folder / CONVERTING).touch()
        yield folder
        (folder / CONVERTING).unlink()
        if destination.exists():
            destination.rmdir()
        folder.rename(destination)
    except (OSError, SafetensorError) as error:
        raise CheckpointError(f"Writing {destination} failed ({error}): make room there and start again.") from error
    finally:
        with suppress(OSError):
            remove(folder)


def _is_ours(folder: Path, copied: set[str]) -> bool:
    """Whether a conversion left it: it has the mark, or lost that to a kill and holds only what one writes."""
    if (folder / CONVERTING).exists():
        return True
    if not folder.is_dir():
        return False
    return all(item.name in copied or _OF_A_CONVERSION.fullmatch(item.name) for item in folder.iterdir())


def _sha256(file: Path, steps: _Steps | None) -> str:
    digest = hashlib.sha256()
    with file.open("rb") as stream:
        while chunk := stream.read(HASH_BYTES):
            digest.update(chunk)
            if steps is not None:
                steps.finished(file.name, len(chunk))
    return digest.hexdigest()


def _write_shards(checkpoint: Checkpoint, plan: list[_Item], folder: Path, steps: _Steps) -> None:
    shards = list(_in_shards(plan))
    weight_map: dict[str, str] = {}
    for number, items in enumerate(shards, start=1):
        tensors: dict[str, Tensor] = {}
        for item in items:
            tensors |= _converted(checkpoint, item)
            checkpoint.release()  # or the pages of the whole source shard would stay in memory
            steps.finished(item.name, item.source_bytes)
        file = f"model-{number:05}-of-{len(shards):05}.safetensors"
        save_file(tensors, folder / file, metadata={"format": "pt"})
        shutil.copymode(checkpoint.path / "config.json", folder / file)  # or nobody else could read it
        weight_map |= dict.fromkeys(tensors, file)
    index = {
        "metadata": {"total_size": sum(item.written_bytes for item in plan)},
        "weight_map": dict(sorted(weight_map.items())),
    }
    (folder / INDEX_NAME).write_text(json.dumps(index, indent=1) + "\n", encoding="utf-8")


def _in_shards(plan: list[_Item]) -> Iterator[list[_Item]]:
    """Successive items, as many as fit a shard; one that is too large has its own."""
    items: list[_Item] = []
    held = 0
    for item in plan:
        if items and held + item.written_bytes > SHARD_BYTES:
            yield items
            items, held = [], 0
        items.append(item)
        held += item.written_bytes
    yield items


def _converted(checkpoint: Checkpoint, item: _Item) -> dict[str, Tensor]:
    stored = checkpoint.stored(item.name)
    if item.scheme is Scheme.FLOAT:
        return {item.name: stored}
    packed = quantize_weight(stored, item.scheme)
    if item.layout is Layout.BLOCKS:
        packed = packed.in_blocks()
    if not packed.scales.isfinite().all():
        raise CheckpointError(f"{checkpoint.path}: {item.name} holds numbers that are not finite: fetch it again.")
    return {item.module + VALUES_SUFFIX: packed.values, item.module + SCALES_SUFFIX: packed.scales}


def _manifest(source: Path, plan: list[_Item], hashes: dict[str, str]) -> QuantizationManifest:
    quantized = [item for item in plan if item.scheme is not Scheme.FLOAT]
    rest = {str(item.dtype).removeprefix("torch.") for item in plan if item.scheme is Scheme.FLOAT}
    return QuantizationManifest(
        tool_version=_tool_version(),
        source_folder=source.name,
        source_sha256=hashes,
        rest_dtype=" ".join(sorted(rest)),
        modules={item.module: _module(item) for item in quantized},
    )


def _module(item: _Item) -> QuantizedModule:
    rows, columns = item.shape
    group = DEFAULT_GROUP if item.scheme is Scheme.INT4 else columns
    return QuantizedModule(item.scheme, group, (rows, columns), item.layout)


def _tool_version() -> str:
    try:
        return version("sightline")
    except PackageNotFoundError:  # run from a folder without installation
        return "source"


def _compared(name: str, exact: Tensor, packed: QuantizedWeight) -> Row:
    if tuple(exact.shape) != packed.shape:
        raise CheckpointError(f"{name} has another shape in the float folder: it is not what this was made from.")
    largest, wrong, size = 0.0, 0.0, 0.0
    height = max(1, TILE_ELEMENTS // exact.shape[1])
    for start in range(0, exact.shape[0], height):
        part = exact[start : start + height].to(torch.float32)
        difference = packed.rows(start, start + height).dequantize() - part
        largest = max(largest, float(difference.abs().max()))
        wrong += float(torch.linalg.vector_norm(difference, dtype=torch.float64)) ** 2
        size += float(torch.linalg.vector_norm(part, dtype=torch.float64)) ** 2
    relative = math.sqrt(wrong / size) if size else 0.0
    return Row(name, packed.scheme, largest, relative, exact.nbytes, packed.nbytes)
