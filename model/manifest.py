"""The page in a quantised folder that says what was done to it. Knows neither the writer nor the loader."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from torch import Tensor

from model.errors import CheckpointError
from model.packing import GROUPS, Layout, QuantizedWeight, Scheme

MANIFEST_NAME = "quantization.json"
FORMAT_VERSION = 2
FORMATS = (1, 2)
"""Those that can be read: in the first, all weights lay in rows."""
VALUES_SUFFIX = ".weight.values"
SCALES_SUFFIX = ".weight.scales"


@dataclass(frozen=True, slots=True)
class QuantizedModule:
    """One module's weight: its scheme, the columns that share a scale, its true shape [out, in], and how it lies."""

    scheme: Scheme
    group: int
    shape: tuple[int, int]
    layout: Layout


@dataclass(frozen=True, slots=True)
class QuantizationManifest:
    """Which modules of a folder are quantised, how, and from which files they were made."""

    tool_version: str
    source_folder: str
    source_sha256: dict[str, str]
    rest_dtype: str
    modules: dict[str, QuantizedModule]

    @classmethod
    def read(cls, folder: Path) -> QuantizationManifest | None:
        """The folder's manifest; None for a plain folder; CheckpointError where it cannot be understood."""
        path = folder / MANIFEST_NAME
        if not path.exists():
            return None
        try:
            page = json.loads(path.read_text(encoding="utf-8"))
            version = page["format_version"]
            if version in FORMATS:
                return _from_page(page)
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise CheckpointError(f"{path} is damaged ({error}): quantise the model again.") from error
        raise CheckpointError(
            f"{folder} was quantised in format {version!r}, but this program reads formats up to {FORMAT_VERSION}:"
            " update the program or quantise the model again."
        )

    def write(self, folder: Path) -> None:
        """The page as `quantization.json` in `folder`; the same content gives the same bytes."""
        page = {
            "format_version": FORMAT_VERSION,
            "tool_version": self.tool_version,
            "source": {"folder": self.source_folder, "sha256": self.source_sha256},
            "rest_dtype": self.rest_dtype,
            "modules": {
                name: {
                    "scheme": module.scheme.value,
                    "group": module.group,
                    "shape": list(module.shape),
                    "layout": module.layout.value,
                }
                for name, module in self.modules.items()
            },
        }
        text = json.dumps(page, indent=1, ensure_ascii=False, sort_keys=True)
        (folder / MANIFEST_NAME).write_text(text + "\n", encoding="utf-8")


def read_quantized(name: str, get_tensor: Callable[[str], Tensor], manifest: QuantizationManifest) -> QuantizedWeight:
    """The weight of module `name` ("thinker.model.layers.0.mlp.up_proj") as stored; CheckpointError on wrong shapes.

    `get_tensor` is given full tensor names and returns what lies in the folder, unconverted.
    """
    module = manifest.modules[name]
    values, scales = get_tensor(name + VALUES_SUFFIX), get_tensor(name + SCALES_SUFFIX)
    try:
        return QuantizedWeight(module.scheme, values, scales, module.group, module.shape, module.layout)
    except ValueError as error:
        raise CheckpointError(f"{name} does not fit its manifest ({error}): quantise the model again.") from error


def _from_page(page: dict[str, object]) -> QuantizationManifest:
    source, modules = _section(page, "source"), _section(page, "modules")
    hashes = _section(source, "sha256")
    return QuantizationManifest(
        tool_version=str(page["tool_version"]),
        source_folder=str(source["folder"]),
        source_sha256={name: str(digest) for name, digest in hashes.items()},
        rest_dtype=str(page["rest_dtype"]),
        modules={name: _module(entry) for name, entry in modules.items()},
    )


def _section(page: dict[str, object], name: str) -> dict[str, object]:
    section = page[name]
    if not isinstance(section, dict):
        raise TypeError(f"{name} is not a table")
    return section


def _module(entry: object) -> QuantizedModule:
    if not isinstance(entry, dict):
        raise TypeError("a module is not a table")
    scheme, group, (rows, columns) = Scheme(entry["scheme"]), int(entry["group"]), entry["shape"]
    if scheme is Scheme.FLOAT or (scheme is Scheme.INT4 and group not in GROUPS):
        raise ValueError(f"{scheme} in groups of {group} is unknown")
    return QuantizedModule(scheme, group, (int(rows), int(columns)), Layout(entry.get("layout", Layout.ROWS)))
