"""From a fresh home to the first spoken answer by keyboard alone, on the rigs; `first_talk.py` has the scenes."""

from __future__ import annotations

import sys

import pytest

from app.first_steps import Profile, Step
from tests.app.first_talk import ask, begin, choose_model, finish, kept, meet, try_devices
from tests.helpers.stage import open_room, until


@pytest.mark.skipif(sys.platform != "linux", reason="the rigs are for Linux")
@pytest.mark.timeout(900)  # on a machine that is very busy; it takes half a minute on one that is not
def test_a_fresh_home_comes_to_its_first_spoken_answer_by_keyboard_alone() -> None:
    with open_room() as room, meet(room) as beginner:
        begin(beginner)
        until(lambda: kept(room).first_run is Step.SOUND)
        assert kept(room).profile is Profile.BLIND
        try_devices(beginner)
        choose_model(beginner)
        finish(beginner)
        until(lambda: kept(room).first_run is Step.OVER)
        ask(beginner)
