"""A model folder at a glance, from the headers of its files: parts, precision, voices, memory. Loads no weights."""

from __future__ import annotations

import dataclasses
import json
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import torch

from model.cli.output import Output
from model.cli.quiet import hush_libraries
from model.decoder import DecoderShape
from model.errors import CheckpointError
from model.kernels.choice import kernel_name
from model.loading import Checkpoint, Placement
from model.manifest import SCALES_SUFFIX, VALUES_SUFFIX
from model.omni import PREFIXES, SPARE_BYTES, free_bytes, place
from model.shards import Header

USES = {
    "text": ("thinker",),
    "text and hearing": ("thinker", "ear"),
    "text and sight": ("thinker", "eye"),
    "text and speech": ("thinker", "talker", "voice"),
    "everything": tuple(PREFIXES),
}
MEASURED = frozenset({("linux", "cpu")})
"""Systems and devices that the project was run on; of all others nothing is claimed."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the model. `schemes` counts parameters by how they are kept; `shape` names its sizes."""

    name: str
    parameters: int
    stored_bytes: int
    resident_bytes: int
    schemes: dict[str, int]
    shape: dict[str, int]


@dataclass(frozen=True, slots=True)
class Use:
    """What a kind of use takes beside its caches, with what is left free for all else."""

    name: str
    parts: tuple[str, ...]
    needed_bytes: int
    fits: bool


@dataclass(frozen=True, slots=True)
class Survey:
    """Everything that is told of a folder. `speechless` says why there are no voices."""

    model: str
    label: str
    architecture: str
    parameters: int
    stored_bytes: int
    quantized_from: str | None
    voices: tuple[str, ...]
    speechless: str | None
    context: int
    vocabulary: int
    parts: tuple[Part, ...]
    device: str
    dtype: str
    threads: int
    kernels: dict[str, str]
    unmeasured: str | None
    free_bytes: int
    uses: tuple[Use, ...]
    cache_bytes_a_token: int
    cache_bytes_a_token_spoken: int


def tell(folder: Path, device: str | None, dtype: str | None, *, as_json: bool) -> None:
    """To standard output. Raises CheckpointError for what is no model."""
    hush_libraries()
    survey = look(Checkpoint.open(folder), place(device, dtype))
    page = json.dumps(dataclasses.asdict(survey), ensure_ascii=False) if as_json else "\n".join(_lines(survey))
    Output().write(f"{page}\n")


def look(checkpoint: Checkpoint, placement: Placement) -> Survey:
    """A survey of a folder for a placement."""
    architecture, manifest = checkpoint.architecture, checkpoint.manifest
    parts = tuple(_part(name, checkpoint, placement.dtype) for name in PREFIXES)
    resident = {part.name: part.resident_bytes for part in parts}
    free = free_bytes(placement.device)
    voices, speechless = _voices(checkpoint)
    thinker, talker = DecoderShape.of(architecture.text), DecoderShape.of(architecture.talker)
    return Survey(
        model=str(checkpoint.path),
        label=checkpoint.note.label,
        architecture=", ".join(checkpoint.config.architectures or [checkpoint.config.model_type]),
        parameters=sum(part.parameters for part in parts),
        stored_bytes=sum(part.stored_bytes for part in parts),
        quantized_from=None if manifest is None else manifest.source_folder,
        voices=voices,
        speechless=speechless,
        context=architecture.text.max_position_embeddings,
        vocabulary=architecture.text.vocab_size,
        parts=parts,
        device=str(placement.device),
        dtype=_name(placement.dtype),
        threads=torch.get_num_threads(),
        kernels=_kernels(checkpoint, placement),
        unmeasured=_unmeasured(placement.device),
        free_bytes=free,
        uses=tuple(_use(name, resident, free) for name in USES),
        cache_bytes_a_token=_cache_bytes(thinker, placement.kept),
        cache_bytes_a_token_spoken=_cache_bytes(thinker, placement.kept) + _cache_bytes(talker, placement.kept),
    )


def _part(name: str, checkpoint: Checkpoint, dtype: torch.dtype) -> Part:
    headers = [header for prefix in PREFIXES[name] for header in checkpoint.headers(prefix)]
    schemes: Counter[str] = Counter()
    for header in headers:
        if not header.name.endswith(SCALES_SUFFIX):
            scheme, count = _kept(header, checkpoint)
            schemes[scheme] += count
    return Part(
        name=name,
        parameters=schemes.total(),
        stored_bytes=sum(header.nbytes for header in headers),
        resident_bytes=sum(checkpoint.resident_bytes(prefix, dtype) for prefix in PREFIXES[name]),
        schemes=dict(schemes.most_common()),
        shape=_shape(name, checkpoint),
    )


def _kept(header: Header, checkpoint: Checkpoint) -> tuple[str, int]:
    """How a tensor's numbers are kept, and how many there are: packed ones are not counted by their bytes."""
    if checkpoint.manifest is not None and header.name.endswith(VALUES_SUFFIX):
        module = checkpoint.manifest.modules[header.name.removesuffix(VALUES_SUFFIX)]
        return str(module.scheme), module.shape[0] * module.shape[1]
    return _FLOAT_NAMES.get(header.kind, header.kind.lower()), header.shape.numel()


_FLOAT_NAMES = {"F64": "float64", "F32": "float32", "F16": "float16", "BF16": "bfloat16"}


def _shape(name: str, checkpoint: Checkpoint) -> dict[str, int]:
    parts = checkpoint.architecture
    match name:
        case "thinker":
            return _decoder_shape(DecoderShape.of(parts.text)) | {"vocabulary": parts.text.vocab_size}
        case "talker":
            return _decoder_shape(DecoderShape.of(parts.talker)) | {"codes": parts.talker.vocab_size}
        case "ear":
            audio = parts.audio
            return {"width": audio.d_model, "layers": audio.encoder_layers, "heads": audio.encoder_attention_heads}
        case "eye":
            vision = parts.vision
            return {"width": vision.hidden_size, "layers": vision.depth, "heads": vision.num_heads}
        case _:
            dit, channels = parts.dit, parts.bigvgan.upsample_initial_channel
            return {"width": dit.hidden_size, "layers": dit.num_hidden_layers, "channels": channels}


def _decoder_shape(shape: DecoderShape) -> dict[str, int]:
    sizes = {"width": shape.hidden, "inner": shape.inner, "layers": shape.layers}
    return sizes | {"heads": shape.heads, "kv_heads": shape.kv_heads, "head_dim": shape.head_dim}


def _voices(checkpoint: Checkpoint) -> tuple[tuple[str, ...], str | None]:
    """The voices, or why there are none: a folder without them still answers in text."""
    try:
        return tuple(checkpoint.voices()), None
    except CheckpointError as error:
        return (), str(error)


def _use(name: str, resident: dict[str, int], free: int) -> Use:
    needed = sum(resident[part] for part in USES[name]) + SPARE_BYTES
    return Use(name, USES[name], needed, fits=needed <= free)


def _cache_bytes(shape: DecoderShape, dtype: torch.dtype) -> int:
    return 2 * shape.layers * shape.kv_heads * shape.head_dim * dtype.itemsize


def _kernels(checkpoint: Checkpoint, placement: Placement) -> dict[str, str]:
    """For each quantised scheme the kernel that serves it."""
    modules = () if checkpoint.manifest is None else checkpoint.manifest.modules.values()
    schemes = sorted({module.scheme for module in modules})
    return {str(scheme): kernel_name(scheme, placement.device) for scheme in schemes}


def _unmeasured(device: torch.device) -> str | None:
    if (sys.platform, device.type) in MEASURED:
        return None
    return f"Sightline was never measured on {device.type} under {sys.platform}: speed and exactness are unknown there."


def _name(dtype: torch.dtype) -> str:
    return str(dtype).removeprefix("torch.")


def _lines(survey: Survey) -> list[str]:
    return [
        f"{survey.model}: {survey.architecture}, {_count(survey.parameters)} parameters, {_size(survey.stored_bytes)}",
        *([survey.label] if survey.label else []),
        *([f"quantised from {survey.quantized_from}"] if survey.quantized_from else []),
        survey.speechless or f"voices: {', '.join(survey.voices)}",
        f"context: {survey.context:,} tokens; vocabulary: {survey.vocabulary:,}",
        "",
        f"{'part':<9}{'parameters':>12}{'on disk':>11}{'in memory':>11}  kept as; shape",
        *map(_part_line, survey.parts),
        "",
        f"computed on {survey.device} in {survey.dtype}, {survey.threads} CPU threads{_kernel_words(survey)}",
        *([survey.unmeasured] if survey.unmeasured else []),
        "",
        f"memory, of which {_size(survey.free_bytes)} are free now:",
        *(
            f"  {use.name:<17}{_size(use.needed_bytes):>11}{'' if use.fits else '  does not fit'}"
            for use in survey.uses
        ),
        f"  and for each token kept in mind {_size(survey.cache_bytes_a_token)}"
        f" ({_size(survey.cache_bytes_a_token * survey.context)} when the context is full),"
        f" with speech {_size(survey.cache_bytes_a_token_spoken)}"
        f" ({_size(survey.cache_bytes_a_token_spoken * survey.context)})",
    ]


def _part_line(part: Part) -> str:
    kept = ", ".join(
        f"{scheme} {100 * count / max(1, part.parameters):.0f} %" for scheme, count in part.schemes.items()
    )
    shape = ", ".join(f"{name} {value}" for name, value in part.shape.items())
    sizes = f"{_size(part.stored_bytes):>11}{_size(part.resident_bytes):>11}"
    return f"{part.name:<9}{_count(part.parameters):>12}{sizes}  {kept}; {shape}"


def _kernel_words(survey: Survey) -> str:
    return "".join(f"; {kernel}" for kernel in survey.kernels.values())


def _count(number: int) -> str:
    return _scaled(number, ((1e9, " B"), (1e6, " M"), (1e3, " k")), "")


def _size(nbytes: int) -> str:
    return _scaled(nbytes, ((1e9, " GB"), (1e6, " MB"), (1e3, " kB")), " B")


def _scaled(number: int, units: tuple[tuple[float, str], ...], rest: str) -> str:
    return next((f"{number / unit:.2f}{sign}" for unit, sign in units if number >= unit), f"{number}{rest}")
