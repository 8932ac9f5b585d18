"""What commands do to a real model and its conversation, without a process between."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from model import omni as omni_module
from model import partner as partner_module
from model.errors import Cancelled, CheckpointError, DeviceError, ExhaustedError, MediaError, MemoryFullError
from model.flow import Solver
from model.loading import Checkpoint
from model.note import Note
from model.partner import TOO_LARGE, ModelPartner, settings_of
from model.protocol import (
    Attach,
    Begin,
    Cancel,
    Cut,
    Exchange,
    Finished,
    Forget,
    Hear,
    Load,
    Loading,
    Noticed,
    Order,
    Read,
    Ready,
    Recall,
    Reply,
    Report,
    Retract,
    Rewind,
    Said,
    See,
    Unload,
    Voiced,
)
from model.sampling import GREEDY, Sampling
from model.session import Session, SessionSettings
from model.vocoder import EARLY
from tests.helpers.clips import Clip, shade, tone, write_clip
from tests.helpers.refusals import linked

QUESTION = "What is on the table?"


class Stage:
    """A partner on its own: what it told, and how often it asked whether to go on."""

    def __init__(self) -> None:
        self.told: list[Report] = []
        self.interrupt: Callable[[], bool] = lambda: False
        self.partner = ModelPartner(self.told.append, self._check)

    def _check(self) -> None:
        if self.interrupt():
            raise Cancelled

    def obey(self, *orders: Order) -> list[Report]:
        """What it told meanwhile."""
        self.told.clear()
        for order in orders:
            self.partner.obey(order)
        return list(self.told)

    def answer(self, *orders: Order) -> Finished:
        *_, end = self.obey(*orders)
        assert isinstance(end, Finished)
        return end


@pytest.fixture
def load(small_folder: Path) -> Load:
    return Load(small_folder, voice="Chelsie", temperature=0.0, max_tokens=30, max_codes=24, solver="euler", early=True)


@pytest.fixture
def stage(load: Load) -> Stage:
    stage = Stage()
    stage.obey(load)
    return stage


def ask(turn: int, text: str = QUESTION) -> list[Order]:
    return [Begin(turn), Read(turn, text), Reply(turn)]


def test_a_load_tells_of_every_part_and_then_what_the_model_is(load: Load) -> None:
    *progress, ready = Stage().obey(load)
    assert {report.part for report in progress if isinstance(report, Loading)} == {"thinker", "talker", "voice"}
    assert isinstance(ready, Ready)
    assert (ready.name, ready.device) == ("small", "cpu")
    assert "Chelsie" in ready.voices
    assert "random weights" in ready.label
    stored = sum(file.stat().st_size for file in load.folder.glob("*.safetensors"))
    assert 0 < ready.nbytes < stored  # ear and eye come later


def believe_in(monkeypatch: pytest.MonkeyPatch, *devices: str) -> None:
    """These, the best first, are what the computer is said to have."""
    monkeypatch.setattr(partner_module, "candidates", lambda asked=None: devices if asked is None else (asked,))


@pytest.mark.skipif(torch.cuda.is_available(), reason="here CUDA works")
def test_where_a_card_cannot_be_used_the_processor_is_and_says_why(load: Load, monkeypatch: pytest.MonkeyPatch) -> None:
    believe_in(monkeypatch, "cuda", "cpu")
    *_, ready = Stage().obey(load)
    assert isinstance(ready, Ready)
    assert ready.device == "cpu"
    assert re.fullmatch(
        r"The graphics card cannot be used \(.+\): .+ on the processor, which is slower\.", ready.instead
    )
    with pytest.raises(DeviceError):
        Stage().obey(replace(load, device="cuda"))  # who asks for it shall know


def test_a_card_whose_memory_does_not_suffice_gives_way(load: Load, monkeypatch: pytest.MonkeyPatch) -> None:
    believe_in(monkeypatch, "meta", "cpu")
    monkeypatch.setattr(omni_module, "free_bytes", lambda device: 10**12 if device.type == "cpu" else 1000)
    *_, ready = Stage().obey(load)
    assert isinstance(ready, Ready)
    assert ready.device == "cpu"
    assert ready.instead == TOO_LARGE


def test_a_card_that_fails_in_the_middle_is_told_apart(load: Load, monkeypatch: pytest.MonkeyPatch) -> None:
    """torch's meta device takes weights as any other, and raises once a result is wanted."""
    believe_in(monkeypatch, "meta", "cpu")
    stage = Stage()
    *_, ready = stage.obey(load)
    assert isinstance(ready, Ready)
    assert ready.device == "meta"
    with pytest.raises(DeviceError, match="cannot go on"):
        stage.obey(*ask(1))


@pytest.mark.parametrize("order", [Load, Reply])
def test_memory_that_runs_out_is_told_apart(
    order: type, load: Load, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What no computer has is asked of torch, which refuses as it would if it were the last straw."""
    monkeypatch.setattr(Session, "__init__" if order is Load else "reply", lambda *_, **__: torch.empty(1 << 60))
    with pytest.raises(ExhaustedError, match="memory ran out"):
        stage.obey(*([load] if order is Load else ask(1)))


def test_a_part_for_which_there_is_no_room_fails_the_turn_only(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(omni_module, "free_bytes", lambda _: 0)
    with pytest.raises(MemoryFullError, match="eye") as raised:
        stage.obey(Begin(1), See(1, shade((0, 0, 0))))
    assert not isinstance(raised.value, ExhaustedError)


def test_what_cannot_speak_can_still_be_loaded_to_write(small_folder: Path, tmp_path: Path) -> None:
    folder = tmp_path / "mute"
    folder.mkdir()
    for file in small_folder.iterdir():
        if file.name != "spk_dict.pt":
            (folder / file.name).symlink_to(file)
    *progress, ready = Stage().obey(Load(folder))
    assert isinstance(ready, Ready)
    assert ready.voices == ()
    assert {report.part for report in progress if isinstance(report, Loading)} == {"thinker"}
    with pytest.raises(CheckpointError, match=r"no spk_dict\.pt"):
        Stage().obey(Load(folder, voice="Chelsie"))


def test_what_says_that_it_does_not_speak_is_loaded_to_write(small_folder: Path, tmp_path: Path) -> None:
    """Whatever voice is asked for: somebody else's will do. Its Talker is not even read."""
    folder = tmp_path / "silent"
    folder.mkdir()
    for file in small_folder.iterdir():
        (folder / file.name).symlink_to(file)
    config = json.loads((small_folder / "config.json").read_text())
    (folder / "config.json").unlink()
    (folder / "config.json").write_text(json.dumps(config | {"enable_audio_output": False}))
    stage = Stage()
    *progress, ready = stage.obey(Load(folder, voice="Chelsie", max_tokens=4))
    assert isinstance(ready, Ready)
    assert ready.voices == ()
    assert {report.part for report in progress if isinstance(report, Loading)} == {"thinker"}
    told = stage.obey(*ask(1))
    assert not any(isinstance(news, Voiced) for news in told)
    with pytest.raises(CheckpointError, match="does not speak"):
        Checkpoint.open(folder).voice("Chelsie")


def test_a_wrong_voice_is_told_before_anything_large_is_read(small_folder: Path) -> None:
    stage = Stage()
    with pytest.raises(CheckpointError, match="no voice 'Nobody'"):
        stage.obey(Load(small_folder, voice="Nobody"))
    assert stage.told == []


def test_another_voice_leaves_the_weights_where_they_are(stage: Stage, small_folder: Path) -> None:
    (ready,) = stage.obey(Load(small_folder, voice="Ethan", max_tokens=30, max_codes=24))
    assert isinstance(ready, Ready)
    stage.obey(Unload())
    assert any(isinstance(report, Loading) for report in stage.obey(Load(small_folder)))


def test_after_a_load_that_failed_nobody_answers(stage: Stage, small_folder: Path) -> None:
    with pytest.raises(CheckpointError):
        stage.obey(Load(small_folder, voice="Nobody"))
    with pytest.raises(CheckpointError, match="No model is loaded"):
        stage.obey(Begin(1))


def test_everything_that_is_asked_for_reaches_the_session() -> None:
    load = Load(
        Path("folder"),
        voice="Ethan",
        system="Be brief.",
        temperature=0.1,
        top_k=2,
        top_p=0.3,
        repetition_penalty=1.4,
        seed=5,
        stops=("stop",),
        max_tokens=6,
        max_codes=7,
        context=800,
        solver="euler",
        early=True,
    )
    assert settings_of(load, Note()) == SessionSettings(
        voice="Ethan",
        system="Be brief.",
        thinker=Sampling(temperature=0.1, top_k=2, top_p=0.3, repetition_penalty=1.4, seed=5),
        talker=Sampling(temperature=0.9, top_k=40, top_p=0.8, repetition_penalty=1.05, seed=5),
        stops=("stop",),
        max_tokens=6,
        max_codes=7,
        context=800,
        solver=Solver.EULER,
        ramp=EARLY,
    )


def test_what_is_left_open_is_the_sessions_choice() -> None:
    assert settings_of(Load(Path("folder")), Note()) == SessionSettings()


def test_a_model_may_have_its_own_number_of_threads_until_somebody_chooses(small_folder: Path, tmp_path: Path) -> None:
    """And leaves none of it to the next model."""
    folder = linked(small_folder, tmp_path / "tiny")
    (folder / "sightline.json").unlink()
    Note("tiny", threads=1).write(folder)
    before = torch.get_num_threads()
    torch.set_num_threads(2)
    try:
        partner = ModelPartner(lambda _: None, lambda: None)
        seen = []
        for load in (Load(folder), Load(folder, threads=3), Load(small_folder), Load(folder)):
            partner.obey(load)
            seen.append(torch.get_num_threads())
    finally:
        torch.set_num_threads(before)
    assert seen == [1, 3, 2, 1]


def test_a_model_may_have_its_own_way_to_draw_until_somebody_chooses() -> None:
    note = Note("small", thinker=GREEDY, talker=Sampling(temperature=0.5), solver="euler", media=300, earlier=200)
    settings = settings_of(Load(Path("folder"), seed=3), note)
    assert settings.thinker == replace(GREEDY, seed=3)
    assert settings.talker == Sampling(temperature=0.5, seed=3)
    assert settings.solver is Solver.EULER
    assert (settings.media, settings.earlier) == (300, 200)
    assert settings_of(Load(Path("folder"), solver="rk4"), note).solver is Solver.RK4
    assert settings_of(Load(Path("folder"), temperature=0.7), note).thinker == replace(GREEDY, temperature=0.7)


@pytest.mark.parametrize("order", [Begin(1), Read(1, "a"), Reply(1)])
def test_without_a_model_there_is_a_sentence(order: Order) -> None:
    with pytest.raises(CheckpointError, match="No model is loaded"):
        Stage().obey(order)


def test_without_a_model_a_turn_can_be_cut() -> None:
    assert Stage().obey(Forget(), Cancel(1)) == [Cut(1, "")]


def test_all_that_is_told_of_a_turn_carries_its_number(stage: Stage) -> None:
    told = stage.obey(*ask(7))
    assert {type(report) for report in told} == {Said, Voiced, Finished}
    assert {report.turn for report in told if isinstance(report, Said | Voiced | Finished)} == {7}


def test_a_load_that_is_broken_off_leaves_nothing(load: Load) -> None:
    stage = Stage()
    stage.interrupt = lambda: len(stage.told) > 5
    with pytest.raises(Cancelled):
        stage.obey(load)
    assert len(stage.told) == 6
    stage.interrupt = lambda: False
    with pytest.raises(CheckpointError, match="No model is loaded"):
        stage.obey(Begin(1))
    assert isinstance(stage.obey(load)[-1], Ready)


def test_a_reply_that_is_broken_off_is_cut_to_what_was_heard(stage: Stage, load: Load) -> None:
    stage.obey(replace(load, max_tokens=60, max_codes=60))
    whole = stage.answer(*ask(1)).text
    stage.obey(Forget())
    stage.interrupt = lambda: sum(isinstance(report, Said) for report in stage.told) > 20
    with pytest.raises(Cancelled):
        stage.obey(*ask(2))
    stage.interrupt = lambda: False
    said = "".join(report.text for report in stage.told if isinstance(report, Said))
    (cut,) = stage.obey(Cancel(2, 0.2))
    assert isinstance(cut, Cut)
    assert whole.startswith(said)
    assert said.startswith(cut.text)
    assert 0 < len(cut.text) < len(said) / 2


def test_without_a_time_all_that_was_said_is_kept(stage: Stage) -> None:
    whole = stage.answer(*ask(1)).text
    assert stage.obey(Cancel(1)) == [Cut(1, whole)]


@pytest.mark.parametrize("ending", [Cancel(1), Begin(2)])
def test_a_turn_without_an_answer_is_forgotten(stage: Stage, ending: Order) -> None:
    plain = stage.answer(*ask(1))
    stage.obey(Forget(), Begin(1), Read(1, "Something else."), Hear(1, tone(0.5, 16_000)), ending)
    again = stage.answer(*ask(3))
    assert (again.text, again.timings.prompt_tokens) == (plain.text, plain.timings.prompt_tokens)


def test_a_reply_that_was_retracted_leaves_nothing_in_the_next_one(stage: Stage) -> None:
    """Every greedy token, before and after, is as if the early reply had never been asked for."""
    halves = (Hear(1, tone(0.7, 16_000)), Hear(1, tone(0.9, 16_000)))
    plain = stage.answer(Begin(1), *halves, Read(1, QUESTION), Reply(1))
    after = stage.answer(*ask(2, "And then?"))
    stage.obey(Forget(), Begin(1), halves[0])
    stage.answer(Reply(1))
    stage.obey(Retract(1), halves[1])
    stage.interrupt = lambda: any(isinstance(report, Said) for report in stage.told)
    with pytest.raises(Cancelled):
        stage.obey(Reply(1))  # broken off in its midst
    stage.interrupt = lambda: False
    again = stage.answer(Retract(1), Retract(1), Read(1, QUESTION), Reply(1))
    assert (again.text, again.timings.prompt_tokens) == (plain.text, plain.timings.prompt_tokens)
    followed = stage.answer(*ask(2, "And then?"))
    assert (followed.text, followed.timings.prompt_tokens) == (after.text, after.timings.prompt_tokens)


def test_a_turn_whose_early_reply_was_retracted_is_forgotten_with_it(stage: Stage) -> None:
    plain = stage.answer(*ask(1))
    stage.obey(Forget(), *ask(1), Retract(1))
    assert stage.obey(Cancel(1)) == [Cut(1, "")]
    again = stage.answer(*ask(2))
    assert (again.text, again.timings.prompt_tokens) == (plain.text, plain.timings.prompt_tokens)


def test_a_turn_is_unsaid_together_with_those_after_it(stage: Stage) -> None:
    plain = stage.answer(*ask(1))
    stage.answer(*ask(2, "Another."))
    stage.obey(Rewind(1))
    again = stage.answer(*ask(3))
    assert (again.text, again.timings.prompt_tokens) == (plain.text, plain.timings.prompt_tokens)
    stage.obey(Rewind(2))  # which is not said any more: nothing is left
    assert stage.answer(*ask(4)).timings.prompt_tokens == plain.timings.prompt_tokens


def test_what_a_conversation_had_to_forget_leaves_no_place_to_go_back_to(stage: Stage, load: Load) -> None:
    """The places of turns before are of a context that is no more."""
    stage.obey(replace(load, context=300))
    plain = stage.answer(*ask(1)).timings.prompt_tokens
    for number in range(2, 9):
        stage.answer(*ask(number, f"Turn number {number}, said at some length."))
    stage.obey(Rewind(3))
    stage.obey(Rewind(2))
    again = stage.answer(*ask(9))
    assert again.timings.prompt_tokens == plain


def test_unsaying_a_turn_that_never_began_keeps_those_before_it(stage: Stage) -> None:
    """It was cancelled while it waited: of such a turn nothing is obeyed."""
    first = stage.answer(*ask(1)).timings.prompt_tokens
    stage.obey(Rewind(2))
    after = stage.answer(*ask(3)).timings.prompt_tokens
    assert after > first
    stage.obey(Rewind(2))
    assert stage.answer(*ask(4)).timings.prompt_tokens == after


def test_a_conversation_is_recalled_but_for_what_cannot_fit(stage: Stage, load: Load) -> None:
    stage.obey(replace(load, context=400))
    plain = stage.answer(*ask(1)).timings.prompt_tokens
    said = Exchange("Is it red?", "It is.")
    stage.obey(Recall((said,)))
    recalled = stage.answer(*ask(2)).timings.prompt_tokens
    assert recalled > plain
    stage.obey(Recall((said, Exchange("long " * 500, "Yes."))))
    assert stage.answer(*ask(3)).timings.prompt_tokens == recalled
    stage.obey(Forget())
    assert stage.answer(*ask(4)).timings.prompt_tokens == plain


def test_without_a_model_nothing_is_recalled() -> None:
    assert Stage().obey(Recall((Exchange("a", "b"),)), Rewind(1)) == []


def test_sound_and_frames_of_a_turn_are_one_video(stage: Stage) -> None:
    plain = stage.answer(*ask(1)).timings.prompt_tokens
    stage.obey(Forget())
    halves: list[Order] = []
    for number in range(4):
        halves += [Hear(2, tone(0.5, 16_000)), See(2, shade((number, 0, 0), 56, 56), number / 2)]
    end = stage.answer(Begin(2), *halves, Read(2, QUESTION), Reply(2))
    grids, tokens_a_grid, blocks_of_sound, marks = 2, 4, 50, 4
    assert end.timings.prompt_tokens - plain == grids * tokens_a_grid + blocks_of_sound + marks


def write_sound(file: Path) -> None:
    write_clip(file, Clip(tone(1.0, 48_000)[None]), container="mp4")


def write_picture(file: Path) -> None:
    Image.fromarray(shade((9, 0, 0))).save(file, "png")


def write_video(file: Path) -> None:
    clip = Clip(tone(1.0, 48_000)[None], frames=[shade((9, 0, 0))] * 2, times=[0.0, 0.5])
    write_clip(file, clip, container="mp4")


@pytest.mark.parametrize(
    ("write", "tokens"),
    [(write_sound, 25 + 2), (write_picture, 4 + 2), (write_video, 25 + 2 + 10 * 14 + 2)],  # each run with its marks
)
def test_a_file_is_what_its_content_says(
    stage: Stage, tmp_path: Path, write: Callable[[Path], None], tokens: int
) -> None:
    plain = stage.answer(*ask(1)).timings.prompt_tokens
    stage.obey(Forget())
    file = tmp_path / "file"
    write(file)
    end = stage.answer(Begin(2), Attach(2, file), Read(2, QUESTION), Reply(2))
    assert end.timings.prompt_tokens - plain == tokens


def test_a_file_that_is_no_media_is_refused(stage: Stage, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_bytes(bytes(range(256)))
    with pytest.raises(MediaError, match="file"):
        stage.obey(Begin(1), Attach(1, file))


def test_a_damaged_file_is_told_of(stage: Stage, tmp_path: Path) -> None:
    noise = np.random.default_rng(0).normal(0, 0.3, (1, 4 * 48_000)).astype(np.float32)
    file = write_clip(tmp_path / "file.mp3", Clip(noise, sound_codec="libmp3lame"))
    content = bytearray(file.read_bytes())
    content[len(content) // 2 : len(content) // 2 + 4000] = bytes(4000)
    file.write_bytes(content)
    told = stage.obey(Begin(5), Attach(5, file))
    (noticed,) = [report for report in told if isinstance(report, Noticed)]
    assert noticed.turn == 5
    assert str(file) in noticed.sentence
