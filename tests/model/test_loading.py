"""A folder becomes weights: what is read, what it costs, and one sentence for everything that can be wrong with it."""

from __future__ import annotations

import json
import os
import pickle
import random
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file, save_file
from torch import Tensor, nn
from transformers import Qwen2_5OmniForConditionalGeneration

from model.errors import CheckpointError
from model.loading import Checkpoint, Placement, build
from model.note import Note
from model.sampling import GREEDY, TALKER_SAMPLING
from model.shards import INDEX_NAME, SINGLE_NAME
from model.talker import Talker
from model.thinker import Thinker
from tests.helpers.refusals import linked, refusal, replaced

ROOT = Path(__file__).parents[2]
SMAPS = Path("/proc/self/smaps")
FOREIGN = "thinker.model.layers.1.self_attn"


@pytest.fixture
def folder(small_folder: Path, tmp_path: Path) -> Path:
    """The small checkpoint, to be damaged."""
    return linked(small_folder, tmp_path / "folder")


def open_fully(folder: Path) -> None:
    """Read what speaking needs first."""
    checkpoint = Checkpoint.open(folder)
    Thinker(checkpoint, Placement.cpu())
    Talker(checkpoint, Placement.cpu())
    checkpoint.voice("Chelsie")


def index(folder: Path) -> dict[str, Any]:
    page: dict[str, Any] = json.loads((folder / INDEX_NAME).read_text())
    return page


def change_tensor(folder: Path, name: str, change: Callable[[Tensor], Tensor] | None) -> None:
    """Store another tensor of this name, or none, in the shard and in the index."""
    page = index(folder)
    shard = folder / page["weight_map"][name]
    tensors = load_file(shard)
    old = tensors.pop(name)
    if change is None:
        del page["weight_map"][name]
        replaced(folder / INDEX_NAME, json.dumps(page).encode())
    else:
        tensors[name] = change(old).contiguous()
    shard.unlink()
    save_file(tensors, shard)


def change_config(folder: Path, path: str, value: object) -> None:
    """Set one entry, named with dots; None takes it out."""
    config = json.loads((folder / "config.json").read_text())
    section, (*above, last) = config, path.split(".")
    for name in above:
        section = section[name]
    section.pop(last, None)
    if value is not None:
        section[last] = value
    replaced(folder / "config.json", json.dumps(config).encode())


# What is read


def test_weights_are_those_that_transformers_loads(
    small_checkpoint: Checkpoint, reference: Qwen2_5OmniForConditionalGeneration, placement: Placement
) -> None:
    theirs: Any = reference.thinker.get_submodule("model.language_model.layers.2")
    ours = small_checkpoint.weights("thinker.model.layers.2", placement)
    assert torch.equal(ours.tensor("input_layernorm.weight"), theirs.input_layernorm.weight)
    fused = ours.linear("self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj")
    attention = theirs.self_attn
    x = torch.randn(5, 64, generator=torch.Generator().manual_seed(0))
    expected = torch.cat([layer(x) for layer in (attention.q_proj, attention.k_proj, attention.v_proj)], dim=1)
    torch.testing.assert_close(fused(x), expected, rtol=1e-5, atol=1e-5)
    assert ours.below("mlp").names() == [name.removeprefix("mlp.") for name in ours.names() if name.startswith("mlp.")]


def join_shards(folder: Path) -> None:
    """All tensors into one file without index."""
    tensors: dict[str, Tensor] = {}
    for shard in sorted(folder.glob("*.safetensors")):
        tensors |= load_file(shard)
        shard.unlink()
    (folder / INDEX_NAME).unlink()
    save_file(tensors, folder / SINGLE_NAME)


def test_one_file_and_many_are_the_same(small_folder: Path, folder: Path, placement: Placement) -> None:
    join_shards(folder)
    single, many = Checkpoint.open(folder), Checkpoint.open(small_folder)
    assert len(set(many.shards.values())) > 3
    assert set(single.shards) == set(many.shards)
    ids = [1, 2, 3]
    assert torch.equal(Thinker(single, placement).embed(ids), Thinker(many, placement).embed(ids))
    assert single.stored_bytes("thinker") == many.stored_bytes("thinker")


def test_a_head_that_is_tied_is_the_embedding(folder: Path, placement: Placement) -> None:
    change_tensor(folder, "thinker.lm_head.weight", None)
    thinker = Thinker(Checkpoint.open(folder), placement)
    hidden = torch.randn(64, generator=torch.Generator().manual_seed(0))
    expected = thinker.embed(range(512)) @ hidden
    torch.testing.assert_close(thinker.logits(hidden), expected, rtol=1e-5, atol=1e-5)


def test_every_byte_that_is_read_is_told(small_checkpoint: Checkpoint, placement: Placement) -> None:
    read: list[int] = []
    checkpoint = Checkpoint.open(small_checkpoint.path)
    checkpoint.watch = read.append
    Thinker(checkpoint, placement)
    assert sum(read) == checkpoint.stored_bytes("thinker.model") + checkpoint.stored_bytes("thinker.lm_head")
    assert len(read) == len(checkpoint.names("thinker.model")) + 1


def test_sizes_are_told_before_anything_is_read(small_checkpoint: Checkpoint) -> None:
    checkpoint = Checkpoint.open(small_checkpoint.path)
    checkpoint.watch = lambda _bytes: pytest.fail("a weight was read")
    stored = checkpoint.stored_bytes("talker")
    assert stored == sum(t.nbytes for s in small_shards(checkpoint) for n, t in load_file(s).items() if "talker." in n)
    table = 8448 * 64 * 4  # looked up in as stored
    assert checkpoint.resident_bytes("talker", torch.float32) == stored
    assert checkpoint.resident_bytes("talker", torch.bfloat16) == table + (stored - table) // 2


def small_shards(checkpoint: Checkpoint) -> set[Path]:
    return set(checkpoint.shards.values())


def test_a_module_of_transformers_is_filled_or_refused(folder: Path, placement: Placement) -> None:
    weights = Checkpoint.open(folder).weights("thinker.model.layers.0.mlp", placement)

    def mlp() -> nn.Module:
        return nn.ModuleDict({"down_proj": nn.Linear(128, 64, bias=False)})

    built = build(mlp, weights)
    assert torch.equal(built.get_parameter("down_proj.weight"), weights.tensor("down_proj.weight"))
    assert not built.training
    assert not any(parameter.requires_grad for parameter in built.parameters())
    wide = nn.ModuleDict({"down_proj": nn.Linear(100, 64, bias=False)})
    assert "[64, 128]" in refusal(lambda: build(lambda: wide.to("meta"), weights))
    biased = nn.ModuleDict({"down_proj": nn.Linear(128, 64)})
    assert "down_proj.bias" in refusal(lambda: build(lambda: biased.to("meta"), weights))


# What it costs


@pytest.fixture(scope="module")
def big_folder(small_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Thinker of about 250 MB in six shards, its numbers all alike; nothing else of it can be loaded."""
    folder = linked(small_folder, tmp_path_factory.mktemp("loading") / "big")
    for shard in folder.glob("*.safetensors"):
        shard.unlink()
    hidden, inner, layers = 512, 2048, 18
    sizes = {"hidden_size": hidden, "intermediate_size": inner, "num_hidden_layers": layers, "num_attention_heads": 8}
    for name, size in {**sizes, "layer_types": ["full_attention"] * layers}.items():
        change_config(folder, f"thinker_config.text_config.{name}", size)
    change_config(folder, "thinker_config.text_config.rope_parameters.mrope_section", [8, 12, 12])
    shards = [
        {f"thinker.model.layers.{n}.{k}": torch.ones(v) for n in some for k, v in layer_shapes(hidden, inner).items()}
        for some in (range(first, first + 3) for first in range(0, layers, 3))
    ]
    ends = {"thinker.model.norm.weight": (hidden,), "thinker.model.embed_tokens.weight": (512, hidden)}
    shards[2] |= {name: torch.ones(shape) for name, shape in (ends | {"thinker.lm_head.weight": (512, hidden)}).items()}
    weight_map: dict[str, str] = {}
    for number, tensors in enumerate(shards):
        save_file(tensors, folder / f"{number}.safetensors")
        weight_map |= dict.fromkeys(tensors, f"{number}.safetensors")
    replaced(folder / INDEX_NAME, json.dumps({"weight_map": weight_map}).encode())
    return folder


def layer_shapes(hidden: int, inner: int) -> dict[str, tuple[int, ...]]:
    shapes: dict[str, tuple[int, ...]] = {}
    for name, rows in {"q": hidden, "k": hidden // 4, "v": hidden // 4}.items():
        shapes[f"self_attn.{name}_proj.weight"] = (rows, hidden)
        shapes[f"self_attn.{name}_proj.bias"] = (rows,)
    shapes["self_attn.o_proj.weight"] = (hidden, hidden)
    for name in ("gate", "up"):
        shapes[f"mlp.{name}_proj.weight"] = (inner, hidden)
    shapes["mlp.down_proj.weight"] = (hidden, inner)
    return shapes | {f"{name}_layernorm.weight": (hidden,) for name in ("input", "post_attention")}


@pytest.mark.skipif(sys.platform == "win32", reason="Windows tells no peak of another process in these terms")
def test_loading_never_takes_more_than_the_model_and_one_shard(small_folder: Path, big_folder: Path) -> None:
    command = [sys.executable, "-m", "tests.helpers.loading_peak", str(small_folder), str(big_folder)]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    peak, stays = map(int, told.split())
    checkpoint = Checkpoint.open(big_folder)
    resident = sum(checkpoint.resident_bytes(name, torch.float32) for name in ("thinker.model", "thinker.lm_head"))
    shard = max(file.stat().st_size for file in big_folder.glob("*.safetensors"))
    assert resident > 200e6
    assert resident < peak <= resident + shard + 8e6
    assert stays <= resident + 8e6


@pytest.mark.skipif(not SMAPS.exists(), reason="only Linux tells which pages of a file are in memory")
@pytest.mark.parametrize("layout", ["shards", "single file"])
def test_weights_do_not_hold_on_to_the_file(big_folder: Path, tmp_path: Path, layout: str) -> None:
    """A view would keep every page that was read of its shard; only the table, of which rows are read, is one."""
    folder, table = linked(big_folder, tmp_path / "folder"), 512 * 512 * 4
    if layout == "single file":
        join_shards(folder)
    thinker = Thinker(Checkpoint.open(folder), Placement.cpu())
    assert bytes_in_memory(folder) < table, "the header and what the system reads around it"
    thinker.embed(range(512))
    assert table <= bytes_in_memory(folder) < 3 * table


def bytes_in_memory(folder: Path) -> int:
    """Of the files in `folder`, as this process sees them."""
    held, ours = 0, False
    for line in SMAPS.read_text().splitlines():
        if re.match(r"[0-9a-f]+-[0-9a-f]+ ", line):
            ours = str(folder) in line
        elif ours and line.startswith("Rss:"):
            held += 1024 * int(line.split()[1])
    return held


# What can be wrong


def test_what_is_no_model_folder(tmp_path: Path) -> None:
    assert "config.json" in refusal(lambda: Checkpoint.open(tmp_path / "absent"))
    assert "config.json" in refusal(lambda: Checkpoint.open(tmp_path))
    (tmp_path / "file").write_text("x")
    assert "config.json" in refusal(lambda: Checkpoint.open(tmp_path / "file"))


def test_a_folder_without_weights(folder: Path) -> None:
    for file in [*folder.glob("*.safetensors"), folder / INDEX_NAME]:
        file.unlink()
    assert "no weights" in refusal(lambda: Checkpoint.open(folder))


def test_another_architecture_is_named(folder: Path) -> None:
    change_config(folder, "model_type", "llama")
    assert "llama" in refusal(lambda: Checkpoint.open(folder))


@pytest.mark.parametrize("content", ["", "{", "[]", "null", "{}", "\0", '{"model_type": "qwen2_5_omni"'])
def test_a_damaged_config(folder: Path, content: str) -> None:
    replaced(folder / "config.json", content.encode())
    assert "config.json" in refusal(lambda: open_fully(folder))


@pytest.mark.parametrize(
    ("entry", "value"),
    [
        ("thinker_config", "a word"),
        ("thinker_config", None),
        ("talker_config", []),
        ("token2wav_config.dit_config", 3),
        ("dtype", "float99"),
        ("thinker_config.text_config.hidden_size", "64"),
        ("thinker_config.text_config.hidden_size", -1),
        ("thinker_config.text_config.num_hidden_layers", 5),
        ("thinker_config.text_config.num_attention_heads", 0),
        ("thinker_config.text_config.hidden_act", "gelu"),
        ("thinker_config.text_config.rope_parameters", None),
        ("thinker_config.text_config.rope_parameters", {"rope_type": "default", "rope_theta": 10.0}),
        ("thinker_config.text_config.rope_parameters.rope_type", "yarn"),
        ("thinker_config.text_config.vocab_size", 500),
        ("thinker_config.text_config.intermediate_size", 120),
        ("thinker_config.text_config.num_key_value_heads", 4),
        ("talker_config.head_dim", 32),
        ("talker_config.embedding_size", 32),
        ("talker_config.vocab_size", 8000),
    ],
)
def test_a_config_of_other_weights_or_of_none(folder: Path, entry: str, value: object) -> None:
    change_config(folder, entry, value)
    assert "config" in refusal(lambda: open_fully(folder))


@pytest.mark.parametrize(
    "content", ["", "{", "[]", "{}", '{"weight_map": 3}', '{"weight_map": {"a": 3}}', '{"weight_map": {"a": "../b"}}']
)
def test_a_damaged_index(folder: Path, content: str) -> None:
    replaced(folder / INDEX_NAME, content.encode())
    refusal(lambda: Checkpoint.open(folder))


def test_an_index_that_promises_what_a_shard_lacks(folder: Path) -> None:
    page = index(folder)
    shards = sorted(set(page["weight_map"].values()))
    name = next(name for name, shard in page["weight_map"].items() if shard == shards[0])
    page["weight_map"][name] = shards[1]
    replaced(folder / INDEX_NAME, json.dumps(page).encode())
    assert name in refusal(lambda: Checkpoint.open(folder))


@pytest.mark.parametrize("which", [0, -1])
def test_a_missing_shard_is_named(folder: Path, which: int) -> None:
    shard = sorted(folder.glob("*.safetensors"))[which]
    shard.unlink()
    assert f"{shard.name} is missing" in refusal(lambda: Checkpoint.open(folder))
    shard.mkdir()
    assert shard.name in refusal(lambda: Checkpoint.open(folder))


@pytest.mark.parametrize("which", [0, -1])
@pytest.mark.parametrize("left", [0.0, 1e-9, 1e-6, 1e-4, 0.01, 0.5, 0.999, 1 - 1e-9])
def test_a_shard_that_is_cut_off_anywhere(folder: Path, which: int, left: float) -> None:
    """In the length of its header, in the header, in the numbers: found before anything is loaded."""
    shard = sorted(folder.glob("*.safetensors"))[which]
    content = shard.read_bytes()
    replaced(shard, content[: min(len(content) - 1, -int(-left * len(content) // 1))])
    assert f"{shard.name} is truncated" in refusal(lambda: Checkpoint.open(folder))


def test_a_shard_of_random_bytes_or_of_zeros_or_too_long(folder: Path) -> None:
    shard = min(folder.glob("*.safetensors"))
    content = shard.read_bytes()
    for other in (random.Random(0).randbytes(len(content)), bytes(len(content)), content + b"more"):
        replaced(shard, other)
        assert shard.name in refusal(lambda: Checkpoint.open(folder))


@pytest.mark.parametrize(
    "name",
    ["thinker.model.norm.weight", "thinker.model.layers.3.mlp.up_proj.weight", "talker.codec_head.weight"],
)
def test_a_missing_tensor_is_named(folder: Path, name: str) -> None:
    change_tensor(folder, name, None)
    assert name.removesuffix(".weight") in refusal(lambda: open_fully(folder))


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("thinker.model.norm.weight", lambda t: t[:-1]),
        ("thinker.model.embed_tokens.weight", lambda t: t[:-1]),
        ("thinker.lm_head.weight", lambda t: t.T),
        (f"{FOREIGN}.q_proj.weight", lambda t: t[:, :-1]),
        (f"{FOREIGN}.k_proj.weight", lambda t: t[:-1]),
        (f"{FOREIGN}.v_proj.weight", lambda t: t.reshape(-1, 32)),
        (f"{FOREIGN}.q_proj.bias", lambda t: t[:-1]),
        (f"{FOREIGN}.k_proj.bias", lambda t: t[None]),
        (f"{FOREIGN}.o_proj.weight", lambda t: t.flatten()),
        ("thinker.model.layers.0.mlp.gate_proj.weight", lambda t: t[:-1]),
        ("talker.thinker_to_talker_proj.bias", lambda t: t[:1]),
        ("talker.codec_head.weight", lambda t: t[:-1]),
    ],
)
def test_a_wrong_shape_is_named(folder: Path, name: str, change: Callable[[Tensor], Tensor]) -> None:
    change_tensor(folder, name, change)
    assert name.removesuffix(".weight") in refusal(lambda: open_fully(folder))


def test_rows_that_are_split_wrongly_between_fused_projections(folder: Path) -> None:
    """Together they have as many rows as they should."""
    change_tensor(folder, f"{FOREIGN}.q_proj.weight", lambda t: t[:-8])
    change_tensor(folder, f"{FOREIGN}.k_proj.weight", lambda t: torch.cat([t, t[:8]]))
    assert "q_proj" in refusal(lambda: open_fully(folder))


def test_a_number_format_that_is_not_supported(folder: Path) -> None:
    change_tensor(folder, "thinker.model.norm.weight", lambda t: t.to(torch.float8_e4m3fn))
    assert "F8_E4M3" in refusal(lambda: Checkpoint.open(folder).stored_bytes("thinker.model"))


def test_a_damaged_note(folder: Path) -> None:
    assert "noise" in Checkpoint.open(folder).note.label
    others = ("1", '{"top_p": 0}', '{"a": 1}', '{"top_k": 1.5}', '{"temperature": Infinity}', '{"top_p": true}')
    wrong = [*(f'{{"label": "", "threads": {each}}}'.encode() for each in ("0", '"1"', "-1", "1.5", "true"))]
    wrong += [b'{"label": "", "solver": "leap"}', b'{"label": "", "solver": []}', b'{"label": null}']
    wrong += [f'{{"label": "", "bits": {each}}}'.encode() for each in ("3", "4.0", '"8"', "true", "[]")]
    wrong += [f'{{"label": "", "talker": {each}}}'.encode() for each in others]
    for content in (b"", b"[]", b"{}", b"\xff", *wrong):
        replaced(folder / "sightline.json", content)
        assert "sightline.json" in refusal(lambda: Checkpoint.open(folder).note)
    (folder / "sightline.json").unlink()
    assert Checkpoint.open(folder).note == Note()


def test_a_note_says_how_tokens_are_drawn(tmp_path: Path) -> None:
    """Only what differs from the published values is written, so that these may be changed."""
    note = Note(
        "small",
        thinker=GREEDY,
        talker=replace(TALKER_SAMPLING, temperature=0.5),
        threads=1,
        solver="euler",
        bits=8,
        media=100,
        earlier=50,
    )
    note.write(tmp_path)
    assert Note.read(tmp_path) == note
    assert json.loads((tmp_path / "sightline.json").read_text())["talker"] == {"temperature": 0.5}
    Note("usual").write(tmp_path)
    assert json.loads((tmp_path / "sightline.json").read_text()) == {"label": "usual"}
    (tmp_path / "sightline.json").write_text('{"label": "usual", "media": 0}')
    with pytest.raises(CheckpointError, match="damaged"):
        Note.read(tmp_path)


# Voices


def test_voices_are_as_stored(small_checkpoint: Checkpoint) -> None:
    stored = torch.load(small_checkpoint.path / "spk_dict.pt", weights_only=True)
    voices = small_checkpoint.voices()
    assert set(voices) == set(stored) == {"Chelsie", "Ethan"}
    for name, voice in voices.items():
        assert voice.name == name
        assert voice.bos_token == stored[name]["bos_token"]
        assert torch.equal(voice.condition, stored[name]["cond"])
        assert torch.equal(voice.reference_mel, stored[name]["ref_mel"])


def test_an_unknown_voice_is_told_those_there_are(small_checkpoint: Checkpoint) -> None:
    sentence = refusal(lambda: small_checkpoint.voice("Nobody"))
    assert all(word in sentence for word in ("'Nobody'", "Chelsie", "Ethan"))


def test_no_speaker_file(folder: Path) -> None:
    (folder / "spk_dict.pt").unlink()
    assert "spk_dict.pt" in refusal(lambda: Checkpoint.open(folder).voice("Chelsie"))
    Thinker(Checkpoint.open(folder), Placement.cpu())


def test_a_speaker_file_of_anything_else(folder: Path) -> None:
    file = folder / "spk_dict.pt"
    good = torch.load(file, weights_only=True)["Chelsie"]
    wrong: list[object] = [[1], 3, torch.ones(2), {}]
    wrong += [{"Chelsie": entry} for entry in (torch.ones(2), 3, [1], {}, {**good, "bos_token": "x"})]
    wrong += [{"Chelsie": {**good, "bos_token": token}} for token in (-1, 512, torch.tensor([1, 2]))]
    wrong += [{"Chelsie": {**good, "cond": cond}} for cond in (1, torch.ones(3), torch.ones(1, 11), torch.ones(2, 12))]
    wrong += [{"Chelsie": {**good, "ref_mel": mel}} for mel in (1, torch.ones(3), torch.ones(1, 60, 79))]
    for content in wrong:
        file.unlink()
        torch.save(content, file)
        assert "spk_dict.pt" in refusal(Checkpoint.open(folder).voices), f"{content}"


@pytest.mark.filterwarnings("ignore:Detected pickle protocol")  # torch says so of some bytes before it refuses them
def test_a_damaged_speaker_file(folder: Path) -> None:
    file = folder / "spk_dict.pt"
    whole, dice = file.read_bytes(), random.Random(0)
    cuts = [whole[:length] for length in (0, 1, 10, 100, len(whole) // 2, len(whole) - 1)]
    for content in [*cuts, *(dice.randbytes(500) for _ in range(30))]:
        replaced(file, content)
        assert "spk_dict.pt" in refusal(Checkpoint.open(folder).voices)


class Intruder:
    """Unpickled by the ordinary rules it would run a command."""

    def __init__(self, traces: Path) -> None:
        self._traces = traces

    def __reduce__(self) -> tuple[Callable[[str], int], tuple[str]]:
        return os.system, (f"echo was here > {self._traces}",)


@pytest.mark.filterwarnings("ignore:Detected pickle protocol")
def test_a_speaker_file_runs_nothing(folder: Path, tmp_path: Path) -> None:
    file, traces = folder / "spk_dict.pt", tmp_path / "traces"
    file.unlink()
    torch.save({"Chelsie": Intruder(traces)}, file)
    refusal(Checkpoint.open(folder).voices)
    replaced(file, pickle.dumps({"Chelsie": Intruder(traces)}))
    refusal(Checkpoint.open(folder).voices)
    assert not traces.exists()
    pickle.loads(pickle.dumps(Intruder(traces)))
    assert traces.exists(), "else the intruder would prove nothing"
