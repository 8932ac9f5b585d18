"""The command line as its users meet it: what streams, what is said of wrong input, what is left on the disk."""

from __future__ import annotations

import argparse
import io
import json
import os
import signal
import subprocess
import sys
import wave
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
import psutil
import pytest
from PIL import Image
from transformers import Qwen2_5OmniForConditionalGeneration

from model.cli import ask
from model.cli.arguments import UsageError
from model.cli.ask import SOLVERS
from model.cli.events import Read, Worded
from model.cli.make_small import FRESH, all_or_nothing
from model.cli.make_small import SHAPES as OFFERED_SHAPES
from model.cli.material import Material
from model.cli.output import Output
from model.cli.program import main
from model.cli.script import Item, Medium, Script
from model.cli.settings import settings_for
from model.cli.telling import PlainTeller
from model.cli.wave_file import WaveFile
from model.errors import SightlineError
from model.flow import Solver
from model.loading import Checkpoint
from model.note import Note
from model.omni import SPARE_BYTES
from model.sampling import GREEDY, TALKER_SAMPLING, THINKER_SAMPLING, Sampling
from model.session import SessionSettings
from model.sight import PICTURE_LIMITS, VIDEO_LIMITS, SightSettings
from model.small import LABEL, SHAPES
from model.vocoder import EARLY
from tests.helpers.clips import Clip, shade, tone, write_clip
from tests.helpers.refusals import linked

ROOT = Path(__file__).resolve().parents[2]
TOKENS = 44


@dataclass(frozen=True)
class Ran:
    """What a command wrote and how it ended."""

    code: int
    out: str
    err: str

    @property
    def events(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.out.splitlines()]

    def named(self, name: str) -> list[dict[str, Any]]:
        return [event for event in self.events if event["event"] == name]


Run = Callable[..., Ran]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    def run_command(*arguments: str | Path) -> Ran:
        capsys.readouterr()
        try:
            code = main([str(argument) for argument in arguments])
        except SystemExit as leaving:
            code = int(str(leaving.code))
        return Ran(code, *capsys.readouterr())

    return run_command


@pytest.fixture(scope="module")
def media(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One file of each kind, and of each kind of harm."""
    folder = tmp_path_factory.mktemp("media")
    sound, frames = np.stack([tone(2.6, 24_000)]), [shade((9 * number, 60, 200)) for number in range(6)]
    write_clip(folder / "sound.flac", Clip(sound=sound, rate=24_000, sound_codec="flac"))
    write_clip(folder / "sounding.mp4", Clip(sound=sound, rate=24_000, frames=frames, times=[n / 2 for n in range(6)]))
    write_clip(folder / "silent.mp4", Clip(frames=frames, times=[n / 2 for n in range(6)]))
    write_clip(folder / "heard.mp4", Clip(sound=sound, rate=24_000))
    Image.fromarray(np.random.default_rng(0).integers(0, 256, (56, 84, 3), np.uint8)).save(folder / "picture.jpg")
    for name in ("sound.flac", "sounding.mp4", "picture.jpg"):
        whole = (folder / name).read_bytes()
        (folder / f"half-{name}").write_bytes(whole[: len(whole) // 2])
    (folder / "empty.wav").touch()
    (folder / "random.mp3").write_bytes(np.random.default_rng(0).bytes(30_000))
    for name, count in (("mute.wav", 0), ("instant.wav", 100), ("hours.wav", 3600 * 8000)):
        with wave.open(str(folder / name), "wb") as writer:
            writer.setnchannels(1)
            writer.setsampwidth(1)
            writer.setframerate(8000)
            writer.writeframes(bytes(count))
    return folder


# Arguments


def test_script_keeps_the_order_of_its_items() -> None:
    a, b, c = Item(Medium.TEXT, "a"), Item(Medium.AUDIO, "b"), Item(Medium.TEXT, "c")
    assert Script.of([a, b, "--turn", c]).turns == ((a, b), (c,))
    assert Script.of([a, b, "--turn", c]).files == (b,)


@pytest.mark.parametrize("given", [None, ["--turn"], [Item(Medium.TEXT, "a"), "--turn"]])
def test_empty_turns_are_refused(given: list[Item | str] | None) -> None:
    with pytest.raises(UsageError):
        Script.of(given)


def test_choices_are_those_of_the_runner() -> None:
    assert tuple(Solver) == SOLVERS
    assert OFFERED_SHAPES == SHAPES


def test_help_is_there_without_torch() -> None:
    question = (
        "import sys\n"
        "from model.cli.program import main\n"
        "try: main(['ask', '--help'])\n"
        "except SystemExit: pass\n"
        "print(*sys.modules)"
    )
    answer = subprocess.run([sys.executable, "-c", question], cwd=ROOT, capture_output=True, text=True, check=True)
    assert "--speak OUT.wav" in answer.stdout
    assert not {"torch", "transformers", "av", "numpy"} & set(answer.stdout.split())


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ([], "COMMAND"),
        (["fly"], "invalid choice"),
        (["ask", "--text", "a"], "--model"),
        (["ask", "--model", "m"], "Nothing is asked"),
        (["ask", "--model", "m", "--text", "a", "--turn"], "Turn 2 is empty"),
        (["ask", "--model", "m", "--text", "a", "--seed", "-1"], "'-1' is not a whole number, 0 or more"),
        (["ask", "--model", "m", "--text", "a", "--max-tokens", "0"], "'0' is not a whole number, 1 or more"),
        (["ask", "--model", "m", "--text", "a", "--fps", "nan"], "'nan' is not a number above 0"),
        (["ask", "--model", "m", "--text", "a\udcff"], "bytes that are not UTF-8"),
        (["ask", "--model", "m", "--text", "a", "--stop", "\udcff"], "bytes that are not UTF-8"),
        (["ask", "--model", "m", "--text", "a", "--voice", "Ethan"], "--voice is about speech"),
        (["ask", "--model", "m", "--text", "a", "--early"], "--early is about speech"),
        (["ask", "--model", "nowhere", "--text", "a"], "nowhere is not a model folder"),
        (["ask", "--model", "nowhere", "--text", "a", "--device", "warp"], "cannot compute on 'warp'"),
        (["info", "nowhere"], "nowhere is not a model folder"),
        (["quantize", "nowhere", "out", "--bits", "4"], "nowhere is not a model folder"),
        (["quantize", "nowhere", "out", "--bits", "3"], "invalid choice: 3"),
        (["make-small", "new", "--tokenizer", "nowhere"], "nowhere/tokenizer.json cannot be read"),
        (["make-small", "."], ". is not an empty folder"),
        (["download", "gpt", "--to", "new"], "There is no model 'gpt' in the catalogue"),
        (["download", "qwen2.5-omni-3b"], "--to"),
    ],
)
def test_wrong_arguments_get_one_sentence(
    arguments: list[str], sentence: str, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "here").touch()
    monkeypatch.chdir(tmp_path)
    assert_refused(run(*arguments), sentence)
    assert [path.name for path in tmp_path.iterdir()] == ["here"]


def test_catalogue_tells_what_must_be_known_before_a_download(run: Run) -> None:
    ran = run("catalogue")
    assert ran.code == 0
    for words in (
        "Qwen2.5-Omni-3B",
        "Qwen2.5-Omni-7B",
        "4 bits: 4.9 GB of disk, 6.0 GB of memory",
        "Apache",
        "Chelsie",
    ):
        assert words in ran.out


def test_nothing_is_downloaded_before_the_licence_is_accepted(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    ran = run("download", "qwen2.5-omni-3b", "--to", tmp_path / "new", "--hub", "http://127.0.0.1:9")
    assert ran.code == 2
    assert "never for business" in ran.err
    assert ran.err.splitlines()[-1] == "The licence must be accepted first: add --accept-licence."
    assert not (tmp_path / "new").exists()


def assert_refused(ran: Ran, sentence: str) -> None:
    """Exit code 2, nothing on standard output, and one line that is not a traceback."""
    said = [line for line in ran.err.splitlines() if line != LABEL]
    assert ran.code == 2
    assert len(said) == 1
    assert sentence in said[0].replace("\\", "/")
    assert not ran.out


def test_every_option_reaches_the_session(small_checkpoint: Checkpoint) -> None:
    usual = settings(small_checkpoint)
    assert usual == SessionSettings()
    asked = settings(
        small_checkpoint,
        *("--seed", "7", "--greedy", "--system", "Be brief.", "--stop", "a", "--stop", "b", "--context", "900"),
        *("--speak", "x.wav", "--voice", "Ethan", "--early", "--solver", "euler", "--max-codes", "8"),
        *("--max-tokens", "9", "--fps", "0.5", "--picture-tokens", "2000", "--frame-tokens", "200"),
    )
    assert asked == SessionSettings(
        voice="Ethan",
        system="Be brief.",
        thinker=replace(GREEDY, seed=7),
        talker=replace(TALKER_SAMPLING, seed=7),
        stops=("a", "b"),
        max_tokens=9,
        max_codes=8,
        context=900,
        solver=Solver.EULER,
        ramp=EARLY,
        sight=SightSettings(PICTURE_LIMITS.within(2000), VIDEO_LIMITS.within(200), fps=0.5),
    )
    assert settings(small_checkpoint, "--seed", "7").thinker == replace(THINKER_SAMPLING, seed=7)
    assert settings(small_checkpoint, "--speak", "x.wav").voice == "Chelsie"
    assert settings(small_checkpoint, "--context", "999999").context == 32_768


def test_a_folders_note_chooses_where_nobody_does(small_folder: Path, tmp_path: Path) -> None:
    folder = linked(small_folder, tmp_path / "tiny")
    (folder / "sightline.json").unlink()
    sure = Sampling(temperature=0.5)
    Note("tiny", thinker=GREEDY, talker=sure, solver="euler").write(folder)
    own = settings(Checkpoint.open(folder))
    assert (own.thinker, own.talker, own.solver) == (GREEDY, sure, Solver.EULER)
    assert settings(Checkpoint.open(folder), "--solver", "rk4", "--speak", "x.wav").solver is Solver.RK4


def settings(checkpoint: Checkpoint, *arguments: str) -> SessionSettings:
    parser = argparse.ArgumentParser()
    ask.declare(parser.add_subparsers())
    choice = parser.parse_args(["ask", "--model", "m", "--text", "Well?", *arguments])
    options = ask.read_options(choice)
    return settings_for(options, checkpoint, Material.of(options.script))


# Terminals and pipes


def test_what_is_written_is_out_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    reading, writing = os.pipe()
    os.set_blocking(reading, False)
    with os.fdopen(writing, "w", encoding="utf-8") as stream, os.fdopen(reading, "rb", buffering=0) as reader:
        monkeypatch.setattr(sys, "stdout", stream)
        Output().write("a piece")
        assert reader.read(100) == b"a piece"


@pytest.mark.skipif(sys.platform == "win32", reason="there are no pseudo terminals")
def test_a_terminal_does_not_obey_a_model_and_shows_progress(monkeypatch: pytest.MonkeyPatch) -> None:
    ours, theirs = os.openpty()
    with os.fdopen(theirs, "w", encoding="utf-8") as terminal, os.fdopen(ours, "rb", buffering=0) as screen:
        monkeypatch.setattr(sys, "stdout", terminal)
        monkeypatch.setattr(sys, "stderr", terminal)
        teller = PlainTeller()
        teller.tell(Read("thinker", 1, 2))
        teller.tell(Worded(1, "red \x1b[31m\n", 0.1))
        wanted = "\r\x1b[KLoading the thinker: 50 %\r\x1b[Kred \ufffd[31m\r\n".encode()
        shown = b""
        while len(shown) < len(wanted):  # a terminal hands over what has arrived, not what was written
            shown += screen.read(100)
        assert shown == wanted


# Media


@pytest.mark.parametrize(
    ("option", "name", "sentence"),
    [
        ("--audio", "nothing.wav", "does not exist"),
        ("--audio", ".", "is not a file"),
        ("--audio", "empty.wav", "is empty"),
        ("--audio", "random.mp3", "is no sound or video that can be read"),
        ("--audio", "mute.wav", "holds no sound that can be read"),
        ("--audio", "hours.wav", "60 minutes of sound and the model can keep 22 in mind"),
        ("--audio", "silent.mp4", "has no sound to be heard: give it as --video"),
        ("--audio", "picture.jpg", "is a picture and was given as --audio: use --image"),
        ("--image", "empty.wav", "is empty"),
        ("--image", "random.mp3", "is not a picture that can be read"),
        ("--image", "half-picture.jpg", "only a part of it is there"),
        ("--image", "sound.flac", "is a sound and was given as --image: use --audio"),
        ("--image", "silent.mp4", "is a video and was given as --image: use --video"),
        ("--video", "half-sounding.mp4", "cut short"),
        ("--video", "random.mp3", "is no sound or video that can be read"),
        ("--video", "picture.jpg", "is a picture and was given as --video: use --image"),
    ],
)
def test_bad_media_get_one_sentence(
    option: str, name: str, sentence: str, *, run: Run, media: Path, small_folder: Path, tmp_path: Path
) -> None:
    """Before the model is opened, which `--json` would tell."""
    speech = tmp_path / "speech.wav"
    assert_refused(run("ask", "--model", small_folder, option, media / name, "--speak", speech, "--json"), sentence)
    assert not speech.exists()


def test_sound_that_is_too_short_gets_one_sentence(run: Run, media: Path, small_folder: Path, tmp_path: Path) -> None:
    speech = tmp_path / "speech.wav"
    arguments = ["--text", "Listen:", "--audio", media / "instant.wav", "--speak", speech]
    assert_refused(run("ask", "--model", small_folder, *arguments), "is too short to be heard")
    assert not speech.exists()


@pytest.mark.parametrize(
    ("place", "sentence"),
    [("no/where.wav", "does not exist"), (".", "is not a file"), ("sound.flac", "is part of what is asked")],
)
def test_speech_that_cannot_be_written_is_told_first(place: str, sentence: str, run: Run, media: Path) -> None:
    before = (media / "sound.flac").read_bytes()
    assert_refused(run("ask", "--model", "m", "--audio", media / "sound.flac", "--speak", media / place), sentence)
    assert (media / "sound.flac").read_bytes() == before


def test_what_is_there_of_a_damaged_file_is_used_and_said(run: Run, media: Path, small_folder: Path) -> None:
    ran = run("ask", "--model", small_folder, "--audio", media / "half-sound.flac", "--max-tokens", "2")
    assert ran.code == 0
    assert "is cut short" in ran.err


def test_every_medium_is_taken_in_the_given_order(run: Run, media: Path, small_folder: Path) -> None:
    """A sounding video as video and as mere sound; what was given as video and has no picture is heard."""
    first = ["--text", "Look:", "--image", media / "picture.jpg", "--audio", media / "sounding.mp4"]
    second = ["--video", media / "sounding.mp4", "--video", media / "silent.mp4", "--video", media / "heard.mp4"]
    ran = run("ask", "--model", small_folder, *first, "--turn", *second, "--max-tokens", "3", "--json")
    assert ran.code == 0
    given = [(event["turn"], event["medium"], event["file"]) for event in ran.named("given")]
    expected = [(1, "text", None), (1, "image", "picture.jpg"), (1, "audio", "sounding.mp4")]
    expected += [(2, "video", "sounding.mp4"), (2, "video", "silent.mp4"), (2, "video", "heard.mp4")]
    assert given == [(turn, medium, name and str(media / name)) for turn, medium, name in expected]
    tokens = [event["context_tokens"] for event in ran.named("given")]
    assert tokens == sorted(tokens)
    assert len({*tokens}) == len(tokens)
    assert [event["text"] for event in ran.named("notice")] == [
        f"{media / 'heard.mp4'} has no moving picture: it is only heard."
    ]
    assert [event["turn"] for event in ran.named("finished")] == [1, 2]


def test_a_long_video_is_looked_at_less_closely_and_that_is_said(run: Run, media: Path, small_folder: Path) -> None:
    arguments = ["ask", "--model", small_folder, "--video", media / "silent.mp4", "--max-tokens", "2", "--json"]
    ran = run(*arguments, "--context", "1200")
    assert ran.code == 0
    assert ran.named("opened")[0]["frame_tokens"] == 300
    assert "at most 300 tokens each, not 768" in ran.err
    assert_refused(run(*arguments, "--context", "50"), "more video than the model can keep in mind")


def test_a_picture_is_looked_at_as_closely_as_asked_for(run: Run, small_folder: Path, tmp_path: Path) -> None:
    path = tmp_path / "picture.png"
    Image.new("RGB", (28 * 20, 28 * 15)).save(path)
    arguments = ["ask", "--model", small_folder, "--image", path, "--max-tokens", "1", "--json", "--picture-tokens"]
    few, many = run(*arguments, "80"), run(*arguments, "16000")
    assert [ran.named("opened")[0]["picture_tokens"] for ran in (few, many)] == [80, 16_000]
    few_tokens, many_tokens = (ran.named("finished")[0]["prompt_tokens"] for ran in (few, many))
    assert 220 <= many_tokens - few_tokens < 300


def test_a_turn_is_as_long_though_others_make_room_for_it(run: Run, media: Path, small_folder: Path) -> None:
    turns = ["--text", "Turn one.", "--audio", media / "sounding.mp4", "--turn", "--text", "Turn two.", "--turn"]
    arguments = [
        "ask",
        "--model",
        small_folder,
        *turns,
        "--text",
        "Turn three.",
        "--greedy",
        "--max-tokens",
        "3",
        "--json",
    ]
    roomy, tight = run(*arguments), run(*arguments, "--context", "285")
    whole, short = ([event["prompt_tokens"] for event in ran.named("finished")] for ran in (roomy, tight))
    assert whole == short
    assert tight.named("finished")[-1]["context_tokens"] < roomy.named("finished")[-1]["context_tokens"]


# Answers


def test_greedy_answers_are_the_same_each_on_its_own_line(run: Run, small_folder: Path) -> None:
    arguments = ["ask", "--model", small_folder, "--text", "One?", "--turn", "--text", "Two?"]
    limits = ["--greedy", "--max-tokens", "12", "--stop", "\n"]
    first, second = run(*arguments, *limits), run(*arguments, *limits)
    told = run(*arguments, *limits, "--json")
    assert (first.code, first.err) == (0, f"{LABEL}\n")
    assert first.out == second.out
    assert first.out == "".join(f"{event['text']}\n" for event in told.named("finished"))
    drawn = [run(*arguments[:5], "--seed", seed, "--max-tokens", "12").out for seed in ("1", "1", "2")]
    assert drawn[0] == drawn[1] != drawn[2]


def test_speech_is_in_the_file_before_the_text_is_finished(run: Run, small_folder: Path, tmp_path: Path) -> None:
    speech = tmp_path / "speech.wav"
    speech.write_bytes(b"what was there before")
    limits = ["--max-tokens", str(TOKENS), "--max-codes", "60", "--solver", "euler"]
    turns = ["--text", "Tell me.", "--turn", "--text", "And then?"]
    ran = run("ask", "--model", small_folder, *turns, "--speak", speech, *limits, "--greedy", "--json")
    assert ran.code == 0
    events = [event for event in ran.events if event.get("turn") == 1]
    names = [event["event"] for event in events]
    last_word = len(names) - 1 - names[::-1].index("said")
    assert names.index("said") < names.index("voiced") < last_word
    finished = ran.named("finished")
    assert [event["text_tokens"] for event in finished] == [TOKENS, TOKENS]
    assert all(
        event["text"] == "".join(e["text"] for e in ran.named("said") if e["turn"] == event["turn"])
        for event in finished
    )
    assert [event["codes"] for event in finished] == [60, 60]
    assert sum(event["samples"] for event in ran.named("voiced")) == 2 * 60 * 480
    with wave.open(str(speech)) as reader:
        assert (reader.getframerate(), reader.getnframes()) == (24_000, 2 * 60 * 480)


def test_json_tells_times_rates_and_memory(run: Run, media: Path, small_folder: Path, tmp_path: Path) -> None:
    limits = ["--max-tokens", "40", "--max-codes", "40", "--solver", "euler", "--early", "--voice", "Ethan", "--greedy"]
    given = ["--audio", media / "sound.flac", "--speak", tmp_path / "speech.wav"]
    began = perf_counter()
    ran = run("ask", "--model", small_folder, *given, *limits, "--threads", "1", "--json")
    took = perf_counter() - began
    opened, *rest = ran.events
    assert (opened["event"], opened["label"], opened["voice"]) == ("opened", LABEL, "Ethan")
    assert {event["part"] for event in rest if event["event"] == "loading"} == {"thinker", "talker", "voice", "ear"}
    for part in ("thinker", "talker", "voice", "ear"):
        last = [event for event in rest if event.get("part") == part][-1]
        assert last["done"] == last["total"] > 0
    finished = rest[-1]
    seconds, rates, memory = finished["seconds"], finished["rates"], finished["memory"]
    assert seconds["first_text"] == ran.named("said")[0]["seconds"]
    assert seconds["first_audio"] == ran.named("voiced")[0]["seconds"]
    assert 0 < seconds["first_text"] < seconds["first_audio"] < seconds["total"] < took
    assert 0 < seconds["input"] < took
    assert seconds["thinker"] + seconds["talker"] + seconds["voice"] < seconds["total"]
    assert rates["thinker_tokens"] == pytest.approx(40 / seconds["thinker"], rel=1e-2)
    assert rates["talker_codes"] == pytest.approx(40 / seconds["talker"], rel=1e-2)
    assert rates["voice_seconds"] == pytest.approx(0.8 / seconds["voice"], rel=1e-2)
    assert rates["prompt_tokens"] == pytest.approx(finished["prompt_tokens"] / seconds["input"], rel=1e-2)
    assert 65 < finished["prompt_tokens"] < finished["context_tokens"]
    assert memory["resident_peak"] > memory["caches"] > 0
    assert memory["device_peak"] is None


def test_too_little_memory_is_told_before_anything_is_loaded(
    run: Run, media: Path, small_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each part alone would fit."""
    nearly_full = psutil.virtual_memory()._replace(available=SPARE_BYTES + 900_000)
    monkeypatch.setattr(psutil, "virtual_memory", lambda: nearly_full)
    ran = run("ask", "--model", small_folder, "--audio", media / "sound.flac", "--json")
    assert ran.code == 1
    assert "0.3 GB are free" in ran.err.splitlines()[-1]
    assert not ran.named("loading")
    assert run("ask", "--model", small_folder, "--text", "Well?", "--max-tokens", "1").code == 0


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a disk that is always full")
def test_a_full_disk_is_one_sentence() -> None:
    with (
        pytest.raises(SightlineError, match=r"/dev/full cannot be written .No space left"),
        WaveFile(Path("/dev/full")) as speech,
    ):
        speech.add(np.zeros(10_000, np.float32))


def test_a_reader_that_leaves_ends_it_quietly(
    small_folder: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "w") as nobody_reads, monkeypatch.context() as patch:
        patch.setattr(sys, "stdout", nobody_reads)
        assert main(["ask", "--model", str(small_folder), "--text", "Well?", "--max-tokens", "400"]) == 141
    assert capfd.readouterr().err == f"{LABEL}\n"


@pytest.mark.skipif(sys.platform == "win32", reason="there Ctrl-C cannot be sent to a single process")
def test_ctrl_c_stops_a_streaming_answer_and_leaves_a_wave_that_plays(small_folder: Path, tmp_path: Path) -> None:
    """In a process of its own, as from a shell: text and sound are there long before the answer would be finished."""
    speech = tmp_path / "speech.wav"
    arguments = ["ask", "--model", str(small_folder), "--text", "Tell me everything.", "--greedy", "--json"]
    arguments += ["--speak", str(speech), "--solver", "euler", "--max-tokens", "20000", "--max-codes", "8000"]
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # else a test run in the background hands on none
    child = subprocess.Popen(
        [sys.executable, "-m", "model", *arguments],
        cwd=ROOT,
        env=os.environ | {"OMP_NUM_THREADS": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )
    signal.signal(signal.SIGINT, before)
    assert child.stdout is not None
    assert child.stderr is not None
    events = []
    with child:
        for line in child.stdout:
            events.append(json.loads(line))
            if events[-1]["event"] == "voiced" and child.poll() is None:
                assert wave_frames(speech) >= events[-1]["samples"]
                child.send_signal(signal.SIGINT)
                break
        events += [json.loads(line) for line in child.stdout]
        errors = child.stderr.read()
    assert child.returncode == 130
    assert errors == f"{LABEL}\nStopped.\n"
    assert {"said", "voiced"} <= {event["event"] for event in events}
    assert "finished" not in {event["event"] for event in events}
    assert wave_frames(speech) == sum(event["samples"] for event in events if event["event"] == "voiced")


def wave_frames(path: Path) -> int:
    with wave.open(str(path)) as reader:
        return int(reader.getnframes())


# The other commands


@pytest.fixture(scope="module")
def quantized_folder(small_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("quantized") / "small-4"
    assert main(["quantize", str(small_folder), str(folder), "--bits", "4"]) == 0
    return folder


def test_info_counts_what_is_there(
    run: Run, small_folder: Path, reference: Qwen2_5OmniForConditionalGeneration
) -> None:
    ran = run("info", small_folder, "--json")
    survey = json.loads(ran.out)
    assert survey["parameters"] == sum(tensor.numel() for tensor in reference.state_dict().values())
    assert survey["stored_bytes"] == 4 * survey["parameters"]
    assert (survey["label"], survey["voices"], survey["context"]) == (LABEL, ["Chelsie", "Ethan"], 32_768)
    parts = {part["name"]: part for part in survey["parts"]}
    assert parts["thinker"]["shape"]["layers"] == 4
    assert parts["thinker"]["schemes"] == {"float32": parts["thinker"]["parameters"]}
    uses = {use["name"]: use["needed_bytes"] for use in survey["uses"]}
    assert uses["everything"] - uses["text"] == 4 * (survey["parameters"] - parts["thinker"]["parameters"])
    assert all(use["fits"] for use in survey["uses"])
    text = run("info", small_folder).out
    assert LABEL in text
    assert "Chelsie, Ethan" in text


def test_info_tells_how_a_quantised_folder_is_kept(run: Run, small_folder: Path, quantized_folder: Path) -> None:
    plain, packed = (json.loads(run("info", folder, "--json").out) for folder in (small_folder, quantized_folder))
    assert packed["quantized_from"] == small_folder.name
    assert packed["parameters"] == plain["parameters"]
    assert packed["stored_bytes"] < plain["stored_bytes"]
    assert set(packed["kernels"]) == {"int4", "int8"}
    assert {"int4", "int8"} <= set(packed["parts"][0]["schemes"])


def test_a_quantised_folder_answers(run: Run, quantized_folder: Path) -> None:
    ran = run("ask", "--model", quantized_folder, "--text", "Well?", "--greedy", "--max-tokens", "20")
    assert (ran.code, ran.err) == (0, f"{LABEL}\n")
    assert len(ran.out) > 1


def test_quantize_tells_how_far_each_module_is_off(run: Run, small_folder: Path, tmp_path: Path) -> None:
    ran = run("quantize", small_folder, tmp_path / "small-8", "--bits", "8", "--table")
    assert ran.code == 0
    folder, *table = ran.out.splitlines()
    assert folder == str(tmp_path / "small-8")
    assert any("thinker.model.layers.0.mlp.up_proj" in line and "int8" in line for line in table)
    assert_refused(run("quantize", small_folder, tmp_path / "small-8", "--bits", "8"), "exists already")


def test_make_small_makes_what_can_be_asked(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "new" / "small"
    ran = run("make-small", folder, "--seed", "3", "--dtype", "bfloat16")
    assert (ran.code, ran.out, ran.err) == (0, f"{folder} ({LABEL})\n", "")
    survey = json.loads(run("info", folder, "--json").out)
    assert survey["label"] == LABEL
    assert set(survey["parts"][0]["schemes"]) == {"bfloat16"}
    assert run("ask", "--model", folder, "--text", "Well?", "--max-tokens", "2").code == 0
    assert_refused(run("make-small", folder), "is not an empty folder")
    assert (folder / "config.json").exists()


@pytest.mark.parametrize("existed", [True, False])
def test_what_was_not_finished_is_gone(tmp_path: Path, *, existed: bool) -> None:
    folder = tmp_path / "folder"
    if existed:
        folder.mkdir()
    with pytest.raises(KeyboardInterrupt), all_or_nothing(folder) as fresh:
        (fresh / "half").write_text("written")
        raise KeyboardInterrupt
    assert folder.exists() == existed
    assert not (existed and list(folder.iterdir()))
    assert list(tmp_path.iterdir()) == ([folder] if existed else [])


@pytest.mark.parametrize("existed", [True, False])
def test_what_is_finished_takes_its_name(tmp_path: Path, *, existed: bool) -> None:
    folder = tmp_path / "folder"
    if existed:
        folder.mkdir()
    left = tmp_path / f"folder{FRESH}"
    left.mkdir()
    (left / "half").write_text("of a try that was killed")
    with all_or_nothing(folder) as fresh:
        (fresh / "all").write_text("written")
    assert [file.relative_to(tmp_path).as_posix() for file in tmp_path.rglob("*")] == ["folder", "folder/all"]
