"""A checkpoint folder becomes weights on a device, tensor by tensor. Knows nothing of what the modules compute."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from pickle import UnpicklingError
from typing import TypeVar

import torch
from huggingface_hub.errors import StrictDataclassError
from torch import Tensor, nn
from transformers import PreTrainedModel, Qwen2_5OmniConfig

from model.adapters import Adapters
from model.architecture import Architecture
from model.errors import CheckpointError
from model.linear import Embedding, Linear
from model.manifest import MANIFEST_NAME, VALUES_SUFFIX, QuantizationManifest, read_quantized
from model.note import Note
from model.packing import QuantizedWeight, Scheme, quantize
from model.schemes import Bits, scheme_of
from model.shards import ELEMENT_BYTES, Header, ShardReader, read_index

ModuleT = TypeVar("ModuleT", bound=nn.Module)


@dataclass(frozen=True, slots=True)
class Placement:
    """Where weights live and in what precision their products are computed."""

    device: torch.device
    dtype: torch.dtype
    narrow: torch.dtype | None = None
    """In what precision keys and values of a conversation are kept; None: in `dtype`."""
    bits: Bits | None = None
    """In how many bits Thinker and Talker compute whose weights are stored in more; None: as they are stored. Ear, eye
    and voice gain too little by it."""

    @property
    def kept(self) -> torch.dtype:
        """The precision of keys and values."""
        return self.narrow or self.dtype

    @classmethod
    def cpu(cls) -> Placement:
        """The precision that this project's equalities are stated in."""
        return cls(torch.device("cpu"), torch.float32)


def _read_config(folder: Path) -> Qwen2_5OmniConfig:
    file = folder / "config.json"
    if not file.is_file():
        raise CheckpointError(f"{folder} is not a model folder: it has no config.json.")
    try:
        kind = json.loads(file.read_text(encoding="utf-8"))["model_type"]
        if kind != "qwen2_5_omni":
            raise CheckpointError(f"{folder} holds a {kind} model: Sightline runs Qwen2.5-Omni (qwen2_5_omni) only.")
        config: Qwen2_5OmniConfig = Qwen2_5OmniConfig.from_pretrained(folder, local_files_only=True)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, StrictDataclassError) as error:
        raise CheckpointError(f"{file} cannot be understood ({type(error).__name__}): fetch it again.") from error
    return config


_DAMAGE = (
    RuntimeError,
    OSError,
    EOFError,
    LookupError,
    AttributeError,
    TypeError,
    ValueError,
    UnpicklingError,
)
"""What torch and we stumble over in a file that is not what it should be."""


class Checkpoint:
    """An opened folder in the published layout, plain or quantised by us. Reads no weight until asked."""

    def __init__(self, path: Path, config: Qwen2_5OmniConfig, shards: dict[str, Path]) -> None:
        self.path = path
        self.config = config
        self.architecture = Architecture.of(config)
        self.manifest = QuantizationManifest.read(path)
        self.watch: Callable[[int], None] = lambda _bytes: None
        """Called with the size of every tensor read: progress, and a place to give up by raising Cancelled."""
        self._shards = shards
        self._reader = ShardReader()
        self._adapters: Adapters | None = None

    @property
    def speaks(self) -> bool:
        """Whether its folder says that it has a voice; it may have the parts of one that is not to be used yet."""
        return bool(self.config.enable_audio_output)

    @classmethod
    def open(cls, folder: Path, adapters: Path | None = None) -> Checkpoint:
        """Check the folder's layout, every shard's length and its names. Raises CheckpointError in one sentence.

        `adapters` is a folder of low-rank adapters for the Thinker that are added to its weights.
        """
        config = _read_config(folder)
        checkpoint = cls(folder, config, read_index(folder))
        held = {shard: set(checkpoint._reader.open(shard).keys()) for shard in sorted(set(checkpoint._shards.values()))}
        checkpoint._reader.close()
        for name, shard in checkpoint._shards.items():
            if name not in held[shard]:
                raise CheckpointError(f"{shard} lacks the tensor {name} that the index promises: fetch both again.")
        if adapters is not None:
            checkpoint._adapters = Adapters.read(adapters)
            checkpoint._adapters.check(checkpoint._shards)
        return checkpoint

    @property
    def note(self) -> Note:
        """What its maker says of it. Raises CheckpointError where that cannot be understood."""
        return Note.read(self.path)

    @property
    def shards(self) -> Mapping[str, Path]:
        """The file that holds each tensor."""
        return self._shards

    def weights(self, prefix: str, placement: Placement) -> Weights:
        """The tensors below `prefix`, for example "thinker.audio_tower"."""
        return Weights(self, prefix, placement)

    def __contains__(self, name: str) -> bool:
        return name in self._shards

    def names(self, prefix: str) -> list[str]:
        """Stored tensor names below `prefix`, without it."""
        start = f"{prefix}."
        return [name.removeprefix(start) for name in self._shards if name.startswith(start)]

    def stored(self, name: str, *, apart: bool = False) -> Tensor:
        """One tensor as it lies in its shard, backed by the file.

        Who keeps it keeps all of the shard that was read so far in memory, unless it is mapped `apart` from the rest.
        """
        if name not in self._shards:
            raise CheckpointError(f"{self.path} lacks the tensor {name}: the copy is incomplete, fetch it again.")
        reader = ShardReader() if apart else self._reader
        stored = reader.tensor(self._shards[name], name)
        self.watch(stored.nbytes)
        return stored if self._adapters is None else self._adapters.applied(name, stored)

    def release(self) -> None:
        """Close the shard that was read last, so that its pages no longer count as ours."""
        self._reader.close()

    def stored_bytes(self, prefix: str) -> int:
        """What the tensors below `prefix` take in the folder."""
        return sum(header.nbytes for header in self.headers(prefix))

    def resident_bytes(self, prefix: str, dtype: torch.dtype) -> int:
        """What the tensors below `prefix` take once loaded where products are computed in `dtype`."""
        return sum(header.resident(dtype) for header in self.headers(prefix))

    def headers(self, prefix: str) -> Iterator[Header]:
        """What the shards say of the tensors below `prefix`. Raises CheckpointError for a type that we do not run."""
        for name in self.names(prefix):
            full = f"{prefix}.{name}"
            piece = self._reader.open(self._shards[full]).get_slice(full)
            kind = piece.get_dtype()
            if kind not in ELEMENT_BYTES:
                raise CheckpointError(f"{self.path}: {full} is stored as {kind}, which is not supported.")
            yield Header(full, torch.Size(piece.get_shape()), kind)
        self.release()

    def voices(self) -> dict[str, Voiceprint]:
        """The voices in `spk_dict.pt`. Raises CheckpointError if there is no such file, it is damaged, or the folder
        says that it is not to speak.
        """
        if not self.speaks:
            raise CheckpointError(f"{self.path} says that it does not speak (enable_audio_output in config.json).")
        file = self.path / "spk_dict.pt"
        if not file.is_file():
            raise CheckpointError(f"{self.path} has no spk_dict.pt, so it cannot speak: fetch that file too.")
        try:
            stored = torch.load(file, map_location="cpu", weights_only=True)
            voices = {str(name): self._voiceprint(name, entry) for name, entry in stored.items()}
        except _DAMAGE as error:
            raise CheckpointError(f"{file} is damaged ({type(error).__name__}): fetch it again.") from error
        if not voices:
            raise CheckpointError(f"{file} holds no voice: fetch it again.")
        return voices

    def _voiceprint(self, name: str, entry: object) -> Voiceprint:
        """Raises ValueError, or what comes of using something else than a voice, where it is none."""
        if not isinstance(entry, dict):
            raise TypeError(name)
        voice = Voiceprint(name, entry["cond"].float(), entry["ref_mel"].float(), int(entry["bos_token"]))
        dit = self.architecture.dit
        if (
            voice.condition.shape != (1, dit.enc_emb_dim)
            or not 0 <= voice.bos_token < self.architecture.text.vocab_size
        ):
            raise ValueError(name)
        if voice.reference_mel.ndim != 3 or voice.reference_mel.shape[::2] != (1, dit.mel_dim):
            raise ValueError(name)
        return voice

    def voice(self, name: str) -> Voiceprint:
        """One voice. Raises CheckpointError naming those there are."""
        voices = self.voices()
        if name not in voices:
            raise CheckpointError(f"There is no voice {name!r} in {self.path}: choose {' or '.join(sorted(voices))}.")
        return voices[name]


@dataclass(frozen=True, slots=True)
class Voiceprint:
    """A speaker: `condition` [1, enc_emb_dim], `reference_mel` [1, frames, 80], and the Talker's opening text id."""

    name: str
    condition: Tensor
    reference_mel: Tensor
    bos_token: int


class Weights:
    """The tensors below one prefix, brought to their placement when asked for."""

    def __init__(self, checkpoint: Checkpoint, prefix: str, placement: Placement) -> None:
        self.checkpoint = checkpoint
        self.prefix = prefix
        self.placement = placement

    def below(self, prefix: str) -> Weights:
        """The tensors below a longer prefix."""
        return Weights(self.checkpoint, f"{self.prefix}.{prefix}", self.placement)

    def names(self) -> list[str]:
        """Stored names below the prefix, without it; a quantised `x.weight` is `x.weight.values` and `.scales`."""
        return self.checkpoint.names(self.prefix)

    def has(self, name: str) -> bool:
        """Whether a tensor of exactly this name is stored."""
        return f"{self.prefix}.{name}" in self.checkpoint

    def tensor(self, name: str, shape: tuple[int, ...] | None = None) -> Tensor:
        """One float tensor in the placement's precision, checked against `shape` if given.

        A copy even where nothing is converted: what stays must not hold on to its shard.
        """
        return self._placed(self._stored(name, shape), copy=True)

    def narrow(self, name: str, shape: tuple[int, ...] | None = None) -> Tensor:
        """As `tensor`, in the precision that it is stored in if that takes less: for weights whose uses are long
        beside bringing them to the precision of their inputs."""
        stored = self._stored(name, shape)
        dtype = min(stored.dtype, self.placement.dtype, key=lambda kind: kind.itemsize)
        return stored.to(self.placement.device, dtype, copy=True)

    def _placed(self, stored: Tensor, *, copy: bool) -> Tensor:
        return stored.to(self.placement.device, self.placement.dtype, copy=copy)

    def _stored(self, name: str, shape: tuple[int, ...] | None, *, apart: bool = False) -> Tensor:
        stored = self.checkpoint.stored(f"{self.prefix}.{name}", apart=apart)
        if shape is not None and tuple(stored.shape) != shape:
            raise self._misshapen(name, tuple(stored.shape), shape)
        return stored

    def linear(
        self, *names: str, shape: tuple[int | tuple[int, ...], int] | None = None, coarse: bool = False
    ) -> Linear:
        """One linear layer of the named projections' rows, one below the other.

        [out, in] is checked if given, where out is one number for each projection. `coarse` as for `Linear`.
        """
        if shape is None:
            shapes: list[tuple[int, int] | None] = [None] * len(names)
        else:
            rows, width = shape
            shapes = [(count, width) for count in (rows if isinstance(rows, tuple) else (rows,))]
        biases = [self._bias(name, wanted) for name, wanted in zip(names, shapes, strict=True)]
        if self.quantized(names[0]):
            packed = [self._packed(name, wanted) for name, wanted in zip(names, shapes, strict=True)]
            fused = Linear.fuse_quantized(packed, biases, coarse=coarse)
        elif (scheme := self._rounding(names[0])) is not Scheme.FLOAT:
            stored = [self._stored(f"{name}.weight", wanted) for name, wanted in zip(names, shapes, strict=True)]
            packed = [quantize(weight, scheme).to(self.placement.device) for weight in stored]
            fused = Linear.fuse_quantized(packed, biases, coarse=coarse)
        else:
            parts = [self._stored(f"{name}.weight", wanted) for name, wanted in zip(names, shapes, strict=True)]
            fused = Linear.fuse_float([self._placed(part, copy=len(parts) == 1) for part in parts], biases)
        return fused

    def _rounding(self, name: str) -> Scheme:
        """What a weight that is stored in floats is brought to."""
        bits = self.placement.bits
        return Scheme.FLOAT if bits is None else scheme_of(f"{self.prefix}.{name}", bits)

    def _bias(self, name: str, shape: tuple[int, int] | None) -> Tensor | None:
        rows = None if shape is None else shape[:1]
        return self.tensor(f"{name}.bias", rows) if self.has(f"{name}.bias") else None

    def embedding(self, name: str, shape: tuple[int, int]) -> Embedding:
        """A table of rows [count, width]; kept as stored, only the rows looked up become floats."""
        if self.quantized(name):
            return Embedding.from_quantized(self._packed(name, shape, apart=True), self.placement.dtype)
        table = self._stored(f"{name}.weight", shape, apart=True).to(self.placement.device)
        return Embedding.from_float(table, self.placement.dtype)

    def _packed(self, name: str, shape: tuple[int, int] | None, *, apart: bool = False) -> QuantizedWeight:
        manifest, full = self.checkpoint.manifest, f"{self.prefix}.{name}"
        if manifest is None or full not in manifest.modules:
            raise CheckpointError(
                f"{self.checkpoint.path}: {full} is not in {MANIFEST_NAME}: quantise the model again."
            )

        def stored(part: str) -> Tensor:
            found = self.checkpoint.stored(part, apart=apart)
            return found if apart else found.clone()

        packed = read_quantized(full, stored, manifest)
        if shape is not None and packed.shape != shape:
            raise self._misshapen(name, packed.shape, shape)
        return packed.to(self.placement.device)

    def _misshapen(self, name: str, found: tuple[int, ...], wanted: tuple[int, ...]) -> CheckpointError:
        return CheckpointError(
            f"{self.checkpoint.path}: {self.prefix}.{name} has shape {list(found)} where config.json asks for "
            f"{list(wanted)}: the weights are of another model than the config."
        )

    def quantized(self, name: str) -> bool:
        """Whether the projection `name` is stored in integers."""
        return self.has(f"{name}{VALUES_SUFFIX}")


def build(factory: Callable[[], ModuleT], weights: Weights) -> ModuleT:
    """A module of transformers or torch, made without memory and filled from `weights` by assignment.

    Linear layers and tables that the folder stores in integers become those of `model.linear`. Raises
    CheckpointError where a tensor is missing or of another shape than the configuration says.
    """
    with torch.device("meta"):
        module = factory()
    for name, child in list(module.named_modules()):
        if isinstance(child, nn.Linear) and weights.quantized(name):
            module.set_submodule(name, weights.linear(name, shape=(child.out_features, child.in_features)))
        elif isinstance(child, nn.Embedding) and weights.quantized(name):
            module.set_submodule(name, weights.embedding(name, (child.num_embeddings, child.embedding_dim)))
    state = {
        name: weights.tensor(name, tuple(empty.shape)) for name, empty in module.state_dict().items() if empty.is_meta
    }
    module.load_state_dict(state, strict=False, assign=True)
    fill_buffers(module, weights.placement)
    weights.checkpoint.release()
    return module.eval().requires_grad_(requires_grad=False)


def fill_buffers(module: nn.Module, placement: Placement) -> None:
    """Compute the constants that no checkpoint stores (rotary frequencies, filters), as transformers does."""
    for child in module.modules():
        empty = [name for name, buffer in child.named_buffers(recurse=False) if buffer.is_meta]
        for name in empty:
            child.register_buffer(name, torch.empty_like(getattr(child, name), device="cpu"), persistent=False)
        if empty and isinstance(module, PreTrainedModel):
            with torch.no_grad():
                module._init_weights(child)  # the only place where transformers states them
    module.to(placement.device)
