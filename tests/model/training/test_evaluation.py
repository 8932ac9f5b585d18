"""A model is asked in the layout that it learned: else what is found says nothing of it."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch

from model.loading import Placement
from model.omni import Omni
from model.positions import Positions
from model.sampling import GREEDY
from model.session import Session, SessionSettings
from model.training.corpus.chance import chance
from model.training.corpus.dialogues import Dialogue, Part, Speech, Text, Turn, Watched
from model.training.corpus.drawing import draw
from model.training.corpus.films import FPS, Film, coincidence, motion
from model.training.corpus.scenes import scene
from model.training.corpus.speakers import RATE
from model.training.evaluation import show
from model.training.shelves import Recorded
from model.training.writer import Writer

SCENE = scene(chance("what stands before the camera"))
SECONDS = 2.6


def film(session: Session, make: Callable[[np.random.Generator], Film]) -> Part:
    made = make(chance("a film"))
    show(session, made.frames(chance(1)), made.samples(chance(1)))
    return made


def moving(session: Session) -> Part:
    return film(session, motion)


def sounding(session: Session) -> Part:
    return film(session, coincidence)


def camera(session: Session) -> Part:
    frame = draw(SCENE, chance(1), width=168, height=168)
    show(session, [frame] * math.ceil(SECONDS * FPS), np.zeros(round(SECONDS * RATE), np.float32))
    return Watched("Where is it?", SCENE)


def picture(session: Session) -> Part:
    session.see(draw(SCENE, chance(1), width=168, height=168))
    return SCENE


def speech(session: Session) -> Part:
    session.hear(np.zeros(round(SECONDS * RATE), np.float32))
    session.close_clip()
    return Speech("Where is it?")


@pytest.mark.parametrize("give", [moving, sounding, camera, picture, speech])
def test_a_session_lays_what_is_asked_as_training_does(
    give: Callable[[Session], Part], writer: Writer, tiny_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = Session(
        Omni.load(tiny_folder, Placement.cpu(), speaks=False), SessionSettings(thinker=GREEDY, max_tokens=1)
    )
    given = give(session)
    session.read("What do you see?")
    list(session.reply())
    monkeypatch.setattr("model.training.writer.stretched", lambda wave, _: wave)
    monkeypatch.setattr("model.training.corpus.rooms.Room.hear", lambda _, wave, __: wave)
    waves = (np.zeros(round(SECONDS * RATE), np.float32),)
    turn = Turn((given, Text("What do you see?")), "Nothing.")
    recorded = Recorded(0, Dialogue("video", (turn,)), waves)
    layouts = [writer.example(recorded, chance("laid", number)) for number in range(40)]  # pictures' sizes vary
    before = Positions(-1, -1).text(len(writer.prefix))
    asked = session._context.ids[:-1]
    assert any(
        (*writer.prefix, *example.ids)[: len(asked)] == asked
        and torch.equal(
            torch.cat([before, *example.positions], dim=1)[:, : len(asked)], session._context._placed[:, : len(asked)]
        )
        for example in layouts
    )
