"""A conversation of twenty turns: `python -m tests.app.conversation_script [--short]`; prints gates 14 to 18.

The whole app, as a process of its own, on the rigs: a virtual microphone that also hears the virtual speaker, a video
in place of a camera, no click. Turns are spoken (some with pauses inside, some into the answer) and typed with
pictures, sound and video; nods, coughs, knocks, hums and the word that stops are said into answers. In the model's
place `tests.helpers.teller` reads stories aloud: real speech, made somewhat faster than it is heard. All voices are
espeak-ng's. Times are by the samples at the two cables, which work in steps of 50 ms; what was said when is found in
them by its waveform, so that the echo between does not matter. Then the endpointer alone hears speech with pauses.

Prints each figure with its bar; ends with 1 where one is missed.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from app.duplex import Duplex, Echo
from app.settings import Settings
from model.protocol import HEARING_RATE
from tests.app.conversation_scenes import (
    SPOKEN,
    VOICES,
    WHOLE,
    Figures,
    Stage,
    Turn,
    come_in,
    converse,
    make_files,
)
from tests.app.spoken_loop import say
from tests.app.turn_taking import cut_ins, ended
from tests.helpers.pausing import phrases
from tests.helpers.rig_voice import silence
from tests.helpers.stage import open_room

LEAST_WORDS, SILENT, STOPPED, OFF, CUT_INS, PATIENCE_OFF = 0.98, 0.4, 0.25, 0.2, 0.05, 0.1
"""The bars."""
STEADY = (14, 15, 17)
"""Gates that a machine must keep however busy it is."""
SCRIPT = (
    Turn(into=("nod",)),
    Turn(into=("cough",)),
    Turn(into=("nod", "stop")),
    Turn("What is in this picture", "picture"),
    Turn(into=("nod",)),
    Turn(into=("knock",)),
    Turn(into=("long nod", "stop")),
    Turn("What can be heard here", "sound"),
    Turn(into=("nod",)),
    Turn(into=("nod",)),
    Turn(into=("hum", "stop")),
    Turn("What happens in this film", "video"),
    Turn(into=("knock",)),
    Turn(into=("nod",)),
    Turn(into=("long nod", "stop")),
    Turn(),
    Turn("Tell me one more story", into=("nod",)),
    Turn(into=("nod",)),
    Turn(into=("nod", "stop")),
    Turn("And what does the end look like"),
)

SHORT = (Turn(into=("cough",)), Turn(into=("stop",)), Turn("What is in this picture", "picture"))
"""Its last turn is heard to its end, as each fourth one of the long script is."""


# Gates


@dataclass(frozen=True)
class Gate:
    """A figure beside its bar."""

    number: int
    name: str
    figure: str
    bar: str
    is_met: bool


def ms(seconds: list[float]) -> str:
    """Median, 95th percentile, worst."""
    if not seconds:
        return "not measured"
    middle, late = np.nanpercentile(seconds, [50, 95])
    return f"p50 {1000 * middle:.0f}, p95 {1000 * late:.0f}, worst {1000 * np.nanmax(seconds):.0f} ms of {len(seconds)}"


def p95(seconds: list[float]) -> float:
    return float(np.nanpercentile(seconds, 95)) if seconds else float("inf")


def share(right: list[bool]) -> str:
    return f"{sum(right)} of {len(right)}"


def judge_talk(figures: Figures, turns: int) -> list[Gate]:
    """Gates 14 and 15."""
    right, count = (sum(each) for each in zip(*figures.words, strict=True)) if figures.words else (0, 1)
    ahead = max(figures.ahead, default=float("inf"))
    return [
        Gate(14, "turns in order, no click", f"{figures.turns} of {turns}", "all", figures.turns == turns),
        Gate(15, "sound ahead of its sentence's text, at most", f"{1000 * ahead:.0f} ms", "0", ahead <= 0.0),
        Gate(
            15,
            "pieces of speech heard once, in order",
            f"{right} of {count}, {100 * right / count:.1f} %",
            ">= 98 %",
            right >= LEAST_WORDS * count,
        ),
        Gate(15, "answers short of words, by the app's check", str(figures.short), "0", figures.short == 0),
    ]


def judge_barge_in(figures: Figures) -> list[Gate]:
    """Gate 16."""
    went_on = [on for each in figures.nods.values() for on, _ in each]
    off = max(map(abs, figures.cut), default=float("inf"))
    stopped = [right for _, right, _ in figures.stops]
    gates = [
        Gate(16, "onset to lowered", ms(figures.lowered), "-", True),  # noqa: FBT003 -- no bar
        Gate(16, "onset to silent", ms(figures.silent), "p95 <= 400 ms", p95(figures.silent) <= SILENT),
        Gate(16, "onset to the decision that it is meant", ms(figures.decided), "-", True),  # noqa: FBT003
        Gate(16, "decision to generation stopped", ms(figures.stopped), "<= 250 ms", p95(figures.stopped) <= STOPPED),
        Gate(16, "context: told to be heard, less heard, at most", f"{1000 * off:.0f} ms", "<= 200 ms", off <= OFF),
        Gate(16, "transcript shows what is remembered", share(figures.remembered), "all", all(figures.remembered)),
        Gate(
            16,
            "nods, coughs, knocks, hums: answer went on",
            share(went_on),
            "all",
            all(went_on),
        ),
        Gate(16, "“stop” ended it", share(stopped), "all", all(stopped)),
    ]
    if figures.resumed:
        gates.append(Gate(16, "false stop resumed at the clause", share(figures.resumed), "all", all(figures.resumed)))
    return gates


def judge_echo(figures: Figures, duplex: str) -> list[Gate]:
    """Gate 17."""
    return [
        Gate(17, "to break in it takes", duplex, "full", duplex == Duplex.FULL),
        Gate(17, "self-interruptions", str(figures.interrupted), "0", figures.interrupted == 0),
        Gate(17, "phantom turns", str(figures.phantoms), "0", figures.phantoms == 0),
    ]


def judge_patience(pauses: int) -> list[Gate]:
    """Gate 18, by the endpointer alone."""
    early, count, waits = cut_ins(Settings().patience, pauses)
    sooner = sum(wait < 0.8 * Settings().patience for wait in waits)
    off = [patience_off(patience) for patience in (0.5, 1.0, Settings().patience, 3.0, 5.0)]
    return [
        Gate(
            18,
            "cut-ins in pauses up to 1.5 s",
            f"{early} of {count}, {100 * early / count:.1f} %",
            "<= 5 %",
            early <= CUT_INS * count,
        ),
        Gate(18, "turns that are over noticed sooner than patience", f"{sooner} of {len(waits)}", "-", True),  # noqa: FBT003
        Gate(
            18, "patience, 0.5 to 5 s: off by at most", f"{100 * max(off):.0f} %", "<= 10 %", max(off) <= PATIENCE_OFF
        ),
    ]


def patience_off(patience: float) -> float:
    """Share of it by which the silence that ends a turn is longer or shorter, median over voices."""
    from app.devices.voice_activity import VoiceActivity  # noqa: PLC0415

    detector = VoiceActivity.load()
    waits = []
    with tempfile.TemporaryDirectory() as folder:
        for voice in VOICES:
            part, *_ = phrases(SPOKEN[2], Path(folder) / "spoken.wav", voice)
            sound = np.concatenate([silence(0.5), part])
            ends = ended(detector, np.concatenate([sound, silence(patience + 1.0)]), patience)
            waits.append(ends[-1] - len(sound) / HEARING_RATE)
    return abs(float(np.median(waits)) / patience - 1.0)


def tell(gates: list[Gate]) -> None:
    for gate in gates:
        verdict = "" if gate.bar == "-" else "met" if gate.is_met else "MISSED"
        sys.stdout.write(f"{gate.number}  {gate.name:<52}{gate.figure:<46}{gate.bar:<16}{verdict}\n")
    sys.stdout.flush()


def tell_details(figures: Figures) -> None:
    for name, told in figures.nods.items():
        quiet = ", ".join(f"{1000 * seconds:.0f}" for _, seconds in told)
        say(f"{name}: the answer went on", f"{share([on for on, _ in told])}, silent for {quiet} ms")
    for name, right, seconds in figures.stops:
        say(name, f"{'ended it' if right else 'MISSED'}, silent after {1000 * seconds:.0f} ms")
    for words in figures.breaks:
        say("breaks in", words)
    for words in figures.cuts:
        say("context", words)
    say("end of a spoken turn to its end noticed", ms(figures.waits))
    if figures.broken:
        say("broken off", figures.broken)


def main() -> None:
    parser = argparse.ArgumentParser(description="A scripted conversation, and gates 14 to 18.")
    parser.add_argument("--short", action="store_true", help="three turns, half a minute")
    parser.add_argument("--pauses", type=int, default=64, help="sentences with pauses for the endpointer; 0: none")
    parser.add_argument("--busy", action="store_true", help="judge order and echo only: the machine is no measure")
    parser.add_argument("--out", type=Path, help="where what was written down is left")
    choice = parser.parse_args()
    say("processors, load", f"{os.cpu_count()}, {os.getloadavg()[0]:.1f}")
    known = (Echo("mic", "speaker", Duplex.FULL, -14.0, 20.0, 0.06),) if choice.short else ()
    script = SHORT if choice.short else SCRIPT
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / f"story-{len(SHORT) if choice.short else WHOLE}"
        folder.mkdir()
        files = make_files(Path(name))
        with open_room() as room, come_in(room, folder, Settings(hands_free=True, echoes=known)) as trace:
            stage = Stage(room, trace)
            converse(stage, script, files)
            duplex = str(trace.of("echo")[-1].duplex)
        if choice.out is not None:
            shutil.copytree(folder, choice.out, dirs_exist_ok=True)
    say("load at the end", f"{os.getloadavg()[0]:.1f}")
    tell_details(stage.figures)
    gates = judge_talk(stage.figures, len(script)) + judge_barge_in(stage.figures) + judge_echo(stage.figures, duplex)
    if choice.pauses and not choice.short:
        gates += judge_patience(choice.pauses)
    tell(gates)
    judged = [gate for gate in gates if not choice.busy or gate.number in STEADY]
    sys.exit(0 if all(gate.is_met for gate in judged) and not stage.figures.broken else 1)


if __name__ == "__main__":
    main()
