"""Low-rank adapters as peft writes them, added to a checkpoint's weights while those are read. Knows no modules."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor

from model.errors import CheckpointError

CONFIG_NAME, WEIGHTS_NAME = "adapter_config.json", "adapter_model.safetensors"
_WRAPPED, _DOWN, _UP = "base_model.model.", ".lora_A.weight", ".lora_B.weight"
_PLAIN = {"use_dora": False, "bias": "none", "rank_pattern": {}, "alpha_pattern": {}, "modules_to_save": None}
"""What is not supported, where it is not as written here."""


@dataclass(frozen=True, slots=True)
class _Pair:
    """up [out, rank] · down [rank, in], as strong as `strength`."""

    down: Tensor
    up: Tensor
    strength: float


class Adapters:
    """What is added to which weight of a Thinker."""

    def __init__(self, path: Path, pairs: dict[str, _Pair]) -> None:
        self.path = path
        self._pairs = pairs

    @classmethod
    def read(cls, path: Path) -> Adapters:
        """A folder that peft wrote for a Thinker; CheckpointError in one sentence for anything else."""
        try:
            config = json.loads((path / CONFIG_NAME).read_text(encoding="utf-8"))
            tensors = load_file(path / WEIGHTS_NAME)
            rank, alpha, rooted = int(config["r"]), float(config["lora_alpha"]), bool(config.get("use_rslora"))
        except FileNotFoundError as error:
            raise CheckpointError(f"{path} holds no adapters: it needs {CONFIG_NAME} and {WEIGHTS_NAME}.") from error
        except (OSError, ValueError, KeyError, TypeError, AttributeError, SafetensorError) as error:
            raise CheckpointError(f"The adapters in {path} are damaged: train them again.") from error
        strange = [name for name, value in _PLAIN.items() if (config.get(name) or value) != value]
        strange += [name for name in tensors if not name.endswith((_DOWN, _UP))]
        if config.get("peft_type") != "LORA" or strange:
            raise CheckpointError(f"{path} has more than plain LoRA ({', '.join(strange[:3])}): that is not supported.")
        strength = alpha / (math.sqrt(rank) if rooted else rank)
        modules = {name.removesuffix(_DOWN) for name in tensors if name.endswith(_DOWN)}
        if {name.removesuffix(_UP) for name in tensors if name.endswith(_UP)} != modules:
            raise CheckpointError(f"The adapters in {path} are damaged: train them again.")
        return cls(
            path,
            {
                _published(module): _Pair(tensors[module + _DOWN].float(), tensors[module + _UP].float(), strength)
                for module in modules
            },
        )

    def check(self, names: Iterable[str]) -> None:
        """CheckpointError where a weight that is adapted is not among `names`."""
        missing = sorted(self._pairs.keys() - set(names))
        if missing:
            raise CheckpointError(
                f"The adapters in {self.path} are for another model, or it is quantised: there is no {missing[0]}."
            )

    def applied(self, name: str, weight: Tensor) -> Tensor:
        """The weight with what is added to it, in its own precision; CheckpointError if the shapes differ."""
        pair = self._pairs.get(name)
        if pair is None:
            return weight
        if weight.shape != (pair.up.shape[0], pair.down.shape[1]):
            raise CheckpointError(f"The adapters in {self.path} are for another model: {name} has another shape there.")
        return torch.addmm(weight.float(), pair.up, pair.down, alpha=pair.strength).to(weight.dtype)


def _published(module: str) -> str:
    """A module of transformers' Thinker, as peft calls it -> the name of its weight in a published folder."""
    inner = module.removeprefix(_WRAPPED)
    stored = (
        inner.replace("model.language_model.", "model.", 1)
        if inner.startswith("model.language_model.")
        else (inner.removeprefix("model."))
    )
    return f"thinker.{stored}.weight"
