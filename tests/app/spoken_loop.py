"""The whole app on the rigs: `python -m tests.app.spoken_loop [--model DIR] [--out DIR]`.

Starts `python main.py` as a user does, with a virtual microphone and speaker and a video for a camera, operates its
window by keys alone, speaks to it, and watches it from outside. Asserts what must hold and prints what it measured; a
picture of the window and a recording of the speaker are left in the folder that `--out` names.

Times of sound are by the samples of two recorders of the same make, one at each cable: what both delay is left out,
and the cables work in steps of 50 ms. Times of what is to be seen are as exact as the looks, one every 20 ms. Stalls,
late callbacks and underruns are what the app's own log tells (`--verbose`).
"""

from __future__ import annotations

import argparse
import compileall
import os
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import psutil

from tests.helpers.checkpoints import make_talkative
from tests.helpers.clips import write_sound
from tests.helpers.desktop import ROOT, Desktop, Look, MissingError, start_desktop
from tests.helpers.stage import Question, Room, enter, keep_full_duplex, open_room, until

QUESTIONS = (
    "What can you see on the desk?",
    "Where has the sun gone?",
    "Stop I would rather hear something else about the weather in the mountains.",
)
NOISE_FLOOR = -60.0
"""Decibels of full scale: what is quieter is no answer."""
SILENCE_SECONDS = 0.3
"""At least, before and after the end of a question that breaks into an answer: it is not the answer's own gap."""
MOST_SECONDS = 2.0
"""Until an answer that is broken into is silent, on a machine however busy; speech that was on its way lasts longer."""
IDLE_SECONDS = 10.0
EXCERPT_SECONDS = 3.0
"""Of the recording that is kept, at most: before the barge-in, and after the next answer's first sound."""


@dataclass(frozen=True)
class Answered:
    """When an answer's first text and first sound came; the sound's level in decibels of full scale."""

    question: Question
    text: float
    sound: float
    level: float


def say(what: str, figure: str) -> None:
    sys.stdout.write(f"{what:<56}{figure}\n")
    sys.stdout.flush()


def milliseconds(*seconds: float) -> str:
    return f"{', '.join(f'{1000 * each:.0f}' for each in seconds)} ms"


# Scenes


def hear_answer(room: Room, desktop: Desktop, question: Question, sound: float) -> Answered:
    """Waits until the question has got text that grew in steps and so many seconds of sound."""
    end = question[1]
    first = desktop.watch.wait(lambda look: look.answer, after=end)
    began = room.await_sound(sound, end)
    grown = desktop.watch.wait(lambda look: len(look.answer) > len(first.answer), after=first.time)
    desktop.watch.wait(lambda look: len(look.answer) > len(grown.answer), after=grown.time)
    level = room.heard.decibels(began, began + min(sound, time.monotonic() - began))
    assert NOISE_FLOOR < level < 0.0, f"the answer's level is {level:.1f} dBFS"
    return Answered(question, first.time - end, began - end, level)


def ask(room: Room, desktop: Desktop, text: str, sound: float) -> Answered:
    """A spoken question, answered in text and sound."""
    return hear_answer(room, desktop, room.say(text), sound)


def kill_and_ask(room: Room, desktop: Desktop, sound: float) -> tuple[float, Answered]:
    """The model's process dies in mid-answer: the window says so, starts it again, and answers the next question."""
    before = desktop.watch.wait(lambda look: look.phase == "Answering")
    dying = desktop.child()
    dying.kill()
    killed = time.monotonic()
    told = desktop.watch.wait(lambda look: look.of("Notice"), after=killed)
    sentence = told.of("Notice")[-1]
    assert "stopped" in sentence, sentence
    assert "started again" in sentence, sentence
    assert any("Broken off" in line for line in told.of("Sightline")), told
    assert before.lines[0] == told.lines[0]  # what was said before is still there
    desktop.watch.wait(lambda look: look.phase == "Loading the model", after=before.time)
    ready = desktop.watch.wait(lambda look: look.phase == "Ready", after=killed)
    assert desktop.child().pid != dying.pid
    return ready.time - killed, ask(room, desktop, QUESTIONS[0], sound)


def barge_in(room: Room, desktop: Desktop, sound: float) -> tuple[float, Answered]:
    """Speaks into the answer that is being heard: it is silent soon, comes to nothing, and the next one comes.

    Returns how long after the voice's onset the speaker fell silent: nothing where a slow model's speech had a gap.
    """
    begun = desktop.watch.looks[-1]
    assert begun.phase == "Answering", begun
    question = room.say(QUESTIONS[2])
    answered = hear_answer(room, desktop, question, sound)
    silent = room.heard.last(*question)
    assert question[1] - silent > SILENCE_SECONDS, "the answer that was broken into went on"
    assert silent - question[0] < MOST_SECONDS, (
        f"the answer that was broken into went on for {silent - question[0]:.1f} s"
    )
    assert answered.sound > SILENCE_SECONDS, "something of the answer that was broken into was heard afterwards"
    assert_cut(desktop, begun, silent)
    return silent - question[0], answered


def assert_cut(desktop: Desktop, begun: Look, silent: float) -> None:
    """What is shown of the answer that was broken into is some of what it had said until then, and marked."""
    row = len(begun.lines) - 1
    said = bare(desktop.watch.between(0.0, silent)[-1].lines[row])
    line = desktop.watch.looks[-1].lines[row]
    assert line.endswith("Interrupted."), line
    assert said.startswith(bare(line)), f"{line} is not the beginning of {said}"


def bare(line: str) -> str:
    """An answer without what a screen reader is told beside it."""
    return line.removesuffix("Interrupted.").removesuffix("Still going on.").rstrip(" .")


def leave(room: Room, desktop: Desktop) -> float:
    """The window is closed in mid-answer; returns how long it took until no process was left."""
    family = desktop.family()
    assert len(family) > 1
    began = time.monotonic()
    room.screen.press("ctrl+q")
    _, alive = psutil.wait_procs(family, timeout=30)
    took = time.monotonic() - began
    assert not alive, f"left behind: {alive}"
    assert desktop.process.wait() == 0
    assert not room.rig.streams("sink-inputs")
    return took


def look_at(room: Room, desktop: Desktop) -> None:
    """The camera's view moves, and the words are on the screen."""
    camera, words = desktop.place("panel", "Camera picture"), desktop.place("list", "Conversation")
    before = room.picture(camera), room.picture(words)
    until(lambda: bool((room.picture(camera) != before[0]).any()))
    until(lambda: bool((room.picture(words) != before[1]).any()))


# Measurements


def measure_start(room: Room) -> None:
    """From the process's start until the window is painted: in a fresh home, then in one that was set up.

    As an installed program starts, which has its modules compiled beside it, whatever the tests' own Python does.
    """
    compileall.compile_dir(ROOT / "app", quiet=1)
    compileall.compile_dir(ROOT / "model", quiet=1)
    taken = []
    for _ in range(3):
        with start_desktop(room.eye, room.environment) as desktop:
            until(lambda: bool(room.picture().any()))
            taken.append(time.monotonic() - desktop.began)
        keep_full_duplex(room.folder / "home" / ".config" / "sightline" / "settings.json")
        until(lambda: not room.picture().any())
    say("start to first paint: fresh home, again, again", milliseconds(*taken))


def measure_idle(desktop: Desktop, what: str) -> None:
    desktop.rest()
    processes = [desktop.family()[0], desktop.child()]
    before = [sum(process.cpu_times()[:2]) for process in processes]
    began = time.monotonic()
    time.sleep(IDLE_SECONDS)  # what is measured is that nothing happens
    taken = time.monotonic() - began
    shares = [
        100 * (sum(process.cpu_times()[:2]) - spent) / taken for process, spent in zip(processes, before, strict=True)
    ]
    say(f"processor, idle, {what}", f"desktop {shares[0]:.1f} %, child {shares[1]:.1f} % of one")


def tell_answer(what: str, answered: Answered) -> None:
    say(f"{what}: end of speech to first text, sound", milliseconds(answered.text, answered.sound))
    say(f"{what}: level", f"{answered.level:.1f} dBFS")


def tell_log(desktop: Desktop) -> None:
    """What the app told of itself."""
    for phase in ("Listening to you", "Thinking", "Answering", "Loading the model"):
        found = desktop.log.matches(
            rf"window: {phase}: event loop p99 ([\d.]+) ms late, worst ([\d.]+) ms late, of (\d+)"
        )
        if found:
            tell_stalls(f"event loop, {phase}", [(float(f[1]), float(f[2]), int(f[3])) for f in found])
    speeches = desktop.log.matches(
        r"(\d+) underruns, (\d+) by lateness; callbacks p99 ([\d.]+) .* worst ([\d.]+) .* of (\d+)"
    )
    tell_stalls("speaker callbacks", [(float(f[3]), float(f[4]), int(f[5])) for f in speeches])
    say(
        "underruns: next wave not there, callback late",
        f"{sum(int(f[1]) for f in speeches)}, {sum(int(f[2]) for f in speeches)}",
    )
    microphone = desktop.log.matches(
        r"microphone: (\d+) overflows; callbacks p99 ([\d.]+) .* worst ([\d.]+) .* of (\d+)"
    )
    tell_stalls("microphone callbacks", [(float(f[2]), float(f[3]), int(f[4])) for f in microphone])
    say("microphone overflows", str(sum(int(f[1]) for f in microphone)))


def tell_stalls(what: str, stretches: list[tuple[float, float, int]]) -> None:
    """Of each stretch its p99, its worst and how many there were."""
    if stretches:
        high, worst, counts = zip(*stretches, strict=True)
        figures = (
            f"p99 {np.median(high):.1f} (at most {max(high):.1f}), worst {max(worst):.1f} ms late, of {sum(counts)}"
        )
        say(f"{what}, {len(stretches)} stretches", figures)


def tell_looks(desktop: Desktop) -> None:
    waits = [1000 * look.took for look in desktop.watch.looks if look.phase == "Answering"]
    if waits:
        median, high = np.percentile(waits, [50, 99])
        say("a screen reader's question, answering", f"median {median:.1f}, p99 {high:.1f}, worst {max(waits):.1f} ms")


def run(model: Path, choice: argparse.Namespace) -> None:
    say("processors, load", f"{os.cpu_count()}, {os.getloadavg()[0]:.1f}")
    with open_room() as room:
        measure_start(room)
        with enter(room, model, choice.threads) as desktop:
            say("start to a model that is ready", f"{time.monotonic() - desktop.began:.1f} s")
            measure_idle(desktop, "camera on")
            room.screen.press("ctrl+shift+t")
            measure_idle(desktop, "camera on, hands-free")
            converse(room, desktop, choice.out, choice.sound, choice.barge_ins)
            tell_looks(desktop)
            say("left, no process behind, after", milliseconds(leave(room, desktop)))
            tell_log(desktop)
    say("load at the end", f"{os.getloadavg()[0]:.1f}")


def converse(room: Room, desktop: Desktop, out: Path, sound: float, times: int) -> None:
    """All scenes."""
    tell_answer("a question", ask(room, desktop, QUESTIONS[0], sound))
    look_at(room, desktop)
    room.photograph(out / "window.png")
    restart, answered = kill_and_ask(room, desktop, sound)
    say("child killed to ready again", f"{restart:.1f} s")
    tell_answer("after the restart", answered)
    cuts: list[float] = []
    for number in range(times):
        cut, answered = barge_in(room, desktop, sound)
        cuts.append(cut)
        tell_answer(f"barge-in {number + 1}", answered)
    say("barge-in: onset of voice to silence (0: in a gap)", milliseconds(*cuts))
    room.photograph(out / "barge-in.png")
    keep(room, answered, out, min(EXCERPT_SECONDS, sound))


def keep(room: Room, answered: Answered, out: Path, seconds: float) -> None:
    """The recording around the last barge-in: an answer, the silence of the question, so much of the next answer."""
    begin = answered.question[0] - seconds
    end = answered.question[1] + answered.sound + seconds
    kept = room.heard.cut(begin, end)
    write_sound(out / "spoken-loop.flac", kept)
    say(
        "recording kept",
        f"{len(kept) / 48000:.1f} s, {room.heard.decibels(begin, end):.1f} dBFS, peak {np.abs(kept).max():.2f}",
    )


def main() -> None:
    parser = argparse.ArgumentParser(description="The whole app on the rigs: scenes, and what was measured.")
    parser.add_argument("--model", type=Path, help="a checkpoint's folder; a small random one is made without it")
    parser.add_argument("--out", type=Path, default=Path("build/spoken-loop"), help="where picture and recording go")
    parser.add_argument("--sound", type=float, default=2.0, help="seconds of each answer that are listened to")
    parser.add_argument("--barge-ins", type=int, default=5, help="how often an answer is broken into")
    parser.add_argument("--threads", type=int, default=1, help="of the model; more than one for a large one only")
    choice = parser.parse_args()
    choice.out.mkdir(parents=True, exist_ok=True)
    model = choice.model or choice.out / "small"
    if not model.exists():
        make_talkative(model)
    try:
        run(model.absolute(), choice)
    except MissingError as error:
        sys.exit(f"Missing: {error}")


if __name__ == "__main__":
    main()
