"""The tiny model: its sizes, its random beginning, and its folder in the published layout. Knows no training.

Until there are stages that teach it to speak it is a Thinker with ear and eye; the folder says so.
"""

from __future__ import annotations

import json
import math
from pathlib import Path

import torch
from safetensors.torch import save_file
from torch import nn
from transformers import (
    PreTrainedTokenizerFast,
    Qwen2_5OmniConfig,
    Qwen2_5OmniThinkerForConditionalGeneration,
)

from model.architecture import Architecture
from model.loading import SINGLE_NAME
from model.small import PREPROCESSOR, Parts, configuration, decoder_sizes, published_name
from model.training import vocabulary

_AUDIO: dict[str, object] = {
    "d_model": 128,
    "encoder_layers": 3,
    "encoder_attention_heads": 4,
    "encoder_ffn_dim": 256,
}
_VISION: dict[str, object] = {
    "depth": 3,
    "hidden_size": 128,
    "num_heads": 4,
    "intermediate_size": 256,
    "fullatt_block_indexes": [2],
}
_WAVE: dict[str, object] = {
    "dit_config": {
        "hidden_size": 192,
        "num_hidden_layers": 5,
        "num_attention_heads": 3,
        "head_dim": 64,
        "emb_dim": 128,
        "num_embeds": 1025,
        "look_ahead_layers": [2],
        "look_backward_layers": [0, 4],
        "enc_channels": [32, 32, 32, 32, 96],
        "enc_dim": 32,
        "enc_emb_dim": 32,
        "enc_attention_channels": 16,
        "enc_se_channels": 16,
    },
    "bigvgan_config": {
        "upsample_initial_channel": 128,
        "upsample_rates": [5, 4, 3, 4],
        "upsample_kernel_sizes": [11, 8, 7, 8],
        "resblock_kernel_sizes": [3],
        "resblock_dilation_sizes": [[1, 3, 5]],
    },
}
PARTS = Parts(
    decoder_sizes(192, 512, 3, (6, 2)),
    decoder_sizes(192, 512, 5, (6, 2), 32),
    _AUDIO,
    _VISION,
    _WAVE,
    (4, 6, 6),
    (4, 6, 6),
)
LEAST_TOKENS, MOST_TOKENS = 16, 36
"""Of a picture: what it is trained on."""
_EMBEDDING_SPREAD = 0.4
_ADDING = ("out_proj", "o_proj", "fc2", "down_proj")  # what adds to the residual stream


def tiny_config() -> Qwen2_5OmniConfig:
    """The configuration, with the vocabulary of the corpus as it is now."""
    config = configuration(PARTS, vocabulary=vocabulary.size(), first_special=vocabulary.first_special())
    config.enable_audio_output = False
    return config


def new_thinker(config: Qwen2_5OmniConfig, seed: int) -> Qwen2_5OmniThinkerForConditionalGeneration:
    """A Thinker with ear and eye as training finds it."""
    thinker = Qwen2_5OmniThinkerForConditionalGeneration(Architecture.of(config).thinker)
    generator = torch.Generator().manual_seed(seed)
    quieter = 1 / math.sqrt(2 * len(thinker.model.language_model.layers))
    for name, module in thinker.named_modules():
        _begin(module, generator, quieter if name.endswith(_ADDING) else 1.0)
    return thinker


@torch.no_grad()
def _begin(module: nn.Module, generator: torch.Generator, gain: float) -> None:
    """By fan-in: with the library's 0.02 the sound would drown in the position code."""
    if isinstance(module, nn.Embedding):
        module.weight.normal_(0.0, _EMBEDDING_SPREAD, generator=generator)
    elif isinstance(module, nn.Linear | nn.Conv1d | nn.Conv3d):
        module.weight.normal_(0.0, gain / math.sqrt(math.prod(module.weight.shape[1:])), generator=generator)
        if module.bias is not None:
            module.bias.zero_()


def save_folder(
    thinker: Qwen2_5OmniThinkerForConditionalGeneration,
    config: Qwen2_5OmniConfig,
    tokenizer: PreTrainedTokenizerFast,
    folder: Path,
    label: str,
) -> None:
    """Write or overwrite a folder in the published layout; `label` is what must be said wherever it is used."""
    describe_features(folder)
    tensors = {published_name(f"thinker.{name}"): tensor.contiguous() for name, tensor in thinker.state_dict().items()}
    draft = folder / f"{SINGLE_NAME}.part"
    save_file(tensors, draft, metadata={"format": "pt"})
    draft.replace(folder / SINGLE_NAME)  # whoever reads the old one keeps it
    torch.save({}, folder / "spk_dict.pt")
    tokenizer.save_pretrained(folder)
    (folder / "sightline.json").write_text(json.dumps({"label": label}))
    config.save_pretrained(folder)


def describe_features(folder: Path) -> None:
    """Write how sound and pictures are prepared."""
    folder.mkdir(parents=True, exist_ok=True)
    sizes = {"min_pixels": LEAST_TOKENS * 28 * 28, "max_pixels": MOST_TOKENS * 28 * 28}
    (folder / "preprocessor_config.json").write_text(json.dumps(PREPROCESSOR | sizes, indent=1))
