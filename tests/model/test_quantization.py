"""The quantised folder: bit for bit what was packed, complete or not there at all."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import torch
import torch.nn.functional as F
from safetensors.torch import load_file, save_file

from model import quantization
from model.errors import Cancelled, never_cancelled
from model.loading import Checkpoint, Placement
from model.manifest import (
    FORMAT_VERSION,
    MANIFEST_NAME,
    SCALES_SUFFIX,
    VALUES_SUFFIX,
    QuantizationManifest,
    QuantizedModule,
    read_quantized,
)
from model.packing import Layout, Scheme, stack
from model.packing import quantize as quantize_weight
from model.quantization import Progress, accuracy, quantize
from model.recognition import RECEIPT, SPEED
from model.schemes import Bits, scheme_of
from model.talker import Talker
from model.thinker import Thinker
from tests.helpers.refusals import refusal

ROOT = Path(__file__).parents[2]


def write(source: Path, destination: Path, bits: Bits = 4) -> Path:
    quantize(source, destination, bits=bits, progress=lambda _: None, check=never_cancelled)
    return destination


def tensors(folder: Path) -> dict[str, torch.Tensor]:
    return {name: tensor for file in folder.glob("*.safetensors") for name, tensor in load_file(file).items()}


@pytest.fixture(scope="module", params=[4, 8])
def bits(request: pytest.FixtureRequest) -> Bits:
    return 4 if request.param == 4 else 8


@pytest.fixture(scope="module")
def folder(bits: Bits, small_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(small_folder, tmp_path_factory.mktemp("quantised") / "small", bits)


@pytest.fixture
def copy(small_folder: Path, tmp_path: Path) -> Path:
    """The small folder, to be spoilt."""
    return Path(shutil.copytree(small_folder, tmp_path / "copy"))


# What is in it.


def test_every_weight_is_read_back_bit_for_bit(folder: Path, bits: Bits, small_folder: Path) -> None:
    checkpoint, source = Checkpoint.open(folder), tensors(small_folder)
    assert checkpoint.manifest is not None
    for name, module in checkpoint.manifest.modules.items():
        exact = source.pop(f"{name}.weight")
        wanted = quantize_weight(exact, scheme_of(name, bits))
        found = read_quantized(name, checkpoint.stored, checkpoint.manifest)
        assert (module.scheme, module.shape) == (wanted.scheme, tuple(exact.shape))
        is_table = name.endswith("embed_tokens")  # looked up row by row
        assert found.layout is module.layout is (Layout.ROWS if is_table else Layout.BLOCKS)
        assert torch.equal(found.in_rows().values, wanted.values)
        assert torch.equal(found.in_rows().scales, wanted.scales)
        assert torch.equal(found.dequantize(), wanted.dequantize())
    for name, exact in source.items():
        assert checkpoint.stored(name).dtype == exact.dtype
        assert torch.equal(checkpoint.stored(name), exact)
    assert len(checkpoint.shards) == len(source) + 2 * len(checkpoint.manifest.modules)


def test_the_policy(folder: Path, bits: Bits, small_folder: Path) -> None:
    manifest = QuantizationManifest.read(folder)
    assert manifest is not None
    schemes = {name: module.scheme for name, module in manifest.modules.items()}
    layers = {name for name in schemes if name.startswith("thinker.model.layers.")}
    assert {schemes[name] for name in layers} == {Scheme.INT4 if bits == 4 else Scheme.INT8}
    assert {scheme for name, scheme in schemes.items() if name not in layers} == {Scheme.INT8}
    stored, source = tensors(folder), tensors(small_folder)
    queries = [name for name in source if re.fullmatch(r"thinker\.model\..*\.q_proj\.weight", name)]
    assert len(layers) == 7 * len(queries)
    floats = {name for name in source if name.removesuffix(".weight") not in schemes}
    matrices = {name for name in floats if name.endswith(".weight") and stored[name].ndim == 2}
    assert {name.split(".")[0] for name in matrices} == {"token2wav", "talker", "thinker"}
    assert {name for name in matrices if not name.startswith("token2wav")} == {
        "talker.model.embed_tokens.weight",
        "thinker.audio_tower.audio_bos_eos_token.weight",
    }


@pytest.mark.parametrize(
    ("module", "scheme"),
    [
        ("thinker.model.layers.35.self_attn.q_proj", Scheme.INT4),
        ("thinker.model.layers.0.mlp.down_proj", Scheme.INT4),
        ("thinker.lm_head", Scheme.INT8),
        ("thinker.model.embed_tokens", Scheme.INT8),
        ("thinker.audio_tower.layers.31.fc2", Scheme.INT8),
        ("thinker.audio_tower.layers.3.self_attn.out_proj", Scheme.INT8),
        ("thinker.audio_tower.proj", Scheme.INT8),
        ("thinker.visual.blocks.31.attn.qkv", Scheme.INT8),
        ("thinker.visual.blocks.31.mlp.gate_proj", Scheme.INT8),
        ("thinker.visual.merger.mlp.2", Scheme.INT8),
        ("talker.model.layers.23.self_attn.v_proj", Scheme.INT8),
        ("talker.thinker_to_talker_proj", Scheme.INT8),
        ("talker.codec_head", Scheme.INT8),
        ("thinker.visual.patch_embed.proj", Scheme.FLOAT),
        ("thinker.audio_tower.conv1", Scheme.FLOAT),
        ("thinker.model.norm", Scheme.FLOAT),
        ("token2wav.code2wav_dit_model.transformer_blocks.0.attn.to_q", Scheme.INT8),
        ("token2wav.code2wav_dit_model.transformer_blocks.21.ff.ff.3", Scheme.INT8),
        ("token2wav.code2wav_dit_model.transformer_blocks.0.attn_norm.linear", Scheme.FLOAT),
        ("token2wav.code2wav_dit_model.proj_out", Scheme.FLOAT),
        ("token2wav.code2wav_bigvgan_model.conv_pre", Scheme.FLOAT),
    ],
)
def test_schemes_of_the_published_names(module: str, scheme: Scheme) -> None:
    assert scheme_of(module, 4) is scheme
    assert scheme_of(module, 8) is (Scheme.FLOAT if scheme is Scheme.FLOAT else Scheme.INT8)


def test_everything_beside_the_weights_is_copied(folder: Path, small_folder: Path) -> None:
    others = [file for file in small_folder.iterdir() if "safetensors" not in file.name]
    assert {"config.json", "spk_dict.pt", "tokenizer.json"} <= {file.name for file in others}
    for file in others:
        assert (folder / file.name).read_bytes() == file.read_bytes()


def test_what_is_true_of_the_source_only_is_not_copied(copy: Path, tmp_path: Path) -> None:
    left_out = {RECEIPT, f"{RECEIPT}.new", SPEED, "model.safetensors.part"}
    for name in left_out:
        (copy / name).write_text("of the source")
    written = {file.name for file in write(copy, tmp_path / "out").iterdir()}
    assert not written & left_out
    assert {"config.json", "spk_dict.pt", "tokenizer.json"} <= written


def test_the_manifest_names_its_source(folder: Path, small_folder: Path) -> None:
    page = json.loads((folder / MANIFEST_NAME).read_text())
    assert page["format_version"] == FORMAT_VERSION
    assert page["rest_dtype"] == "float32"
    assert page["source"]["folder"] == small_folder.name
    shards = sorted(small_folder.glob("*.safetensors"))
    assert sorted(page["source"]["sha256"]) == sorted(["config.json", *(shard.name for shard in shards)])
    assert page["source"]["sha256"][shards[0].name] == hashlib.sha256(shards[0].read_bytes()).hexdigest()


def test_twice_gives_the_same_bytes(small_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quantization, "SHARD_BYTES", 300_000)
    once, twice = write(small_folder, tmp_path / "once"), write(small_folder, tmp_path / "twice")
    assert sorted(file.name for file in once.iterdir()) == sorted(file.name for file in twice.iterdir())
    for file in once.iterdir():
        assert file.read_bytes() == (twice / file.name).read_bytes()


def test_shards_are_bounded_and_indexed(small_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quantization, "SHARD_BYTES", 300_000)
    folder = write(small_folder, tmp_path / "cut")
    shards = sorted(folder.glob("*.safetensors"))
    assert len(shards) > 5
    for number, shard in enumerate(shards, start=1):
        assert shard.name == f"model-{number:05}-of-{len(shards):05}.safetensors"
        held = [tensor.nbytes for tensor in load_file(shard).values()]
        assert sum(held) <= 300_000 or len(held) <= 2
    index = json.loads((folder / "model.safetensors.index.json").read_text())
    found = {name: shard.name for shard in shards for name in load_file(shard)}
    assert index["weight_map"] == found
    assert index["metadata"]["total_size"] == sum(tensor.nbytes for tensor in tensors(folder).values())
    whole = tensors(write(small_folder, tmp_path / "whole"))
    assert all(torch.equal(whole[name], tensor) for name, tensor in tensors(folder).items())


def test_fused_projections_load_as_they_were_packed(folder: Path) -> None:
    checkpoint = Checkpoint.open(folder)
    prefix = "thinker.model.layers.0.self_attn"
    names = ("q_proj", "k_proj", "v_proj")
    assert checkpoint.manifest is not None
    parts = [read_quantized(f"{prefix}.{name}", checkpoint.stored, checkpoint.manifest) for name in names]
    bias = torch.cat([checkpoint.stored(f"{prefix}.{name}.bias") for name in names])
    x = torch.randn(6, parts[0].shape[1], generator=torch.Generator().manual_seed(0))
    wanted = F.linear(x, stack(parts).dequantize(), bias)
    found = checkpoint.weights(prefix, Placement.cpu()).linear(*names)(x)
    assert float((found - wanted).norm() / wanted.norm()) < 1e-2


# How it comes about.


def test_what_is_rounded_as_it_is_loaded_computes_as_what_was_written_so(
    folder: Path, bits: Bits, small_folder: Path
) -> None:
    published, narrow = Checkpoint.open(small_folder), replace(Placement.cpu(), bits=bits)
    cases = ((Checkpoint.open(folder), Placement.cpu()), (published, narrow), (published, Placement.cpu()))
    found = []
    for part in (Thinker, Talker):
        made = [part(*case) for case in cases]
        x = torch.randn(12, made[0].decoder.shape.hidden, generator=torch.Generator().manual_seed(0))
        positions = torch.arange(12).expand(3, -1)
        states = [each.decoder.run(x, positions, each.decoder.cache(), lambda: None) for each in made]
        found.append([each.logits(state[-1]) for each, state in zip(made, states, strict=True)])
    for written, rounded, exact in found:
        assert torch.equal(written, rounded)
        assert not torch.equal(rounded, exact)


def test_progress_counts_every_byte_twice(small_folder: Path, tmp_path: Path) -> None:
    told: list[Progress] = []
    quantize(small_folder, tmp_path / "out", bits=4, progress=told.append, check=never_cancelled)
    read = sum(tensor.nbytes for tensor in tensors(small_folder).values())
    hashed = sum(file.stat().st_size for file in small_folder.glob("*.safetensors"))
    assert {step.total for step in told} == {read + hashed}
    assert told[-1].done == read + hashed
    assert [step.done for step in told] == sorted(step.done for step in told)
    assert {step.name for step in told} >= set(tensors(small_folder))


class Interruption:
    """Raises at the given call."""

    def __init__(self, call: int, error: type[BaseException]) -> None:
        self.calls, self.call, self.error = 0, call, error

    def __call__(self) -> None:
        self.calls += 1
        if self.calls == self.call:
            raise self.error


@pytest.mark.parametrize("error", [KeyboardInterrupt, Cancelled])
@pytest.mark.parametrize("call", [1, 3, 100, 400])
def test_giving_up_leaves_nothing(error: type[BaseException], call: int, small_folder: Path, tmp_path: Path) -> None:
    with pytest.raises(error):
        quantize(small_folder, tmp_path / "out", bits=4, progress=lambda _: None, check=Interruption(call, error))
    assert not list(tmp_path.iterdir())


# A process of its own, to be killed, starved and measured.

CHILD = r"""
import resource, sys
from pathlib import Path
import psutil
import torch
from model import quantization
from model.errors import SightlineError, never_cancelled

def resident():
    return psutil.Process().memory_info().rss

torch.set_num_threads(1)
seen = []
source, destination = Path(sys.argv[1]), Path(sys.argv[2])
quantization.SHARD_BYTES, file_bytes, wait = (int(word) for word in sys.argv[3:])
resource.setrlimit(resource.RLIMIT_FSIZE, (file_bytes, file_bytes))  # -1: none

def told(step):
    seen.append(resident())
    if wait and step.done == step.total:
        print("all read", flush=True)
        sys.stdin.readline()

try:
    quantization.quantize(source, destination, bits=4, progress=told, check=never_cancelled)
except SightlineError as error:
    print(f"refused: {error}", flush=True)
else:
    print("grown", max(seen) - seen[0], flush=True)
"""


def spawn(
    source: Path, destination: Path, *, shard_bytes: int = 1 << 29, file_bytes: int = -1, wait: bool = False
) -> subprocess.Popen[str]:
    numbers = [str(number) for number in (shard_bytes, file_bytes, int(wait))]
    words = [sys.executable, "-c", CHILD, str(source), str(destination), *numbers]
    return subprocess.Popen(words, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def test_a_killed_run_leaves_nothing_that_looks_complete(small_folder: Path, tmp_path: Path) -> None:
    destination = tmp_path / "out"
    with spawn(small_folder, destination, shard_bytes=300_000, wait=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "all read\n"
        process.send_signal(signal.SIGKILL)  # all work is done but for the last shard and the name
    partial = tmp_path / "out.partial"
    assert list(tmp_path.iterdir()) == [partial]
    assert len(list(partial.glob("*.safetensors"))) > 5
    refusal(lambda: Checkpoint.open(destination))
    refusal(lambda: Checkpoint.open(partial))
    again = tensors(write(small_folder, destination))
    assert again.keys() == tensors(write(small_folder, tmp_path / "calm")).keys()
    assert not partial.exists()


def test_a_full_disk_is_one_sentence_and_leaves_nothing(small_folder: Path, tmp_path: Path) -> None:
    with spawn(small_folder, tmp_path / "out", file_bytes=1_000_000) as process:
        said, _ = process.communicate()
    assert re.fullmatch(rf"refused: Writing {tmp_path}/out failed \([^\n]+\): [^\n]+\.\n", said)
    assert not list(tmp_path.iterdir())


def test_memory_does_not_grow_with_the_model(small_folder: Path, tmp_path: Path) -> None:
    source = tmp_path / "source"
    shutil.copytree(small_folder, source, ignore=shutil.ignore_patterns("*.safetensors*"))
    weight = torch.ones(2048, 2048, dtype=torch.bfloat16)  # 8 MB
    stored = {f"talker.model.layers.{layer}.mlp.up_proj.weight": weight.clone() for layer in range(24)}
    save_file(stored, source / "model.safetensors")
    with spawn(source, tmp_path / "out", shard_bytes=1 << 23) as process:
        said, _ = process.communicate()
    assert int(said.removeprefix("grown ")) < 60e6  # of 200 MB read and 100 MB written


# What is refused.


def test_a_destination_in_use(small_folder: Path, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "letter").touch()
    assert "exists already" in refusal(lambda: write(small_folder, tmp_path / "out"))
    assert [file.name for file in (tmp_path / "out").iterdir()] == ["letter"]
    (tmp_path / "out" / "letter").unlink()
    assert (write(small_folder, tmp_path / "out") / MANIFEST_NAME).exists()
    assert "exists already" in refusal(lambda: write(small_folder, small_folder))


def test_a_folder_of_somebody_else_in_the_way(small_folder: Path, tmp_path: Path) -> None:
    (tmp_path / "out.partial").mkdir()
    (tmp_path / "out.partial" / "letter").touch()
    assert "in the way" in refusal(lambda: write(small_folder, tmp_path / "out"))
    assert (tmp_path / "out.partial" / "letter").exists()


@pytest.mark.parametrize("left", [("config.json", "model-00002-of-00003.safetensors"), (RECEIPT, MANIFEST_NAME), ()])
def test_what_a_kill_has_left_without_its_mark_is_replaced(
    left: tuple[str, ...], small_folder: Path, tmp_path: Path
) -> None:
    (tmp_path / "out.partial").mkdir()
    for name in left:
        (tmp_path / "out.partial" / name).touch()
    write(small_folder, tmp_path / "out")
    assert [folder.name for folder in tmp_path.iterdir()] == ["out"]


def test_too_little_space_is_named(small_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = shutil.disk_usage(tmp_path)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=3_000_000))
    sentence = refusal(lambda: write(small_folder, tmp_path / "deep" / "er" / "out"))
    needed, free, missing = (int(number) for number in re.findall(r"(\d+) (?:MB|more)", sentence))
    assert (free, needed - free) == (3, missing)
    assert str(tmp_path) in sentence
    assert not list(tmp_path.iterdir())


def test_sources_that_cannot_be_used(folder: Path, copy: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert "quantised already" in refusal(lambda: write(folder, out))
    assert "config.json" in refusal(lambda: write(tmp_path, out))
    shard = sorted(copy.glob("*.safetensors"))[1]
    shard.write_bytes(shard.read_bytes()[:-1000])
    assert shard.name in refusal(lambda: write(copy, out))
    shard.unlink()
    assert shard.name in refusal(lambda: write(copy, out))
    assert list(tmp_path.iterdir()) == [copy]


@pytest.mark.parametrize("poison", [float("nan"), float("inf")])
@pytest.mark.parametrize("name", ["thinker.lm_head.weight", "thinker.model.layers.0.mlp.up_proj.weight"])
def test_numbers_that_are_not_finite(name: str, poison: float, copy: Path, tmp_path: Path) -> None:
    shard = next(file for file in copy.glob("*.safetensors") if name in load_file(file))
    spoilt = load_file(shard)
    spoilt[name][3, 5] = poison
    save_file(spoilt, shard)
    assert name in refusal(lambda: write(copy, tmp_path / "out"))
    assert list(tmp_path.iterdir()) == [copy]


# The manifest.


def test_the_manifest_is_read_as_it_was_written(tmp_path: Path) -> None:
    modules = {
        "a.b": QuantizedModule(Scheme.INT4, 64, (16, 100), Layout.BLOCKS),
        "c": QuantizedModule(Scheme.INT8, 7, (3, 7), Layout.ROWS),
    }
    manifest = QuantizationManifest("1.2.3", "Größe", {"config.json": "ab"}, "bfloat16 float32", modules)
    manifest.write(tmp_path)
    assert QuantizationManifest.read(tmp_path) == manifest


def test_a_folder_of_the_first_format_has_the_same_weights(folder: Path, tmp_path: Path) -> None:
    """There all lay in rows, and the manifest did not say so."""
    old = Path(shutil.copytree(folder, tmp_path / "old"))
    checkpoint = Checkpoint.open(folder)
    assert checkpoint.manifest is not None
    for shard in sorted(set(checkpoint.shards.values())):
        stored = load_file(shard)
        for name in [each.removesuffix(VALUES_SUFFIX) for each in stored if each.endswith(VALUES_SUFFIX)]:
            rows = read_quantized(name, checkpoint.stored, checkpoint.manifest).in_rows()
            stored |= {name + VALUES_SUFFIX: rows.values, name + SCALES_SUFFIX: rows.scales.contiguous()}
        save_file(stored, old / shard.name)
    page = json.loads((old / MANIFEST_NAME).read_text())
    page["format_version"] = 1
    for entry in page["modules"].values():
        del entry["layout"]
    (old / MANIFEST_NAME).write_text(json.dumps(page))
    linears = [
        Checkpoint.open(each)
        .weights("thinker.model.layers.0.self_attn", Placement.cpu())
        .linear("q_proj", "k_proj", "v_proj")
        for each in (folder, old)
    ]
    x = torch.randn(3, linears[0].in_features)
    assert torch.equal(linears[0](x), linears[1](x))


def test_a_plain_folder_has_no_manifest(tmp_path: Path) -> None:
    assert QuantizationManifest.read(tmp_path) is None


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda page: page | {"format_version": 3}, "format 3"),
        (lambda page: page | {"format_version": None}, "format None"),
        (lambda _: {}, "damaged"),
        (lambda _: [], "damaged"),
        (lambda page: page | {"modules": []}, "damaged"),
        (lambda page: page | {"modules": {"x": {"scheme": "int3", "group": 64, "shape": [1, 2]}}}, "damaged"),
        (lambda page: page | {"modules": {"x": {"scheme": "float", "group": 64, "shape": [1, 2]}}}, "damaged"),
        (lambda page: page | {"modules": {"x": {"scheme": "int4", "group": 63, "shape": [1, 2]}}}, "damaged"),
        (lambda page: page | {"modules": {"x": {"scheme": "int4", "group": 64, "shape": [1]}}}, "damaged"),
        (lambda page: page | {"modules": {"x": 7}}, "damaged"),
        (
            lambda page: (
                page | {"modules": {"x": {"scheme": "int4", "group": 64, "shape": [1, 2], "layout": "spiral"}}}
            ),
            "damaged",
        ),
        (lambda page: page | {"source": 7}, "damaged"),
    ],
)
def test_a_manifest_that_cannot_be_understood(
    spoil: Callable[[dict[str, object]], object], said: str, folder: Path, tmp_path: Path
) -> None:
    page = json.loads((folder / MANIFEST_NAME).read_text())
    (tmp_path / MANIFEST_NAME).write_text(json.dumps(spoil(page)))
    assert said in refusal(lambda: QuantizationManifest.read(tmp_path))


def test_a_manifest_cut_short(folder: Path, tmp_path: Path) -> None:
    (tmp_path / MANIFEST_NAME).write_bytes((folder / MANIFEST_NAME).read_bytes()[:100])
    assert "damaged" in refusal(lambda: QuantizationManifest.read(tmp_path))


def test_tensors_that_do_not_fit_the_manifest(folder: Path) -> None:
    checkpoint = Checkpoint.open(folder)
    manifest = checkpoint.manifest
    assert manifest is not None
    name = "thinker.lm_head"
    rows, columns = manifest.modules[name].shape
    manifest.modules[name] = QuantizedModule(Scheme.INT8, columns, (rows + 16, columns), Layout.BLOCKS)
    assert name in refusal(lambda: read_quantized(name, checkpoint.stored, manifest))


# The table of errors.


def test_accuracy_per_module(folder: Path, small_folder: Path) -> None:
    rows = accuracy(small_folder, folder, never_cancelled)
    manifest = QuantizationManifest.read(folder)
    assert manifest is not None
    assert {row.module: row.scheme for row in rows} == {name: each.scheme for name, each in manifest.modules.items()}
    source = tensors(small_folder)
    for row in rows:
        exact = source[f"{row.module}.weight"]
        difference = (quantize_weight(exact, row.scheme).dequantize() - exact).double()
        assert row.max_error == float(difference.abs().max())
        assert row.relative_error == pytest.approx(float(difference.norm() / exact.double().norm()), rel=1e-6)
        assert 0 < row.relative_error < {Scheme.INT8: 0.01, Scheme.INT4: 0.11}[row.scheme]
        assert row.bytes_before == exact.nbytes
        packed, module = quantize_weight(exact, row.scheme), manifest.modules[row.module]
        assert row.bytes_after == (packed if module.layout is Layout.ROWS else packed.in_blocks()).nbytes


def test_accuracy_of_folders_that_do_not_belong_together(folder: Path, small_folder: Path, copy: Path) -> None:
    assert "not quantised" in refusal(lambda: accuracy(small_folder, copy, never_cancelled))
    assert "quantised already" in refusal(lambda: accuracy(folder, folder, never_cancelled))
    name = "thinker.lm_head.weight"
    shard = next(file for file in copy.glob("*.safetensors") if name in load_file(file))
    spoilt = load_file(shard)
    spoilt[name] = spoilt[name][1:].clone()
    save_file(spoilt, shard)
    assert "another shape" in refusal(lambda: accuracy(copy, folder, never_cancelled))
