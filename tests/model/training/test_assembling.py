"""What was trained apart becomes one folder that transformers and the runner both load, and that fits."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file
from transformers import AutoTokenizer, Qwen2_5OmniForConditionalGeneration

from model.cli.program import main
from model.errors import CheckpointError, SightlineError
from model.loading import Checkpoint, Placement
from model.omni import Omni
from model.protocol import Finished, Voiced
from model.sampling import GREEDY, TALKER_SAMPLING
from model.session import Session, SessionSettings
from model.shards import SINGLE_NAME
from model.small import published_name
from model.training import assembling, tiny
from model.training.codes import BANDS, CodeBook
from model.training.continuation import TalkerPart
from model.training.corpus.narrators import NARRATORS
from model.training.course import TALKER_FOLDER, VOICE_FOLDER, Course, Order
from model.training.narration import BOOK
from model.training.progress import Ledger, Progress
from model.training.pupil import Beginning
from model.training.shelves import CHUNK, SCATTERED
from model.training.vocabulary import tokenizer
from model.training.voice_parts import VoiceParts
from model.verification.run import verify

MOST_BYTES = 40_000_000
CODES = 24
BRIEFLY = 0.001
QUESTION = "What is one plus one?"


@pytest.fixture(scope="module")
def untrained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A training in which every stage of speaking is said to be over."""
    folder = tmp_path_factory.mktemp("untrained")
    voice, talker = Progress(0, finished=["vocoder", "flow"]), Progress(0, finished=["talking"])
    Ledger(folder / VOICE_FOLDER).save(voice, VoiceParts(seed=0).state_dict(), None)
    Ledger(folder / TALKER_FOLDER).save(talker, TalkerPart(seed=0).state_dict(), None)
    rng = np.random.default_rng(0)
    sizes = ((2, BANDS), (96,), (96, 24), (1024, 24), (1024, 2 * BANDS))
    CodeBook(*(rng.normal(size=size).astype(np.float32) for size in sizes)).save(folder / VOICE_FOLDER / BOOK)
    return folder


@pytest.fixture(scope="module")
def assembled(untrained: Path, tiny_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("assembled") / "tiny-omni"
    command = ["assemble", "--out", str(untrained), "--thinker", str(tiny_folder), "--to", str(folder)]
    assert main(command) == 0
    return folder


def prompt(folder: Path) -> torch.Tensor:
    """A question as the folder's own template has it [1, tokens]."""
    tokenizer = AutoTokenizer.from_pretrained(folder)
    chat = [{"role": "system", "content": ""}, {"role": "user", "content": QUESTION}]
    text = str(tokenizer.apply_chat_template(chat, add_generation_prompt=True, tokenize=False))
    return torch.tensor([tokenizer.encode(text, add_special_tokens=False)])


def test_it_fits(assembled: Path) -> None:
    assert sum(file.stat().st_size for file in assembled.iterdir()) <= MOST_BYTES
    card = (assembled / assembling.CARD).read_text(encoding="utf-8")
    assert "built-in demonstration model" in card


def test_what_is_not_to_speak_yet_says_so_and_can_be_taught_further(
    untrained: Path, tiny_folder: Path, assembled: Path, tmp_path: Path
) -> None:
    """Its Talker and voice are there all the same; transformers makes the model without them."""
    folder = tmp_path / "silent"
    command = ["assemble", "--silent", "--out", str(untrained), "--thinker", str(tiny_folder), "--to", str(folder)]
    assert main(command) == 0
    checkpoint = Checkpoint.open(folder)
    assert Checkpoint.open(assembled).speaks
    assert not checkpoint.speaks
    assert checkpoint.names("talker") == Checkpoint.open(assembled).names("talker")
    assert "does not speak yet" in (folder / assembling.CARD).read_text(encoding="utf-8")
    with pytest.raises(CheckpointError, match="does not speak"):
        checkpoint.voices()
    (row,) = (row for row in verify(folder, Placement.cpu()) if row.part == "voice")
    assert (row.check, row.passed) == ("not run", None)
    assert "does not speak" in row.found
    shutil.copytree(untrained / VOICE_FOLDER, tmp_path / VOICE_FOLDER)
    with pytest.raises(SightlineError, match="has no training: train talking first"):
        assembling.assemble(tiny_folder, tmp_path / VOICE_FOLDER, tmp_path / TALKER_FOLDER, folder, speaks=False)
    library = Qwen2_5OmniForConditionalGeneration.from_pretrained(folder)
    assert not library.has_talker
    Course(Order(tmp_path / "further", "flow", BRIEFLY, begin=Beginning(folder)))
    Course(Order(tmp_path / "further", "talking", BRIEFLY, thinker=folder, begin=Beginning(folder)))


@pytest.mark.parametrize("voice", [narrator.name for narrator in NARRATORS])
def test_the_runner_speaks_with_it(assembled: Path, voice: str) -> None:
    omni = Omni.load(assembled, Placement.cpu(), speaks=True)
    note = omni.checkpoint.note
    assert note.label.startswith("built-in demonstration model")
    assert (note.thinker, note.threads, note.solver) == (GREEDY, 1, "euler")
    assert note.talker.temperature < TALKER_SAMPLING.temperature
    session = Session(omni, SessionSettings(voice=voice, thinker=GREEDY, max_tokens=8, max_codes=CODES))
    session.read(QUESTION)
    events = list(session.reply())
    (finished,) = (event for event in events if isinstance(event, Finished))
    waves = [event.wave for event in events if isinstance(event, Voiced)]
    assert finished.timings.text_tokens > 0
    assert sum(map(len, waves)) == 480 * finished.timings.codes > 0
    assert float(np.abs(np.concatenate(waves)).max()) > 0


def test_transformers_loads_and_generates_with_it_unchanged(assembled: Path) -> None:
    model = Qwen2_5OmniForConditionalGeneration.from_pretrained(assembled)
    assert {published_name(name) for name in model.state_dict()} == set(Checkpoint.open(assembled).shards)
    assert model.dtype == torch.float32
    assert set(model.speaker_map) == {narrator.name for narrator in NARRATORS}
    asked = prompt(assembled)
    torch.manual_seed(0)
    text, wave = model.generate(
        input_ids=asked,
        attention_mask=torch.ones_like(asked),
        thinker_max_new_tokens=8,
        talker_max_new_tokens=CODES,
        talker_min_new_tokens=4,
        talker_top_k=1,  # so little trained it would draw codes that there is no sound for
    )
    assert text.shape[1] > asked.shape[1]
    assert wave.shape[0] % 480 == 0
    assert bool(wave.abs().sum() > 0)


def test_greedy_text_is_the_same_in_both(assembled: Path) -> None:
    session = Session(
        Omni.load(assembled, Placement.cpu(), speaks=False), SessionSettings(system="", thinker=GREEDY, max_tokens=12)
    )
    session.read(QUESTION)
    ours = next(event.text for event in session.reply() if isinstance(event, Finished))
    model = Qwen2_5OmniForConditionalGeneration.from_pretrained(assembled)
    asked = prompt(assembled)
    found = model.thinker.generate(
        input_ids=asked, attention_mask=torch.ones_like(asked), max_new_tokens=12, do_sample=False
    )
    theirs = AutoTokenizer.from_pretrained(assembled).decode(found[0, asked.shape[1] :], skip_special_tokens=True)
    assert theirs == ours


@pytest.mark.parametrize(("stage", "earlier"), [("thinking", 4), ("flow", 1), ("talking", 0)])
def test_a_training_can_begin_with_it(assembled: Path, tmp_path: Path, stage: str, earlier: int) -> None:
    """With its weights, as if all stages before were over; what was begun goes on with its own."""
    if stage == "talking":
        Course(Order(tmp_path, "flow", BRIEFLY, begin=Beginning(assembled)))  # brings the book of codes
    course = Course(Order(tmp_path, stage, BRIEFLY, seed=1, thinker=assembled, begin=Beginning(assembled)))
    assert len(course.progress.finished) == earlier
    stored = load_file(assembled / SINGLE_NAME)
    shared = [
        (weight, stored[known])
        for name, weight in course.module.state_dict().items()
        if (known := published(stage, name)) in stored
    ]
    assert len(shared) > 40
    assert all(torch.equal(weight, known.float()) for weight, known in shared)


def test_ear_and_eye_may_come_from_other_models(assembled: Path, tmp_path: Path) -> None:
    """As when each was taught by itself."""
    others = {}
    for seed, name in enumerate(("ear", "eye"), 5):
        thinker = tiny.new_thinker(tiny.tiny_config(), seed)
        tiny.save_folder(thinker, tiny.tiny_config(), tokenizer(), tmp_path / name, "")
        others[name] = thinker.model
    begin = Beginning(assembled, tmp_path / "ear", tmp_path / "eye")
    module = Course(Order(tmp_path / "run", "copying", BRIEFLY, begin=begin)).module
    for part, theirs in (("audio_tower", others["ear"].audio_tower), ("visual", others["eye"].visual)):
        own = module.get_submodule(f"thinker.model.{part}").state_dict()
        assert all(torch.equal(own[name], weight) for name, weight in theirs.state_dict().items())
    embeddings = load_file(assembled / SINGLE_NAME)["thinker.model.embed_tokens.weight"]
    assert torch.equal(module.get_parameter("thinker.model.language_model.embed_tokens.weight"), embeddings.float())


def test_what_was_spoken_already_counts_as_shown(assembled: Path, tmp_path: Path) -> None:
    """Otherwise a training that is begun anew would learn from few sentences at first, though many are there."""
    shelf = tmp_path / "speech" / "scattered-0"
    shelf.mkdir(parents=True)
    for number in (0, 1, 3):
        (shelf / f"{number:06d}.json").write_text("[]")
    course = Course(Order(tmp_path, "hearing", BRIEFLY, begin=Beginning(assembled)))
    assert course.progress.shown["scattered"] == round(2 * CHUNK / SCATTERED.fresh)
    assert course.progress.shown["spoken"] == 0


def published(stage: str, name: str) -> str:
    """Under which name a weight of training lies in the folder."""
    if stage == "flow":
        return name.replace("transformer.", "token2wav.code2wav_dit_model.", 1)
    return published_name(name)


def test_a_training_cannot_begin_with_what_is_no_model(tmp_path: Path) -> None:
    with pytest.raises(SightlineError, match="has no weights that can be read"):
        Course(Order(tmp_path / "run", "thinking", BRIEFLY, begin=Beginning(tmp_path)))


def test_an_unfinished_voice_is_refused(untrained: Path, tiny_folder: Path, tmp_path: Path) -> None:
    half = tmp_path / VOICE_FOLDER
    Ledger(half).save(Progress(0, finished=["vocoder"]), VoiceParts(seed=0).state_dict(), None)
    with pytest.raises(SightlineError, match="is not ready to be used: train flow first"):
        assembling.assemble(tiny_folder, half, untrained / TALKER_FOLDER, tmp_path / "to")
    with pytest.raises(SightlineError, match="has no training: train talking first"):
        assembling.assemble(tiny_folder, untrained / VOICE_FOLDER, tmp_path / "none", tmp_path / "to")
    assert not (tmp_path / "to").exists()


def test_how_it_speaks_is_told(
    assembled: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("model.training.spoken._MOST_CODES", CODES)
    monkeypatch.setattr("model.training.spoken._MOST_TOKENS", 8)
    assert main(["evaluate", "--model", str(assembled), "--only", "speaking", "--count", "1"]) == 0
    told = capsys.readouterr().out
    for narrator in NARRATORS:
        assert f"words that the judge hears of {narrator.name}" in told
    assert "of 10 bars are met" in told
