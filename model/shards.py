"""Files of a model folder: which tensors lie where, and each read from its file. Knows no module and no device."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from torch import Tensor

from model.errors import CheckpointError
from model.manifest import SCALES_SUFFIX

INDEX_NAME = "model.safetensors.index.json"
SINGLE_NAME = "model.safetensors"
MAPPED_BYTES = 1 << 26
"""Of a shard, read through one mapping."""
ELEMENT_BYTES = {
    "F64": 8,
    "F32": 4,
    "F16": 2,
    "BF16": 2,
    "I64": 8,
    "I32": 4,
    "I16": 2,
    "I8": 1,
    "U8": 1,
    "BOOL": 1,
}
FLOATS = frozenset({"F64", "F32", "F16", "BF16"})


class ShardReader:
    """Keeps the shard that was read last open, and no other."""

    def __init__(self) -> None:
        self._path: Path | None = None
        self._handle: Any = None  # safetensors does not type its handle
        self._read = 0

    def tensor(self, path: Path, name: str) -> Tensor:
        """One tensor, backed by the file. A mapping counts with all that was ever read of it: soon there is another."""
        if self._read > MAPPED_BYTES:
            self.close()
        tensor: Tensor = self.open(path).get_tensor(name)
        self._read += tensor.nbytes
        return tensor

    def open(self, path: Path) -> Any:  # noqa: ANN401 -- see above
        """The open shard. Raises CheckpointError if it is missing or shorter than its header says."""
        if path != self._path:
            self.close()
            try:
                self._handle = safe_open(path, framework="pt")
            except FileNotFoundError as error:
                raise CheckpointError(f"{path} is missing: the download is incomplete, fetch it again.") from error
            except (SafetensorError, OSError) as error:
                raise CheckpointError(f"{path} is truncated or damaged: fetch it again.") from error
            self._path = path
        return self._handle

    def close(self) -> None:
        self._path = self._handle = None
        self._read = 0


def read_index(folder: Path) -> dict[str, Path]:
    """Tensor name -> shard. Raises CheckpointError where there are no weights or their list is damaged."""
    index, single = folder / INDEX_NAME, folder / SINGLE_NAME
    if index.is_file():
        try:
            weight_map = json.loads(index.read_text(encoding="utf-8"))["weight_map"]
            return {str(name): folder / shard for name, shard in weight_map.items()}
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise CheckpointError(f"{index} is damaged: fetch it again.") from error
    if single.is_file():
        return dict.fromkeys(ShardReader().open(single).keys(), single)
    raise CheckpointError(f"{folder} has no weights: neither {INDEX_NAME} nor {SINGLE_NAME} is there.")


@dataclass(frozen=True, slots=True)
class Header:
    """One tensor without its numbers: full name, shape, and the type that it is stored in ("BF16")."""

    name: str
    shape: torch.Size
    kind: str

    @property
    def nbytes(self) -> int:
        """What it takes in the folder."""
        return self.shape.numel() * ELEMENT_BYTES[self.kind]

    def resident(self, dtype: torch.dtype) -> int:
        """What it takes once loaded: floats in `dtype`, the voice's if that is narrower; packed integers as stored."""
        # Scales and the tables that rows are looked up in keep the precision that they are stored in.
        if self.kind not in FLOATS or self.name.endswith((SCALES_SUFFIX, "embed_tokens.weight")):
            return self.nbytes
        converted = self.shape.numel() * dtype.itemsize
        return min(converted, self.nbytes) if self.name.startswith("token2wav.") else converted
