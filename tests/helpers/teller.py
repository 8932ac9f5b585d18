"""Sightline with a stand-in for the model that tells stories, watched from inside: `python -m tests.helpers.teller …`.

The stand-in speaks as a model does: sentence by sentence, words before their sound, somewhat faster than it is heard,
so that there is something to be stopped; its speech is espeak-ng's. It remembers what it said and cuts that to what was
heard. Everything else is the app's own, started as `main.py` does it; what its parts tell one another is written down.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.signal import resample_poly

from model.process import serve
from model.protocol import (
    HEARING_RATE,
    SPEECH_RATE,
    Begin,
    Cancel,
    Cut,
    Ending,
    Finished,
    Load,
    Order,
    Ready,
    Reply,
    Report,
    Retract,
    Rewind,
    Said,
    Timings,
    Voiced,
)
from tests.helpers.rig_voice import Samples, silence, speak

if TYPE_CHECKING:
    from model.process import Pipe

STORY = (
    "The weather in the mountains is fine today, and the sun will shine until late in the evening.",
    "Tomorrow there may be some rain, so please take an umbrella with you when you leave the house.",
    "On your desk I can see a green cup, a plant in a clay pot, and a window behind them.",
    "The road goes down to the river, where an old bridge leads to the other bank.",
    "Behind the mill there is a garden with apple trees, and nobody has lived there for years.",
    "In winter the lake is frozen, and children walk over to the island and back.",
    "My favourite season is autumn, when the leaves turn red and the evenings are quiet.",
    "From the tower one can see three villages, the railway line, and the sea on a clear day.",
)
GAP = 0.25
"""Seconds between two sentences."""
PACKET = 0.25
"""Seconds of speech that are told at once."""
FASTER = 1.6
"""Than it is heard."""
SHORT = 2
"""Sentences of a short answer; a long one has all."""


class Teller:
    """The answer to every turn is a long story, or a short one if the turn's number can be divided by the folder's."""

    def __init__(self, tell: Callable[[Report], None], check: Callable[[], None]) -> None:
        self._tell = tell
        self._check = check
        self._every = 0
        self._spoken: list[Samples] = []
        self._told: list[tuple[str, float]] = []
        """Of the latest reply: each sentence, and the second of the speech at which it ended."""
        self._text = ""

    def obey(self, order: Order) -> None:
        match order:
            case Load(folder):
                self._every = int(folder.name.rpartition("-")[2])
                self._rehearse()
                self._tell(Ready(folder.name, "a stand-in", ("Chelsie",), "none", 0))
            case Begin() | Retract() | Rewind():
                self._told, self._text = [], ""
            case Reply(turn):
                self._told, self._text = [], ""
                self._reply(turn)
            case Cancel(turn, heard):
                self._tell(Cut(turn, self._heard(heard)))
            case _:
                pass

    def _rehearse(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            for sentence in STORY:
                spoken = speak(sentence, Path(folder) / "spoken.wav")
                wave = resample_poly(spoken, SPEECH_RATE, HEARING_RATE).astype(np.float32)
                self._spoken.append(np.concatenate([0.7 * wave, silence(GAP, SPEECH_RATE)]))

    def _reply(self, turn: int) -> None:
        count = SHORT if turn % self._every == 0 else len(STORY)
        seconds = 0.0
        for sentence, wave in list(zip(STORY, self._spoken, strict=True))[:count]:
            self._text += f"{sentence} "
            self._tell(Said(turn, f"{sentence} "))
            for begin in range(0, len(wave), round(PACKET * SPEECH_RATE)):
                packet = wave[begin : begin + round(PACKET * SPEECH_RATE)]
                self._take_time(len(packet) / SPEECH_RATE / FASTER)
                self._tell(Voiced(turn, packet))
            seconds += len(wave) / SPEECH_RATE
            self._told.append((f"{sentence} ", seconds))
        timings = Timings(0, 0, 0, None, None, 0.0, 0.0, 0.0, 0.0)
        self._tell(Finished(turn, Ending.SAID, self._text.rstrip(), timings))

    def _take_time(self, seconds: float) -> None:
        """As work does: something may break in all the while."""
        end, pause = time.monotonic() + seconds, Event()
        while time.monotonic() < end:
            self._check()
            pause.wait(0.01)

    def _heard(self, seconds: float | None) -> str:
        """Of the text; of the sentence that was broken into as many words as its share says."""
        if seconds is None:
            return self._text.rstrip()
        began, kept = 0.0, ""
        for sentence, wave in zip(STORY, self._spoken, strict=True):
            length = len(wave) / SPEECH_RATE
            if sentence not in self._text or seconds <= began:
                break
            words = sentence.split(" ")
            kept += " ".join(words[: int(len(words) * min(1.0, (seconds - began) / (length - GAP)))]) + " "
            began += length
        return kept.rstrip()


def main(pipe: Pipe) -> None:
    """What the desktop spawns."""
    serve(pipe, Teller)


class Witness:
    """Writes down what the app's parts tell one another, a line of JSON each; waves go to files of their own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._file = (folder / "trace").open("w", encoding="utf-8", buffering=1)

    def note(self, what: str, **facts: Any) -> None:  # noqa: ANN401 -- of any kind that JSON has
        self._file.write(json.dumps({"what": what, "time": time.monotonic(), **facts}) + "\n")

    def take(self, message: object) -> None:
        """An order, a report or what happens to speech."""
        facts: dict[str, Any] = {
            name: value
            for name in ("turn", "text", "heard_up_to")
            if (value := getattr(message, name, None)) is not None
        }
        if isinstance(message, Retract):
            (self._folder / f"turn-{message.turn}").unlink(missing_ok=True)
        if isinstance(message, Voiced):
            facts["samples"] = len(message.wave)
            with (self._folder / f"turn-{message.turn}").open("ab") as kept:
                kept.write(message.wave.tobytes())
        if isinstance(at := getattr(message, "time", None), float):
            facts["at"] = at
        self.note(type(message).__name__, **facts)


def run(folder: Path, video: str) -> int:
    """`folder` is the stand-in's, and takes what is written down."""
    from PySide6.QtCore import QTimer  # noqa: PLC0415 -- the child, which imports this room, has no need of it
    from PySide6.QtWidgets import QApplication  # noqa: PLC0415

    from app import logs, paths  # noqa: PLC0415
    from app.application import Application  # noqa: PLC0415
    from app.model_link import ModelLink  # noqa: PLC0415
    from app.options import Options  # noqa: PLC0415
    from app.senses import Continued  # noqa: PLC0415

    desktop = QApplication(["Sightline"])
    logs.show()
    (folder / "config.json").write_text("{}")
    witness = Witness(folder)
    application = Application(Options(model=folder, camera=video, verbose=True), paths.home(), ModelLink(main))
    conversation = application.conversation
    conversation.order.connect(witness.take)
    conversation.phase_changed.connect(lambda phase: witness.note("phase", name=phase.name))
    application.link.news.connect(witness.take)

    def tell_lines() -> None:
        lines = [
            {
                "who": line.who.name,
                "text": line.heard_text,
                "state": line.state.name,
                "shown": [f"{item.kind.name} {item.name}" for item in line.attachments],
            }
            for line in application.transcript.lines
        ]
        witness.note("lines", lines=lines)

    def start() -> None:
        application.start()
        perception = application.perception
        assert perception is not None
        assert perception.echo is not None
        perception._ears.speech.connect(lambda event: None if isinstance(event, Continued) else witness.take(event))
        perception._attention.spotted.connect(lambda *told: witness.note("spotted", word=str(told)))
        now = perception.echo.state
        witness.note("echo", duplex=now.duplex.value, testing=now.is_testing)
        perception.echo.changed.connect(
            lambda state: witness.note("echo", duplex=state.duplex.value, testing=state.is_testing)
        )

    application.transcript.dataChanged.connect(lambda *_: tell_lines())
    application.transcript.rowsInserted.connect(lambda *_: tell_lines())
    application.transcript.rowsRemoved.connect(lambda *_: tell_lines())
    application.window.show()
    QTimer.singleShot(0, start)
    try:
        return desktop.exec()
    finally:
        tell_lines()
        application.close()


if __name__ == "__main__":
    sys.exit(run(Path(sys.argv[1]), sys.argv[2]))
