"""A child as the desktop spawns it, but with a partner that acts out what it is told instead of a model.

What it does is the name of the folder that it shall load, and the last text of a turn that it shall answer.
"""

from __future__ import annotations

import logging
import os
import signal
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event
from time import monotonic
from typing import TYPE_CHECKING

import numpy as np

from model.errors import Cancelled, CheckpointError, DeviceError, ExhaustedError
from model.process import serve
from model.protocol import (
    Attach,
    Begin,
    Cancel,
    Cut,
    Ending,
    Finished,
    Forget,
    Hear,
    Load,
    Loading,
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
    Timings,
    Tried,
    Try,
    Unload,
    Voiced,
)
from model.speed import Speed

if TYPE_CHECKING:
    from model.process import Pipe

GOOD = Load(Path("good"))
SLOW_SECONDS = 1.0
LONG_SECONDS = 4.0
SPEED = Speed(prompt=120.0, text=12.0, speech=0.5)
REFUSAL = "The model folder has no chat template: fetch chat_template too."
NO_TIMINGS = Timings(0, 0, 0, None, None, 0.0, 0.0, 0.0, 0.0)


def finished(turn: int, text: str = "") -> Finished:
    return Finished(turn, Ending.SAID, text, NO_TIMINGS)


def main(pipe: Pipe) -> None:
    serve(pipe, lambda tell, check: StandIn(pipe, tell, check))


class StandIn:
    """Does as it is told, good or bad."""

    def __init__(self, pipe: Pipe, tell: Callable[[Report], None], check: Callable[[], None]) -> None:
        self._pipe = pipe
        self._tell = tell
        self._check = check
        self._given: list[str] = []

    def obey(self, order: Order) -> None:
        match order:
            case Load(folder):
                self._act(folder.name, 0)
                self._tell(Ready(folder.name, "", ("Chelsie",), "cpu", 0))
            case Begin(turn):
                self._given = [f"turn {turn}"]
            case Hear() | See() | Read() | Attach():
                self._take(order)
            case Reply(turn):
                self._reply(turn)
            case Retract():
                self._given.append("retracted")
            case Cancel() if "uncuttable" in self._given:
                raise LookupError("no knife")
            case Cancel(turn, heard_up_to):
                self._tell(Cut(turn, f"{' '.join(self._given)} until {heard_up_to}"))
            case Try():
                self._act(self._given[-1] if self._given else "", 0)
                self._tell(Tried(SPEED))
            case Recall() | Forget() | Rewind() | Unload():
                self._renew(order)

    def _renew(self, order: Recall | Forget | Rewind | Unload) -> None:
        match order:
            case Recall(exchanges):
                self._given = [f"{len(exchanges)} recalled"]
                self._act(exchanges[-1].answer if exchanges else "", 0)
            case _:
                self._given = ["forgotten"]

    def _take(self, given: Hear | See | Read | Attach) -> None:
        match given:
            case Hear(_, samples):
                self._given.append(f"heard {samples.sum():g}")
            case See(_, frame, at):
                self._given.append(f"saw {frame.max()} at {at}")
            case Read(_, text):
                self._given.append(text)
                if text == "unreadable":
                    raise CheckpointError(REFUSAL)
            case Attach(_, file):
                self._given.append(f"read {file.name}")

    def _reply(self, turn: int) -> None:
        for text in self._given:
            self._tell(Said(turn, text))
        self._act(self._given[-1], turn)
        self._tell(Voiced(turn, np.arange(3, dtype=np.float32)))
        self._tell(finished(turn, " ".join(self._given)))

    def _act(self, name: str, turn: int) -> None:
        acts: dict[str, Callable[[int], None]] = {
            "crash": lambda _: os._exit(7),
            "exhaust": lambda _: _exhaust(),
            "lose the card": lambda _: _lose_the_card(),
            "kill": lambda _: os.kill(os.getpid(), signal.SIGKILL),
            "hang": self._hang,
            "garble": lambda _: self._pipe.send_bytes(b"garbage"),
            "babble": self._babble,
            "stray": lambda _: self._pipe.send("a string"),  # type: ignore[arg-type]
            "refuse": _refuse,
            "stumble": _stumble,
            "log": _log,
            "work": self._work,
            "load": self._load,
            "slow": lambda _: self._last(SLOW_SECONDS),
            "long": lambda _: self._last(LONG_SECONDS),
        }
        if name in acts:
            acts[name](turn)

    def _work(self, turn: int) -> None:
        """Until something breaks in, and then it says one thing more."""
        self._tell(Said(turn, "on and on"))
        try:
            while True:
                self._check()
        except Cancelled:
            self._tell(Said(turn, "too late"))
            raise

    def _load(self, _turn: int) -> None:
        self._tell(Loading("thinker", 1, 2))
        while True:
            self._check()

    def _last(self, seconds: float) -> None:
        self._tell(Loading("thinker", 1, 2))
        end = monotonic() + seconds
        while monotonic() < end:
            self._check()

    def _hang(self, _turn: int) -> None:
        self._tell(Loading("thinker", 1, 2))
        Event().wait()

    def _babble(self, turn: int) -> None:
        """Never looks whether it was cancelled."""
        for number in _forever():
            self._tell(Said(turn, str(number)))


def _forever() -> Iterator[int]:
    number = 0
    while True:
        yield number
        Event().wait(0.01)  # talks no faster than it can be listened to
        number += 1


def _refuse(_turn: int) -> None:
    raise CheckpointError(REFUSAL)


def _exhaust() -> None:
    """What the model's side makes of an allocation that fails."""
    raise ExhaustedError(REFUSAL)


def _lose_the_card() -> None:
    raise DeviceError(REFUSAL)


def _stumble(_turn: int) -> None:
    raise LookupError("a stone")


def _log(_turn: int) -> None:
    logging.getLogger("sightline.stand_in").info("our own line")
    logging.getLogger("library").info("chatter of a library")
    logging.getLogger("library").warning("warning of a library")
    warnings.warn("warning of Python", stacklevel=1)
