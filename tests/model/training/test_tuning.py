"""Low-rank adapters: learned by peft, read by the runner, refused in a sentence where they do not belong."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

import pytest
import torch
from peft import PeftModel
from peft.tuners.lora import Linear as LoraLinear
from safetensors.torch import load_file, save_file
from transformers import Qwen2_5OmniThinkerForConditionalGeneration

from model.adapters import CONFIG_NAME, WEIGHTS_NAME
from model.cli.program import main
from model.cli.quiet import hush_libraries
from model.errors import Cancelled, CheckpointError, SightlineError
from model.loading import Checkpoint, Placement
from model.omni import Omni
from model.protocol import Finished
from model.quantization import quantize
from model.sampling import GREEDY
from model.session import Session, SessionSettings
from model.training.tuning import Wish, tune

TOLD = {"What is this?": "It is a red circle.", "Hello.": "Good morning."}


@pytest.fixture(scope="module", autouse=True)
def no_progress_bars() -> None:
    """They leave a thread behind."""
    hush_libraries()


@pytest.fixture(scope="module")
def conversations(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("told") / "conversations.jsonl"
    file.write_text("".join(f"{json.dumps({'asked': asked, 'reply': reply})}\n" for asked, reply in TOLD.items()))
    return file


@pytest.fixture(scope="module")
def adapters(tiny_folder: Path, conversations: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """They teach an untrained model two replies."""
    out = tmp_path_factory.mktemp("tuned") / "adapters"
    losses: list[float] = []
    wish = Wish(tiny_folder, conversations, out, steps=120, rate=1e-2, batch=2)
    tune(wish, Placement.cpu(), lambda _step, loss: losses.append(loss))
    assert losses[-1] < 0.2 < losses[0]
    return out


def reply(omni: Omni, asked: str) -> str:
    session = Session(omni, SessionSettings(thinker=GREEDY, max_tokens=12))
    session.read(asked)
    return next(event for event in session.reply() if isinstance(event, Finished)).text


def test_the_runner_says_what_was_learned_and_without_adapters_it_does_not(tiny_folder: Path, adapters: Path) -> None:
    tuned = Omni.load(tiny_folder, Placement.cpu(), speaks=False, adapters=adapters)
    plain = Omni.load(tiny_folder, Placement.cpu(), speaks=False)
    assert {asked: reply(tuned, asked) for asked in TOLD} == TOLD
    assert all(reply(plain, asked) != told for asked, told in TOLD.items())


def test_weights_are_what_peft_computes(tiny_folder: Path, adapters: Path) -> None:
    thinker = Qwen2_5OmniThinkerForConditionalGeneration.from_pretrained(tiny_folder, dtype=torch.float32)
    adapted = PeftModel.from_pretrained(thinker, str(adapters)).get_submodule("base_model.model.model.language_model")
    checkpoint, plain = Checkpoint.open(tiny_folder, adapters), Checkpoint.open(tiny_folder)
    layers = {name: module for name, module in adapted.named_modules() if isinstance(module, LoraLinear)}
    assert len(layers) == 7 * checkpoint.architecture.text.num_hidden_layers
    for name, layer in layers.items():
        stored = checkpoint.stored(f"thinker.model.{name}.weight")
        before = plain.stored(f"thinker.model.{name}.weight")
        torch.testing.assert_close(stored - before, layer.get_delta_weight("default").detach(), rtol=1e-4, atol=1e-6)
        assert not torch.equal(stored, before)


def test_tuning_goes_on_where_it_was(tiny_folder: Path, conversations: Path, adapters: Path, tmp_path: Path) -> None:
    copied = shutil.copytree(adapters, tmp_path / "adapters")
    losses: list[float] = []
    wish = Wish(tiny_folder, conversations, copied, steps=1)
    tune(wish, Placement.cpu(), lambda _step, loss: losses.append(loss))
    assert losses[0] < 0.2


def test_who_stops_keeps_what_was_learned(tiny_folder: Path, conversations: Path, tmp_path: Path) -> None:
    steps: list[int] = []

    def check() -> None:
        if len(steps) == 2:
            raise Cancelled

    with pytest.raises(Cancelled):
        wish = Wish(tiny_folder, conversations, tmp_path, steps=9)
        tune(wish, Placement.cpu(), lambda step, _loss: steps.append(step), check)
    assert steps == [1, 2]
    assert any(tensor.any() for name, tensor in load_file(tmp_path / WEIGHTS_NAME).items() if "lora_B" in name)


def test_the_commands_tune_and_ask(
    tiny_folder: Path, conversations: Path, adapters: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = shutil.copytree(adapters, tmp_path / "adapters")
    order = ["tune", "--model", str(tiny_folder), "--conversations", str(conversations), "--out", str(out)]
    assert main([*order, "--steps", "1", "--rate", "0.001", "--batch", "4"]) == 0
    asked = ["ask", "--model", str(tiny_folder), "--adapters", str(out), "--greedy", "--text", "Hello."]
    capsys.readouterr()
    assert main([*asked, "--max-tokens", "8"]) == 0
    assert TOLD["Hello."] in capsys.readouterr().out


@pytest.mark.parametrize(
    ("harm", "sentence"),
    [
        (lambda folder: (folder / CONFIG_NAME).unlink(), "holds no adapters"),
        (lambda folder: (folder / CONFIG_NAME).write_text("{"), "are damaged"),
        (lambda folder: (folder / WEIGHTS_NAME).write_bytes(b"x"), "are damaged"),
        (lambda folder: changed(folder, use_dora=True), "more than plain LoRA"),
        (lambda folder: renamed(folder, "layers.0", "layers.99"), "for another model, or it is quantised"),
        (lambda folder: renamed(folder, "mlp.up_proj.lora_A", "mlp.up_proj.lora_Z"), "more than plain LoRA"),
    ],
)
def test_what_does_not_fit_is_told(
    tiny_folder: Path, adapters: Path, tmp_path: Path, harm: object, sentence: str
) -> None:
    copied = shutil.copytree(adapters, tmp_path / "adapters")
    assert callable(harm)
    harm(copied)
    with pytest.raises(CheckpointError, match=sentence):
        Checkpoint.open(tiny_folder, copied)


def test_a_quantised_folder_takes_no_adapters(tiny_folder: Path, adapters: Path, tmp_path: Path) -> None:
    quantize(tiny_folder, tmp_path / "int8", bits=8, progress=lambda _: None, check=lambda: None)
    with pytest.raises(CheckpointError, match="or it is quantised"):
        Checkpoint.open(tmp_path / "int8", adapters)


def test_conversations_that_cannot_be_read_are_told(tiny_folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "told.jsonl"
    for text, sentence in (('{"asked": "Hello."}\n', "line 1: write"), ("", "holds no conversation")):
        file.write_text(text)
        with pytest.raises(SightlineError, match=sentence):
            tune(Wish(tiny_folder, file, tmp_path / "out", 1), Placement.cpu(), lambda _step, _loss: None)


def test_without_peft_it_says_what_to_install(
    tiny_folder: Path, conversations: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "peft", None)
    with pytest.raises(SightlineError, match="peft is not installed"):
        tune(Wish(tiny_folder, conversations, tmp_path / "out", 1), Placement.cpu(), lambda _step, _loss: None)


def changed(folder: Path, **settings: object) -> None:
    file = folder / CONFIG_NAME
    file.write_text(json.dumps(json.loads(file.read_text()) | settings))


def renamed(folder: Path, old: str, new: str) -> None:
    tensors = load_file(folder / WEIGHTS_NAME)
    save_file({name.replace(old, new): tensor for name, tensor in tensors.items()}, folder / WEIGHTS_NAME)
