"""The spoken loop's core on the rigs, with the real app as a process of its own; `spoken_loop.py` has it at length."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.app.spoken_loop import QUESTIONS, ask, barge_in, leave, look_at
from tests.helpers.stage import enter, open_room

SOUND_SECONDS = 1.0


@pytest.mark.skipif(sys.platform != "linux", reason="the rigs are for Linux")
@pytest.mark.timeout(600)  # on a machine that is very busy; it takes twenty seconds on one that is not
def test_spoken_question_is_answered_and_broken_into(talkative_folder: Path) -> None:
    with open_room() as room, enter(room, talkative_folder, threads=1) as desktop:
        room.screen.press("ctrl+shift+t")
        ask(room, desktop, QUESTIONS[0], SOUND_SECONDS)
        look_at(room, desktop)
        barge_in(room, desktop, SOUND_SECONDS)
        leave(room, desktop)
