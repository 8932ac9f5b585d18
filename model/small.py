"""Random checkpoints of the true architecture, from a toy to the full size. Knows nothing of training."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

import torch
from safetensors.torch import save_file
from tokenizers import Tokenizer, decoders, models, pre_tokenizers
from torch import Tensor
from transformers import PreTrainedTokenizerFast, Qwen2_5OmniConfig, Qwen2_5OmniForConditionalGeneration

from model.architecture import Architecture
from model.errors import CheckpointError, never_cancelled
from model.note import Note

LABEL = "random weights: words are noise"
Shape = Literal["small", "3b", "7b"]
SHAPES: tuple[Shape, ...] = get_args(Shape)

# Offsets from <|endoftext|>; in the published vocabulary that token has id 151643.
PUBLISHED_FIRST_SPECIAL = 151643
SMALL_FIRST_SPECIAL = 256
SPECIAL_TOKENS = (
    "<|endoftext|>",
    "<|im_start|>",
    "<|im_end|>",
    "<|AUDIO|>",
    "<|audio_bos|>",
    "<|audio_eos|>",
    "<|box_end|>",
    "<|quad_start|>",
    "<|quad_end|>",
    "<|vision_bos|>",
    "<|vision_eos|>",
    "<|vision_pad|>",
    "<|IMAGE|>",
    "<|VIDEO|>",
)
TTS_PAD, TTS_START, TTS_END, FIRST_VOICE = 216, 217, 218, 229

CHAT_TEMPLATE = """\
{%- for message in messages -%}
{{- '<|im_start|>' + message.role + '\n' -}}
{%- if message.content is string -%}{{- message.content -}}
{%- else -%}{%- for part in message.content -%}
{%- if part.type == 'image' -%}<|vision_bos|><|IMAGE|><|vision_eos|>
{%- elif part.type == 'audio' -%}<|audio_bos|><|AUDIO|><|audio_eos|>
{%- elif part.type == 'video' -%}<|vision_bos|><|VIDEO|><|vision_eos|>
{%- else -%}{{- part.text -}}{%- endif -%}
{%- endfor -%}{%- endif -%}
{{- '<|im_end|>\n' -}}
{%- endfor -%}
{%- if add_generation_prompt -%}{{- '<|im_start|>assistant\n' -}}{%- endif -%}
"""

PREPROCESSOR = {
    "feature_extractor_type": "WhisperFeatureExtractor",
    "image_processor_type": "Qwen2VLImageProcessor",
    "feature_size": 128,
    "sampling_rate": 16000,
    "n_fft": 400,
    "hop_length": 160,
    "chunk_length": 300,
    "n_samples": 4_800_000,
    "nb_max_frames": 30_000,
    "padding_value": 0.0,
    "padding_side": "right",
    "return_attention_mask": True,
    "min_pixels": 3136,
    "max_pixels": 12_845_056,
    "patch_size": 14,
    "temporal_patch_size": 2,
    "merge_size": 2,
    "image_mean": [0.48145466, 0.4578275, 0.40821073],
    "image_std": [0.26862954, 0.26130258, 0.27577711],
}


@dataclass(frozen=True, slots=True)
class Written:
    """One tensor of a random checkpoint was written; `done` of `total` bytes so far."""

    done: int
    total: int


def make_small(
    destination: Path,
    *,
    seed: int = 0,
    shape: Shape = "small",
    tokenizer: Path | None = None,
    dtype: torch.dtype = torch.float32,
    shard_bytes: int = 2_000_000_000,
    progress: Callable[[Written], None] = lambda _: None,
    check: Callable[[], None] = never_cancelled,
) -> None:
    """Write a random checkpoint in the published layout to an absent or empty folder.

    `tokenizer` is a folder with the published vocabulary; without it every byte is a token of its own.
    Memory stays below two shards and the largest tensor. Raises CheckpointError if the folder holds something already.
    """
    if destination.exists() and (not destination.is_dir() or any(destination.iterdir())):
        raise CheckpointError(f"{destination} is not an empty folder: name a new one.")
    destination.mkdir(parents=True, exist_ok=True)
    config = shape_configuration(shape, published_vocabulary=tokenizer is not None or shape != "small")
    _write_tokenizer(destination, tokenizer, config)
    generator = torch.Generator().manual_seed(seed)
    _write_voices(destination, config, generator)
    _write_weights(destination, config, generator, _Writing(dtype, shard_bytes, progress, check))
    (destination / "preprocessor_config.json").write_text(json.dumps(PREPROCESSOR, indent=1))
    Note(LABEL).write(destination)
    config.dtype = dtype
    config.save_pretrained(destination)


@dataclass(frozen=True, slots=True)
class Parts:
    """Sizes of the five parts, as their configurations name them, and how rotary positions are shared out."""

    thinker: dict[str, object]
    talker: dict[str, object]
    audio: dict[str, object]
    vision: dict[str, object]
    wave: dict[str, object]
    thinker_sections: tuple[int, ...]
    talker_sections: tuple[int, ...]
    theta: float = 1_000_000.0
    """The base of both rotary frequencies."""
    context: int = 32_768
    """Tokens that it can keep in mind."""


def configuration(parts: Parts, *, vocabulary: int, first_special: int) -> Qwen2_5OmniConfig:
    """The configuration of a model with these parts, whose token `<|endoftext|>` has the id `first_special`."""
    first, width = first_special, parts.thinker["hidden_size"]
    ids = {
        "audio_token_index": first + 3,
        "audio_start_token_id": first + 4,
        "audio_end_token_id": first + 5,
        "vision_start_token_id": first + 9,
        "vision_end_token_id": first + 10,
        "image_token_index": first + 12,
        "video_token_index": first + 13,
    }
    return Qwen2_5OmniConfig(
        thinker_config={
            "text_config": _text(parts.thinker, parts.thinker_sections, parts) | {"vocab_size": vocabulary},
            "audio_config": parts.audio | {"output_dim": width},
            "vision_config": parts.vision | {"out_hidden_size": width},
            "bos_token_id": first + 1,
            "eos_token_id": first + 2,
            "pad_token_id": first,
            **ids,
        },
        talker_config=_text(parts.talker, parts.talker_sections, parts)
        | {"vocab_size": 8448, "embedding_size": width}
        | {
            "tts_text_pad_token_id": first + TTS_PAD,
            "tts_text_start_token_id": first + TTS_START,
            "tts_text_end_token_id": first + TTS_END,
        }
        | ids,
        token2wav_config=parts.wave,
    )


def shape_configuration(shape: Shape, *, published_vocabulary: bool) -> Qwen2_5OmniConfig:
    """The published 3B and 7B dimensions, or a toy that keeps every structural trait of them."""
    first = PUBLISHED_FIRST_SPECIAL if published_vocabulary else SMALL_FIRST_SPECIAL
    vocabulary = {"small": 512, "3b": 151_936, "7b": 152_064}[shape]
    if shape == "small" and published_vocabulary:
        vocabulary = 151_936
    return configuration(_PARTS[shape], vocabulary=vocabulary, first_special=first)


def _text(sizes: dict[str, object], sections: tuple[int, ...], parts: Parts) -> dict[str, object]:
    rope = {"rope_type": "default", "rope_theta": parts.theta, "mrope_section": list(sections)}
    return sizes | {"rope_parameters": rope, "tie_word_embeddings": False, "max_position_embeddings": parts.context}


def decoder_sizes(
    hidden: int, inner: int, layers: int, heads: tuple[int, int], head_dim: int | None = None
) -> dict[str, object]:
    """Of a Thinker or Talker; `heads` are those of queries and those of keys."""
    sizes: dict[str, object] = {
        "hidden_size": hidden,
        "intermediate_size": inner,
        "num_hidden_layers": layers,
        "num_attention_heads": heads[0],
        "num_key_value_heads": heads[1],
    }
    return sizes if head_dim is None else sizes | {"head_dim": head_dim}


_FULL_AUDIO: dict[str, object] = {"d_model": 1280, "encoder_layers": 32, "encoder_ffn_dim": 5120}
_FULL_VISION: dict[str, object] = {"depth": 32, "hidden_size": 1280, "intermediate_size": 3420}
_SMALL_WAVE: dict[str, object] = {
    "dit_config": {
        "hidden_size": 64,
        "num_hidden_layers": 5,
        "num_attention_heads": 2,
        "head_dim": 32,
        "emb_dim": 16,
        "look_ahead_layers": [2],
        "look_backward_layers": [0, 4],
        "enc_channels": [8, 8, 8, 8, 24],
        "enc_dim": 8,
        "enc_emb_dim": 12,
        "enc_attention_channels": 8,
        "enc_se_channels": 8,
    },
    "bigvgan_config": {"upsample_initial_channel": 64},
}
_PARTS: dict[Shape, Parts] = {
    "small": Parts(
        decoder_sizes(64, 128, 4, (4, 2)),
        decoder_sizes(48, 96, 3, (4, 2), 16),
        {"d_model": 32, "encoder_layers": 2, "encoder_attention_heads": 4, "encoder_ffn_dim": 64},
        {
            "depth": 4,
            "hidden_size": 32,
            "num_heads": 2,
            "intermediate_size": 48,
            "fullatt_block_indexes": [1, 3],
        },
        _SMALL_WAVE,
        (2, 3, 3),
        (4, 4, 0),
    ),
    "3b": Parts(
        decoder_sizes(2048, 11008, 36, (16, 2)),
        decoder_sizes(896, 4864, 24, (14, 2), 64),
        _FULL_AUDIO,
        _FULL_VISION,
        {},
        (16, 24, 24),
        (16, 16, 0),
    ),
    "7b": Parts(
        decoder_sizes(3584, 18944, 28, (28, 4)),
        decoder_sizes(896, 18944, 24, (12, 4), 128),
        _FULL_AUDIO,
        _FULL_VISION,
        {},
        (16, 24, 24),
        (16, 24, 24),
    ),
}


def _write_tokenizer(destination: Path, source: Path | None, config: Qwen2_5OmniConfig) -> None:
    first = Architecture.of(config).thinker.pad_token_id
    if source is not None:
        inner = Tokenizer.from_file(str(source / "tokenizer.json"))
        if inner.token_to_id(SPECIAL_TOKENS[0]) != first:
            raise CheckpointError(f"{source} is not the Qwen2.5-Omni tokenizer: {SPECIAL_TOKENS[0]} is not {first}.")
    else:
        inner = _byte_tokenizer(first)
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=inner, eos_token="<|im_end|>", pad_token="<|endoftext|>", chat_template=CHAT_TEMPLATE
    )
    tokenizer.save_pretrained(destination)


def _byte_tokenizer(first: int) -> Tokenizer:
    """One token a byte, ids 0 to 255; unused ids up to the special tokens."""
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    vocabulary = {symbol: index for index, symbol in enumerate(alphabet)}
    vocabulary |= {f"<|unused_{index}|>": index for index in range(len(alphabet), first)}
    tokenizer = Tokenizer(models.BPE(vocab=vocabulary, merges=[]))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.add_special_tokens(list(SPECIAL_TOKENS))
    return tokenizer


def _write_voices(destination: Path, config: Qwen2_5OmniConfig, generator: torch.Generator) -> None:
    dit = Architecture.of(config).dit
    voices = {
        name: {
            "cond": torch.randn(1, dit.enc_emb_dim, generator=generator),
            "ref_mel": torch.randn(1, 60 + 20 * index, dit.mel_dim, generator=generator),
            "bos_token": Architecture.of(config).thinker.pad_token_id + FIRST_VOICE + index,
        }
        for index, name in enumerate(("Chelsie", "Ethan"))
    }
    torch.save(voices, destination / "spk_dict.pt")


@dataclass(frozen=True, slots=True)
class _Writing:
    """How the weights are written, apart from what they are."""

    dtype: torch.dtype
    shard_bytes: int
    progress: Callable[[Written], None]
    check: Callable[[], None]


def _write_weights(destination: Path, config: Qwen2_5OmniConfig, generator: torch.Generator, writing: _Writing) -> None:
    shapes = dict(published_shapes(config))
    size = torch.finfo(writing.dtype).bits // 8
    sizes = {name: math.prod(shape) * size for name, shape in shapes.items()}
    shards = _partition(sizes, writing.shard_bytes)
    total, done = sum(sizes.values()), 0
    weight_map: dict[str, str] = {}
    for number, names in enumerate(shards, 1):
        file = f"model-{number:05d}-of-{len(shards):05d}.safetensors"
        tensors = {}
        for name in names:
            writing.check()
            tensors[name] = _random(name, shapes[name], generator).to(writing.dtype)
            done += sizes[name]
            writing.progress(Written(done, total))
        save_file(tensors, destination / file, metadata={"format": "pt"})
        weight_map |= dict.fromkeys(names, file)
    index = {"metadata": {"total_size": total}, "weight_map": weight_map}
    (destination / "model.safetensors.index.json").write_text(json.dumps(index, indent=1))


def published_shapes(config: Qwen2_5OmniConfig) -> Iterator[tuple[str, torch.Size]]:
    """Every tensor of the architecture under its published name, without allocating any."""
    with torch.device("meta"):
        model = Qwen2_5OmniForConditionalGeneration(config)
    for name, tensor in model.state_dict().items():
        yield published_name(name), tensor.shape


def published_name(name: str) -> str:
    """What the published checkpoints call a tensor of the transformers library's model."""
    return (
        name.replace("thinker.model.language_model.", "thinker.model.")
        .replace("thinker.model.audio_tower.", "thinker.audio_tower.")
        .replace("thinker.model.visual.", "thinker.visual.")
    )


def _partition(sizes: dict[str, int], limit: int) -> list[list[str]]:
    shards: list[list[str]] = [[]]
    used = 0
    for name, size in sizes.items():
        if shards[-1] and used + size > limit:
            shards.append([])
            used = 0
        shards[-1].append(name)
        used += size
    return shards


def _random(name: str, shape: torch.Size, generator: torch.Generator) -> Tensor:
    """Fan-in scaling, with norms and biases off their neutral values so that leaving one out shows."""
    noise = torch.randn(shape, generator=generator)
    if len(shape) == 1:
        return noise * 0.1 + (1.0 if name.endswith("weight") else 0.0)
    if "embed_tokens" in name or "codec_embed" in name or "audio_bos_eos" in name:
        return noise * 0.5
    # The vocoder's last filter is quieter: its sound would be clipped nearly everywhere.
    return noise / math.sqrt(math.prod(shape[1:])) * (0.05 if name.endswith("conv_post.weight") else 1.0)
