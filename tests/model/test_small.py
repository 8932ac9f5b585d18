"""Random checkpoints: what transformers can load, the same for the same seed, and of the published sizes."""

from __future__ import annotations

import hashlib
import json
import math
from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file
from transformers import (
    AutoTokenizer,
    Qwen2_5OmniForConditionalGeneration,
    Qwen2VLImageProcessor,
    WhisperFeatureExtractor,
)

from model.errors import Cancelled
from model.loading import Checkpoint, Placement
from model.prompts import Vocabulary
from model.shards import INDEX_NAME
from model.small import (
    CHAT_TEMPLATE,
    LABEL,
    PUBLISHED_FIRST_SPECIAL,
    SPECIAL_TOKENS,
    Shape,
    Written,
    make_small,
    published_shapes,
    shape_configuration,
)
from model.thinker import Thinker
from tests.helpers.refusals import refusal
from tests.helpers.vocabularies import byte_pair_tokenizer

SHARD = 2_000_000
FILES = {
    "chat_template.jinja",
    "config.json",
    INDEX_NAME,
    "preprocessor_config.json",
    "sightline.json",
    "spk_dict.pt",
    "tokenizer.json",
    "tokenizer_config.json",
}


def digests(folder: Path) -> dict[str, str]:
    files = (file for file in folder.iterdir() if file.suffix == ".safetensors")
    return {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in files}


def test_the_layout_is_the_published_one(small_folder: Path) -> None:
    shards = {file.name for file in small_folder.glob("*.safetensors")}
    assert {file.name for file in small_folder.iterdir()} == FILES | shards
    page = json.loads((small_folder / INDEX_NAME).read_text())
    assert set(page["weight_map"].values()) == shards
    assert page["metadata"]["total_size"] == sum(t.nbytes for s in shards for t in load_file(small_folder / s).values())
    prefixes = Counter(name.split(".")[0] + "." + name.split(".")[1] for name in page["weight_map"])
    assert set(prefixes) == {
        *(f"thinker.{part}" for part in ("model", "lm_head", "audio_tower", "visual")),
        *(f"talker.{part}" for part in ("model", "codec_head", "thinker_to_talker_proj")),
        *(f"token2wav.code2wav_{part}_model" for part in ("dit", "bigvgan")),
    }
    assert not any("language_model" in name for name in page["weight_map"])


def test_no_shard_is_larger_than_asked_but_for_a_tensor_that_is(small_folder: Path) -> None:
    for shard in small_folder.glob("*.safetensors"):
        sizes = [tensor.nbytes for tensor in load_file(shard).values()]
        assert sum(sizes) <= SHARD or len(sizes) == 1


def test_transformers_loads_every_tensor_and_misses_none(
    small_folder: Path, reference: Qwen2_5OmniForConditionalGeneration, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tqdm.tqdm.monitor_interval", 0)  # its progress bar would leave a thread
    # The class's own method, which loads the voices too, cannot give this report.
    load: Callable[..., Any] = super(Qwen2_5OmniForConditionalGeneration, reference).from_pretrained
    model, info = load(small_folder, output_loading_info=True)
    assert {name: list(found) for name, found in info.items() if found} == {}
    assert reference.has_talker
    assert set(reference.speaker_map) == {"Chelsie", "Ethan"}
    stored = load_file(min(small_folder.glob("*.safetensors")))
    name = "thinker.model.layers.0.mlp.up_proj.weight"
    assert torch.equal(
        model.get_parameter(name.replace("thinker.model.", "thinker.model.language_model.")), stored[name]
    )


def test_transformers_reads_what_prepares_media(small_folder: Path) -> None:
    extractor = WhisperFeatureExtractor.from_pretrained(small_folder)
    assert (extractor.feature_size, extractor.sampling_rate, extractor.hop_length) == (128, 16_000, 160)
    pictures = Qwen2VLImageProcessor.from_pretrained(small_folder)
    assert (pictures.patch_size, pictures.temporal_patch_size, pictures.merge_size) == (14, 2, 2)


def test_every_byte_is_a_token_and_the_markers_are_where_the_config_says(small_checkpoint: Checkpoint) -> None:
    vocabulary = Vocabulary(small_checkpoint.path)
    ascii_text = "".join(map(chr, range(128)))
    assert len(set(vocabulary.encode(ascii_text))) == len(ascii_text)
    assert len(vocabulary.encode("🙂")) == 4
    assert_markers(small_checkpoint)


def assert_markers(checkpoint: Checkpoint) -> None:
    """The ids in config.json are those of the tokenizer."""
    ids, numbers = checkpoint.architecture.thinker, AutoTokenizer.from_pretrained(checkpoint.path).get_vocab()
    expected = {
        "<|endoftext|>": ids.pad_token_id,
        "<|im_end|>": ids.eos_token_id,
        "<|AUDIO|>": ids.audio_token_id,
        "<|audio_bos|>": ids.audio_start_token_id,
        "<|audio_eos|>": ids.audio_end_token_id,
        "<|vision_bos|>": ids.vision_start_token_id,
        "<|vision_eos|>": ids.vision_end_token_id,
        "<|IMAGE|>": ids.image_token_id,
        "<|VIDEO|>": ids.video_token_id,
    }
    assert {name: numbers[name] for name in expected} == expected


def test_weights_are_labelled_and_no_layer_is_neutral(small_checkpoint: Checkpoint) -> None:
    """A norm that does nothing or a bias of zero would hide that it was left out."""
    assert small_checkpoint.note.label == LABEL == "random weights: words are noise"
    for shard in set(small_checkpoint.shards.values()):
        for name, tensor in load_file(shard).items():
            assert tensor.isfinite().all()
            assert tensor.numel() == 1 or not (tensor == tensor.flatten()[0]).all(), name


def test_the_same_seed_writes_the_same_and_another_seed_another(small_folder: Path, tmp_path: Path) -> None:
    make_small(tmp_path / "again", shard_bytes=SHARD)
    make_small(tmp_path / "other", seed=1, shard_bytes=SHARD)
    assert digests(tmp_path / "again") == digests(small_folder)
    assert set(digests(tmp_path / "other").values()).isdisjoint(digests(small_folder).values())
    voices = [Checkpoint.open(folder).voices() for folder in (small_folder, tmp_path / "again", tmp_path / "other")]
    assert torch.equal(voices[0]["Ethan"].condition, voices[1]["Ethan"].condition)
    assert not torch.equal(voices[0]["Ethan"].condition, voices[2]["Ethan"].condition)


def test_progress_adds_up_and_precision_is_as_asked(tmp_path: Path) -> None:
    told: list[Written] = []
    make_small(tmp_path / "half", dtype=torch.bfloat16, progress=told.append)
    checkpoint = Checkpoint.open(tmp_path / "half")
    done = [written.done for written in told]
    assert done == sorted(set(done))
    assert {written.total for written in told} == {done[-1]}
    assert done[-1] == sum(checkpoint.stored_bytes(part) for part in ("thinker", "talker", "token2wav"))
    assert {header.kind for header in checkpoint.headers("thinker")} == {"BF16"}
    assert len(set(checkpoint.shards.values())) == 1


def test_a_folder_that_is_given_up_is_no_model_folder(tmp_path: Path) -> None:
    calls = 0

    def check() -> None:
        nonlocal calls
        calls += 1
        if calls == 300:
            raise Cancelled

    with pytest.raises(Cancelled):
        make_small(tmp_path / "unfinished", shard_bytes=SHARD, check=check)
    assert "config.json" in refusal(lambda: Checkpoint.open(tmp_path / "unfinished"))


def test_only_a_new_or_empty_folder_is_written_to(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    for taken in (tmp_path, tmp_path / "notes.txt"):
        assert "not an empty folder" in refusal(partial(make_small, taken))
    assert [file.name for file in tmp_path.iterdir()] == ["notes.txt"]
    assert (tmp_path / "notes.txt").read_text() == "mine"
    (tmp_path / "empty").mkdir()
    make_small(tmp_path / "empty")
    Checkpoint.open(tmp_path / "empty")


def published_vocabulary(folder: Path) -> Path:
    """A tokenizer whose special tokens have the published ids; its words are few."""
    folder.mkdir()
    byte_pair_tokenizer(PUBLISHED_FIRST_SPECIAL).save(str(folder / "tokenizer.json"))
    return folder


def test_with_a_published_vocabulary_ids_are_the_published_ones(tmp_path: Path) -> None:
    make_small(tmp_path / "words", tokenizer=published_vocabulary(tmp_path / "tokenizer"))
    checkpoint = Checkpoint.open(tmp_path / "words")
    assert_markers(checkpoint)
    ids, talker = checkpoint.architecture.thinker, checkpoint.architecture.talker
    assert (ids.audio_token_id, ids.image_token_id, ids.video_token_id) == (151646, 151655, 151656)
    assert (ids.vision_start_token_id, ids.vision_end_token_id) == (151652, 151653)
    assert (talker.tts_text_pad_token_id, talker.tts_text_start_token_id, talker.tts_text_end_token_id) == (
        151859,
        151860,
        151861,
    )
    assert checkpoint.architecture.text.vocab_size == 151_936
    assert Vocabulary(checkpoint.path).ends() == {151643, 151645}
    assert AutoTokenizer.from_pretrained(checkpoint.path).chat_template == CHAT_TEMPLATE
    thinker = Thinker(checkpoint, Placement.cpu())
    assert thinker.embed([151_935, checkpoint.voice("Ethan").bos_token]).shape == (2, 64)


def test_another_vocabulary_is_refused(tmp_path: Path) -> None:
    (tmp_path / "foreign").mkdir()
    byte_pair_tokenizer(300).save(str(tmp_path / "foreign" / "tokenizer.json"))
    assert "151643" in refusal(lambda: make_small(tmp_path / "words", tokenizer=tmp_path / "foreign"))


@pytest.mark.parametrize(
    ("shape", "billions"),
    [
        ("3b", {"body": 2.775, "table": 0.311, "head": 0.311, "talker": 0.385, "audio": 0.638, "vision": 0.669}),
        ("7b", {"body": 6.526, "table": 0.545, "head": 0.545, "talker": 1.351, "audio": 0.640, "vision": 0.677}),
    ],
)
def test_full_sizes_have_the_published_numbers_of_parameters(shape: Shape, billions: dict[str, float]) -> None:
    counted: Counter[str] = Counter()
    for name, size in published_shapes(shape_configuration(shape, published_vocabulary=True)):
        counted[part_of(name)] += math.prod(size)
    expected = billions | {"dit": 0.334, "vocoder": 0.115}
    assert {part: round(count / 1e9, 3) for part, count in counted.items()} == expected
    assert round(counted.total() / 1e9, 2) == {"3b": 5.54, "7b": 10.73}[shape]


def part_of(name: str) -> str:
    starts = {
        "thinker.model.embed_tokens": "table",
        "thinker.model": "body",
        "thinker.lm_head": "head",
        "thinker.audio_tower": "audio",
        "thinker.visual": "vision",
        "talker": "talker",
        "token2wav.code2wav_dit_model": "dit",
        "token2wav.code2wav_bigvgan_model": "vocoder",
    }
    return next(part for start, part in starts.items() if name.startswith(start))


def test_all_markers_have_ids_in_a_row() -> None:
    tokenizer = byte_pair_tokenizer(PUBLISHED_FIRST_SPECIAL)
    ids = [tokenizer.token_to_id(name) for name in SPECIAL_TOKENS]
    assert ids == list(range(151_643, 151_657))
