"""A session against transformers' own `generate` on the whole conversation at once: the same tokens, the same codes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor
from transformers import Qwen2_5OmniForConditionalGeneration

from model.clip import ClipKind
from model.flow import Solver
from model.loading import Placement
from model.omni import Omni
from model.protocol import Finished
from model.sampling import GREEDY, Sampling
from model.session import Session, SessionSettings
from model.talker import Talker, Utterance
from model.thinker import Thinker
from tests.helpers.reference import Answer, Pixels, Prompt, Samples, generate

TOKENS, CODES = 44, 60
SETTINGS = SessionSettings(
    voice="Chelsie",
    system="Be brief.",
    thinker=GREEDY,
    talker=Sampling(repetition_penalty=1.05),
    max_tokens=TOKENS,
    max_codes=CODES,
    solver=Solver.EULER,
)
PICTURE = SETTINGS.sight.picture
VIDEO = SETTINGS.sight.video
LIVE = SETTINGS.sight.live


@pytest.fixture(scope="module")
def omni(small_folder: Path, placement: Placement) -> Omni:
    return Omni.load(small_folder, placement, speaks=True)


class Recorder:
    """What the last reply was drawn from: logits of every token and code, and the codes, end marks included."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.codes: list[int] = []
        self.token_logits: list[Tensor] = []
        self.code_logits: list[Tensor] = []
        monkeypatch.setattr(Thinker, "logits", self._kept(Thinker.logits, self.token_logits))
        monkeypatch.setattr(Talker, "logits", self._kept(Talker.logits, self.code_logits))
        step = Utterance.step

        def recorded(utterance: Utterance, *args: Any) -> int | None:  # noqa: ANN401 -- passed on as they come
            code = step(utterance, *args)
            self.codes.append(utterance._code)
            return code

        monkeypatch.setattr(Utterance, "step", recorded)

    @staticmethod
    def _kept(method: Callable[[Any, Tensor], Tensor], kept: list[Tensor]) -> Callable[[Any, Tensor], Tensor]:
        def logits(owner: Any, hidden: Tensor) -> Tensor:  # noqa: ANN401
            kept.append(method(owner, hidden))
            return kept[-1]

        return logits

    def clear(self) -> None:
        for kept in (self.codes, self.token_logits, self.code_logits):
            kept.clear()


@pytest.fixture
def recorder(monkeypatch: pytest.MonkeyPatch) -> Recorder:
    return Recorder(monkeypatch)


def sound(seconds: float, seed: int = 0) -> Samples:
    """A warbling tone with noise: no two blocks alike."""
    time = np.arange(int(seconds * 16_000)) / 16_000
    noise = np.random.default_rng(seed).normal(size=len(time))
    return (0.3 * np.sin(2 * np.pi * (200 + 90 * np.sin(time + seed)) * time) + 0.05 * noise).astype(np.float32)


def frames(count: int, height: int = 70, width: int = 98, seed: int = 0) -> list[Pixels]:
    return list(np.random.default_rng(seed).integers(0, 256, (count, height, width, 3), dtype=np.uint8))


def reply(session: Session, recorder: Recorder) -> Answer:
    recorder.clear()
    *_, finished = session.reply()
    assert isinstance(finished, Finished)
    count = finished.timings.text_tokens
    return Answer(
        list(session._context.ids[-count:]),
        list(recorder.codes),
        torch.stack(recorder.token_logits)[:count],
        torch.stack(recorder.code_logits),
    )


def hear_in(session: Session, samples: Samples, size: int) -> None:
    for start in range(0, len(samples), size):
        session.hear(samples[start : start + size])


Script = Callable[[Session, Prompt], None]


def text(session: Session, prompt: Prompt) -> None:
    session.read("What is on ")
    session.read("the table?")
    prompt.say("What is on the table?")


def spoken(session: Session, prompt: Prompt) -> None:
    hear_in(session, sound(5.3), 1600)
    prompt.sound(sound(5.3))


def picture(session: Session, prompt: Prompt) -> None:
    session.see(frames(1)[0])
    session.read("Describe it.")
    prompt.picture(frames(1)[0], PICTURE).say("Describe it.")


def picture_and_sound(session: Session, prompt: Prompt) -> None:
    session.read("Look: ")
    session.see(frames(1)[0])
    hear_in(session, sound(2.6), 512)
    prompt.say("Look: ").picture(frames(1)[0], PICTURE).sound(sound(2.6))


def silent_video(session: Session, prompt: Prompt) -> None:
    session.open_clip(ClipKind.SILENT_VIDEO)
    for number, frame in enumerate(frames(10)):
        session.see(frame, number / 2)
    session.read("What happened?")
    prompt.video(frames(10), 2, VIDEO).say("What happened?")


def sounding_video(session: Session, prompt: Prompt) -> None:
    """Live: what is heard with a camera on finds out that it is a video with sound."""
    samples, seen = sound(5.1), frames(10)
    for number, frame in enumerate(seen):
        session.hear(samples[max(0, number * 8000 - 1) : number * 8000 + 7999])
        session.see(frame, number / 2)
    session.hear(samples[79_999:])
    prompt.sounding_video(seen, 2, samples, LIVE)


@pytest.mark.parametrize("script", [text, spoken, picture, picture_and_sound, silent_video, sounding_video])
def test_reply_equals_the_reference(
    script: Script,
    omni: Omni,
    reference: Qwen2_5OmniForConditionalGeneration,
    recorder: Recorder,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    session, prompt = Session(omni, SETTINGS), Prompt(omni).system("Be brief.")
    script(session, prompt)
    ours = reply(session, recorder)
    theirs = generate(reference, prompt.end_turn(), tokens=TOKENS, codes=CODES, monkeypatch=monkeypatch)
    assert len(ours.tokens) >= 40
    ours.assert_equals(theirs)


@pytest.mark.parametrize(("first", "second"), [(text, spoken), (spoken, picture), (picture, text), (spoken, spoken)])
def test_second_turn_equals_the_reference_on_both(
    first: Script,
    second: Script,
    omni: Omni,
    reference: Qwen2_5OmniForConditionalGeneration,
    recorder: Recorder,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    session, prompt = Session(omni, SETTINGS), Prompt(omni).system("Be brief.")
    first(session, prompt)
    heard = reply(session, recorder)
    second(session, prompt.end_turn().answered(heard.tokens))
    ours = reply(session, recorder)
    theirs = generate(reference, prompt.end_turn(), tokens=TOKENS, codes=CODES, monkeypatch=monkeypatch)
    ours.assert_equals(theirs)
