"""The tiny model: its sizes, its random beginning, and its folder in the published layout. Knows no training.

Until there are stages that teach it to speak it is a Thinker with ear and eye; the folder says so.
"""

from __future__ import annotations

import json
import math
from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor, nn
from transformers import (
    PreTrainedTokenizerFast,
    Qwen2_5OmniConfig,
    Qwen2_5OmniThinkerForConditionalGeneration,
)

from model.architecture import Architecture
from model.errors import SightlineError
from model.note import Note
from model.sampling import GREEDY
from model.shards import SINGLE_NAME
from model.small import FIRST_VOICE, PREPROCESSOR, Parts, configuration, decoder_sizes, published_name
from model.training import beginnings, vocabulary

_AUDIO: dict[str, object] = {
    "d_model": 128,
    "encoder_layers": 6,
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
    decoder_sizes(192, 512, 4, (6, 2)),
    decoder_sizes(192, 512, 6, (6, 3), 32),
    _AUDIO,
    _VISION,
    _WAVE,
    # Time, row and column in turn: each has quick angles, which tell neighbours apart, and slow ones, which are still
    # the same from a question back to its picture. With 4, 6, 6 and a million, a column beside turns by 1e-4.
    (2, 1, 1) * 4,
    (2, 1, 1) * 4,
    theta=10_000.0,
    context=5120,  # as long as what it learns from: behind more it babbles
)
LEAST_TOKENS, MOST_TOKENS = 16, 36
"""Of a picture: what it is trained on."""
_STATES = 0.25
"""How large the last states begin; the head makes up for it. The Talker is given their sum with the embeddings: were
they as large as the library makes them, what is being said would drown in what may come next.
"""
_LOOKS_BACK = ((1, 2, 3, 4, 5), (1, 2, 3))
"""Tokens that heads of the first layers begin with looking back: what is asked about is told by more than one word."""
_ADDING = ("out_proj", "o_proj", "fc2", "down_proj")  # what adds to the residual stream


def tiny_config() -> Qwen2_5OmniConfig:
    """The configuration, with the vocabulary of the corpus as it is now."""
    config = configuration(PARTS, vocabulary=vocabulary.size(), first_special=vocabulary.first_special())
    config.enable_audio_output = False
    return config


def first_voice() -> int:
    """The first narrator's own token, with which the Talker is told who speaks."""
    return vocabulary.first_special() + FIRST_VOICE


def new_thinker(config: Qwen2_5OmniConfig, seed: int) -> Qwen2_5OmniThinkerForConditionalGeneration:
    """A Thinker with ear and eye as training finds it."""
    thinker = Qwen2_5OmniThinkerForConditionalGeneration(Architecture.of(config).thinker)
    generator = torch.Generator().manual_seed(seed)
    quieter = 1 / math.sqrt(2 * len(thinker.model.language_model.layers))
    for name, module in thinker.named_modules():
        beginnings.begin(module, generator, quieter if name.endswith(_ADDING) else 1.0)
    beginnings.look_beside(thinker.model.audio_tower)
    for layer, steps in zip(thinker.model.language_model.layers, _LOOKS_BACK, strict=False):
        beginnings.look_back(layer.self_attn, steps)
    with torch.no_grad():
        thinker.model.language_model.norm.weight.mul_(_STATES)
        thinker.lm_head.weight.mul_(1 / _STATES)
    return thinker


def store(tensors: dict[str, Tensor], folder: Path) -> None:
    """Write or overwrite a folder's weights; whoever reads the old ones keeps them."""
    draft = folder / f"{SINGLE_NAME}.part"
    save_file({name: tensor.contiguous() for name, tensor in tensors.items()}, draft, metadata={"format": "pt"})
    draft.replace(folder / SINGLE_NAME)


def load_thinker(folder: Path) -> Qwen2_5OmniThinkerForConditionalGeneration:
    """The Thinker of a folder that `save_folder` wrote; SightlineError where it is none, or of another corpus."""
    stored = _stored(folder)
    thinker = Qwen2_5OmniThinkerForConditionalGeneration(Architecture.of(tiny_config()).thinker)
    names = {name: published_name(f"thinker.{name}") for name in thinker.state_dict()}
    try:
        thinker.load_state_dict({name: stored[published].float() for name, published in names.items()})
    except (KeyError, RuntimeError) as error:
        raise SightlineError(f"{folder} was made with another corpus or other sizes: train it anew.") from error
    thinker.eval()
    thinker.requires_grad_(requires_grad=False)
    return thinker


def adopt(part: nn.Module, folder: Path, prefix: str) -> None:
    """Give a part of the model the weights that a folder has below `prefix`; SightlineError where they are others."""
    stored = _stored(folder)
    try:
        part.load_state_dict({name: stored[f"{prefix}{name}"].float() for name in part.state_dict()})
    except (KeyError, RuntimeError) as error:
        raise SightlineError(f"{folder} was made with another corpus or other sizes: train it anew.") from error


def _stored(folder: Path) -> dict[str, Tensor]:
    try:
        return load_file(folder / SINGLE_NAME)
    except (OSError, SafetensorError) as error:
        raise SightlineError(f"{folder} has no weights that can be read: train understanding first.") from error


def save_folder(
    thinker: Qwen2_5OmniThinkerForConditionalGeneration,
    config: Qwen2_5OmniConfig,
    tokenizer: PreTrainedTokenizerFast,
    folder: Path,
    label: str,
) -> None:
    """Write or overwrite a folder in the published layout; `label` is what must be said wherever it is used."""
    describe_features(folder)
    tensors = {published_name(f"thinker.{name}"): tensor for name, tensor in thinker.state_dict().items()}
    store(tensors, folder)
    torch.save({}, folder / "spk_dict.pt")
    tokenizer.save_pretrained(folder)
    Note(label, thinker=GREEDY, threads=1).write(folder)
    config.save_pretrained(folder)


def describe_features(folder: Path) -> None:
    """Write how sound and pictures are prepared."""
    folder.mkdir(parents=True, exist_ok=True)
    sizes = {"min_pixels": LEAST_TOKENS * 28 * 28, "max_pixels": MOST_TOKENS * 28 * 28}
    (folder / "preprocessor_config.json").write_text(json.dumps(PREPROCESSOR | sizes, indent=1))
